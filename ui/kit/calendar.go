package kit

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Calendar shows a month of the calendar of the language and lets a day be chosen, by pointer or by arrow keys. Days before
// the first one allowed cannot be chosen.
type Calendar struct {
	base
	// OnDay is called when the user chooses another day.
	OnDay func(day time.Time)

	first, day  time.Time // at noon
	year, month int       // shown
	title       *Label
	box         *fyne.Container
	rows        *fyne.Container
	ring        *canvas.Rectangle
	focused     bool
}

// NewCalendar shows the month of a day, which is chosen; first is the first day that can be.
func NewCalendar(day, first time.Time) *Calendar {
	c := &Calendar{title: NewLabel("", Heading), rows: VBox(2), ring: newRing(theme.Radius)}
	c.first, c.day = noon(first), noon(day)
	prev := NewIconButton(icons.ChevronLeft, lang.T("kit.month.before"), func() { c.turn(-1) }).Small()
	next := NewIconButton(icons.ChevronRight, lang.T("kit.month.after"), func() { c.turn(1) }).Small()
	c.box = VBox(6, HBox(4, prev, Grow(c.title.Aligned(AlignCenter)), next), c.rows)
	c.year, c.month, _ = lang.Civil(c.day)
	c.fill()
	c.ExtendBaseWidget(c)
	return c
}

func noon(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 12, 0, 0, 0, t.Location())
}

// Day is the chosen day, at noon.
func (c *Calendar) Day() time.Time { return c.day }

// turn shows another month.
func (c *Calendar) turn(by int) {
	t := lang.FromCivil(c.year, c.month+by, 1, 12, 0, c.day.Location())
	c.year, c.month, _ = lang.Civil(t)
	c.fill()
}

// choose takes a day.
func (c *Calendar) choose(t time.Time) {
	if t = noon(t); t.Before(c.first) {
		t = c.first
	}
	c.day = t
	c.year, c.month, _ = lang.Civil(t)
	c.fill()
	if c.OnDay != nil {
		c.OnDay(t)
	}
}

const dayCellWidth, dayCellHeight = 36, 30

// fill makes the rows of the month: the names of the days, then weeks.
func (c *Calendar) fill() {
	c.title.SetText(lang.MonthYear(c.year, c.month))
	c.rows.RemoveAll()
	start := lang.FirstWeekday()
	c.rows.Add(dayNames(start))
	one := lang.FromCivil(c.year, c.month, 1, 12, 0, c.day.Location())
	blank := (int(one.Weekday()) - int(start) + 7) % 7
	days := lang.DaysInMonth(c.year, c.month)
	for at := 1 - blank; at <= days; at += 7 {
		week := HBox(2)
		for d := at; d < at+7; d++ {
			if d < 1 || d > days {
				week.Add(Fixed(dayCellWidth, dayCellHeight, NewLabel("", Small)))
				continue
			}
			day := one.AddDate(0, 0, d-1)
			week.Add(Fixed(dayCellWidth, dayCellHeight, newDayCell(c, day, d)))
		}
		c.rows.Add(week)
	}
	c.rows.Refresh()
	setRing(c.ring, c.focused)
}

// dayNames is the row of names over the days: their first letters in languages whose short names are too long.
func dayNames(start time.Weekday) fyne.CanvasObject {
	labels, long := make([]*Label, 7), false
	for i := range labels {
		d := time.Weekday((int(start) + i) % 7)
		labels[i] = NewLabel(lang.WeekdayShort(d), Small).Aligned(AlignCenter)
		long = long || labels[i].MinSize().Width > dayCellWidth
	}
	row := HBox(2)
	for i, l := range labels {
		if long {
			l.SetText(narrow(lang.WeekdayShort(time.Weekday((int(start) + i) % 7))))
		}
		row.Add(Fixed(dayCellWidth, 20, l))
	}
	return row
}

// narrow is the first letter of the name of a day, without the Arabic article.
func narrow(name string) string {
	r, _ := utf8.DecodeRuneInString(strings.TrimPrefix(name, "ال"))
	return string(r)
}

