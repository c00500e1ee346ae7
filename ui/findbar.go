package ui

import (
	"fyne.io/fyne/v2"

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

	at     int // the place looked at, counted over all messages; -1: none yet
	found  []findPart
	looked *readerBody // that shows the place looked at
}

// findPart is what was found in one message.
type findPart struct {
	body *readerBody
	n    int
}

func newFindBar(p *readerPane) *findBar {
	f := &findBar{pane: p, at: -1, count: kit.NewLabel("", kit.Meta).Aligned(kit.AlignCenter)}
	f.entry = kit.NewSearchEntry()
	f.entry.Width(80) // so that the narrowest reader has room for the buttons
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
	row := kit.HBox(6, kit.Grow(f.entry), kit.Fixed(96, 0, f.count), f.prev, f.next, end)
	f.content = kit.VBox(0, kit.NewSurface(theme.Side, kit.Pad(7, 14, 7, 26, row)), kit.HLine())
	f.content.Hide()
	return f
}

// Open opens the bar, with words to find when some are given.
func (f *findBar) Open(words string) {
	if f.pane.Current() == nil {
		return
	}
	f.content.Show()
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
	f.pane.markSearched()
	f.at, f.found, f.looked = -1, nil, nil
	f.content.Hide()
	f.pane.relayout()
	f.pane.env.win.Canvas().Unfocus()
	if f.pane.OnFound != nil {
		f.pane.OnFound()
	}
}

// search marks what was typed and goes to the first place.
func (f *findBar) search() {
	f.at = -1
	if f.mark() > 0 {
		f.look(0)
	}
	f.tell()
}

// again searches after what is shown became another; the place looked at stays where there is one.
func (f *findBar) again() {
	if !f.Shown() {
		return
	}
	total, at := f.mark(), f.at
	f.at = -1
	if at >= 0 && at < total {
		f.distinguish(at)
	}
	f.tell()
}

// mark marks the places in all open messages and counts them.
func (f *findBar) mark() (total int) {
	f.found = f.found[:0]
	for _, m := range f.pane.views() {
		if n := m.body.Find(f.entry.Text()); n > 0 {
			f.found = append(f.found, findPart{m.body, n})
			total += n
		}
	}
	return total
}

func (f *findBar) total() (n int) {
	for _, p := range f.found {
		n += p.n
	}
	return n
}

// Step goes to the next place or the one before, around the ends.
func (f *findBar) Step(n int) {
	if !f.Shown() {
		f.Open("")
		return
	}
	if total := f.total(); total > 0 {
		f.look((f.at + n + total) % total)
		f.tell()
	}
}

// look goes to a place.
func (f *findBar) look(at int) {
	if body, y, h := f.distinguish(at); body != nil {
		f.pane.reveal(body, y, h)
	}
}

// distinguish marks one place as the one looked at and tells where it is.
func (f *findBar) distinguish(at int) (body *readerBody, y, height float32) {
	if f.looked != nil {
		f.looked.LookAt(-1)
	}
	f.at, f.looked = at, nil
	for _, p := range f.found {
		if at < p.n {
			f.looked = p.body
			y, height = p.body.LookAt(at)
			return p.body, y, height
		}
		at -= p.n
	}
	return nil, 0, 0
}

// tell says how many places there are and which one is looked at.
func (f *findBar) tell() {
	total := f.total()
	words := ""
	switch {
	case f.entry.Text() == "":
	case total == 0:
		words = lang.T("find.none")
	default:
		words = lang.T("find.count", max(f.at, 0)+1, total)
	}
	f.count.SetText(words)
	f.entry.SetError(total == 0 && f.entry.Text() != "")
	f.next.SetEnabled(total > 0)
	f.prev.SetEnabled(total > 0)
}
