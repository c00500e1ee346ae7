package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/compose"
	"peyk/ui/lang"
)

// What is written below a conversation is stored like what is written in a window: in the first pause, and every few seconds of who makes none.
const (
	replySaveAfter  = 2 * time.Second
	replySaveLatest = 10 * time.Second
	replyKeepTime   = time.Minute // for storing it when the reader turns to something else
	replyLetGo      = time.Second // how long a field that is gone keeps the keyboard, so that the rest of a word is no command
)

// keptReply is the draft that holds an answer while it is written. Only serial work touches it, so that a save that follows another at once is a version
// of the same draft.
type keptReply struct {
	base mail.Draft // as it was stored last, but without what was written
	of   mail.MessageID
	kind mail.ReplyKind
}

// with makes the answer to a message, with the text that was written; bare takes its place when the message was deleted meanwhile.
func (k *keptReply) with(ctx context.Context, e Engine, of mail.MessageID, kind mail.ReplyKind, code, text string, bare mail.Draft) (mail.Draft, error) {
	if k.of != of || k.kind != kind {
		d, err := e.Reply(ctx, of, kind, code)
		switch {
		case errors.Is(err, store.ErrNotFound):
			bare.Text = ""
			d = bare
		case err != nil:
			return mail.Draft{}, err
		}
		d.ID, d.HeaderID = k.base.ID, k.base.HeaderID
		k.base, k.of, k.kind = d, of, kind
	}
	d := k.base
	compose.Prepend(&d, text)
	return d, nil
}

// stored remembers what the store made of the answer.
func (k *keptReply) stored(d mail.Draft) {
	k.base.ID, k.base.HeaderID, k.base.Attachments, k.base.Account = d.ID, d.HeaderID, d.Attachments, d.Account
}

// discard throws the stored draft away, if there is one: nothing of it was left in the field.
func (k *keptReply) discard(ctx context.Context, e Engine) {
	if k.base.ID != 0 && e.DiscardDraft(ctx, k.base.ID) == nil { // a draft that stays is no loss
		k.base.ID, k.base.HeaderID = 0, ""
	}
}

// changed is called for every change by the user.
func (q *quickReply) changed() {
	if q.left {
		q.handOver()
		return
	}
	q.touched = true
	if stop := q.clocks[0]; stop != nil {
		stop()
	}
	after := q.pane.env.loop.After
	q.clocks[0] = after(replySaveAfter, q.store)
	if q.clocks[1] == nil {
		q.clocks[1] = after(replySaveLatest, q.store)
	}
}

func (q *quickReply) stopClocks() {
	for _, stop := range q.clocks {
		if stop != nil {
			stop()
		}
	}
	q.clocks = [2]func(){}
}

// store keeps what stands in the field while it is written; an emptied field leaves nothing behind.
func (q *quickReply) store() {
	q.stopClocks()
	switch {
	case q.busy: // it is being stored
	case q.written():
		q.work(q.pane.env.engine.SaveDraft, func(_ mail.Draft, err error) {
			switch {
			case err != nil:
				q.tell(lang.T("compose.save.failed", lang.ErrorWords(err)))
			case q.warning.Visible():
				q.tell("")
			}
		})
	default:
		q.discard()
	}
}

// discard throws away what was stored of an answer that is empty by now.
func (q *quickReply) discard() {
	if !q.touched {
		return
	}
	q.touched = false
	kept, e := q.kept, q.pane.env.engine
	q.pane.env.loop.Serial(func(ctx context.Context) func() {
		kept.discard(ctx, e)
		return nil
	})
}

// work makes the answer with the text that was written and does something with it; then is told, on the UI thread, what became of it: what the store
// knows of it is in the draft also where the rest failed.
func (q *quickReply) work(do func(ctx context.Context, d *mail.Draft) error, then func(d mail.Draft, err error)) {
	row, kind, text, code, kept, e := q.row, q.kind, q.editor.Text(), lang.Current().Code, q.kept, q.pane.env.engine
	bare := q.bare(text)
	q.pane.env.loop.Serial(func(ctx context.Context) func() {
		d, err := kept.with(ctx, e, row.ID, kind, code, text, bare)
		if err == nil {
			err = do(ctx, &d)
			kept.stored(d)
		} else {
			d = bare
			d.ID, d.HeaderID = kept.base.ID, kept.base.HeaderID
		}
		return func() { then(d, err) }
	})
}

