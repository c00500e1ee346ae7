package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Measures of a row, from the leading side and the top (mockups).
const (
	rowPad     = 16
	rowAvatar  = 11
	rowText0   = 63 // where the texts begin
	rowLine1   = 21 // the middles of the three lines
	rowLine2   = 41
	rowLine3   = 60
	rowGap     = 10
	rowSign    = 14 // clip and star
	rowActions = 26 // a hover button
)

// rowShown is what a row is bound to.
type rowShown struct {
	row      mail.Row
	there    bool // false while the row is being read
	outgoing bool
	compact  bool
	state    kit.RowState
	now      time.Time
	found    string // the words of the search that lists the message
	text     string // what stands below the subject, where it is not what the message begins with
	place    string // the folder it lies in, where that is to be said
}

// messageRow is a row of the message list in one of its two heights.
type messageRow struct {
	widget.BaseWidget
	shown rowShown

	dot          *canvas.Circle
	avatar       *kit.Avatar
	who, subject *kit.Label
	date, text   *kit.Label
	whole        *kit.Label // the subject uncut, to measure it; never shown
	clip, star   *kit.Icon
	place        *rowPlace
	actions      []*rowAction
}

// newMessageRow makes a row; act is called for the buttons under the pointer ("archive", "delete", "star", "read").
func newMessageRow(act func(command string, r mail.Row)) *messageRow {
	m := &messageRow{
		dot:    canvas.NewCircle(nil),
		avatar: kit.NewAvatar(theme.Avatar),
		who:    kit.NewLabel("", kit.Body).Ellipsized(), subject: kit.NewLabel("", kit.ListText).Ellipsized(),
		date: kit.NewLabel("", kit.Meta).Directed(kit.DirField).Aligned(kit.AlignEnd), text: kit.NewLabel("", kit.Meta).Ellipsized(),
		whole: kit.NewLabel("", kit.ListText),
		clip:  kit.NewIcon(icons.Paperclip, theme.Muted, rowSign), star: kit.NewIcon(icons.Star, theme.Star, rowSign),
		place: newRowPlace(),
	}
	for _, a := range []struct {
		command string
		icon    icons.Name
	}{{"star", icons.Star}, {"read", icons.MailOpen}, {"archive", icons.Archive}, {"delete", icons.Trash2}} {
		m.actions = append(m.actions, newRowAction(a.icon, func() { act(a.command, m.shown.row) }))
	}
	m.ExtendBaseWidget(m)
	return m
}

// bind shows a message.
func (m *messageRow) bind(s rowShown) {
	m.shown = s
	m.update()
	m.Refresh()
}

func (m *messageRow) update() {
	s, t := m.shown, theme.Current()
	parts := []fyne.CanvasObject{m.avatar, m.who, m.subject, m.date, m.text}
	if !s.there {
		for _, o := range append(parts, m.dot, m.clip, m.star, m.place) {
			o.Hide()
		}
		m.showActions(false)
		return
	}
	for _, o := range parts {
		o.Show()
	}
	x := textOf(s.row, s.outgoing, s.now)
	if s.text != "" {
		x.text = s.text
	}
	unread := s.row.Unread()
	m.avatar.Set(x.who, x.address)
	m.avatar.Hidden = s.compact
	m.who.Set(x.who, pick(unread, kit.Strong, kit.Body))
	m.subject.Set(x.subject, pick(unread, kit.ListStrong, kit.ListText))
	if s.compact {
		m.whole.Set(x.subject, pick(unread, kit.ListStrong, kit.ListText))
	}
	m.date.Set(x.date, kit.Meta)
	m.text.Set(x.text, pick(x.failed, kit.Meta.With(theme.Danger), kit.Meta))
	m.dot.FillColor = t.Accent
	m.dot.Hidden = !unread
	m.showActions(s.state.Hovered && !s.outgoing)
	m.clip.Hidden = s.row.Attachments == 0 || s.state.Hovered && !s.outgoing
	m.star.Hidden = !s.row.Starred() || s.state.Hovered && !s.outgoing
	m.actions[0].set(icons.Star, pick(s.row.Starred(), theme.Star, theme.Muted))
	m.actions[1].set(pick(unread, icons.MailOpen, icons.Mail), theme.Muted)
	m.place.set(s.place)
	m.markFound(s.found)
}

func (m *messageRow) showActions(on bool) {
	for _, a := range m.actions {
		a.Hidden = !on
	}
}

// CreateRenderer implements fyne.Widget.
func (m *messageRow) CreateRenderer() fyne.WidgetRenderer {
	objs := []fyne.CanvasObject{m.dot, m.avatar, m.who, m.subject, m.date, m.text, m.clip, m.star, m.place}
	for _, a := range m.actions {
		objs = append(objs, a)
	}
	return &rowRenderer{m, objs}
}

