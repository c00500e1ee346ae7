// Package uitest gives tests a program whose UI thread is the test. Fyne's test driver runs what fyne.Do is given at once, on
// the goroutine that asks: a timer, or a font that was loaded, then paints beside the test. Only tests import it.
package uitest

import (
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// App is Fyne's test application, but for fyne.Do: its functions wait until the test runs them.
type App struct {
	fyne.App
	driver *driver
}

// NewApp makes a test application, which is the current one until the end of the test and drops what comes later. post gets
// the functions of fyne.Do, from any goroutine, for the test to run; nil: they wait for Flush.
func NewApp(tb testing.TB, post func(func())) *App {
	inner := test.NewApp()
	a := &App{App: inner, driver: &driver{Driver: inner.Driver(), post: post}}
	fyne.SetCurrentApp(a)
	tb.Cleanup(func() {
		inner.Quit()
		a.driver.end()
	})
	return a
}

// Driver implements fyne.App.
func (a *App) Driver() fyne.Driver { return a.driver }

// Flush does what waits, and what that asks for. Call it from the goroutine of the test.
func (a *App) Flush() { a.driver.flush() }

// driver is Fyne's test driver with a queue before its UI thread.
type driver struct {
	fyne.Driver
	post func(func())

	mu    sync.Mutex
	jobs  []func()
	ended bool
}

// DoFromGoroutine implements fyne.Driver. Who waits for f is the UI thread itself here: no code of ours uses fyne.DoAndWait,
// and Fyne's own does only when a goroutine of ours touched a widget.
func (d *driver) DoFromGoroutine(f func(), wait bool) {
	if wait {
		f()
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.ended:
	case d.post != nil:
		d.post(f)
	default:
		d.jobs = append(d.jobs, f)
	}
}

func (d *driver) flush() {
	for {
		d.mu.Lock()
		jobs := d.jobs
		d.jobs = nil
		d.mu.Unlock()
		if len(jobs) == 0 {
			return
		}
		for _, f := range jobs {
			f()
		}
	}
}

func (d *driver) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended, d.jobs = true, nil
}
