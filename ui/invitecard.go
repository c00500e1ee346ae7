package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/ical"
	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// inviteCard shows an event of a message: what, when, where, who, and the three answers.
type inviteCard struct {
	m       *messageView
	of      cardSource
	file    mail.Attachment
	index   int
	method  string
	event   ical.Event
	known   mail.Invitation
	during  []mail.Invitation
	content *fyne.Container
	buttons []*kit.Button
	busy    bool
}

func newInviteCard(m *messageView, f found, i int) *inviteCard {
	c := &inviteCard{m: m, of: m.cardSource(), file: f.file, index: i, method: f.events.Method, event: f.events.Events[i], known: f.known[i], during: f.during[i], content: kit.Stack()}
	c.fill()
	return c
}

func (c *inviteCard) loc() *time.Location { return c.m.env.now().Location() }

func (c *inviteCard) cancelled() bool { return c.method == ical.Cancel || c.event.Cancelled }

// fill builds the card from what is known now.
func (c *inviteCard) fill() {
	e := c.event
	title := model.Visible(e.Summary)
	if title == "" {
		title = lang.T("invite.untitled")
	}
	head := kit.VBox(1, kit.NewLabel(title, kit.Strong).Wrapped().Lines(3).Selectable())
	if when := eventTime(e, c.loc()); when != "" {
		head.Add(kit.WithTip(kit.NewLabel(when, kit.Meta).Wrapped().Selectable(), eventTimeOther(e, c.loc())))
	}
	if zone := eventZone(e, c.loc()); zone != "" {
		head.Add(kit.NewLabel(zone, kit.Meta).Wrapped().Selectable())
	}
	var more *kit.Button
	more = kit.NewIconButton(icons.Ellipsis, lang.T("reader.more"), func() { kit.ShowMenuBelow(more, c.menu()...) }).Tinted(theme.Muted)
	box := kit.VBox(8, kit.HBoxTop(10, kit.NewIcon(icons.Calendar, pick(c.cancelled(), theme.Danger, theme.Accent), 20), kit.Grow(head), more))
	if lines := c.lines(); len(lines.Objects) > 0 {
		box.Add(lines)
	}
	for _, note := range c.notes() {
		box.Add(note)
	}
	if row := c.answers(); row != nil {
		box.Add(row)
	}
	c.content.Objects = []fyne.CanvasObject{kit.MaxWidth(620, kit.NewCard(0, kit.Pad(11, 8, 12, 14, box)))}
	c.content.Refresh()
}

// lines are where, who and how often.
func (c *inviteCard) lines() *fyne.Container {
	box := kit.VBox(3)
	line := func(label, value string) {
		if value != "" {
			box.Add(kit.HBoxTop(8, kit.Fixed(96, 0, kit.NewLabel(lang.T(label), kit.MetaStrong)), kit.Grow(kit.NewLabel(shorten(value), kit.Meta).Wrapped().Lines(4).Selectable())))
		}
	}
	line("invite.where", model.Visible(c.event.Location))
	line("invite.repeats", ruleWords(c.event.Rule, c.loc()))
	line("invite.organizer", personWords(c.event.Organizer))
	line("invite.attendees", c.attendees())
	return box
}

// maxNamed is how many attendees are named.
const maxNamed = 8

func (c *inviteCard) attendees() string {
	var out []string
	for _, p := range c.event.Attendees {
		if p.Type == "ROOM" || p.Type == "RESOURCE" || strings.EqualFold(p.Addr, c.event.Organizer.Addr) && p.Addr != "" {
			continue
		}
		name := personName(p)
		if id, ok := statusWords[p.Status]; ok {
			name = lang.T("invite.status", name, lang.T(id))
		} else if p.Optional() {
			name = lang.T("invite.status", name, lang.T("invite.optional"))
		}
		out = append(out, name)
	}
	if n := len(out) - maxNamed; n > 0 {
		out = append(out[:maxNamed], lang.N("reader.more.addresses", n))
	}
	return strings.Join(out, lang.T("rule.comma"))
}

var statusWords = map[string]string{"ACCEPTED": "invite.accepted", "DECLINED": "invite.declined", "TENTATIVE": "invite.tentative", "DELEGATED": "invite.delegated"}

func personName(p ical.Person) string {
	return model.ShownName(mail.Address{Name: p.Name, Addr: p.Addr})
}

func personWords(p ical.Person) string {
	name := personName(p)
	if p.Addr == "" || name == model.VisibleName(p.Addr) {
		return name
	}
	return name + " <" + model.VisibleName(p.Addr) + ">"
}

