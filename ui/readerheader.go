package ui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// readerHeader is the top of a message: who sent it to whom and when, three buttons, and the details that a click shows.
type readerHeader struct {
	env     *env
	avatar  *kit.Avatar
	name    *kit.Label
	addr    *kit.Label
	badge   *kit.Icon
	to      *tapLabel
	other   string // the date in the other calendar, shown while the pointer rests on it
	star    *kit.Button
	reply   *kit.Button
	quit    *kit.Button     // leaves the list that the message came from
	colors  *kit.Button     // between the colours of the sender and those of a dark window
	fields  *fyne.Container // the header fields, for people
	message mail.Content
	filled  bool            // details are those of message
	alone   bool            // it lies in no folder
	details *fyne.Container // fields, and below them what is known about the sender's honesty
	sheet   *fyne.Container // around details
	row     fyne.CanvasObject
	content fyne.CanvasObject

	found     func() string // the words of the search that the message was opened from
	onCommand func(command string)
	onMore    func(below fyne.CanvasObject)
	onColors  func()
	onQuit    func()
	changed   func()
	most      int // addresses of one field that are listed
}

func newReaderHeader(e *env) *readerHeader {
	h := &readerHeader{
		env:    e,
		found:  func() string { return "" },
		avatar: kit.NewAvatar(theme.Avatar),
		name:   kit.NewLabel("", kit.Strong).Ellipsized().Selectable(),
		addr:   kit.NewLabel("", kit.Muted).Directed(kit.DirLTR).Lines(2).Selectable(),
		badge:  kit.NewIcon("", theme.Accent, theme.IconSmall),
		fields: kit.VBox(4),
	}
	h.details = kit.VBox(8, h.fields)
	h.to = newTapLabel(kit.Meta, h.toggle).Lines(2)
	h.to.hover = func(in bool) { e.hint(pick(in, h.other, "")) }
	h.star = kit.NewIconButton(icons.Star, lang.T("cmd.star"), func() { h.onCommand("star") }).Tinted(theme.Muted)
	h.colors = kit.NewIconButton(icons.Sun, "", func() { h.onColors() }).Tinted(theme.Muted)
	h.colors.Hide()
	h.quit = kit.NewIconButton(icons.BellOff, lang.T("unsubscribe"), func() { h.onQuit() }).Tinted(theme.Muted)
	h.quit.Hide()
	h.reply = kit.NewIconButton(icons.Reply, lang.T("cmd.reply"), func() { h.onCommand("reply") }).Tinted(theme.Muted)
	var more *kit.Button
	more = kit.NewIconButton(icons.Ellipsis, lang.T("reader.more"), func() { h.onMore(more) }).Tinted(theme.Muted)
	h.sheet = kit.ScrollAbove(maxDetails, kit.Pad(0, 12, 0, 0, h.details)) // beside the scroll bar
	h.sheet.Hide()
	h.row = newSenderBlock(h.avatar, h.name, h.addr, kit.WithTip(h.badge, lang.T("auth.badge")), h.to, kit.HBox(0, h.quit, h.colors, h.reply, h.star, more))
	h.content = kit.VBox(10, h.row, h.sheet)
	return h
}

// maxDetails is how high the details may be: a message to two hundred people must leave its text room.
const maxDetails = 260

// Show fills the header; c may hold less than the whole message while it is being read.
func (h *readerHeader) Show(c mail.Content, verified bool) {
	r := c.Row
	from := firstOf(r.From)
	name := model.ShownName(from)
	h.avatar.Set(name, from.Addr)
	h.name.SetText(pick(name == "", lang.T("list.no.sender"), name))
	h.addr.SetText(pick(from.Addr == "" || name == from.Addr, "", "<"+model.VisibleName(from.Addr)+">"))
	if words := h.found(); words != "" {
		h.name.Mark(foundSpans(h.name.Text(), words, store.InSender))
		h.addr.Mark(foundSpans(h.addr.Text(), words, store.InSender))
	}
	h.addr.Hidden = h.addr.Text() == ""
	h.badge.Set(pick[icons.Name](verified, icons.BadgeCheck, ""), theme.Accent)
	h.to.SetText(h.summary(c))
	h.other = ""
	if !r.Date.IsZero() {
		h.other = lang.Other(r.Date.In(h.env.now().Location()))
	}
	h.flags(r)
	h.quit.Hidden = h.alone || !model.UnsubscribeOf(c.Headers).Offered()
	h.message, h.filled, h.most = c, false, maxListed
	if h.sheet.Visible() {
		h.fill(c)
	}
	h.content.Refresh()
}

