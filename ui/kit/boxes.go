package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// hboxLayout puts children in a row, centred across, from the leading side.
type hboxLayout struct {
	gap float32
	top bool // at the top instead of centred
}

// HBox puts objects in a row from the leading side, each at its own height in the middle; Grow and Spacer take what is
// left over.
func HBox(gap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return container.New(hboxLayout{gap: gap}, objs...)
}

// HBoxTop is an HBox whose children stand at the top.
func HBoxTop(gap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return container.New(hboxLayout{gap, true}, objs...)
}

// widths measures the children of a row of this width.
func (l hboxLayout) widths(objs []fyne.CanvasObject, width float32) []float32 {
	ws := make([]float32, len(objs))
	used, growing, n := float32(0), 0, 0
	for i, o := range objs {
		if !o.Visible() {
			continue
		}
		n++
		ws[i] = o.MinSize().Width
		used += ws[i]
		if grows(o) {
			growing++
		}
	}
	rest := width - used - l.gap*float32(max(0, n-1))
	if growing > 0 && rest > 0 {
		for i, o := range objs {
			if o.Visible() && grows(o) {
				ws[i] += rest / float32(growing)
			}
		}
	}
	return ws
}

func (l hboxLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	x := float32(0)
	for i, w := range l.widths(objs, s.Width) {
		o := objs[i]
		if !o.Visible() {
			continue
		}
		h := min(s.Height, HeightFor(o, w))
		y := (s.Height - h) / 2
		if l.top {
			y = 0
		}
		place(o, s.Width, x, y, w, h)
		x += w + l.gap
	}
}

func (l hboxLayout) MinSize(objs []fyne.CanvasObject) (m fyne.Size) {
	n := 0
	for _, o := range objs {
		if !o.Visible() {
			continue
		}
		c := o.MinSize()
		m.Width += c.Width
		m.Height = max(m.Height, c.Height)
		n++
	}
	m.Width += l.gap * float32(max(0, n-1))
	return m
}

func (l hboxLayout) heightForWidth(objs []fyne.CanvasObject, width float32) (h float32) {
	for i, w := range l.widths(objs, width) {
		if objs[i].Visible() {
			h = max(h, HeightFor(objs[i], w))
		}
	}
	return h
}

// vboxLayout puts children below each other, each over the whole width.
type vboxLayout struct{ gap float32 }

// VBox puts objects below each other over the whole width; Grow and Spacer take what is left over.
func VBox(gap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return container.New(vboxLayout{gap}, objs...)
}

func (l vboxLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	hs := make([]float32, len(objs))
	used, growing, n := float32(0), 0, 0
	for i, o := range objs {
		if !o.Visible() {
			continue
		}
		n++
		hs[i] = HeightFor(o, s.Width)
		used += hs[i]
		if grows(o) {
			growing++
		}
	}
	rest := max(0, s.Height-used-l.gap*float32(max(0, n-1)))
	y := float32(0)
	for i, o := range objs {
		if !o.Visible() {
			continue
		}
		if grows(o) {
			hs[i] += rest / float32(growing)
		}
		place(o, s.Width, 0, y, s.Width, hs[i])
		y += hs[i] + l.gap
	}
}

func (l vboxLayout) MinSize(objs []fyne.CanvasObject) (m fyne.Size) {
	n := 0
	for _, o := range objs {
		if !o.Visible() {
			continue
		}
		c := o.MinSize()
		m.Width = max(m.Width, c.Width)
		m.Height += c.Height
		n++
	}
	m.Height += l.gap * float32(max(0, n-1))
	return m
}

func (l vboxLayout) heightForWidth(objs []fyne.CanvasObject, width float32) (h float32) {
	n := 0
	for _, o := range objs {
		if o.Visible() {
			h += HeightFor(o, width)
			n++
		}
	}
	return h + l.gap*float32(max(0, n-1))
}

// flowLayout fills rows from the leading side and wraps.
type flowLayout struct {
	gap, rowGap float32
	fill        bool // the last object takes the rest of its row
}

// Flow puts objects in rows, wrapping where the width ends (chips, attachments).
func Flow(gap, rowGap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return container.New(flowLayout{gap: gap, rowGap: rowGap}, objs...)
}

// FlowInto is Flow whose last object takes the rest of its row: a field to type in after chips.
func FlowInto(gap, rowGap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return container.New(flowLayout{gap: gap, rowGap: rowGap, fill: true}, objs...)
}

