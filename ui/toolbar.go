package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// toolbar is the top of the window. When there is no room for words, its buttons keep their icons only; where there is none for all of these
// either, those go that are missed least, which menus and keys still do. The search box takes what is left.
type toolbar struct {
	widget.BaseWidget
	search  fyne.CanvasObject
	gear    *kit.Button
	places  *kit.Button // the folders, where their pane has no room
	buttons []*toolButton
	bg      *kit.Surface
	line    fyne.CanvasObject
	seps    []fyne.CanvasObject
	level   int // how far words and buttons are given up, see toolLevels
}

type toolButton struct {
	*kit.Button
	command  *command
	words    bool // has a text while there is room
	sepAfter bool
}

// Measures of the toolbar (mockups).
const (
	toolEdge   = 14
	toolGap    = 7
	toolIcon   = 12  // around buttons without words
	toolSep    = 20  // from a button to the separator and on to the next
	toolSearch = 190 // the least
	toolTight  = 120 // the least where buttons are missing already
)

// newToolbar makes the buttons of the commands; run carries one out.
func newToolbar(byID map[string]*command, search fyne.CanvasObject, run func(*command), gear, places func(below fyne.CanvasObject)) *toolbar {
	t := &toolbar{search: search, bg: kit.NewSurface(theme.Side, nil), line: kit.HLine()}
	for _, b := range []struct {
		id         string
		words, sep bool
	}{{"compose", true, false}, {"getmail", true, true}, {"reply", true, false}, {"replyall", true, false}, {"forward", true, true},
		{"archive", true, false}, {"delete", true, false}, {"move", false, false}, {"tag", false, false}} {
		c := byID[b.id]
		btn := kit.NewButton(pick(b.id == "compose", kit.Primary, kit.Plain), lang.T("tool."+b.id), c.icon, func() { run(c) })
		btn.Tip(c.tip())
		t.buttons = append(t.buttons, &toolButton{btn, c, b.words, b.sep})
		if b.sep {
			t.seps = append(t.seps, kit.VLine(20))
		}
	}
	t.gear = kit.NewIconButton(icons.Settings, lang.T("tool.menu"), func() { gear(t.gear) })
	t.places = kit.NewIconButton(icons.PanelLeft, lang.T("tool.folders"), func() { places(t.places) })
	t.places.Hide()
	t.setLevel(0)
	t.ExtendBaseWidget(t)
	return t
}

// toolLevels are the steps in which words are given up as the window gets narrow, from all of them to none: first beside the
// other icons, the answers next to last, so that the words of longer languages are not all lost at once.
const toolLevels = 5

// wordsUntil is the last level at which the button of a command has its text.
func wordsUntil(id string) int {
	switch id {
	case "archive", "delete":
		return 0
	case "getmail":
		return 1
	case "compose":
		return toolLevels - 2
	}
	return 2
}

// toolGone are the levels from which on buttons are missing, behind those at which only words are. toolLast is the last level.
var toolGone = map[string]int{"tag": toolLevels, "move": toolLevels, "forward": toolLevels + 1, "replyall": toolLevels + 1, "getmail": toolLevels + 2, "archive": toolLevels + 3}

const toolLast = toolLevels + 3

func (t *toolbar) setLevel(l int) {
	t.level = l
	for _, b := range t.buttons {
		from, goes := toolGone[b.command.id]
		b.Hidden = goes && l >= from
		text := pick(b.words && l <= wordsUntil(b.command.id), lang.T("tool."+b.command.id), "")
		if b.Text() != text {
			b.SetText(text)
		}
	}
}

// button is that of a command, or the gear where it has no room.
func (t *toolbar) button(id string) fyne.CanvasObject {
	for _, b := range t.buttons {
		if b.command.id == id && !b.Hidden {
			return b.Button
		}
	}
	return t.gear
}

// Update greys out what cannot be done now.
func (t *toolbar) Update(w *MainWindow) {
	for _, b := range t.buttons {
		on := b.command.when == nil || b.command.when(w)
		if b.Disabled() == on {
			b.SetEnabled(on)
		}
	}
}

// gap is the space after a button: more where icons stand alone by design.
func (t *toolbar) gap(b *toolButton) float32 {
	return pick[float32](!b.words && t.level == 0, toolIcon, toolGap)
}

// start is where the buttons begin.
func (t *toolbar) start() float32 {
	if t.places.Visible() {
		return toolEdge + t.places.MinSize().Width + toolGap
	}
	return toolEdge
}

func (t *toolbar) width() float32 {
	x := t.start()
	for _, b := range t.buttons {
		if !b.Hidden {
			x += b.MinSize().Width + t.gap(b)
		}
		if b.sepAfter {
			x += 2*toolSep - toolGap
		}
	}
	return x + pick[float32](t.level < toolLevels, toolSearch, toolTight) + toolGap + t.gear.MinSize().Width + toolEdge
}

// CreateRenderer implements fyne.Widget.
func (t *toolbar) CreateRenderer() fyne.WidgetRenderer {
	objs := []fyne.CanvasObject{t.bg, t.places}
	for _, b := range t.buttons {
		objs = append(objs, b.Button)
	}
	objs = append(objs, t.seps...)
	return &toolRenderer{t, append(objs, t.search, t.gear, t.line)}
}

type toolRenderer struct {
	t    *toolbar
	objs []fyne.CanvasObject
}

func (r *toolRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *toolRenderer) Destroy()                     {}
func (r *toolRenderer) MinSize() fyne.Size           { return fyne.NewSize(leastWindow, theme.ToolbarHeight) }
func (r *toolRenderer) Refresh() {
	r.Layout(r.t.Size())
	for _, o := range r.objs {
		o.Refresh()
	}
}

func (r *toolRenderer) Layout(s fyne.Size) {
	t := r.t
	t.places.Hidden = s.Width >= foldersFrom
	for l := range toolLast + 1 {
		t.setLevel(l)
		if t.width() <= s.Width {
			break
		}
	}
	t.bg.Resize(s)
	put(t.line, s.Width, 0, s.Height-1, s.Width, 1)
	middle := func(o fyne.CanvasObject, x, w float32) {
		h := o.MinSize().Height
		put(o, s.Width, x, (s.Height-1-h)/2, w, h)
	}
	middle(t.places, toolEdge, t.places.MinSize().Width)
	x, sep := t.start(), 0
	for _, b := range t.buttons {
		if !b.Hidden {
			w := b.MinSize().Width
			middle(b.Button, x, w)
			x += w + t.gap(b)
		}
		if b.sepAfter {
			put(t.seps[sep], s.Width, x-toolGap+toolSep-toolGap, (s.Height-21)/2, 1, 20)
			x += 2*toolSep - 2*toolGap - toolGap
			sep++
		}
	}
	gw := t.gear.MinSize().Width
	gx := s.Width - toolEdge - gw - 2
	middle(t.gear, gx, gw)
	middle(t.search, x, max(gx-x-9, 60))
}