// FocusGained implements fyne.Focusable.
func (c *Calendar) FocusGained() { c.focused = true; setRing(c.ring, true) }

// FocusLost implements fyne.Focusable.
func (c *Calendar) FocusLost() { c.focused = false; setRing(c.ring, false) }

// TypedRune implements fyne.Focusable.
func (c *Calendar) TypedRune(rune) {}

// TypedKey implements fyne.Focusable: arrows go by days and weeks, Page Up and Page Down by months.
func (c *Calendar) TypedKey(e *fyne.KeyEvent) {
	side := 1
	if lang.RTL() {
		side = -1
	}
	y, m, d := lang.Civil(c.day)
	switch e.Name {
	case fyne.KeyLeft:
		c.choose(c.day.AddDate(0, 0, -side))
	case fyne.KeyRight:
		c.choose(c.day.AddDate(0, 0, side))
	case fyne.KeyUp:
		c.choose(c.day.AddDate(0, 0, -7))
	case fyne.KeyDown:
		c.choose(c.day.AddDate(0, 0, 7))
	case fyne.KeyPageUp:
		c.choose(lang.FromCivil(y, m-1, min(d, lang.DaysInMonth(y, m-1)), 12, 0, c.day.Location()))
	case fyne.KeyPageDown:
		c.choose(lang.FromCivil(y, m+1, min(d, lang.DaysInMonth(y, m+1)), 12, 0, c.day.Location()))
	default:
		ForwardKey(c, e)
	}
}

// Tapped implements fyne.Tappable.
func (c *Calendar) Tapped(*fyne.PointEvent) { focusOn(c) }

// focusOn gives a widget the keyboard.
func focusOn(f fyne.Focusable) {
	if o, ok := f.(fyne.CanvasObject); ok {
		if c := canvasOf(o); c != nil {
			c.Focus(f)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Calendar) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(Stack(c.ring, Inset(4, c.box)))
}

// dayCell is one day.
type dayCell struct {
	base
	calendar *Calendar
	day      time.Time
	label    *Label
	bg       *canvas.Rectangle
	hover    bool
}

func newDayCell(c *Calendar, day time.Time, number int) *dayCell {
	d := &dayCell{calendar: c, day: day, bg: newBox(theme.Radius)}
	d.label = NewLabel(lang.Digits(strconv.Itoa(number)), Body).Aligned(AlignCenter)
	d.ExtendBaseWidget(d)
	return d
}

func (d *dayCell) allowed() bool { return !d.day.Before(d.calendar.first) }

// Tapped implements fyne.Tappable.
func (d *dayCell) Tapped(*fyne.PointEvent) {
	if d.allowed() {
		d.calendar.choose(d.day)
		focusOn(d.calendar)
	}
}

// MouseIn implements desktop.Hoverable.
func (d *dayCell) MouseIn(*desktop.MouseEvent) { d.hover = d.allowed(); d.update() }

// MouseMoved implements desktop.Hoverable.
func (d *dayCell) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (d *dayCell) MouseOut() { d.hover = false; d.update() }

func (d *dayCell) update() {
	s, fill := Body, theme.None
	switch {
	case d.day.Equal(d.calendar.day):
		s, fill = Strong.With(theme.OnAccent), theme.Accent
	case !d.allowed():
		s = Muted
	case d.day.Equal(d.calendar.first):
		s = AccentText
	}
	paint(d.bg, fill, theme.None)
	if d.hover && fill == theme.None {
		d.bg.FillColor = theme.Current().Hover
		d.bg.Refresh()
	}
	d.label.SetStyle(s)
}

// CreateRenderer implements fyne.Widget.
func (d *dayCell) CreateRenderer() fyne.WidgetRenderer {
	d.update()
	return &renderer{
		objects: fixed(d.bg, d.label),
		layout: func(s fyne.Size) {
			d.bg.Resize(s)
			m := d.label.MinSize()
			place(d.label, s.Width, 0, (s.Height-m.Height)/2, s.Width, m.Height)
		},
		min:     func() fyne.Size { return fyne.NewSize(dayCellWidth, dayCellHeight) },
		refresh: d.update,
	}
}
