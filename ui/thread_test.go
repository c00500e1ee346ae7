package ui

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A clock that is stopped leaves nothing behind: there is one for each key pressed, and each holds on to a window.
func TestStoppedClocksAreForgotten(t *testing.T) {
	l := newLoop(context.Background(), func(f func()) { f() })
	defer l.close()
	waiting := func() int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.timers)
	}
	for range 100 {
		l.After(time.Hour, func() { t.Error("a stopped clock rang") })()
	}
	if n := waiting(); n != 0 {
		t.Errorf("%d stopped clocks are kept", n)
	}
	rang := make(chan struct{})
	stop := l.After(time.Millisecond, func() { close(rang) })
	<-rang
	stop()
	if n := waiting(); n != 0 {
		t.Errorf("%d clocks are kept after they rang", n)
	}
}

// What the user did is carried out in the order of the clicks, however much waits for a slow disk, and also when the window closes meanwhile.
func TestSerialKeepsTheOrderOfClicks(t *testing.T) {
	const clicks = 1000
	l := newLoop(context.Background(), func(f func()) { f() })
	var mu sync.Mutex
	var done []int
	slow := make(chan struct{})
	for i := range clicks {
		l.Serial(func(context.Context) func() {
			<-slow
			mu.Lock()
			done = append(done, i)
			mu.Unlock()
			return nil
		})
	}
	closed := make(chan struct{})
	go func() { l.close(); close(closed) }()
	<-l.ctx.Done()
	close(slow)
	<-closed
	if len(done) != clicks || !slices.IsSorted(done) {
		t.Errorf("%d of %d were carried out, in order: %v", len(done), clicks, slices.IsSorted(done))
	}
	if !l.idle() {
		t.Error("something counts as under way after the end")
	}
}

// idle reports whether nothing is under way that Go or Serial was given. Timers and what is watched do not count.
func (l *loop) idle() bool { return l.busy.Load() == 0 }

// A window that is busy has one report waiting for it, not all that came meanwhile.
func TestABusyWindowHasOneReportWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		waiting := make(chan func(), 10)
		l := newLoop(t.Context(), func(f func()) { waiting <- f })
		defer l.close()
		reports := make(chan int)
		var seen []int
		watch(l, reports, func(n int) { seen = append(seen, n) })
		for n := range 3 {
			reports <- n
			synctest.Wait()
			select {
			case reports <- -1:
				t.Fatal("a report was taken before the last one was seen")
			default:
			}
			(<-waiting)()
		}
		if !slices.Equal(seen, []int{0, 1, 2}) {
			t.Errorf("the window saw %v", seen)
		}
		reports <- 3 // and the end comes also when the window never looks
	})
}