// offerColors shows the button that switches colours where there are two ways: for a design in a dark window.
func (h *readerHeader) offerColors(offer, original bool) {
	h.colors.SetIcon(pick(original, icons.Moon, icons.Sun))
	h.colors.Tip(lang.T(pick(original, "reader.adapted.colors", "reader.original.colors")))
	if h.colors.Hidden == offer {
		h.colors.Hidden = !offer
		h.content.Refresh()
	}
}

// inside takes away what cannot be done with a message that lies in no folder.
func (h *readerHeader) inside() {
	h.alone = true
	h.reply.Hide()
	h.star.Hide()
}

// flags shows the star of the message as it is now.
func (h *readerHeader) flags(r mail.Row) {
	h.star.Tinted(pick(r.Starred(), theme.Star, theme.Muted))
}

// largeMessage is the size in bytes from which the header tells it.
const largeMessage = 1 << 20

// summary is "to me and 2 others · Tue 25 Nov 2025, 09:15".
func (h *readerHeader) summary(c mail.Content) string {
	when := h.date(c.Row.Date)
	if t := c.Row.Returned; !t.IsZero() {
		when = lang.Dots(when, lang.T("snooze.back", h.date(t)))
	}
	all := slices.Concat(c.Row.To, c.Cc, c.Bcc)
	if len(all) == 0 {
		return when
	}
	first := model.ShownName(all[0])
	for _, a := range all {
		if h.env.isMe(a) {
			first = lang.T("reader.me")
			break
		}
	}
	to := lang.T("reader.to", first)
	if n := len(all) - 1; n > 0 {
		to = lang.N("reader.to.more", n, first)
	}
	size := ""
	if c.Row.Size >= largeMessage {
		size = lang.Size(c.Row.Size)
	}
	return lang.Dots(to, when, size)
}

func (h *readerHeader) date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return lang.FullDate(t.In(h.env.now().Location()))
}

// fill writes the details, shown after a click on the summary. All of it can be selected and copied.
func (h *readerHeader) fill(c mail.Content) {
	h.filled = true
	h.fields.RemoveAll()
	h.addresses("reader.from", c.Row.From)
	h.addresses("reader.sender", c.Sender)
	h.addresses("reader.replyto", c.ReplyTo)
	h.addresses("reader.recipients", c.Row.To)
	h.addresses("reader.cc", c.Cc)
	h.addresses("reader.bcc", c.Bcc)
	if t := c.Row.Date; !t.IsZero() {
		words := lang.Dots(h.date(t), lang.Other(t.In(h.env.now().Location())))
		h.line("reader.date", kit.NewLabel(words, kit.Meta).Wrapped().Selectable())
	}
	if subject := model.Visible(c.Row.Subject); subject != "" {
		h.line("reader.subject", kit.NewLabel(subject, kit.Meta).Wrapped().Selectable())
	}
	if id := c.Row.HeaderID; id != "" {
		h.line("reader.messageid", kit.NewLabel("<"+model.VisibleName(id)+">", kit.Meta).Directed(kit.DirLTR).Wrapped().Selectable())
	}
	if n := c.Row.Size; n > 0 {
		h.line("reader.size", kit.NewLabel(lang.Size(n), kit.Meta).Selectable())
	}
}

// line adds a line to the details.
func (h *readerHeader) line(label string, value fyne.CanvasObject) {
	h.fields.Add(kit.HBoxTop(8, kit.Fixed(90, 0, kit.NewLabel(lang.T(label), kit.MetaStrong)), kit.Grow(value)))
}

// maxListed is how many addresses of one field are listed at first; ten times as many when more are asked for.
const maxListed = 50

func (h *readerHeader) addresses(label string, as []mail.Address) {
	if len(as) == 0 {
		return
	}
	box := kit.VBox(2)
	for i, a := range as {
		if i == h.most {
			box.Add(kit.Start(kit.NewLinkText(lang.N("reader.more.addresses", len(as)-i), kit.Meta.With(theme.Accent), func() {
				h.most *= 10
				h.fill(h.message)
				h.changed()
			})))
			break
		}
		box.Add(kit.NewLabel(model.VisibleName(a.String()), kit.Meta).Wrapped().Selectable())
	}
	h.line(label, box)
}

func (h *readerHeader) toggle() {
	if !h.filled {
		h.fill(h.message)
	}
	h.sheet.Hidden = !h.sheet.Hidden
	h.changed()
}

// reset closes what was opened for another message.
func (h *readerHeader) reset() { h.sheet.Hide() }
