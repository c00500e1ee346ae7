package kit

import (
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// heap is what lives after a collection, in bytes.
func heap() int64 {
	for range 5 { // what tests before this one left in pools and to finalizers goes, too
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// heldBy is what an editor holds with n paragraphs in it, all of which were shown once.
func heldBy(t *testing.T, name string, n int) (perChar float64) {
	e := shownEditor(t)
	var b strings.Builder
	for i := range n { // every paragraph is another, so that none has the layout of another
		b.WriteString(name + strconv.Itoa(i) + " " + benchLine + "\n")
	}
	s := b.String()
	before := heap()
	e.SetText(strings.Clone(s))
	for y := float32(0); y < e.textHeight(); y += 400 { // through the whole text
		e.y = y
		e.view.draw(606, 400)
	}
	held := heap() - before
	runtime.KeepAlive(e)
	return float64(held) / float64(len([]rune(s)))
}

// TestEditorMemoryIsProportionalToTheText: a text four times as long takes at most about four times the memory, and not much
// more a character than a layout needs.
func TestEditorMemoryIsProportionalToTheText(t *testing.T) {
	heldBy(t, "a", 1700) // fills the caches that all texts share: what other tests left there would go meanwhile
	small, large := heldBy(t, "b", 425), heldBy(t, "c", 1700)
	t.Logf("%.0f bytes a character at 25,000 characters, %.0f at 100,000, after everything was shown", small, large)
	if large > small*1.5+20 {
		t.Errorf("a character takes %.0f bytes in a long text, %.0f in a short one", large, small)
	}
	if large > 400 {
		t.Errorf("a character takes %.0f bytes", large)
	}
}
