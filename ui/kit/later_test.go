package kit

import (
	"testing"
	"time"

	"peyk/ui/uitest"
)

// What timers would do after the end of the loop is left out: it would run beside whoever closes the windows.
func TestNothingRunsAfterTheEnd(t *testing.T) {
	uitest.NewApp(t, func(f func()) { f() })
	ran := make(chan string, 2)
	later(time.Millisecond, func() { ran <- "before" })
	if got := <-ran; got != "before" {
		t.Fatal(got)
	}
	t.Cleanup(func() { over.Store(false) })
	later(20*time.Millisecond, func() { ran <- "after" })
	End()
	select {
	case got := <-ran:
		t.Errorf("%s the end something ran", got)
	case <-time.After(200 * time.Millisecond):
	}
}
