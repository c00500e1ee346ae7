package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// findBar finds words in the open messages: how many places there are, next and previous, all of them marked.
type findBar struct {
	pane    *readerPane
	entry   *kit.Entry
	count   *kit.Label
	next    *kit.Button
	prev    *kit.Button
	content *fyne.Container

	places markedPlaces
}

func newFindBar(p *readerPane) *findBar {
	f := &findBar{pane: p, count: kit.NewLabel("", kit.Meta).Aligned(kit.AlignCenter)}
	f.places.forget()
	f.entry = kit.NewSearchEntry()
	f.entry.Width(72) // so that the narrowest reader has room for the buttons
	f.entry.SetPlaceholder(lang.T("find.placeholder"))
	f.entry.OnChanged = func(string) { f.search() }
	f.entry.OnSubmit = func(string) { f.Step(pick(kit.Modifiers()&fyne.KeyModifierShift != 0, -1, 1)) }
	f.entry.OnEscape = func() bool { f.Close(); return true }
	f.entry.OnKey = func(e *fyne.KeyEvent) bool {
		switch e.Name {
		case fyne.KeyF3:
			f.Step(pick(kit.Modifiers()&fyne.KeyModifierShift != 0, -1, 1))
		case fyne.KeyDown:
			f.Step(1)
		case fyne.KeyUp:
			f.Step(-1)
		default:
			return false
		}
		return true
	}
	f.prev = kit.NewIconButton(icons.ChevronUp, lang.T("find.previous"), func() { f.Step(-1) }).Tinted(theme.Muted)
	f.next = kit.NewIconButton(icons.ChevronDown, lang.T("find.next"), func() { f.Step(1) }).Tinted(theme.Muted)
	end := kit.NewIconButton(icons.X, lang.T("kit.close"), f.Close).Tinted(theme.Muted)
	row := container.New(&findRow{f}, f.entry, f.count, f.prev, f.next, end)
	f.content = kit.VBox(0, kit.NewSurface(theme.Side, kit.Pad(7, 14, 7, 14, row)), kit.HLine())
	f.content.Hide()
	return f
}

// findRow lays out the bar: the field takes what the count and the buttons leave. The count has the same width while one steps through the
// places, more only where its words need it, and none in the narrowest reader, where the field would have none.
type findRow struct{ f *findBar }

// Measures of the bar: what most counts need, what a field needs for a word, and the gap between the parts.
const (
	countWidth = 54
	fieldWidth = 72
	findGap    = 6
)

// Layout implements fyne.Layout.
func (r *findRow) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	entry, count, buttons := objs[0], objs[1], objs[2:]
	end := s.Width
	for i := len(buttons) - 1; i >= 0; i-- {
		m := buttons[i].MinSize()
		end -= m.Width
		put(buttons[i], s.Width, end, (s.Height-m.Height)/2, m.Width, m.Height)
	}
	n := r.f.count.Natural()
	width := max(n.Width, countWidth)
	if end-findGap-width-findGap < fieldWidth {
		width = 0
	}
	put(count, s.Width, end-findGap-width, (s.Height-n.Height)/2, width, n.Height)
	if count.Visible() != (width > 0) {
		r.f.count.Hidden = width == 0
	}
	h := entry.MinSize().Height
	put(entry, s.Width, 0, (s.Height-h)/2, end-findGap-width-pick[float32](width > 0, findGap, 0), h)
}

// MinSize implements fyne.Layout.
func (r *findRow) MinSize(objs []fyne.CanvasObject) fyne.Size {
	m := fyne.NewSize(fieldWidth+findGap, objs[0].MinSize().Height)
	for _, o := range objs[2:] {
		m.Width, m.Height = m.Width+o.MinSize().Width, max(m.Height, o.MinSize().Height)
	}
	return m
}

// Open opens the bar, with words to find when some are given.
func (f *findBar) Open(words string) {
	if f.pane.Current() == nil {
		return
	}
	f.content.Show()
	f.pane.tellFound()
	f.pane.relayout()
	if words != "" {
		f.entry.SetText(words)
	}
	f.pane.env.win.Canvas().Focus(f.entry) // Entry.Focus finds the canvas of what was painted before only
	f.entry.SelectAll()
	f.search()
}

// Shown reports whether the bar is open.
func (f *findBar) Shown() bool { return f.content.Visible() }

// Close takes bar and marks away and gives the keyboard back.
func (f *findBar) Close() {
	if !f.content.Visible() {
		return
	}
	f.places.forget()
	f.content.Hide()
	f.pane.markSearched()
	f.pane.relayout()
	f.pane.env.win.Canvas().Unfocus()
	if f.pane.OnFound != nil {
		f.pane.OnFound()
	}
}

// search marks what was typed and goes to the first place.
func (f *findBar) search() {
	f.places.forget()
	f.mark()
	f.look(0)
	f.tell()
}

// again searches after what is shown became another; the place looked at stays where there is one.
func (f *findBar) again() {
	if f.Shown() {
		f.mark()
		f.tell()
	}
}

// mark marks the places in all open messages and counts them.
func (f *findBar) mark() {
	query := f.entry.Text()
	f.places.count(f.pane.views(), func(b *readerBody) int { return b.Find(query) })
}

// Step goes to the next place or the one before, around the ends.
func (f *findBar) Step(n int) {
	if !f.Shown() {
		f.Open("")
		return
	}
	if f.places.total > 0 {
		f.look(f.places.next(n))
		f.tell()
	}
}

// look goes to a place.
func (f *findBar) look(at int) {
	if body, y, h := f.places.distinguish(at); body != nil {
		f.pane.reveal(body, y, h)
	}
}

// tell says how many places there are and which one is looked at.
func (f *findBar) tell() {
	total := f.places.total
	words := ""
	switch {
	case f.entry.Text() == "":
	case total == 0:
		words = lang.T("find.none")
	default:
		words = lang.T("find.count", max(f.places.at, 0)+1, total)
	}
	if f.count.Text() != words {
		f.count.SetText(words)
		f.content.Refresh()
	}
	f.entry.SetError(total == 0 && f.entry.Text() != "")
	f.next.SetEnabled(total > 0)
	f.prev.SetEnabled(total > 0)
}
