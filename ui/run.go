package ui

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"peyk/store"
	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// AppID names the program to the desktop.
const AppID = "app.peyk.Peyk"

// Options are what Run needs.
type Options struct {
	Store  *store.Store
	Engine Engine
	// Open opens windows that live elsewhere.
	Open Openers
	// Demo opens the demo mailbox from the wizard; nil: not offered.
	Demo func()
	// Title is put behind the program's name, such as the name of a profile; may be empty.
	Title string
	// Ready is called on the UI thread once the window shows its first list (screenshots, measurements); may be nil.
	Ready func(w *MainWindow)
}

// Run shows the main window and returns when it was closed or ctx ended. It must be called from the main goroutine.
func Run(ctx context.Context, o Options) error {
	if o.Store == nil || o.Engine == nil {
		return fmt.Errorf("ui: a store and an engine are needed")
	}
	a := app.NewWithID(AppID)
	if l := fyne.CurrentDevice(); l != nil {
		lang.SetSystem(l.Locale().String())
	}
	theme.Install(a)
	a.SetIcon(icons.Resource(icons.Mail, theme.Light.Accent, false))
	w := NewMainWindow(ctx, a, Deps{Store: o.Store, Engine: o.Engine, Open: o.Open, Demo: o.Demo})
	w.env.win.SetMaster()
	w.Show()
	w.Start(func() {
		if o.Ready != nil {
			o.Ready(w)
		}
	})
	stop := context.AfterFunc(ctx, func() { fyne.Do(w.Close) })
	defer stop()
	a.Run()
	return nil
}
