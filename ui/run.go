package ui

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"peyk/assets"
	"peyk/store"
	"peyk/ui/kit"
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
	// OpenFile takes a mail file over; nil: files are not opened.
	OpenFile OpenFile
	// Transfer imports and exports mail; nil: not offered.
	Transfer Transfer
	// Requests delivers what the program was started with and what later starts hand over; may be nil.
	Requests <-chan OpenRequest
	// Now is the clock of what is shown; nil: time.Now.
	Now func() time.Time
	// Ready is called on the UI thread once the window shows its first list; may be nil.
	Ready func(w *MainWindow)
}

// Run shows the main window and returns when it was closed or ctx ended. It must be called from the main goroutine.
func Run(ctx context.Context, o Options) error {
	if o.Store == nil || o.Engine == nil {
		return fmt.Errorf("ui: a store and an engine are needed")
	}
	if err := haveDisplay(); err != nil {
		return err
	}
	a := app.NewWithID(AppID)
	if l := fyne.CurrentDevice(); l != nil {
		lang.SetSystem(l.Locale().String())
	}
	theme.Install(a)
	a.SetIcon(fyne.NewStaticResource("peyk.png", assets.AppIcon))
	w := NewMainWindow(ctx, a, Deps{Store: o.Store, Engine: o.Engine, Open: o.Open, Demo: o.Demo, OpenFile: o.OpenFile, Transfer: o.Transfer, Now: o.Now})
	w.env.win.SetMaster()
	if err := showFirst(w.Show); err != nil {
		return err
	}
	w.Start(func() {
		if o.Requests != nil {
			watch(w.env.loop, o.Requests, w.serve)
		}
		if o.Ready != nil {
			o.Ready(w)
		}
	})
	w.ends = append(w.ends, kit.End)
	stop := context.AfterFunc(ctx, func() { fyne.Do(w.endNow) })
	defer stop()
	a.Run()
	return nil
}
