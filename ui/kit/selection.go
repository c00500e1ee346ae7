package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Selectable is a text that a Selection can work on. Offsets are of its own kind (bytes or characters), from 0 to Length;
// positions are relative to its left top corner.
type Selectable interface {
	fyne.CanvasObject
	Hit(p fyne.Position) int
	WordAt(off int) (start, end int)
	LineAt(off int) (start, end int) // the paragraph, for a triple click
	Slice(start, end int) string
	Length() int
	Repaint()
	LinkAt(p fyne.Position) (url string, ok bool)
	// Step is the offset one step away, as the eye sees it.
	Step(off int, m Motion) int
	// Place is where the caret before an offset stands, to bring it into view.
	Place(off int) (y, height float32)
}

// Stops are the places of a text that the keyboard can go to and act on.
type Stops interface {
	// HasStop reports whether there is one after the one that was gone to, or before it.
	HasStop(back bool) bool
	// GoStop goes there. It tells where that leads, "" when it is no link, and where it stands, to bring it into view.
	GoStop(back bool) (url string, y, height float32)
	// TakeStop does what a click there does, but for a link, which it tells; ok is false when there is no place that was gone to.
	TakeStop() (url string, ok bool)
	// LeaveStop goes to none.
	LeaveStop()
}

// Motion is a step of the keyboard through a text.
type Motion uint8

// The motions.
const (
	MoveLeft Motion = iota
	MoveRight
	MoveWordLeft
	MoveWordRight
	MoveUp
	MoveDown
	MoveLineStart
	MoveLineEnd
	MoveTextStart
	MoveTextEnd
)

// Selection lies over a text and selects in it: drag, double and triple click, Shift with click or arrows, Ctrl+A, Ctrl+C,
// context menu. A drag beyond the edge of Scroll moves on.
type Selection struct {
	base
	// OnLink opens a link; OnHover tells the link under the pointer, "" for none; OnMenu replaces the context menu.
	OnLink  func(url string)
	OnHover func(url string)
	OnMenu  func(url string, pos fyne.Position)
	// OnClick is called for a click that selects nothing and opens no link; OnMove when the pointer moves over the text, it
	// says whether a click there does something.
	OnClick func(pos fyne.Position)
	OnMove  func(pos fyne.Position) (clickable bool)
	// Stops is what Tab goes through in the text, and Enter and Space act on; nil: nothing.
	Stops Stops
	// OnFocus is called when the text gets the keyboard.
	OnFocus func()
	// Scroll is what the text lies in; nil: it is looked for where a drag begins.
	Scroll *Scroll

	of           Selectable
	anchor, head int
	clicks       clickCounter
	unit         int // 1: characters, 2: words, 3: paragraphs, by the clicks of the drag
	focused      bool
	passed       bool   // Tab passes it by: a text without a place to go to would take the keyboard unseen
	clicked      bool   // the keyboard is here by a click
	link         string // under the pointer
	clickable    bool   // something else that takes a click is under the pointer
	auto         *autoScroll
	took         bool // the key that is down acted on a place of the text: its character is nobody's
	ring         *canvas.Rectangle
}

// ringOut is how far the ring that shows where the keyboard is stands off the text, and ringTallest how far down it goes.
const (
	ringOut     = 7
	ringTallest = 16_000
)

// NewSelection is a selection over a text, to be laid over it in the same size.
func NewSelection(of Selectable) *Selection {
	s := &Selection{of: of, ring: newRing(theme.Radius)}
	s.ExtendBaseWidget(s)
	return s
}

// Range is the selected range.
func (s *Selection) Range() (start, end int) {
	return min(s.anchor, s.head), max(s.anchor, s.head)
}

// Reset selects nothing, for a new text.
func (s *Selection) Reset() { s.anchor, s.head = 0, 0 }

// Select selects from anchor to head, where the keyboard goes on.
func (s *Selection) Select(anchor, head int) {
	if anchor != s.anchor || head != s.head {
		s.anchor, s.head = anchor, head
		s.of.Repaint()
	}
}

// Text is the selected text.
func (s *Selection) Text() string {
	start, end := s.Range()
	return s.of.Slice(start, min(end, s.of.Length()))
}

// All selects everything.
func (s *Selection) All() { s.Select(0, s.of.Length()) }

// Copy puts the selected text on the clipboard.
func (s *Selection) Copy() {
	if t := s.Text(); t != "" {
		fyne.CurrentApp().Clipboard().SetContent(t)
	}
}

