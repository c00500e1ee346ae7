package ui

import (
	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// readerThread is a conversation in the reader: messages in cards, oldest first. Read ones are folded to a line, a run of them
// to a count; a card is made when it comes near the view, and an open one far from it is let go of, so that a conversation
// of hundreds costs what is seen of it.
type readerThread struct {
	pane   *readerPane
	items  []*threadItem
	all    bool // the run of older messages is shown
	cur    int
	keys   bool // the keyboard was used to turn to cur, which is outlined then
	column *fyne.Container
	older  *kit.Button // that shows the run of older messages; nil: there is none
	reply  *quickReply
}

// threadItem is one message of a conversation.
type threadItem struct {
	row  mail.Row
	open bool
	view *messageView // of an open one that is near the view
	card *kit.Surface // around it
	line *foldedLine  // of a folded one that is near the view
	box  *lazyBox     // its place in the column
}

// The measures of cards.
const (
	cardPadding  = 18
	foldedHeight = 60
	openGuess    = 220 // height of an open message before it was read
)

// mostOpen is how many open messages are kept in memory; the others are read again when they come into view.
const mostOpen = 24

func newReaderThread(p *readerPane, rows []mail.Row) *readerThread {
	t := &readerThread{pane: p, column: kit.VBox(10)}
	for i, row := range rows {
		t.items = append(t.items, t.newItem(row, i == len(rows)-1 || row.Unread() || row.ID == p.id))
	}
	if !p.inside {
		t.reply = newQuickReply(p, t)
		t.reply.Aim(rows)
	}
	t.arrange()
	return t
}

func (t *readerThread) newItem(row mail.Row, open bool) *threadItem {
	it := &threadItem{row: row, open: open}
	it.box = newLazyBox(func() fyne.CanvasObject { return t.build(it) }, func() { t.drop(it) })
	it.box.height = pick[float32](open, openGuess, foldedHeight)
	return it
}

// build makes what an item shows, when it comes near the view.
func (t *readerThread) build(it *threadItem) fyne.CanvasObject {
	if !it.open {
		it.line = newFoldedLine(t.pane.env, it.row, func() { t.SetOpen(it, true) })
		it.line.current(t.keys && t.items[t.cur] == it)
		return it.line
	}
	m := newMessageView(t.pane, it.row)
	it.view = m
	head := kit.Stack(newTapArea(func() { t.SetOpen(it, false) }), kit.Pad(14, 16, 14, 16, m.header.content))
	foot := kit.Pad(0, 16, 10, cardPadding, m.parts.content)
	m.parts.frame = foot
	foot.Hide()
	it.card = kit.NewCard(0, kit.VBox(0, head, kit.HLine(), m.banners,
		kit.Pad(12, cardPadding, 12, cardPadding, kit.VBox(12, m.body.box, m.images.box, m.cards)), foot))
	t.outline(it)
	m.Load(true)
	return it.card
}

// drop lets go of what an item shows.
func (t *readerThread) drop(it *threadItem) {
	if it.view != nil {
		it.view.leave()
	}
	it.view, it.card, it.line = nil, nil, nil
}

func (t *readerThread) leave() {
	for _, it := range t.items {
		t.drop(it)
	}
	if t.reply != nil {
		t.reply.leave(t.reply.typing())
	}
}

// answering reports whether an answer is being written below it, or about to be.
func (t *readerThread) answering() bool {
	return t.reply != nil && (t.reply.writing() || t.reply.typing())
}

// arrange puts the items into the column, with the count in place of a run of older messages.
func (t *readerThread) arrange() {
	t.column.RemoveAll()
	t.older = nil
	folded := 0 // at the beginning
	for folded < len(t.items) && !t.items[folded].open {
		folded++
	}
	for i, it := range t.items {
		if !t.all && folded > 2 && i > 0 && i < folded {
			if i == 1 {
				t.older = kit.NewButton(kit.Plain, lang.N("reader.thread.older", folded-1), icons.ChevronsUpDown, t.ShowAll).Small().Tinted(theme.Muted)
				t.column.Add(kit.NewCard(0, kit.PadXY(4, 1, t.older)))
			}
			continue
		}
		gap := pick[float32](i > 0 && (it.open || t.items[i-1].open), 10, 0)
		t.column.Add(kit.Pad(gap, 0, 0, 0, it.box))
	}
	if t.reply != nil {
		t.column.Add(t.reply.content)
	}
}

// shown reports whether an item stands in the column.
func (t *readerThread) shown(i int) bool {
	if t.all || i == 0 {
		return true
	}
	for _, it := range t.items[:i+1] {
		if it.open {
			return true
		}
	}
	folded := 0
	for folded < len(t.items) && !t.items[folded].open {
		folded++
	}
	return folded <= 2
}

// ShowAll shows the older messages, each on its line.
func (t *readerThread) ShowAll() {
	had := t.older != nil && t.focused() == fyne.CanvasObject(t.older)
	t.all = true
	t.arrange()
	t.pane.relayout()
	if had {
		t.focus(t.items[1])
	}
}

// focused is what has the keyboard in the window of the reader; nil: nothing.
func (t *readerThread) focused() fyne.CanvasObject {
	c := fyne.CurrentApp().Driver().CanvasForObject(t.column)
	if c == nil {
		return nil
	}
	o, _ := c.Focused().(fyne.CanvasObject)
	return o
}

// holds reports whether the keyboard is in an item.
func (t *readerThread) holds(it *threadItem) bool {
	o := t.focused()
	if o == nil || it.box.inner == nil {
		return false
	}
	d := fyne.CurrentApp().Driver()
	at := d.AbsolutePositionForObject(o).Subtract(d.AbsolutePositionForObject(it.box))
	return at.X >= 0 && at.Y >= 0 && at.X < it.box.Size().Width && at.Y < it.box.Size().Height
}

// focus gives the keyboard to an item: to its line, or to the first thing in an open message that takes it.
func (t *readerThread) focus(it *threadItem) {
	c := fyne.CurrentApp().Driver().CanvasForObject(t.column)
	switch {
	case c == nil:
	case it.line != nil:
		c.Focus(it.line)
	case it.view != nil:
		c.Focus(it.view.header.to)
	}
}

// SetOpen unfolds or folds a message.
func (t *readerThread) SetOpen(it *threadItem, open bool) {
	if it.open == open {
		return
	}
	if t.holds(it) { // what has the keyboard goes
		defer t.focus(it)
	}
	t.setOpen(it, open)
	t.touch(it)
	t.arrange()
	t.pane.relayout()
	t.pane.marks()
}

func (t *readerThread) setOpen(it *threadItem, open bool) {
	t.drop(it)
	it.open = open
	it.box.forget(pick[float32](open, openGuess, foldedHeight))
}

// OpenAll unfolds or folds every message; folding leaves the newest open.
func (t *readerThread) OpenAll(open bool) {
	t.all = true
	for i, it := range t.items {
		if want := open || i == len(t.items)-1; it.open != want {
			t.setOpen(it, want)
		}
	}
	t.arrange()
	t.pane.relayout()
}

// current is the open message that the keyboard acts on, the nearest open one when that is folded.
func (t *readerThread) current() *messageView {
	if it := t.items[t.cur]; it.view != nil {
		return it.view
	}
	for i := len(t.items) - 1; i >= 0; i-- {
		if v := t.items[i].view; v != nil && (i <= t.cur || t.items[t.cur].view == nil) {
			return v
		}
	}
	return nil
}

// Row is the row of the message that the keyboard acts on, also of a folded one.
func (t *readerThread) Row() mail.Row { return t.items[t.cur].row }

// Turn opens a message of the conversation and brings it to the top of the view; it reports false for another's.
func (t *readerThread) Turn(id mail.MessageID) bool {
	for i, it := range t.items {
		if it.row.ID != id {
			continue
		}
		if !it.open {
			t.setOpen(it, true)
			t.arrange()
		}
		t.keys = false
		t.mark(i)
		t.pane.scroll.Refresh()
		t.pane.scroll.ScrollTo(t.top(it) - 12)
		t.expose()
		return true
	}
	return false
}

// Step turns to the next message that is shown, or the one before; it reports false at the end.
func (t *readerThread) Step(n int) bool {
	for i := t.cur + n; i >= 0 && i < len(t.items); i += n {
		if !t.shown(i) {
			continue
		}
		t.keys = true
		t.mark(i)
		it := t.items[i]
		if y, h := t.top(it), it.box.Size().Height; h > t.pane.scroll.Size().Height {
			t.pane.scroll.ScrollTo(y - 12)
		} else {
			t.pane.scroll.Reveal(y-12, h+24)
		}
		t.expose()
		return true
	}
	return false
}

// Toggle unfolds or folds the message that the keyboard acts on.
func (t *readerThread) Toggle() {
	t.SetOpen(t.items[t.cur], !t.items[t.cur].open)
	t.keys = true
	t.mark(t.cur)
}

// mark makes a message the one that the keyboard acts on.
func (t *readerThread) mark(i int) {
	t.cur = i
	for k, it := range t.items {
		t.outline(it)
		if it.line != nil {
			it.line.current(t.keys && k == i)
		}
	}
}

// outline draws the border of the card that the keyboard turned to in the accent.
func (t *readerThread) outline(it *threadItem) {
	if it.card != nil {
		it.card.SetStroke(pick(t.keys && t.items[t.cur] == it, theme.Accent, theme.Line))
	}
}

// touched makes the message whose text was clicked the current one.
func (t *readerThread) touched(m *messageView) {
	for _, it := range t.items {
		if it.view == m {
			t.touch(it)
		}
	}
}

func (t *readerThread) touch(it *threadItem) {
	t.keys = false
	for i, x := range t.items {
		if x == it {
			t.mark(i)
		}
	}
}

// top is where an item stands in what is scrolled.
func (t *readerThread) top(it *threadItem) float32 {
	for _, o := range t.column.Objects {
		if c, ok := o.(*fyne.Container); ok && len(c.Objects) == 1 && c.Objects[0] == it.box {
			return t.column.Position().Y + c.Position().Y + it.box.Position().Y
		}
	}
	return 0
}

// expose makes what is near the view and lets go of what is far from it.
func (t *readerThread) expose() {
	view := t.pane.scroll.Size().Height
	from, to := t.pane.scroll.Offset()-view, t.pane.scroll.Offset()+2*view
	var far []*threadItem
	built, made := 0, false
	for i, it := range t.items {
		if !t.shown(i) {
			it.box.drop()
			continue
		}
		y := t.top(it)
		near := y < to && y+it.box.Size().Height > from
		switch {
		case near:
			made = it.box.make() || made
		case !it.open:
			it.box.drop()
		case it.view != nil:
			far = append(far, it)
		}
		if it.view != nil {
			built++
		}
	}
	for _, it := range far {
		if built <= mostOpen {
			break
		}
		it.box.drop()
		built--
	}
	if made {
		t.pane.env.loop.Post(t.pane.relayout)
	}
}

// hold remembers where the first message in view stands; the function it returns brings it there again.
func (t *readerThread) hold() (restore func()) {
	offset := t.pane.scroll.Offset()
	for _, it := range append([]*threadItem{t.items[t.cur]}, t.items...) {
		y := t.top(it)
		if y+it.box.Size().Height > offset && y < offset+t.pane.scroll.Size().Height && it.box.Size().Height > 0 {
			return func() { t.pane.scroll.ScrollTo(offset + t.top(it) - y) }
		}
	}
	return nil
}

func (t *readerThread) views() (out []*messageView) {
	for _, it := range t.items {
		if it.view != nil {
			out = append(out, it.view)
		}
	}
	return out
}

// update takes the rows as they are now: flags change, messages come and go.
func (t *readerThread) update(rows []mail.Row) {
	old, cur := map[mail.MessageID]*threadItem{}, t.items[t.cur]
	for _, it := range t.items {
		old[it.row.ID] = it
	}
	var items []*threadItem
	same := len(rows) == len(t.items)
	for i, row := range rows {
		it := old[row.ID]
		if it == nil {
			it = t.newItem(row, true)
		}
		delete(old, row.ID)
		same = same && t.items[i] == it
		it.row = row
		if it.view != nil {
			it.view.changed(row)
		}
		if it.line != nil {
			it.line.fill(row)
		}
		items = append(items, it)
	}
	for _, gone := range old {
		t.drop(gone)
	}
	t.items, t.cur = items, len(items)-1
	t.touch(cur)
	if !same {
		if t.reply != nil {
			t.reply.Aim(rows)
		}
		t.arrange()
		t.pane.relayout()
	}
}
