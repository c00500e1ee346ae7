package kit

import (
	"fyne.io/fyne/v2"
)

// RowState is what a list tells a row about itself when it binds it.
type RowState struct {
	Selected bool // in the selection
	Cursor   bool // has the cursor of the keyboard
	Hovered  bool // under the pointer
	Focused  bool // the list has the keyboard
	Drop     bool // a drag hovers over the row and it would take it
}

// ListOptions are the parts of a List that its owner writes.
type ListOptions struct {
	// New makes a row widget; as many as fit on the screen are made and bound again and again. It draws no background:
	// selection, hovering and the cursor are drawn by the list. What it holds must not take taps, except buttons.
	New func() fyne.CanvasObject
	// Bind shows row i in the widget.
	Bind func(i int, row fyne.CanvasObject, s RowState)
	// RowHeight is the height of a row.
	RowHeight float32
	// Taller is how much higher row i is in a list of this width; nil: no row is. It is asked about every row: not for lists without an end.
	Taller func(i int, width float32) float32
	// Multi allows more than one selected row.
	Multi bool
	// Lines draws a separator below every row.
	Lines bool
	// Inset and Radius shape the background of a row (8 and 8 in the folder pane).
	Inset, Radius float32
	// Skip says that a row is a header, which takes neither cursor nor selection; may be nil.
	Skip func(i int) bool
}

// List is a virtual list of up to millions of rows with multiple selection by mouse and keyboard, drag and drop and a
// scroll bar. Only the rows on the screen have widgets.
type List struct {
	base

	// OnSelect is called after the selection or the cursor changed by the user.
	OnSelect func()
	// OnOpen is called for Enter and double tap.
	OnOpen func(i int)
	// OnMenu is called for a secondary tap or the menu key; the row is selected by then. pos is absolute.
	OnMenu func(i int, pos fyne.Position)
	// MenuOfSkipped asks OnMenu for rows, too, that take neither cursor nor selection.
	MenuOfSkipped bool
	// OnClick is called when a row was clicked without a modifier and let go, after the selection changed.
	OnClick func(i int)
	// OnTap is called for a primary tap on a row, after the selection changed; x is the distance from the leading side.
	OnTap func(i int, x float32)
	// OnHover is called when the pointer enters row i, with -1 when it leaves the rows.
	OnHover func(i int)
	// OnVisible is called when other rows come into view: first to last inclusive.
	OnVisible func(first, last int)
	// OnKey and OnRune see what the list does not use itself; false hands it on to the canvas.
	OnKey  func(e *fyne.KeyEvent) bool
	OnRune func(r rune) bool
	// OnShortcut sees shortcuts that the list does not use itself; false hands them on to the canvas.
	OnShortcut func(s fyne.Shortcut) bool
	// OnFocus is called when the list gains or loses the keyboard.
	OnFocus func(gained bool)
	// DragPayload makes rows draggable: it returns what is dragged and the words shown at the pointer; nil for nothing.
	DragPayload func() (payload any, label string)
	// DropTargets take what is dragged out of this list.
	DropTargets []DropTarget

	opt          ListOptions
	count        int
	headers      []int // rows of another height, ascending
	headerHeight float32
	tall         tallness
	offset       float64

	sel            ranges
	cursor, anchor int // -1: none
	hover, drop    int // -1: none
	focused        bool
	keys           bool // the cursor was last moved, or the list reached, by the keyboard: show it
	given          bool // the keyboard is being given to it, not brought by Tab
	held           bool // it has had the keyboard since Tab could have brought that
	clicks         clickCounter
	pressed        int // row to select alone when the button goes up without a drag, -1: none
	plain          int // row to click when the button goes up, -1: none
	drag           *rowDrag

	rows        map[int]*listRow
	spare       []*listRow
	objects     []fyne.CanvasObject
	first, last int
	bar         *scrollBar
}

// DropTarget takes things dragged with the pointer; positions are absolute.
type DropTarget interface {
	// DragOver shows whether payload would be taken at pos, and says so.
	DragOver(pos fyne.Position, payload any) bool
	// DragOut ends the showing.
	DragOut()
	// DropAt takes payload.
	DropAt(pos fyne.Position, payload any) bool
}

// NewList is an empty list.
func NewList(opt ListOptions) *List {
	l := &List{}
	l.init(opt)
	l.ExtendBaseWidget(l)
	return l
}

func (l *List) init(opt ListOptions) {
	l.opt, l.rows = opt, map[int]*listRow{}
	l.cursor, l.anchor, l.hover, l.drop, l.pressed, l.plain, l.last = -1, -1, -1, -1, -1, -1, -1
	l.bar = newScrollBar(func(share float64) { l.scrollTo(share * l.maxOffset()) })
}

// SetCount sets the number of rows; selection and position are kept as far as they exist.
func (l *List) SetCount(n int) {
	l.count = n
	l.sel = l.sel.without(n, 1<<62)
	l.cursor, l.anchor = min(l.cursor, n-1), min(l.anchor, n-1)
	l.Refresh()
}

// Count is the number of rows.
func (l *List) Count() int { return l.count }

