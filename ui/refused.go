package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"peyk/assets"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Refuse shows in a window why the profile cannot be opened, for who starts Peyk from a menu sees no terminal, and returns that reason when it was closed
// or ctx ended. It must be called from the main goroutine. Without a display it returns at once.
func Refuse(ctx context.Context, err error) error {
	if haveDisplay() != nil {
		return err
	}
	a := app.NewWithID(AppID)
	if l := fyne.CurrentDevice(); l != nil {
		lang.SetSystem(l.Locale().String())
	}
	theme.Install(a)
	a.SetIcon(fyne.NewStaticResource("peyk.png", assets.AppIcon))
	win := a.NewWindow(lang.T("app.name"))
	kit.SetContent(win, refusal(err, a.Quit))
	win.Resize(fyne.NewSize(520, 320))
	win.SetMaster()
	if showFirst(win.Show) != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer stop()
	a.Run()
	return err
}

// refusal is what such a window shows: the reason in the user's language, and the error itself to be copied.
func refusal(err error, quit func()) fyne.CanvasObject {
	words := lang.ErrorWords(err)
	box := kit.VBox(12, kit.Center(kit.NewIcon(icons.TriangleAlert, theme.Muted, 36)),
		kit.NewLabel(lang.T("refused.title"), kit.Strong).Aligned(kit.AlignCenter), kit.NewLabel(words, kit.Body).Wrapped().Selectable())
	if err.Error() != words {
		box.Add(kit.NewNote(kit.NewLabel(err.Error(), kit.Meta.OnTint(true)).Wrapped().Selectable()))
	}
	box.Add(kit.Center(kit.NewButton(kit.Primary, lang.T("kit.close"), "", quit)))
	return kit.NewSurface(theme.BG, kit.Pad(20, 24, 20, 24, box))
}