// draft is work with an answer that is finished, as far as the field is concerned: what do returns is done on the UI thread.
func (q *quickReply) draft(do func(ctx context.Context, d *mail.Draft) (func(), error)) {
	var done func()
	text := q.editor.Text()
	q.stopClocks()
	q.work(func(ctx context.Context, d *mail.Draft) (err error) {
		done, err = do(ctx, d)
		return err
	}, func(d mail.Draft, err error) {
		q.wait(false)
		switch {
		case err == nil:
			done()
		case q.gone:
			q.rescue(d, text, err)
		default:
			q.tell(lang.T("compose.send.failed", lang.ErrorWords(err)))
			q.pane.env.fail(lang.T("compose.send.failed", ""), err)
		}
	})
}

// bare is the answer without what only the message itself can tell: its text, and what names it.
func (q *quickReply) bare(text string) mail.Draft {
	d := mail.Draft{Account: q.row.Account, Subject: q.row.Subject, Text: text, Unsaved: true, Written: len(text)}
	if s := strings.ToLower(strings.TrimSpace(d.Subject)); !strings.HasPrefix(s, "re:") {
		d.Subject = "Re: " + d.Subject
	}
	d.To = slices.Clone(q.row.From)
	if q.kind == mail.ReplyAll {
		d.Cc = slices.DeleteFunc(slices.Clone(q.row.To), func(a mail.Address) bool {
			return q.pane.env.isMe(a) || slices.ContainsFunc(d.To, func(b mail.Address) bool { return strings.EqualFold(a.Addr, b.Addr) })
		})
	}
	return d
}

// rescue opens an answer that nothing holds any more for writing, and says why it was not stored or sent. text is what it has of the field.
func (q *quickReply) rescue(d mail.Draft, text string, err error) {
	env := q.pane.env
	env.fail(lang.T("compose.save.failed", ""), err)
	if env.open.Compose != nil {
		q.window(d, text)
	}
}

// leave keeps what was written as a draft, also on the server, because the reader turns to something else. When that happens under the hands of who is typing (another device
// has deleted the conversation), the answer goes on in a window of its own; whoever clicks elsewhere, or closes, has taken the keyboard away before.
func (q *quickReply) leave(typing bool) {
	q.gone = true
	q.stopClocks()
	switch c := q.pane.env.win.Canvas(); {
	case typing:
		q.letGo()
	case c.Focused() == q.area: // a key would open a field that is nowhere to be seen
		c.Unfocus()
	}
	if q.busy {
		return
	}
	if !q.written() {
		q.discard()
		return
	}
	env, kept := q.pane.env, q.kept
	typing = typing && env.open.Compose != nil
	q.draft(func(ctx context.Context, d *mail.Draft) (func(), error) {
		ctx, end := context.WithTimeout(ctx, replyKeepTime)
		defer end()
		if err := env.engine.SaveDraft(ctx, d); err != nil {
			return nil, err
		}
		if typing {
			return func() { q.goOn(kept.base) }, nil
		}
		_ = env.engine.KeepDraft(ctx, d.ID) // where that cannot be done the draft is still here
		return q.pane.OnKept, nil
	})
	q.kept = &keptReply{}
	if !typing {
		q.editor.SetText("")
	}
}

// typing reports whether the keyboard is in the field.
func (q *quickReply) typing() bool { return q.pane.env.win.Canvas().Focused() == q.editor }

// letGo gives the keyboard back to the window, after what is being typed.
func (q *quickReply) letGo() {
	q.left = true
	q.pane.env.loop.After(replyLetGo, func() {
		if q.typing() {
			q.pane.env.win.Canvas().Unfocus()
		}
	})
}

// goOn opens a stored answer for writing, with what was typed while it was stored.
func (q *quickReply) goOn(d mail.Draft) {
	text := q.editor.Text()
	compose.Prepend(&d, text)
	q.window(d, text)
}

// window opens an answer that has this text of the field; what is typed into the field until the window has the keyboard follows.
func (q *quickReply) window(d mail.Draft, text string) {
	q.handed = text
	if open := q.pane.env.open; open.GoOn != nil {
		q.typed = open.GoOn(d)
	} else {
		open.Compose(d)
	}
	q.handOver()
}

// handOver gives the window that goes on with the answer what was typed since.
func (q *quickReply) handOver() {
	text := q.editor.Text()
	if more, ok := strings.CutPrefix(text, q.handed); ok && more != "" && q.typed != nil {
		q.handed = text
		q.typed(more)
	}
}
