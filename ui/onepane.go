package ui

import (
	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/theme"
)

// onePane is how a window without room for list and text beside each other shows them: the list, and over it the message that was opened, with a
// way back above it. The reader follows the selection as in a wide window, so that commands need not know; covered, it marks nothing as read.
type onePane struct {
	main    *MainWindow
	narrow  bool
	reading bool // the message lies over the list
	title   *tapLabel
	bar     fyne.CanvasObject
	content fyne.CanvasObject // the reader below the way back
}

func newOnePane(w *MainWindow) *onePane {
	p := &onePane{main: w, title: newTapLabel(kit.Strong, func() { w.one.Back() })}
	button := func(icon icons.Name, command string) *kit.Button {
		c := w.byID[command]
		return kit.NewIconButton(icon, c.tip(), func() { w.run(c) })
	}
	row := kit.HBox(2, button(icons.ArrowLeft, "back"), kit.Grow(p.title), button(icons.ChevronUp, "previous"), button(icons.ChevronDown, "next"))
	p.bar = kit.VBox(0, kit.NewSurface(theme.Side, kit.PadXY(8, 4, row)), kit.HLine())
	p.bar.Hide()
	p.content = kit.Border(p.bar, nil, nil, nil, w.reader.root)
	return p
}

// Fit says whether the window is too narrow for both. What is read then goes on to be read.
func (p *onePane) Fit(narrow bool) {
	if p.narrow == narrow {
		return
	}
	p.narrow = narrow
	p.reading = narrow && p.main.list.SelectedCount() == 1
	p.show()
	if p.reading { // while the window is being laid out the keyboard stays where it is
		p.main.env.loop.Post(p.keyboard)
	}
}

// Covered reports whether the reader is behind the list.
func (p *onePane) Covered() bool { return p.narrow && !p.reading }

// Open lays the selected message over the list and reports whether that was to be done.
func (p *onePane) Open() bool {
	if !p.Covered() || p.main.list.SelectedCount() != 1 {
		return false
	}
	p.reading = true
	p.show()
	p.keyboard()
	return true
}

// Back goes from the message to the list, and gives it the keyboard. It reports whether a message lay there.
func (p *onePane) Back() bool {
	if !p.Leave() {
		return false
	}
	p.main.list.list.Focus()
	return true
}

// Leave is Back for what happens beside the list: who has the keyboard keeps it.
func (p *onePane) Leave() bool {
	if !p.reading {
		return false
	}
	p.reading = false
	p.show()
	if c := p.main.env.win.Canvas(); c.Focused() == nil {
		p.main.list.list.Focus()
	}
	return true
}

// keyboard takes the keyboard from the list that nobody sees: single keys are about the message then.
func (p *onePane) keyboard() {
	if p.reading && p.main.list.list.Focused() {
		p.main.env.win.Canvas().Unfocus()
	}
}

// show brings what is seen to the state.
func (p *onePane) show() {
	w := p.main
	p.bar.(*fyne.Container).Hidden = !p.narrow
	p.title.SetText(placeTitle(w.list.place, w.env.tree))
	setShown(w.list.content, !p.reading)
	setShown(p.content, !p.Covered())
	w.reader.Cover(p.Covered())
	p.content.Refresh()
	w.inner.Refresh()
}

// Scroll moves the text by a key that moves the cursor of the list where that is seen; it reports whether it did.
func (p *onePane) Scroll(k fyne.KeyName) bool {
	r := p.main.reader
	if !p.reading {
		return false
	}
	switch k {
	case fyne.KeyDown:
		r.scroll.ScrollBy(lineStep)
	case fyne.KeyUp:
		r.scroll.ScrollBy(-lineStep)
	case fyne.KeyPageDown:
		r.ScrollPage(1)
	case fyne.KeyPageUp:
		r.ScrollPage(-1)
	case fyne.KeyHome:
		r.scroll.ScrollTo(0)
	case fyne.KeyEnd:
		r.scroll.ToEnd()
	default:
		return false
	}
	return true
}

// lineStep is how far an arrow key moves a text.
const lineStep = 48

func setShown(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// aboutText are the commands that show something in the message: they open it first.
var aboutText = map[string]bool{"find": true, "findnext": true, "findprevious": true, "source": true, "nextinthread": true, "previousinthread": true, "unfold": true}
