package kit

import (
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
)

// over is set when the loop of events is about to end. The toolkit goes on to run then what timers bring, but on the goroutine of the timer, beside
// whatever else is being closed.
var over atomic.Bool

// End says that the loop of events is about to end, and the program with it: what timers would do later is left out. UI thread.
func End() { over.Store(true) }

// later runs f on the UI thread after d, unless the timer is stopped or the program ends before.
func later(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() {
		fyne.Do(func() {
			if !over.Load() {
				f()
			}
		})
	})
}