type rowRenderer struct {
	m    *messageRow
	objs []fyne.CanvasObject
}

func (r *rowRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *rowRenderer) Destroy()                     {}
func (r *rowRenderer) MinSize() fyne.Size           { return fyne.NewSize(160, theme.ListRowCompact) }
func (r *rowRenderer) Refresh() {
	r.m.update()
	r.Layout(r.m.Size())
	for _, o := range r.objs {
		o.Refresh()
	}
}

func (r *rowRenderer) Layout(s fyne.Size) {
	m := r.m
	if m.shown.compact {
		m.layoutCompact(s)
		return
	}
	put(m.avatar, s.Width, rowPad, rowAvatar, theme.Avatar, theme.Avatar)
	put(m.dot, s.Width, 5, rowAvatar+theme.Avatar/2-3, 6, 6)
	end := s.Width - rowPad
	dw := m.date.MinSize().Width
	mid(m.date, s.Width, end-dw, rowLine1, dw)
	mid(m.who, s.Width, rowText0, rowLine1, m.layoutPlace(s, end-dw, rowLine1)-rowGap-rowText0)
	x := end
	for _, sign := range []*kit.Icon{m.clip, m.star} {
		if sign.Hidden {
			continue
		}
		x -= rowSign
		put(sign, s.Width, x, rowLine2-rowSign/2-2, rowSign, rowSign)
		x -= 5
	}
	mid(m.subject, s.Width, rowText0, rowLine2, x-rowText0-4)
	mid(m.text, s.Width, rowText0, rowLine3, m.layoutActions(s, rowLine3-2)-rowText0)
}

// layoutActions puts the hover buttons at the end and returns where they begin.
func (m *messageRow) layoutActions(s fyne.Size, y float32) float32 {
	x := s.Width - rowPad
	if m.actions[0].Hidden {
		return x
	}
	x += 4
	for i := len(m.actions) - 1; i >= 0; i-- {
		x -= rowActions
		put(m.actions[i], s.Width, x, y-rowActions/2, rowActions, rowActions)
	}
	return x - 4
}

// layoutCompact is the one line of 36: dot, sender, subject and text behind each other, signs, date.
func (m *messageRow) layoutCompact(s fyne.Size) {
	mids := s.Height / 2
	put(m.dot, s.Width, 5, mids-3, 6, 6)
	end := m.layoutActions(s, mids)
	dw := m.date.MinSize().Width
	if m.actions[0].Hidden {
		mid(m.date, s.Width, end-dw, mids, dw)
		end -= dw + rowGap
	} else {
		m.date.Hide()
	}
	for _, sign := range []*kit.Icon{m.clip, m.star} {
		if sign.Hidden {
			continue
		}
		end -= rowSign
		put(sign, s.Width, end, mids-rowSign/2, rowSign, rowSign)
		end -= 5
	}
	who := min(170, s.Width*0.31)
	mid(m.who, s.Width, rowPad, mids, who)
	x := rowPad + who + rowGap
	sw := min(m.whole.MinSize().Width, end-x)
	mid(m.subject, s.Width, x, mids, sw)
	x += sw + rowGap
	if m.text.Hidden = end-x < 40; !m.text.Hidden {
		mid(m.text, s.Width, x, mids, end-x)
	}
}

// put places o at x from the leading side.
func put(o fyne.CanvasObject, width, x, y, w, h float32) {
	if lang.RTL() {
		x = width - x - w
	}
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

// mid places a label with its middle at y.
func mid(l *kit.Label, width, x, y, w float32) {
	h := l.MinSize().Height
	put(l, width, x, y-h/2, max(w, 0), h)
}

func pick[T any](cond bool, yes, no T) T {
	if cond {
		return yes
	}
	return no
}

// rowAction is a small button in a row. It takes taps but no hover: the pointer stays in the row.
type rowAction struct {
	widget.BaseWidget
	icon *kit.Icon
	tap  func()
}

func newRowAction(icon icons.Name, tap func()) *rowAction {
	a := &rowAction{icon: kit.NewIcon(icon, theme.Muted, 16), tap: tap}
	a.ExtendBaseWidget(a)
	a.Hide()
	return a
}

func (a *rowAction) set(icon icons.Name, tint theme.Role) { a.icon.Set(icon, tint) }

// Tapped implements fyne.Tappable.
func (a *rowAction) Tapped(*fyne.PointEvent) { a.tap() }

// Cursor implements desktop.Cursorable.
func (a *rowAction) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (a *rowAction) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(kit.Center(a.icon))
}
