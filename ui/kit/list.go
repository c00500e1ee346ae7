package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
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
	// New makes a row widget; as many as fit on the screen are made and bound again and again.
	New func() fyne.CanvasObject
	// Bind shows row i in the widget.
	Bind func(i int, row fyne.CanvasObject, s RowState)
	// RowHeight is the height of a row.
	RowHeight float32
	// Multi allows more than one selected row.
	Multi bool
}

// List is a virtual list of up to millions of rows with multiple selection by mouse and keyboard, drag and drop and a
// scroll bar. Only the rows on the screen have widgets.
type List struct {
	widget.BaseWidget

	// OnSelect is called after the selection or the cursor changed by the user.
	OnSelect func()
	// OnOpen is called for Enter and double tap.
	OnOpen func(i int)
	// OnMenu is called for a secondary tap or the menu key; the row is selected by then. pos is absolute.
	OnMenu func(i int, pos fyne.Position)
	// OnHover is called when the pointer enters row i, with -1 when it leaves the rows.
	OnHover func(i int)
	// OnVisible is called when other rows come into view: first to last inclusive.
	OnVisible func(first, last int)
	// OnKey and OnRune see what the list does not use itself; false hands it on to the canvas.
	OnKey  func(e *fyne.KeyEvent) bool
	OnRune func(r rune) bool
	// OnShortcut sees shortcuts that the list does not use itself; false hands them on to the canvas.
	OnShortcut func(s fyne.Shortcut) bool
	// DragPayload makes rows draggable: it returns what is dragged and the words shown at the pointer.
	DragPayload func() (payload any, label string)
	// DropTargets take what is dragged out of this list.
	DropTargets []DropTarget

	opt   ListOptions
	count int
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
	l := &List{opt: opt}
	l.ExtendBaseWidget(l)
	return l
}

// SetCount sets the number of rows; selection and position are kept as far as they exist.
func (l *List) SetCount(n int) { l.count = n; l.Refresh() }

// Count is the number of rows.
func (l *List) Count() int { return l.count }

// SetRowHeight changes the height of all rows (comfortable, compact) and keeps the first visible row.
func (l *List) SetRowHeight(h float32) { l.opt.RowHeight = h }

// SetHeaders gives the rows of these indices (ascending) another height, such as the header of a group.
func (l *List) SetHeaders(rows []int, height float32) {}

// Inserted says that n rows were put in before row at: selection, cursor and what is on the screen move along.
func (l *List) Inserted(at, n int) {}

// Removed says that n rows from row at are gone.
func (l *List) Removed(at, n int) {}

// RefreshRow binds row i again, if it is on the screen.
func (l *List) RefreshRow(i int) {}

// Reset is SetCount for other content: the selection is emptied and the list shows its top.
func (l *List) Reset(n int) {}

// Cursor is the row with the cursor, -1 for none.
func (l *List) Cursor() int { return -1 }

// SelectedCount is the number of selected rows.
func (l *List) SelectedCount() int { return 0 }

// Selected lists the selected rows in order.
func (l *List) Selected() []int { return nil }

// SelectedRanges lists the selected rows as ranges [first, end).
func (l *List) SelectedRanges() [][2]int { return nil }

// IsSelected reports whether row i is selected.
func (l *List) IsSelected(i int) bool { return false }

// Select selects row i alone, puts the cursor on it and shows it. It does not call OnSelect.
func (l *List) Select(i int) {}

// SetSelected selects exactly these rows and puts the cursor on the row given. It does not call OnSelect.
func (l *List) SetSelected(rows []int, cursor int) {}

// SelectAll selects every row.
func (l *List) SelectAll() {}

// ClearSelection selects nothing.
func (l *List) ClearSelection() {}

// Step moves the cursor by n rows as the arrow keys do (j, k) and calls OnSelect; extend keeps the anchor.
func (l *List) Step(n int, extend bool) {}

// ScrollTo shows row i.
func (l *List) ScrollTo(i int) {}

// VisibleRows is the range of rows on the screen, first to last inclusive; last < first when there is none.
func (l *List) VisibleRows() (first, last int) { return 0, -1 }

// Focus gives the list the keyboard.
func (l *List) Focus() {}

// CreateRenderer implements fyne.Widget.
func (l *List) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{fixed(), func(fyne.Size) {}, func() fyne.Size { return fyne.NewSize(60, l.opt.RowHeight) }, func() {}, nil}
}
