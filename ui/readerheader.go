package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// readerHeader is the top of an open message: subject, who sent it to whom and when, and three buttons.
type readerHeader struct {
	env     *env
	subject *kit.Label
	tags    *fyne.Container
	avatar  *kit.Avatar
	name    *kit.Label
	addr    *kit.Label
	badge   *kit.Icon
	to      *tapLabel
	other   string // the date in the other calendar, shown while the pointer rests on it
	star    *kit.Button
	details *fyne.Container
	content fyne.CanvasObject

	onCommand func(command string)
	onMore    func(below fyne.CanvasObject)
	changed   func()
}

func newReaderHeader(e *env) *readerHeader {
	h := &readerHeader{
		env:     e,
		subject: kit.NewLabel("", kit.Subject).Lines(4).Aligned(kit.AlignText).Selectable(),
		tags:    kit.Flow(6, 4),
		avatar:  kit.NewAvatar(theme.Avatar),
		name:    kit.NewLabel("", kit.Strong).Ellipsized().Selectable(),
		addr:    kit.NewLabel("", kit.Muted).Directed(kit.DirLTR).Ellipsized().Selectable(),
		badge:   kit.NewIcon("", theme.Accent, theme.IconSmall),
		details: kit.VBox(4),
	}
	h.to = newTapLabel(kit.Meta, h.toggle)
	h.to.hover = func(in bool) { e.hint(pick(in, h.other, "")) }
	h.star = kit.NewIconButton(icons.Star, lang.T("cmd.star"), func() { h.onCommand("star") }).Tinted(theme.Muted)
	reply := kit.NewIconButton(icons.Reply, lang.T("cmd.reply"), func() { h.onCommand("reply") }).Tinted(theme.Muted)
	var more *kit.Button
	more = kit.NewIconButton(icons.Ellipsis, lang.T("reader.more"), func() { h.onMore(more) }).Tinted(theme.Muted)
	h.details.Hide()
	h.tags.Hide()
	who := kit.VBox(1, newShrinkRow(5, h.name, h.addr, h.badge), h.to)
	h.content = kit.Pad(19, 26, 14, 26, kit.VBox(10,
		h.subject, h.tags,
		kit.HBox(12, h.avatar, kit.Grow(who), kit.HBox(0, reply, h.star, more)),
		h.details,
	))
	return h
}

// Show fills the header; c may hold less than the whole message while it is being read.
func (h *readerHeader) Show(c mail.Content, verified bool) {
	r := c.Row
	subject := model.Visible(r.Subject)
	if subject == "" {
		subject = lang.T("list.no.subject")
	}
	h.subject.SetText(subject)
	var from mail.Address
	if len(r.From) > 0 {
		from = r.From[0]
	}
	name := model.ShownName(from)
	h.avatar.Set(name, from.Addr)
	h.name.SetText(pick(name == "", lang.T("list.no.sender"), name))
	h.addr.SetText(pick(from.Addr == "" || name == from.Addr, "", "<"+model.VisibleName(from.Addr)+">"))
	h.addr.Hidden = h.addr.Text() == ""
	h.badge.Set(pick[icons.Name](verified, icons.BadgeCheck, ""), theme.Accent)
	h.to.SetText(h.summary(c))
	h.other = ""
	if !r.Date.IsZero() {
		h.other = lang.Other(r.Date.In(h.env.now().Location()))
	}
	h.flags(r)
	h.fill(c)
	h.content.Refresh()
}

// flags shows star and tags of the message as they are now.
func (h *readerHeader) flags(r mail.Row) {
	h.star.Tinted(pick(r.Starred(), theme.Star, theme.Muted))
	h.tags.RemoveAll()
	for _, f := range r.Flags {
		if f.IsTag() {
			h.tags.Add(kit.NewPill(model.Visible(string(f)), theme.Accent))
		}
	}
	h.tags.Hidden = len(h.tags.Objects) == 0
}

// summary is "to me and 2 others · Tue 25 Nov 2025, 09:15".
func (h *readerHeader) summary(c mail.Content) string {
	when := h.date(c.Row.Date)
	all := append(append([]mail.Address(nil), c.Row.To...), c.Cc...)
	if len(all) == 0 {
		return when
	}
	first := model.ShownName(all[0])
	for _, a := range all {
		if h.isMe(a) {
			first = lang.T("reader.me")
			break
		}
	}
	to := lang.T("reader.to", first)
	if n := len(all) - 1; n > 0 {
		to = lang.N("reader.to.more", n, first)
	}
	return lang.Dots(to, when)
}

func (h *readerHeader) date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return lang.FullDate(t.In(h.env.now().Location()))
}

func (h *readerHeader) isMe(a mail.Address) bool {
	for _, m := range h.env.mine() {
		if m.Addr != "" && strings.EqualFold(m.Addr, a.Addr) {
			return true
		}
	}
	return false
}

// fill writes the whole list of recipients, shown after a click on the summary.
func (h *readerHeader) fill(c mail.Content) {
	h.details.RemoveAll()
	line := func(label string, as []mail.Address) {
		if len(as) == 0 {
			return
		}
		box := kit.VBox(2)
		for i, a := range as {
			if i == 50 {
				box.Add(kit.NewLabel(lang.N("reader.more.addresses", len(as)-i), kit.Meta))
				break
			}
			box.Add(kit.NewLabel(model.VisibleName(a.String()), kit.Meta).Wrapped().Selectable())
		}
		h.details.Add(kit.HBoxTop(8, kit.Fixed(90, 0, kit.NewLabel(lang.T(label), kit.MetaStrong)), kit.Grow(box)))
	}
	line("reader.from", c.Row.From)
	line("reader.sender", c.Sender)
	line("reader.replyto", c.ReplyTo)
	line("reader.recipients", c.Row.To)
	line("reader.cc", c.Cc)
	line("reader.bcc", c.Bcc)
	if t := c.Row.Date; !t.IsZero() {
		words := lang.Dots(h.date(t), lang.Other(t.In(h.env.now().Location())))
		h.details.Add(kit.HBoxTop(8, kit.Fixed(90, 0, kit.NewLabel(lang.T("reader.date"), kit.MetaStrong)), kit.Grow(kit.NewLabel(words, kit.Meta).Wrapped().Selectable())))
	}
}

func (h *readerHeader) toggle() {
	h.details.Hidden = !h.details.Hidden
	h.changed()
}

// reset closes what was opened for another message.
func (h *readerHeader) reset() { h.details.Hide() }
