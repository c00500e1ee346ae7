package ui

import (
	"context"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// Discarding what was not sent. Nobody is asked: it can be taken back, by the toast and by Ctrl+Z.

// DiscardDraft throws drafts away.
func (u *unsent) DiscardDraft(ids ...mail.DraftID) {
	u.leaving(true)
	u.env.loop.Serial(func(ctx context.Context) func() {
		for i, id := range ids {
			if err := u.env.engine.DiscardDraft(ctx, id); err != nil {
				return func() {
					u.leaving(false)
					u.env.fail(lang.T("fail.draft"), err)
					u.DraftsDiscarded(ids[:i], u.restoreDrafts)
				}
			}
		}
		return func() { u.DraftsDiscarded(ids, u.restoreDrafts) }
	})
}

// DraftsDiscarded says that drafts were thrown away; back brings them back.
func (u *unsent) DraftsDiscarded(ids []mail.DraftID, back func(ids []mail.DraftID)) {
	if len(ids) > 0 {
		u.discarded("discard_draft", len(ids), func() { back(ids) })
	}
}

func (u *unsent) restoreDrafts(ids []mail.DraftID) {
	u.env.loop.Serial(func(ctx context.Context) func() {
		for _, id := range ids {
			if _, err := u.env.engine.RestoreDraft(ctx, id); err != nil {
				return func() { u.env.fail(lang.T("fail.draft"), err) }
			}
		}
		return nil
	})
}

// tellDiscarded says that drafts are gone because another device discarded or sent them, and offers to bring them back; Activity keeps it.
func (u *unsent) tellDiscarded(list []mail.DiscardedDraft) {
	words := goneWords(list[0])
	if len(list) > 1 {
		words = lang.N("drafts.gone.many", len(list))
	}
	ids := make([]mail.DraftID, len(list))
	for i, d := range list {
		ids[i] = d.ID
	}
	kit.ShowNotice(u.env.win, words, lateTime, kit.Action{Text: lang.T("drafts.back"), Do: func() { u.restoreDrafts(ids) }})
}

func goneWords(d mail.DiscardedDraft) string {
	subject := model.Visible(d.Subject)
	if subject == "" {
		subject = lang.T("list.no.subject")
	}
	return lang.T("drafts.gone", subject)
}

// writeOn brings a draft back that was thrown away while it was written, and opens it.
func (u *unsent) writeOn(ids []mail.DraftID) {
	u.env.loop.Serial(func(ctx context.Context) func() {
		d, err := u.env.engine.RestoreDraft(ctx, ids[0])
		return func() {
			if err != nil {
				u.env.fail(lang.T("fail.draft"), err)
				return
			}
			u.open(d)
		}
	})
}

// DiscardOutbox throws messages of the outbox away.
func (u *unsent) DiscardOutbox(ids ...mail.OutboxID) {
	u.leaving(true)
	u.env.loop.Serial(func(ctx context.Context) func() {
		var gone []mail.OutboxItem
		for _, id := range ids {
			it, err := u.env.store.OutboxItem(ctx, id)
			if err == nil {
				err = u.env.engine.DiscardOutbox(ctx, id)
			}
			if err != nil {
				return func() {
					u.leaving(false)
					u.env.fail(lang.T("fail.outbox"), err)
					u.outboxDiscarded(gone)
				}
			}
			gone = append(gone, it)
		}
		return func() { u.outboxDiscarded(gone) }
	})
}

func (u *unsent) outboxDiscarded(gone []mail.OutboxItem) {
	if len(gone) == 0 {
		return
	}
	u.discarded("discard_outbox", len(gone), func() {
		u.settle(func(ctx context.Context) error {
			for _, it := range gone {
				if err := u.env.engine.RestoreOutbox(ctx, it); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func (u *unsent) discarded(kind mail.ActionKind, n int, back func()) {
	undo := u.env.act.Local(kind, back)
	kit.ShowToast(u.env.win, lang.N("did."+string(kind), n), toastTime, kit.Action{Text: lang.T("cmd.undo"), Do: undo})
}