// notes say what needs attention.
func (c *inviteCard) notes() (out []fyne.CanvasObject) {
	add := func(icon icons.Name, tint theme.Role, words string) {
		out = append(out, kit.HBoxTop(8, kit.NewIcon(icon, tint, theme.IconSmall), kit.Grow(kit.NewLabel(words, kit.Meta.With(tint)).Wrapped().Selectable())))
	}
	if c.method == ical.Reply {
		for _, p := range c.event.Attendees {
			if id, ok := statusWords[p.Status]; ok {
				add(icons.Info, theme.Muted, lang.T("invite.replied", personName(p), lang.T(id)))
			}
		}
		return out
	}
	if c.cancelled() {
		add(icons.CircleX, theme.Danger, lang.T("invite.cancelled"))
		return out
	}
	if c.known.Answer != "" && c.event.Sequence > c.known.Sequence {
		add(icons.Info, theme.WarningFG, lang.T("invite.changed"))
	}
	if len(c.during) > 0 && c.known.Answer != mail.Declined {
		add(icons.TriangleAlert, theme.WarningFG, lang.T("invite.conflict", model.Visible(c.during[0].Summary), lang.Time(c.during[0].Start.In(c.loc()))))
	}
	if c.event.End.Time.Before(c.m.env.now()) && c.event.Rule == nil {
		add(icons.Clock, theme.Muted, lang.T("invite.over"))
	}
	from := firstOf(c.m.content.Row.From).Addr
	if o := c.event.Organizer.Addr; c.answerable() && o != "" && !strings.EqualFold(o, from) {
		add(icons.TriangleAlert, theme.WarningFG, lang.T("invite.elsewhere", model.VisibleName(o)))
	}
	return out
}

// answerable reports whether the event asks the reader for an answer.
func (c *inviteCard) answerable() bool {
	return c.method == ical.Request && !c.cancelled() && c.event.Organizer.Addr != "" && !c.m.pane.inside &&
		!c.m.env.isMe(mail.Address{Addr: c.event.Organizer.Addr})
}

// answers is the row of the three answers; the one given is marked. nil: nothing is asked.
func (c *inviteCard) answers() fyne.CanvasObject {
	c.buttons = nil
	if c.cancelled() && c.known.Answer != "" {
		return kit.Start(kit.NewButton(kit.Outline, lang.T("invite.forget"), "", c.forget).Small())
	}
	if !c.answerable() {
		return nil
	}
	row := kit.HBox(8)
	for _, a := range []struct {
		id     string
		answer mail.Answer
	}{{"invite.accept", mail.Accepted}, {"invite.maybe", mail.Tentative}, {"invite.decline", mail.Declined}} {
		given := c.known.Answer == a.answer && c.event.Sequence <= c.known.Sequence
		b := kit.NewButton(pick(given, kit.Primary, kit.Outline), lang.T(a.id), pick[icons.Name](given, icons.Check, ""), func() { c.send(a.answer) }).Small()
		b.SetEnabled(!c.busy)
		c.buttons = append(c.buttons, b)
		row.Add(b)
	}
	return row
}

func (c *inviteCard) menu() []*kit.MenuItem {
	return []*kit.MenuItem{
		kit.Item(lang.T("attach.open"), icons.ExternalLink, func() { c.m.parts.files.Open(c.of.message, c.file) }),
		kit.Item(lang.T("invite.save"), icons.Save, func() { c.m.parts.files.Save(c.of.message, c.file) }),
	}
}

// send answers, unless that is what was answered already. The answer waits a moment in the outbox, so that it can be taken back.
func (c *inviteCard) send(a mail.Answer) {
	if c.busy {
		return
	}
	c.busy = true
	c.fill()
	before, gen, env := c.known, c.m.gen, c.m.env
	title := c.event.Summary
	x := mail.InvitationAnswer{Message: c.of.message, Part: c.file.Part, Event: c.index, Answer: a, At: env.now().Add(env.undoSend()),
		Subject: lang.T("invite.subject."+strings.ToLower(string(a)), title), Text: lang.T("invite.text."+strings.ToLower(string(a)), title, eventTime(c.event, c.loc()))}
	env.loop.Serial(func(ctx context.Context) func() {
		out, err := env.engine.AnswerInvitation(ctx, x)
		return func() {
			c.busy = false
			if err != nil {
				env.fail(lang.T("fail.invite"), err)
			} else {
				c.known = c.remembered()
				c.known.Sequence, c.known.Answer = c.event.Sequence, a
				env.toastSent(lang.T("invite.sent."+strings.ToLower(string(a))), func() { c.takeBack(out, before) })
			}
			if gen == c.m.gen {
				c.fill()
				c.m.pane.relayout()
			}
		}
	})
}

// remembered is what is remembered of the event, without an answer. It reads nothing that changes.
func (c *inviteCard) remembered() mail.Invitation {
	return mail.Invitation{Account: c.of.account, UID: c.event.UID, Recurrence: c.event.Recurrence}
}

// takeBack takes an answer out of the outbox and remembers the one before.
func (c *inviteCard) takeBack(id mail.OutboxID, before mail.Invitation) {
	env := c.m.env
	env.loop.Serial(func(ctx context.Context) func() {
		err := env.engine.DiscardOutbox(ctx, id)
		if err == nil {
			x := before
			x.Account, x.UID, x.Recurrence = c.of.account, c.event.UID, c.event.Recurrence
			err = env.engine.RememberInvitation(ctx, x)
		}
		return func() {
			if err != nil {
				env.fail(lang.T("fail.invite"), err)
				return
			}
			c.known = before
			c.fill()
			c.m.pane.relayout()
		}
	})
}

// forget takes a cancelled event off what is remembered.
func (c *inviteCard) forget() {
	env := c.m.env
	env.loop.Serial(func(ctx context.Context) func() {
		err := env.engine.RememberInvitation(ctx, c.remembered())
		return func() {
			if err != nil {
				env.fail(lang.T("fail.invite"), err)
				return
			}
			c.known = mail.Invitation{}
			c.fill()
			c.m.pane.relayout()
		}
	})
}