// grow selects from the anchor to off by the unit of the drag.
func (s *Selection) grow(off int) {
	a := s.anchor
	if s.unit == 1 {
		s.Select(a, off)
		return
	}
	find := s.of.WordAt
	if s.unit == 3 {
		find = s.of.LineAt
	}
	as, ae := find(min(a, s.head))
	start, end := find(off)
	if off < as {
		s.Select(ae, start)
	} else {
		s.Select(as, end)
	}
}

// MouseDown implements desktop.Mouseable.
func (s *Selection) MouseDown(e *desktop.MouseEvent) {
	s.clicked = true
	setRing(s.ring, false)
	focus(s)
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	off := s.of.Hit(e.Position)
	if s.Scroll == nil {
		s.Scroll = scrollAround(s, e.AbsolutePosition)
	}
	s.unit = s.clicks.click(e.Position)
	switch {
	case s.unit == 2:
		s.Select(s.of.WordAt(off))
	case s.unit == 3:
		s.Select(s.of.LineAt(off))
	case e.Modifier&fyne.KeyModifierShift != 0:
		s.Select(s.anchor, off)
	default:
		s.Select(off, off)
	}
}

// MouseUp implements desktop.Mouseable.
func (s *Selection) MouseUp(e *desktop.MouseEvent) {
	if e.Button != desktop.MouseButtonPrimary || s.anchor != s.head || s.unit != 1 {
		return
	}
	if url, ok := s.of.LinkAt(e.Position); ok {
		if s.OnLink != nil {
			s.OnLink(url)
		}
	} else if s.OnClick != nil {
		s.OnClick(e.Position)
	}
}

// Dragged implements fyne.Draggable.
func (s *Selection) Dragged(e *fyne.DragEvent) {
	s.grow(s.of.Hit(e.Position))
	s.auto.follow(s, e.Position)
}

// DragEnd implements fyne.Draggable.
func (s *Selection) DragEnd() { s.auto.stop() }

// Tapped implements fyne.Tappable, so that the tap does not go to what lies below.
func (s *Selection) Tapped(*fyne.PointEvent) {}

// TappedSecondary implements fyne.SecondaryTappable.
func (s *Selection) TappedSecondary(e *fyne.PointEvent) {
	url, _ := s.of.LinkAt(e.Position)
	if s.OnMenu != nil {
		s.OnMenu(url, e.AbsolutePosition)
		return
	}
	ShowMenu(canvasOf(s), e.AbsolutePosition, s.menu(url)...)
}

// menu is the context menu: links first, then copying.
func (s *Selection) menu(url string) []*MenuItem {
	var items []*MenuItem
	if url != "" {
		items = append(items,
			Item(lang.T("kit.open.link"), icons.ExternalLink, func() {
				if s.OnLink != nil {
					s.OnLink(url)
				}
			}),
			Item(lang.T("kit.copy.link"), icons.Link, func() { fyne.CurrentApp().Clipboard().SetContent(url) }),
			MenuLine())
	}
	return append(items,
		Item(lang.T("kit.copy"), icons.Copy, s.Copy).With("Ctrl+C").Enabled(s.anchor != s.head),
		Item(lang.T("kit.select.all"), "", s.All).With("Ctrl+A"))
}

// MouseIn implements desktop.Hoverable.
func (s *Selection) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (s *Selection) MouseMoved(e *desktop.MouseEvent) {
	s.clickable = s.OnMove != nil && s.OnMove(e.Position)
	url, _ := s.of.LinkAt(e.Position)
	s.over(url)
}

// MouseOut implements desktop.Hoverable.
func (s *Selection) MouseOut() { s.over("") }

func (s *Selection) over(url string) {
	if url == s.link {
		return
	}
	s.link = url
	if s.OnHover != nil {
		s.OnHover(url)
	}
}

// Cursor implements desktop.Cursorable.
func (s *Selection) Cursor() desktop.Cursor {
	if s.link != "" || s.clickable {
		return desktop.PointerCursor
	}
	return desktop.TextCursor
}

// FocusGained implements fyne.Focusable.
func (s *Selection) FocusGained() {
	s.focused = true
	setRing(s.ring, !s.clicked)
	if s.OnFocus != nil {
		s.OnFocus()
	}
}

// FocusLost implements fyne.Focusable: the selection stays visible until another is made.
func (s *Selection) FocusLost() {
	s.focused, s.clicked = false, false
	setRing(s.ring, false)
	if s.Stops != nil {
		s.Stops.LeaveStop()
		s.over("")
	}
}

