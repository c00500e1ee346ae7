package setup

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// file is a field for the path of a file, with a button that asks for it.
func (f *Settings) file(path string, fill func(a *mail.Account, v string)) fyne.CanvasObject {
	e := f.text(path, true, fill)
	browse := kit.NewIconButton(icons.FolderOpen, lang.T("setup.browse"), func() {
		f.opt.Files.Files(f.win, lang.T("setup.browse"), func(paths []string) {
			e.SetText(paths[0])
			e.Focus()
		})
	})
	return kit.HBox(6, kit.Grow(e), browse)
}

// Keys lets the keyboard leave the form: Ctrl+W as the button Cancel, Escape while nothing was changed.
func (f *Settings) Keys() {
	c := f.win.Canvas()
	c.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyW, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) {
		if c.Overlays().Top() == nil {
			f.close()
		}
	})
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if !kit.OverlayKey(c, e) && e.Name == fyne.KeyEscape && !f.changed() {
			f.close()
		}
	})
}

// changed reports whether the fields say something else than what is stored.
func (f *Settings) changed() bool {
	a, s, err := f.Account()
	before := f.account
	before.IMAP.Roles = copyRoles(before.IMAP.Roles)
	before.Identities = append([]mail.Identity(nil), before.Identities...)
	return f.unsaved || err != nil || s != f.secrets || !reflect.DeepEqual(a, before)
}
