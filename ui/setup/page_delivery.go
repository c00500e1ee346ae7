package setup

import (
	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// delivery is the part of Advanced that says what stays on a POP3 server, with the preview of what the next check removes.
type delivery struct {
	f           *Settings
	leave       *kit.Check
	after       *kit.Check
	days        *kit.NumberField
	whenDeleted *kit.Check
	note        *kit.Label
	list        *kit.LinkText
	next        mail.Removal
	cancel      func()
}

func (f *Settings) newDelivery() *delivery {
	r := f.account.POP3
	d := &delivery{f: f}
	d.leave = kit.NewCheck(lang.T("setup.pop.leave"), func(bool) { d.changed() })
	d.leave.Set(r.LeaveOnServer)
	days := r.RemoveAfterDays
	if days <= 0 {
		days = 14
	}
	d.after = kit.NewCheck(lang.T("setup.pop.after"), func(bool) { d.changed() })
	d.after.Set(r.RemoveAfterDays > 0)
	d.days = f.numberField(1, 3650, true, d.changed)
	d.days.SetNumber(days)
	d.whenDeleted = kit.NewCheck(lang.T("setup.pop.deleted"), func(bool) { d.changed() })
	d.whenDeleted.Set(r.RemoveWhenDeleted)
	d.note = kit.NewLabel("", kit.Meta.OnTint(true).Sized(13)).Wrapped()
	d.list = kit.NewLinkText(lang.T("setup.pop.list"), kit.Meta.Sized(13), d.showList)
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		if d.leave.On() && d.after.On() && !d.days.Valid() {
			return &fieldError{TabAdvanced, lang.T("setup.number.bad", 1, 3650), d.days}
		}
		rule := d.rule()
		a.POP3.LeaveOnServer, a.POP3.RemoveAfterDays, a.POP3.RemoveWhenDeleted = rule.LeaveOnServer, rule.RemoveAfterDays, rule.RemoveWhenDeleted
		return nil
	})
	d.enable()
	d.say(mail.Removal{}, nil)
	return d
}

// rule is what the boxes say.
func (d *delivery) rule() mail.POP3Options {
	r := d.f.account.POP3
	r.LeaveOnServer, r.RemoveWhenDeleted, r.RemoveAfterDays = d.leave.On(), d.whenDeleted.On(), 0
	if d.after.On() {
		r.RemoveAfterDays = d.days.Number()
	}
	return r
}

func (d *delivery) enable() {
	on := d.leave.On()
	d.after.SetEnabled(on)
	d.days.SetEnabled(on && d.after.On())
	d.whenDeleted.SetEnabled(on)
}

func (d *delivery) changed() {
	d.f.edited()
	d.enable()
	d.preview()
}

// preview asks what the next check would remove under the rule as it stands in the form.
func (d *delivery) preview() {
	if d.f.account.ID == 0 {
		d.say(mail.Removal{}, nil)
		return
	}
	if d.cancel != nil {
		d.cancel()
	}
	d.cancel = d.f.opt.Loop.Cancellable(previewWork(d.f.opt.Engine, d.f.account.ID, d.rule(), func(next mail.Removal, err error) {
		d.cancel = nil
		d.say(next, err)
	}))
}

func (d *delivery) say(next mail.Removal, err error) {
	d.next = next
	rule := d.rule()
	text := lang.T("setup.pop.preview.none")
	switch {
	case err != nil:
		text = lang.T("setup.pop.preview.failed", lang.ErrorWords(err))
	case d.f.account.ID == 0 && !rule.LeaveOnServer:
		text = lang.T("setup.pop.preview.atonce")
	case next.Total() > 0 && rule.LeaveOnServer && rule.RemoveAfterDays > 0 && !rule.RemoveWhenDeleted:
		text = lang.N("setup.pop.preview.days", next.Total(), rule.RemoveAfterDays)
	case next.Total() > 0:
		text = lang.N("setup.pop.preview", next.Total())
	}
	if next.Deleted > 0 && err == nil {
		text = lang.T("setup.pop.preview.and", text, lang.N("setup.pop.preview.deleted", next.Deleted))
	}
	d.note.SetText(text)
	if len(next.Here) > 0 {
		d.list.Show()
	} else {
		d.list.Hide()
	}
	d.note.Refresh()
}

// asksRemoval reports whether another rule for the server was chosen than the stored account has.
func (f *Settings) asksRemoval(a mail.Account) bool {
	was, now := f.account.POP3, a.POP3
	return f.account.ID != 0 && f.account.Protocol == mail.POP3 && a.Protocol == mail.POP3 && !a.Disabled &&
		(was.LeaveOnServer != now.LeaveOnServer || was.RemoveAfterDays != now.RemoveAfterDays || was.RemoveWhenDeleted != now.RemoveWhenDeleted)
}

// askRemoval tells what the new rule takes from the server as soon as it is stored, which nothing brings back, and goes on if it is meant.
func (f *Settings) askRemoval(a mail.Account, then func()) {
	f.opt.Loop.Go(previewWork(f.opt.Engine, a.ID, a.POP3, func(next mail.Removal, err error) {
		if err != nil {
			f.tell(lang.T("setup.pop.preview.failed", lang.ErrorWords(err)))
			return
		}
		if next.Total() == 0 {
			then()
			return
		}
		text := lang.N("setup.pop.ask.text", next.Total())
		if len(next.Here) > 0 {
			text = lang.T("setup.pop.preview.and", text, lang.N("setup.pop.ask.here", len(next.Here)))
		}
		if next.Deleted > 0 {
			text = lang.T("setup.pop.preview.and", text, lang.N("setup.pop.ask.deleted", next.Deleted))
		}
		kit.Confirm(f.win, lang.T("setup.pop.ask.title"), text, lang.T("setup.pop.ask.ok"), true, then)
	}))
}

// showList shows the messages that would go, by sender, subject and date.
func (d *delivery) showList() {
	box := kit.VBox(10)
	for _, r := range d.next.Here {
		from := ""
		if len(r.From) > 0 {
			from = model.ShownName(r.From[0])
		}
		box.Add(kit.HBox(12, kit.Fixed(150, 20, kit.NewLabel(from, kit.Strong.Sized(13)).Ellipsized()),
			kit.Grow(kit.NewLabel(model.Visible(r.Subject), kit.Body.Sized(13)).Ellipsized()), kit.WithTip(kit.NewLabel(lang.Date(r.Date), kit.Meta), lang.Other(r.Date))))
	}
	dlg := &kit.Dialog{Title: lang.T("setup.pop.list.title"), Text: lang.T("setup.pop.list.text"), Content: kit.NewScroll(box), Width: 640, Height: 420,
		Buttons: []kit.DialogButton{{Text: lang.T("setup.close"), Kind: kit.Primary}}}
	dlg.Show(d.f.win)
}

func (d *delivery) content() fyne.CanvasObject {
	after := kit.Start(kit.HBox(8, d.after, kit.Fixed(64, 30, d.days), kit.NewLabel(lang.T("setup.pop.after.days"), kit.Body)))
	return section("setup.delivery", d.leave,
		kit.Pad(0, 0, 0, 26, kit.VBox(10, after, d.whenDeleted)),
		kit.NewNote(kit.HBox(6, kit.Grow(d.note), d.list)))
}
