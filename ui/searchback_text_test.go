package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// What is chosen below the search field and asks the open message is done once that was read again: it did nothing.
func TestCommandsAboutTheTextFoundByTheirName(t *testing.T) {
	b := newBench(t)
	choose := func(id string) {
		t.Helper()
		b.selectSubject(sara)
		b.w.search.Show(id)
		b.w.searchFor(id)
		b.drain()
		b.w.runFound(b.w.byID[id])
		b.drain()
		if b.w.reader.Message() != b.ids[sara] {
			t.Fatalf("%s: another message is open", id)
		}
	}
	choose("saveall")
	top := b.w.Window().Canvas().Overlays().Top()
	if top == nil {
		t.Error("nobody is asked where to save the attachments")
	} else {
		b.key(fyne.KeyEscape)
		b.drain()
	}
	choose("find")
	if !b.w.reader.find.Shown() {
		t.Error("there is no field to find with")
	}
}
