package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/icons"
	"peyk/ui/lang"
)

// selectable is a text that a selection can work on. Offsets are bytes.
type selectable interface {
	fyne.CanvasObject
	hit(p fyne.Position) int
	wordAt(off int) (start, end int)
	lineAt(off int) (start, end int) // the paragraph, for a triple click
	slice(start, end int) string
	length() int
	repaint()
	linkAt(p fyne.Position) (url string, ok bool)
}

// selection lies over a text and selects in it: drag, double and triple click, Shift, Ctrl+A, Ctrl+C, context menu.
type selection struct {
	base
	of           selectable
	anchor, head int
	clicks       clickCounter
	unit         int // 1: characters, 2: words, 3: paragraphs, by the clicks of the drag
	focused      bool
	link         string // under the pointer

	onLink  func(url string)
	onHover func(url string)
	onMenu  func(url string, pos fyne.Position)
}

func newSelection(of selectable) *selection {
	s := &selection{of: of}
	s.ExtendBaseWidget(s)
	return s
}

// ordered is the selected range.
func (s *selection) ordered() (start, end int) {
	return min(s.anchor, s.head), max(s.anchor, s.head)
}

func (s *selection) reset() { s.anchor, s.head = 0, 0 }

func (s *selection) set(anchor, head int) {
	if anchor != s.anchor || head != s.head {
		s.anchor, s.head = anchor, head
		s.of.repaint()
	}
}

// selected is the selected text.
func (s *selection) selected() string {
	start, end := s.ordered()
	return s.of.slice(start, min(end, s.of.length()))
}

func (s *selection) all() { s.set(0, s.of.length()) }

func (s *selection) copy() {
	if t := s.selected(); t != "" {
		fyne.CurrentApp().Clipboard().SetContent(t)
	}
}

// grow selects from the anchor to off by the unit of the drag.
func (s *selection) grow(off int) {
	a := s.anchor
	if s.unit == 1 {
		s.set(a, off)
		return
	}
	find := s.of.wordAt
	if s.unit == 3 {
		find = s.of.lineAt
	}
	as, ae := find(min(a, s.head))
	start, end := find(off)
	if off < as {
		s.set(ae, start)
	} else {
		s.set(as, end)
	}
}

// MouseDown implements desktop.Mouseable.
func (s *selection) MouseDown(e *desktop.MouseEvent) {
	focus(s)
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	off := s.of.hit(e.Position)
	s.unit = s.clicks.click(e.Position)
	switch {
	case s.unit == 2:
		s.set(s.of.wordAt(off))
	case s.unit == 3:
		s.set(s.of.lineAt(off))
	case e.Modifier&fyne.KeyModifierShift != 0:
		s.set(s.anchor, off)
	default:
		s.set(off, off)
	}
}

// MouseUp implements desktop.Mouseable.
func (s *selection) MouseUp(e *desktop.MouseEvent) {
	if e.Button != desktop.MouseButtonPrimary || s.anchor != s.head || s.unit != 1 {
		return
	}
	if url, ok := s.of.linkAt(e.Position); ok && s.onLink != nil {
		s.onLink(url)
	}
}

// Dragged implements fyne.Draggable.
func (s *selection) Dragged(e *fyne.DragEvent) { s.grow(s.of.hit(e.Position)) }

// DragEnd implements fyne.Draggable.
func (s *selection) DragEnd() {}

// Tapped implements fyne.Tappable, so that the tap does not go to what lies below.
func (s *selection) Tapped(*fyne.PointEvent) {}

// TappedSecondary implements fyne.SecondaryTappable.
func (s *selection) TappedSecondary(e *fyne.PointEvent) {
	url, _ := s.of.linkAt(e.Position)
	if s.onMenu != nil {
		s.onMenu(url, e.AbsolutePosition)
		return
	}
	ShowMenu(canvasOf(s), e.AbsolutePosition, s.menu(url)...)
}

// menu is the context menu: links first, then copying.
func (s *selection) menu(url string) []*MenuItem {
	var items []*MenuItem
	if url != "" {
		items = append(items,
			Item(lang.T("kit.open.link"), icons.ExternalLink, func() {
				if s.onLink != nil {
					s.onLink(url)
				}
			}),
			Item(lang.T("kit.copy.link"), icons.Link, func() { fyne.CurrentApp().Clipboard().SetContent(url) }),
			MenuLine())
	}
	return append(items,
		Item(lang.T("kit.copy"), icons.Copy, s.copy).With("Ctrl+C").Enabled(s.anchor != s.head),
		Item(lang.T("kit.select.all"), "", s.all).With("Ctrl+A"))
}

// MouseIn implements desktop.Hoverable.
func (s *selection) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (s *selection) MouseMoved(e *desktop.MouseEvent) {
	url, _ := s.of.linkAt(e.Position)
	s.over(url)
}

// MouseOut implements desktop.Hoverable.
func (s *selection) MouseOut() { s.over("") }

func (s *selection) over(url string) {
	if url == s.link {
		return
	}
	s.link = url
	if s.onHover != nil {
		s.onHover(url)
	}
}

// Cursor implements desktop.Cursorable.
func (s *selection) Cursor() desktop.Cursor {
	if s.link != "" {
		return desktop.PointerCursor
	}
	return desktop.TextCursor
}

// FocusGained implements fyne.Focusable.
func (s *selection) FocusGained() { s.focused = true }

// FocusLost implements fyne.Focusable: the selection stays visible until another is made.
func (s *selection) FocusLost() { s.focused = false }

// TypedRune implements fyne.Focusable.
func (s *selection) TypedRune(r rune) { ForwardRune(s, r) }

// TypedKey implements fyne.Focusable.
func (s *selection) TypedKey(e *fyne.KeyEvent) { ForwardKey(s, e) }

// TypedShortcut implements fyne.Shortcutable.
func (s *selection) TypedShortcut(sc fyne.Shortcut) {
	switch sc.(type) {
	case *fyne.ShortcutCopy:
		s.copy()
	case *fyne.ShortcutSelectAll:
		s.all()
	default:
		ForwardShortcut(s, sc)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *selection) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(Stack())
}

// clickCounter tells single, double and triple clicks apart.
type clickCounter struct {
	last time.Time
	at   fyne.Position
	n    int
}

// click counts a press: 1, 2, 3, then 1 again.
func (c *clickCounter) click(p fyne.Position) int {
	now := time.Now()
	d := p.Subtract(c.at)
	if now.Sub(c.last) < 400*time.Millisecond && d.X*d.X+d.Y*d.Y < 36 && c.n < 3 {
		c.n++
	} else {
		c.n = 1
	}
	c.last, c.at = now, p
	return c.n
}