// Disabled implements fyne.Disableable, which is how Fyne asks what Tab passes by.
func (s *Selection) Disabled() bool { return s.passed && !s.clicked }

// Enable implements fyne.Disableable.
func (s *Selection) Enable() {}

// Disable implements fyne.Disableable.
func (s *Selection) Disable() {}

// AcceptsTab implements fyne.Tabbable: Tab goes through the places of the text, and then on.
func (s *Selection) AcceptsTab() bool {
	return s.Stops != nil && Modifiers()&^fyne.KeyModifierShift == 0 && s.Stops.HasStop(Modifiers()&fyne.KeyModifierShift != 0)
}

// stop goes through the places of the text, or acts on one; it reports whether the key is one for that.
func (s *Selection) stop(k fyne.KeyName) bool {
	if s.Stops == nil {
		return false
	}
	switch k {
	case fyne.KeyTab:
		if !s.AcceptsTab() {
			return false
		}
		url, y, h := s.Stops.GoStop(Modifiers()&fyne.KeyModifierShift != 0)
		s.reveal(y, h)
		s.over(url)
		setRing(s.ring, false) // the place has one of its own
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		url, ok := s.Stops.TakeStop()
		s.took = ok && k == fyne.KeySpace
		if ok && url != "" && s.OnLink != nil {
			s.OnLink(url)
		}
		return ok
	default:
		return false
	}
	return true
}

// TypedRune implements fyne.Focusable.
func (s *Selection) TypedRune(r rune) {
	if s.took && r == ' ' {
		s.took = false
		return
	}
	ForwardRune(s, r)
}

// TypedKey implements fyne.Focusable: Shift with an arrow selects, all else is the window's.
func (s *Selection) TypedKey(e *fyne.KeyEvent) {
	if s.stop(e.Name) || Modifiers()&fyne.KeyModifierShift != 0 && s.step(e.Name, false) {
		return
	}
	ForwardKey(s, e)
}

// motions are the keys of selecting, alone and with Ctrl.
var motions = map[fyne.KeyName][2]Motion{
	fyne.KeyLeft: {MoveLeft, MoveWordLeft}, fyne.KeyRight: {MoveRight, MoveWordRight}, fyne.KeyUp: {MoveUp, MoveUp}, fyne.KeyDown: {MoveDown, MoveDown},
	fyne.KeyHome: {MoveLineStart, MoveTextStart}, fyne.KeyEnd: {MoveLineEnd, MoveTextEnd},
}

// step moves the end of the selection by a key and brings it into view; it reports whether the key is one for that.
func (s *Selection) step(k fyne.KeyName, ctrl bool) bool {
	m, ok := motions[k]
	if !ok {
		return false
	}
	which := m[0]
	if ctrl {
		which = m[1]
	}
	s.Select(s.anchor, s.of.Step(s.head, which))
	s.Reveal(s.head)
	return true
}

// Reveal scrolls so that an offset is in view.
func (s *Selection) Reveal(off int) {
	s.reveal(s.of.Place(off))
}

// reveal scrolls so that a stretch of the text is in view.
func (s *Selection) reveal(y, h float32) {
	if s.Scroll == nil {
		return
	}
	at := absolute(s.of).Y - absolute(s.Scroll.content).Y
	s.Scroll.Reveal(at+y, h)
}

// TypedShortcut implements fyne.Shortcutable.
func (s *Selection) TypedShortcut(sc fyne.Shortcut) {
	const ctrlShift = fyne.KeyModifierShift | fyne.KeyModifierShortcutDefault
	if c, ok := sc.(*desktop.CustomShortcut); ok && c.Modifier == ctrlShift && s.step(c.KeyName, true) {
		return
	}
	switch sc.(type) {
	case *fyne.ShortcutCopy:
		s.Copy()
	case *fyne.ShortcutSelectAll:
		s.All()
	default:
		ForwardShortcut(s, sc)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Selection) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		objects: fixed(s.ring),
		layout: func(size fyne.Size) {
			s.ring.Move(fyne.NewPos(-ringOut, -ringOut))
			s.ring.Resize(fyne.NewSize(size.Width+2*ringOut, min(size.Height, ringTallest)+2*ringOut))
		},
		min:     func() fyne.Size { return fyne.Size{} },
		refresh: func() { s.ring.Refresh() },
	}
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