// SetRowHeight changes the height of all rows (comfortable, compact) and keeps the first visible row.
func (l *List) SetRowHeight(h float32) {
	i, into := l.rowAt(l.offset), 0.0
	if i >= 0 {
		into = (l.offset - l.top(i)) / l.height(i)
	}
	l.opt.RowHeight = h
	if i >= 0 {
		l.offset = l.top(i) + into*l.height(i)
	}
	l.Refresh()
}

// SetHeaders gives the rows of these indices (ascending) another height, such as the header of a group.
func (l *List) SetHeaders(rows []int, height float32) {
	l.headers, l.headerHeight = rows, height
	l.Refresh()
}

// Inserted says that n rows were put in before row at: selection, cursor and what is on the screen move along; a list that
// shows its top goes on showing it.
func (l *List) Inserted(at, n int) {
	if n <= 0 {
		return
	}
	above := l.offset > 0 && l.top(at) <= l.offset
	l.count += n
	l.sel = l.sel.inserted(at, n)
	if l.cursor >= at {
		l.cursor += n
	}
	if l.anchor >= at {
		l.anchor += n
	}
	if above {
		l.offset += float64(n) * float64(l.opt.RowHeight)
	}
	l.Refresh()
}

// Removed says that n rows from row at are gone. A cursor on them goes to the row that follows.
func (l *List) Removed(at, n int) {
	if n <= 0 {
		return
	}
	if gone := min(l.rowAt(l.offset), at+n) - at; gone > 0 {
		l.offset -= float64(gone) * float64(l.opt.RowHeight)
	}
	l.count = max(0, l.count-n)
	l.sel = l.sel.removed(at, n)
	l.cursor, l.anchor = l.shifted(l.cursor, at, n), l.shifted(l.anchor, at, n)
	l.Refresh()
}

func (l *List) shifted(i, at, n int) int {
	switch {
	case i >= at+n:
		return i - n
	case i >= at:
		return min(at, l.count-1)
	}
	return i
}

// RefreshRow binds row i again, if it is on the screen.
func (l *List) RefreshRow(i int) {
	if r := l.rows[i]; r != nil {
		l.bind(r)
	}
}

// Reset is SetCount for other content: the selection is emptied and the list shows its top.
func (l *List) Reset(n int) {
	l.count, l.offset, l.sel = n, 0, nil
	l.cursor, l.anchor, l.hover, l.pressed = -1, -1, -1, -1
	l.Refresh()
}

// Cursor is the row with the cursor, -1 for none.
func (l *List) Cursor() int { return l.cursor }

// SelectedCount is the number of selected rows.
func (l *List) SelectedCount() int { return l.sel.count() }

// Selected lists the selected rows in order.
func (l *List) Selected() []int { return l.sel.list() }

// SelectedRanges lists the selected rows as ranges [first, end).
func (l *List) SelectedRanges() [][2]int { return append([][2]int(nil), l.sel...) }

// IsSelected reports whether row i is selected.
func (l *List) IsSelected(i int) bool { return l.sel.has(i) }

// Select selects row i alone, puts the cursor on it and shows it. It does not call OnSelect.
func (l *List) Select(i int) {
	if i < 0 || i >= l.count {
		return
	}
	l.sel, l.cursor, l.anchor = ranges{{i, i + 1}}, i, i
	l.ScrollTo(i)
	l.restate()
}

// SetSelected selects exactly these rows and puts the cursor on the row given. It does not call OnSelect.
func (l *List) SetSelected(rows []int, cursor int) {
	l.sel = nil
	for _, i := range rows {
		if i >= 0 && i < l.count {
			l.sel = l.sel.with(i, i+1)
		}
	}
	l.cursor, l.anchor = min(cursor, l.count-1), min(cursor, l.count-1)
	l.restate()
}

// SelectAll selects every row and calls OnSelect.
func (l *List) SelectAll() {
	if l.opt.Multi && l.count > 0 {
		l.sel = ranges{{0, l.count}}
		l.restate()
		l.selected()
	}
}

// ClearSelection selects nothing. It does not call OnSelect.
func (l *List) ClearSelection() {
	l.sel = nil
	l.restate()
}

// Offset is the distance of what is shown from the top of the list, in units.
func (l *List) Offset() float64 { return l.offset }

// SetOffset scrolls to a distance from the top.
func (l *List) SetOffset(y float64) { l.scrollTo(y) }

// ScrollTo shows row i.
func (l *List) ScrollTo(i int) {
	if i < 0 || i >= l.count {
		return
	}
	top, view := l.top(i), float64(l.Size().Height)
	switch {
	case top < l.offset:
		l.scrollTo(top)
	case top+l.height(i) > l.offset+view && view > 0:
		l.scrollTo(top + l.height(i) - view)
	}
}

// VisibleRows is the range of rows on the screen, first to last inclusive; last < first when there is none.
func (l *List) VisibleRows() (first, last int) { return l.first, l.last }

// Focus gives the list the keyboard.
func (l *List) Focus() {
	l.given = true
	focus(l)
	l.given = false
}