// each calls f with the place of every child and returns the height used.
func (l flowLayout) each(objs []fyne.CanvasObject, width float32, f func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	x, y, row := float32(0), float32(0), float32(0)
	for i, o := range objs {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		m.Width = min(m.Width, max(width, 1))
		if x > 0 && x+m.Width > width {
			x, y, row = 0, y+row+l.rowGap, 0
		}
		if l.fill && i == len(objs)-1 {
			m.Width = max(m.Width, width-x)
		}
		f(o, x, y, m.Width, m.Height)
		x += m.Width + l.gap
		row = max(row, m.Height)
	}
	return y + row
}

func (l flowLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	l.each(objs, s.Width, func(o fyne.CanvasObject, x, y, w, h float32) { place(o, s.Width, x, y, w, h) })
}

func (l flowLayout) MinSize(objs []fyne.CanvasObject) (m fyne.Size) {
	for _, o := range objs {
		if o.Visible() {
			m = m.Max(o.MinSize())
		}
	}
	m.Width = min(m.Width, flowLeast) // what is wider is made as narrow as there is room
	return m
}

// flowLeast is the width that a flow of wider objects can do with.
const flowLeast = 120

func (l flowLayout) heightForWidth(objs []fyne.CanvasObject, width float32) float32 {
	return l.each(objs, width, func(fyne.CanvasObject, float32, float32, float32, float32) {})
}

// gridLayout puts children in columns of one width.
type gridLayout struct {
	cols int
	gap  float32
}

// Grid puts objects in equal columns, fewer where they are not wide enough for every child; every row is as high as its highest child.
func Grid(cols int, gap float32, objs ...fyne.CanvasObject) *fyne.Container {
	return container.New(gridLayout{max(1, cols), gap}, objs...)
}

func (l gridLayout) each(objs []fyne.CanvasObject, width float32, f func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	cols, col := l.fit(objs, width)
	y := float32(0)
	for i := 0; i < len(objs); i += cols {
		row := objs[i:min(i+cols, len(objs))]
		h := float32(0)
		for _, o := range row {
			h = max(h, HeightFor(o, col))
		}
		for j, o := range row {
			f(o, float32(j)*(col+l.gap), y, col, h)
		}
		y += h + l.gap
	}
	return max(0, y-l.gap)
}

// fit is how many columns there are at a width, and how wide they are.
func (l gridLayout) fit(objs []fyne.CanvasObject, width float32) (cols int, col float32) {
	widest := float32(0)
	for _, o := range objs {
		widest = max(widest, o.MinSize().Width)
	}
	for cols = l.cols; ; cols-- {
		if col = (width - l.gap*float32(cols-1)) / float32(cols); cols == 1 || col >= widest {
			return cols, col
		}
	}
}

func (l gridLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	l.each(objs, s.Width, func(o fyne.CanvasObject, x, y, w, h float32) { place(o, s.Width, x, y, w, h) })
}

func (l gridLayout) MinSize(objs []fyne.CanvasObject) (m fyne.Size) {
	for _, o := range objs {
		m = m.Max(o.MinSize())
	}
	rows := (len(objs) + l.cols - 1) / l.cols
	return fyne.NewSize(m.Width*float32(l.cols)+l.gap*float32(l.cols-1), m.Height*float32(rows)+l.gap*float32(max(0, rows-1)))
}

func (l gridLayout) heightForWidth(objs []fyne.CanvasObject, width float32) float32 {
	return l.each(objs, width, func(fyne.CanvasObject, float32, float32, float32, float32) {})
}

// FormRow is one line of a Form: a label at the leading side and its field.
func FormRow(label string, labelWidth float32, field fyne.CanvasObject) *fyne.Container {
	return HBox(12, Fixed(labelWidth, 0, NewLabel(label, Muted).Wrapped()), Grow(field))
}

// FormItem is a label with its field.
type FormItem struct {
	Label string
	Field fyne.CanvasObject
	Tall  bool // the field has several lines: the label stands beside the first
}

// Form puts rows of label and field below each other; the labels share one width.
func Form(labelWidth float32, items ...FormItem) *fyne.Container {
	box := VBox(10)
	for _, it := range items {
		if it.Tall {
			box.Add(HBoxTop(12, Pad(4, 0, 0, 0, Fixed(labelWidth, 0, NewLabel(it.Label, Muted).Wrapped())), Grow(it.Field)))
			continue
		}
		box.Add(FormRow(it.Label, labelWidth, it.Field))
	}
	return box
}
