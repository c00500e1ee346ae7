package kit

import (
	"math"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"peyk/ui/theme"
)

// listRow is a row on the screen: background, the owner's widget, a separator.
type listRow struct {
	i      int
	bg     *canvas.Rectangle
	line   *canvas.Rectangle
	ring   *canvas.Rectangle
	widget fyne.CanvasObject
}

// headersBefore is the number of headers above row i.
func (l *List) headersBefore(i int) int { return sort.SearchInts(l.headers, i) }

func (l *List) isHeader(i int) bool {
	k := l.headersBefore(i)
	return k < len(l.headers) && l.headers[k] == i
}

// top is where row i begins, in units from the top of the list.
func (l *List) top(i int) float64 {
	return float64(i)*float64(l.opt.RowHeight) + float64(l.headersBefore(i))*float64(l.headerHeight-l.opt.RowHeight) + l.tall.before(i)
}

func (l *List) height(i int) float64 {
	if l.isHeader(i) {
		return float64(l.headerHeight)
	}
	return float64(l.opt.RowHeight) + l.tall.before(i+1) - l.tall.before(i)
}

func (l *List) total() float64 { return l.top(l.count) }

func (l *List) maxOffset() float64 { return math.Max(0, l.total()-float64(l.Size().Height)) }

// rowAt is the row at a distance from the top, -1 for none.
func (l *List) rowAt(y float64) int {
	if y < 0 || y >= l.total() {
		return -1
	}
	if len(l.headers) == 0 && l.opt.Taller == nil {
		return int(y / float64(l.opt.RowHeight))
	}
	return sort.Search(l.count, func(i int) bool { return l.top(i+1) > y })
}

// scrollTo moves the view.
func (l *List) scrollTo(y float64) {
	y = math.Max(0, math.Min(y, l.maxOffset()))
	if y != l.offset {
		l.offset = math.Round(y)
		l.arrange(false)
	}
}

// arrange gives every row in view a widget at its place. all binds also those that had one.
func (l *List) arrange(all bool) {
	size := l.Size()
	if size.Height <= 0 || size.Width <= 0 || l.opt.RowHeight <= 0 {
		return
	}
	l.measure(size.Width, all)
	l.offset = math.Max(0, math.Min(l.offset, l.maxOffset()))
	first, last := 0, -1
	if l.count > 0 {
		first = max(0, l.rowAt(l.offset))
		last = l.count - 1
		if end := l.rowAt(l.offset + float64(size.Height) - 0.01); end >= 0 {
			last = end
		}
	}
	for i, r := range l.rows {
		if i < first || i > last {
			delete(l.rows, i)
			l.spare = append(l.spare, r)
		}
	}
	changed := first != l.first || last != l.last
	l.first, l.last = first, last
	for i := first; i <= last; i++ {
		r := l.rows[i]
		fresh := r == nil
		if fresh {
			r = l.take()
			r.i = i
			l.rows[i] = r
		}
		if fresh || all {
			l.bind(r) // before it gets its size, which lays it out
		}
		l.put(r, size.Width)
	}
	l.collect()
	place(l.bar, size.Width, size.Width-scrollBarWidth, 0, scrollBarWidth, size.Height)
	l.bar.set(l.offset, float64(size.Height), l.total())
	if changed && l.OnVisible != nil && last >= first {
		l.OnVisible(first, last)
	}
}

// take is a row widget without a row.
func (l *List) take() *listRow {
	if n := len(l.spare); n > 0 {
		r := l.spare[n-1]
		l.spare = l.spare[:n-1]
		return r
	}
	return &listRow{bg: newBox(l.opt.Radius), line: newBox(0), ring: newRing(max(l.opt.Radius, 3)), widget: l.opt.New()}
}

// put places a row.
func (l *List) put(r *listRow, width float32) {
	y, h := float32(l.top(r.i)-l.offset), float32(l.height(r.i))
	in := l.opt.Inset
	place(r.bg, width, in, y, width-2*in, h)
	place(r.ring, width, in+1, y+1, width-2*in-2, h-2)
	place(r.line, width, 0, y+h-1, width, 1)
	place(r.widget, width, in, y, width-2*in, h)
}

// collect rebuilds the list of objects in view.
func (l *List) collect() {
	l.objects = l.objects[:0]
	for i := l.first; i <= l.last; i++ {
		if r := l.rows[i]; r != nil {
			l.objects = append(l.objects, r.bg, r.line, r.widget, r.ring)
		}
	}
	l.objects = append(l.objects, l.bar)
}

// state is what row i is to show about itself.
func (l *List) state(i int) RowState {
	return RowState{
		Selected: l.sel.has(i), Cursor: i == l.cursor, Hovered: i == l.hover,
		Focused: l.focused, Drop: i == l.drop,
	}
}

// bind shows its row in a row widget.
func (l *List) bind(r *listRow) {
	s := l.state(r.i)
	l.paintRow(r, s)
	if r.i < l.count {
		l.opt.Bind(r.i, r.widget, s)
	}
}

// paintRow draws what lies behind and around a row.
func (l *List) paintRow(r *listRow, s RowState) {
	skip := l.opt.Skip != nil && l.opt.Skip(r.i)
	fill := theme.None
	switch {
	case skip:
	case s.Drop, s.Selected:
		fill = theme.AccentBG
	case s.Hovered:
		fill = theme.Hover
	}
	paint(r.bg, fill, theme.None)
	r.line.Hidden = !l.opt.Lines
	r.line.FillColor = theme.Current().Line
	r.line.Refresh()
	setRing(r.ring, s.Drop || (s.Cursor || l.cursor < 0 && r.i == l.firstUsable()) && s.Focused && l.keys && !skip)
}

// firstUsable is the row that an arrow chooses where none is chosen yet.
func (l *List) firstUsable() int {
	i := 0
	for i < l.count && !l.usable(i) {
		i++
	}
	return i
}

// restate shows the states of all rows anew, without a change of place.
func (l *List) restate() {
	for _, r := range l.rows {
		l.bind(r)
	}
}

// CreateRenderer implements fyne.Widget.
func (l *List) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		objects: func() []fyne.CanvasObject { return l.objects },
		layout:  func(fyne.Size) { l.arrange(false) },
		min:     func() fyne.Size { return fyne.NewSize(80, 2*l.opt.RowHeight) },
		refresh: func() {
			l.arrange(true)
			l.bar.Refresh()
			for _, r := range l.rows {
				r.widget.Refresh()
			}
			canvas.Refresh(l)
		},
	}
}
