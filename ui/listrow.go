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
	rowNest    = 30 // how far a message of an unfolded conversation goes in
	rowSmall   = 28 // its avatar
)

// rowShown is what a row is bound to.
type rowShown struct {
	row      mail.Row
	there    bool // false while the row is being read
	outgoing bool
	compact  bool
	state    kit.RowState
	now      time.Time
	bySize   bool   // the list is in the order of sizes, which the rows show then
	found    string // the words of the search that lists the message
	text     string // what stands below the subject, where it is not what the message begins with
	place    string // the folder it lies in, where that is to be said
	isMe     func(mail.Address) bool
	waiting  bool // the list is that of snoozed messages, which shows when they come back
	unfolded bool // the messages of the conversation stand below
}

// inset is how far the row stands from the leading side: a message below its conversation goes in.
func (s rowShown) inset() float32 {
	if s.row.Nested == mail.NestedNot {
		return 0
	}
	return pick[float32](s.compact, rowPad, rowNest)
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
	clock        *kit.Icon // it waits, or came back from waiting
	place        *rowPlace
	actions      []*rowAction
	fold         *rowFold
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
		clock: kit.NewIcon(icons.Clock, theme.Accent, rowSign),
		place: newRowPlace(),
	}
	for _, a := range []struct {
		command string
		icon    icons.Name
	}{{"star", icons.Star}, {"read", icons.MailOpen}, {"archive", icons.Archive}, {"delete", icons.Trash2}} {
		m.actions = append(m.actions, newRowAction(a.icon, func() { act(a.command, m.shown.row) }))
	}
	m.fold = newRowFold(func() { act(rowUnfold, m.shown.row) })
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
		for _, o := range append(parts, m.dot, m.clip, m.star, m.clock, m.fold, m.place) {
			o.Hide()
		}
		m.showActions(false)
		return
	}
	for _, o := range parts {
		o.Show()
	}
	x := textOf(s.row, s.outgoing, s.now, s.isMe)
	if s.bySize {
		x.date = lang.Size(s.row.Size)
	}
	if s.text != "" {
		x.text = s.text
	}
	unread := s.row.Unread()
	m.avatar.Set(x.who, x.address)
	m.avatar.Hidden = s.compact
	m.setWords(x, unread)
	m.dot.FillColor = t.Accent
	m.dot.Hidden = !unread
	acts := s.state.Hovered && !s.outgoing && s.row.Nested != mail.NestedElsewhere
	m.showActions(acts)
	m.clip.Hidden = s.row.Attachments == 0 || acts
	m.star.Hidden = !s.row.Starred() || acts
	m.clock.Hidden = s.row.Snoozed.IsZero() && s.row.Returned.IsZero() || acts || s.waiting
	m.actions[0].set(icons.Star, pick(s.row.Starred(), theme.Star, theme.Muted))
	m.actions[1].set(pick(unread, icons.MailOpen, icons.Mail), theme.Muted)
	m.place.set(pick(s.compact, "", s.place))
	m.markFound(s.found)
}

// setWords sets the texts. A message below its conversation repeats no subject: what it says stands there, and below where it lies.
func (m *messageRow) setWords(x rowText, unread bool) {
	s := m.shown
	who, subject, meta := pick(unread, kit.Strong, kit.Body), pick(unread, kit.ListStrong, kit.ListText), kit.Meta.OnTint(s.state.Selected || s.state.Hovered)
	if s.row.Group != nil {
		who = kit.Body
		m.fold.set(len(s.row.Group.Messages), s.unfolded)
	}
	m.fold.Hidden = s.row.Group == nil
	switch {
	case s.row.Nested != mail.NestedNot && s.compact:
		x.subject = s.place
	case s.row.Nested != mail.NestedNot:
		x.subject, x.text = x.text, ""
		if to := namesOf(meNamed(s.row.To, s.isMe)); to != "" {
			x.text = lang.T("list.to", to)
		}
	}
	if s.row.Nested == mail.NestedElsewhere {
		who, subject = who.With(meta.Color), subject.With(meta.Color)
	}
	m.who.SetMarked(x.who, who, x.strong)
	m.subject.Set(x.subject, subject)
	if s.compact {
		m.whole.Set(x.subject, subject)
	}
	if s.waiting && x.until != "" {
		m.date.Set(x.until, meta.With(theme.Accent))
	} else {
		m.date.Set(x.date, meta)
	}
	m.text.Set(x.text, pick(x.failed, meta.With(theme.Danger), meta))
}

func (m *messageRow) showActions(on bool) {
	for _, a := range m.actions {
		a.Hidden = !on
	}
}

// CreateRenderer implements fyne.Widget.
func (m *messageRow) CreateRenderer() fyne.WidgetRenderer {
	objs := []fyne.CanvasObject{m.dot, m.avatar, m.who, m.subject, m.date, m.text, m.clip, m.star, m.clock, m.fold, m.place}
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
	in, av := m.shown.inset(), float32(theme.Avatar)
	if in > 0 {
		av = rowSmall
	}
	put(m.avatar, s.Width, rowPad+in, rowAvatar, av, av)
	put(m.dot, s.Width, 5+in, rowAvatar+av/2-3, 6, 6)
	end, text0 := s.Width-rowPad, rowText0+in+av-theme.Avatar
	dw := m.date.MinSize().Width
	mid(m.date, s.Width, end-dw, rowLine1, dw)
	m.layoutWho(s, text0, m.layoutPlace(s, text0, end-dw, rowLine1)-rowGap, rowLine1)
	x := end
	for _, sign := range []*kit.Icon{m.clip, m.star, m.clock} {
		if sign.Hidden {
			continue
		}
		x -= rowSign
		put(sign, s.Width, x, rowLine2-rowSign/2-2, rowSign, rowSign)
		x -= 5
	}
	mid(m.subject, s.Width, text0, rowLine2, x-text0-4)
	mid(m.text, s.Width, text0, rowLine3, m.layoutActions(s, rowLine3-2)-text0)
}

// layoutWho puts the names, and the count of a conversation behind them.
func (m *messageRow) layoutWho(s fyne.Size, from, to, y float32) {
	w := to - from
	if m.fold.Hidden {
		mid(m.who, s.Width, from, y, w)
		return
	}
	f := m.fold.MinSize().Width
	w = max(min(m.who.Natural().Width, w-f-6), 0)
	mid(m.who, s.Width, from, y, w)
	put(m.fold, s.Width, from+w+6, y-foldHeight/2, f, foldHeight)
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
	in := m.shown.inset()
	put(m.dot, s.Width, 5+in, mids-3, 6, 6)
	end := m.layoutActions(s, mids)
	dw := m.date.MinSize().Width
	if m.actions[0].Hidden {
		mid(m.date, s.Width, end-dw, mids, dw)
		end -= dw + rowGap
	} else {
		m.date.Hide()
	}
	for _, sign := range []*kit.Icon{m.clip, m.star, m.clock} {
		if sign.Hidden {
			continue
		}
		end -= rowSign
		put(sign, s.Width, end, mids-rowSign/2, rowSign, rowSign)
		end -= 5
	}
	who := min(170, s.Width*0.31)
	m.layoutWho(s, rowPad+in, rowPad+who, mids)
	x := rowPad + who + rowGap
	sw := min(m.whole.MinSize().Width, end-x)
	mid(m.subject, s.Width, x, mids, sw)
	if x += sw; sw > 0 {
		x += rowGap
	}
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
