package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// narrow makes the window as narrow as a telephone.
func (b *bench) narrow() {
	b.Helper()
	b.w.Window().Resize(fyne.NewSize(420, 760))
	b.drain()
}

// clickRow clicks the row of a message in the list.
func (b *bench) clickRow(subject string) {
	b.Helper()
	_, at, ok := b.w.list.pager.Cached(b.ids[subject])
	if !ok {
		b.Fatalf("%q is not in the list", subject)
	}
	l := b.w.list.list
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = fyne.NewPos(60, float32(float64(at)*float64(b.w.list.rowHeight())-l.Offset())+20)
	l.MouseDown(e)
	l.MouseUp(e)
	l.Tapped(&e.PointEvent)
	b.drain()
}

// wantReading holds that the window shows a message over the list, or (subject "") the list alone.
func (b *bench) wantReading(what, subject string) {
	b.Helper()
	list, reader := b.w.list.content, b.w.one.content
	if over := subject != ""; list.Visible() == over || reader.Visible() != over {
		b.Fatalf("%s: the list shows %t, the message %t", what, list.Visible(), reader.Visible())
	}
	shown := pick(subject == "", list, reader)
	if got := shown.Size().Width; got != 420 {
		b.Errorf("%s: what is shown is %v wide", what, got)
	}
	if subject != "" && b.w.reader.Message() != b.ids[subject] {
		b.Errorf("%s: another message is open than %q", what, subject)
	}
}

// A window as narrow as a telephone shows the list, and a message over it, with a way back by button, Escape and Alt+Left.
func TestNarrowWindowShowsOnePane(t *testing.T) {
	b := newBench(t)
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		b.drain()
		b.narrow()
		if code == "fa" { // what was read in the wide window goes on to be read
			b.wantReading("made narrow", b.subjects()[2])
			b.key(fyne.KeyEscape)
			b.drain()
		}
		b.wantReading(code+" at first", "")
		b.shot("one-list-" + code)
		b.clickRow(reza)
		b.wantReading(code+" after a click", reza)
		b.shot("one-message-" + code)
		b.key(fyne.KeyEscape)
		b.drain()
		b.wantReading(code+" after Escape", "")
		if !b.w.list.list.Focused() {
			t.Errorf("%s: the list has not got the keyboard back", code)
		}
		b.key(fyne.KeyDown)
		b.drain()
		b.wantReading(code+" after an arrow key", "")
		b.key(fyne.KeyReturn)
		b.drain()
		b.wantReading(code+" after Enter", b.subjects()[1])
		b.key(fyne.KeyJ)
		b.drain()
		b.wantReading(code+" at the next", b.subjects()[2])
		b.chord(alt(fyne.KeyLeft))
		b.drain()
		b.wantReading(code+" after Alt+Left", "")
		b.key(fyne.KeySpace)
		b.drain()
		b.wantReading(code+" after Space", b.subjects()[2])
		b.w.one.title.Tapped(nil)
		b.drain()
		b.wantReading(code+" after a tap on the way back", "")
		b.w.Window().Resize(fyne.NewSize(1360, 860))
		b.drain()
		if !b.w.list.content.Visible() || !b.w.one.content.Visible() || b.w.one.bar.Visible() {
			t.Errorf("%s: wide again, list and message are not beside each other", code)
		}
	}
}

// What is selected behind the list nobody has read: it is marked once it was opened.
func TestNothingBehindTheListIsRead(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = 0 }))
	b.narrow()
	b.selectSubject(reza)
	b.drain()
	if b.row(reza).Flags.Has(mail.FlagSeen) {
		t.Fatal("a message that only was selected is read")
	}
	b.key(fyne.KeyReturn)
	b.until("the message to be read", func() bool { return b.row(reza).Flags.Has(mail.FlagSeen) })
}

// Who deletes the message that lies over the list, or selects several, sees the list again; undo brings the message back there.
func TestNarrowWindowGoesBackToTheList(t *testing.T) {
	b := newBench(t)
	b.narrow()
	had := len(b.subjects())
	b.clickRow(reza)
	b.key(fyne.KeyDelete)
	b.until("the list without it", func() bool { return b.w.list.pager.Total() == had-1 })
	b.drain()
	b.wantReading("after a deletion", "")
	b.chord(ctrl(fyne.KeyZ))
	b.until("the message again", func() bool { return b.w.list.pager.Total() == had })
	b.wantReading("after undo", "")
	b.clickRow(github)
	b.w.list.list.SelectAll()
	b.drain()
	b.wantReading("with everything selected", "")
	b.clickRow(delta)
	b.wantReading("after a click", delta)
	b.w.Go(model.Place{Kind: model.PlaceStarred})
	b.drain()
	b.wantReading("in another folder", "")
}

// Escape goes from a message that was found to what was found, and from there out of the search.
func TestNarrowWindowGoesBackToTheSearch(t *testing.T) {
	b := newBench(t)
	b.narrow()
	b.w.search.Show("itinerary")
	b.w.searchFor("itinerary")
	b.until("the result", func() bool { return b.w.list.pager.Loaded() && b.w.list.pager.Total() == 1 })
	b.clickRow(delta)
	b.wantReading("what was found", delta)
	b.key(fyne.KeyEscape)
	b.drain()
	b.wantReading("back", "")
	if b.w.list.place.Kind != model.PlaceSearch {
		t.Fatal("the search is over")
	}
	b.key(fyne.KeyEscape)
	b.until("the inboxes", func() bool { return b.w.list.place == model.Inboxes })
	b.wantReading("after the search", "")
}

// Where the list covers the message, what shows something in it opens it.
func TestFindOpensTheMessage(t *testing.T) {
	b := newBench(t)
	b.narrow()
	b.selectSubject(reza)
	b.wantReading("at first", "")
	b.chord(ctrl(fyne.KeyF))
	b.drain()
	b.wantReading("finding", reza)
	if !b.w.reader.find.Shown() {
		t.Fatal("there is no field to find with")
	}
	b.key(fyne.KeyEscape)
	b.drain()
	b.wantReading("after finding", reza)
}
