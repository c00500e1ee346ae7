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

// Leave closes the form; what was changed and is not saved is asked about. The button Cancel has been answered already.
func (f *Settings) Leave() {
	if !f.Changed() {
		f.close()
		return
	}
	d := &kit.Dialog{Title: lang.T("setup.leave.title"), Text: lang.T("setup.leave.text", f.account.Name), Buttons: []kit.DialogButton{
		{Text: lang.T("setup.cancel"), Kind: kit.Plain},
		{Text: lang.T("setup.leave.discard"), Kind: kit.Danger, Do: f.close},
		{Text: lang.T("setup.save"), Kind: kit.Primary, Do: f.Save},
	}}
	d.Show(f.win)
}

// Keys lets the keyboard leave the form: Ctrl+W and Escape.
func (f *Settings) Keys() {
	c := f.win.Canvas()
	c.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyW, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) {
		if c.Overlays().Top() == nil {
			f.Leave()
		}
	})
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if !kit.OverlayKey(c, e) && e.Name == fyne.KeyEscape {
			f.Leave()
		}
	})
}

// entries is what the fields say.
type entries struct {
	account mail.Account
	secrets mail.Secrets
	wrong   bool // one makes no sense; what those after it say is not there
}

func (f *Settings) entries() entries {
	a, s, err := f.Account()
	return entries{a, s, err != nil}
}

// Changed reports whether the fields say something else than at first. That is compared with what they said, not with what is stored:
// where a setting was never made they show what holds without it.
func (f *Settings) Changed() bool {
	return f.unsaved || !reflect.DeepEqual(f.entries(), f.first)
}
