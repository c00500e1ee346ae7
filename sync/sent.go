package mailsync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// finishSent does what is left after the server took a message: the copy in Sent, the mark on the message it answers. Each
// step is recorded before the next, and each can be done twice without harm, so that a crash between any two is completed by
// the next pass. Items that are finished leave the outbox; those refused for some recipients stay until the user has seen it.
func (p *pass) finishSent(ctx context.Context) (left bool, err error) {
	if p.keep != nil { // of two at a time each would save a copy
		p.keep.sender.finishing.Lock()
		defer p.keep.sender.finishing.Unlock()
	}
	items, err := p.st.OutboxItems(ctx)
	if err != nil {
		return false, err
	}
	var errs []error
	for _, it := range items {
		if it.Account != p.acct.ID || (it.State != mail.OutboxSent && it.State != mail.OutboxPartly) {
			continue
		}
		did, err := p.finishItem(ctx, it)
		left = left || did
		errs = append(errs, err)
	}
	return left, errors.Join(errs...)
}

func (p *pass) finishItem(ctx context.Context, it mail.OutboxItem) (left bool, err error) {
	if it.SaveSent {
		did, err := p.saveCopy(ctx, it)
		if err != nil {
			return left, fmt.Errorf("“%s”: %w", it.Subject, err)
		}
		left = left || did
		it.SaveSent = false
		if ok, err := p.st.SwapOutbox(ctx, it, it.State); err != nil || !ok { // the user sends it again to whom it was refused
			return left, err
		}
	}
	if it.Source != 0 {
		if err := p.markSource(ctx, it); err != nil {
			return left, err
		}
		left = true
		it.Source = 0
		if ok, err := p.st.SwapOutbox(ctx, it, it.State); err != nil || !ok {
			return left, err
		}
	}
	if it.State == mail.OutboxSent {
		return left, p.st.DeleteOutbox(ctx, it.ID)
	}
	return left, nil
}

// saveCopy puts the message into Sent, unless it is there: some servers save it by themselves, and an earlier pass may have
// got this far.
func (p *pass) saveCopy(ctx context.Context, it mail.OutboxItem) (bool, error) {
	if there, err := p.inSent(ctx, it); err != nil || there {
		return false, err
	}
	f, err := p.sentFolder(ctx)
	if errors.Is(err, store.ErrNotFound) {
		if f, err = ensureRole(ctx, p.st, p.acct, mail.RoleSent); err != nil {
			return false, err
		}
	} else if err != nil {
		return false, err
	}
	blob, err := p.withBcc(ctx, it)
	if err != nil {
		return false, err
	}
	op := mail.Op{Account: p.acct.ID, Kind: mail.OpAppend, Folder: f.ID, Add: mail.Flags{mail.FlagSeen}, Blob: &blob, Date: p.e.opt.Now()}
	if !f.Local {
		_, err = p.st.Submit(ctx, []mail.Op{op})
		return true, err
	}
	return false, storeLocally(ctx, p.st, f, blob, op.Add, op.Date)
}

// storeLocally puts stored bytes into a folder of this computer.
func storeLocally(ctx context.Context, st *store.Store, f mail.Folder, ref mail.BlobRef, flags mail.Flags, date time.Time) error {
	b, err := st.OpenBlob(ctx, ref.Hash)
	if err != nil {
		return err
	}
	defer b.Close()
	sum := message.Parse(b, b.Size()).Summary()
	_, err = st.Ingest(ctx, f.ID, []mail.Incoming{{Flags: flags, Received: date, Size: ref.Size, Summary: sum, Blob: &ref}})
	return err
}

// markSource marks the message that was answered or forwarded. It is not an action of the user's, so it has no title and is
// not what Undo takes back.
func (p *pass) markSource(ctx context.Context, it mail.OutboxItem) error {
	row, err := p.st.Row(ctx, it.Source)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	flag := mail.FlagAnswered
	if it.Forwarded {
		flag = mail.FlagForwarded
	}
	_, err = p.st.Submit(ctx, []mail.Op{{Account: row.Account, Kind: mail.OpFlags, Messages: []mail.MessageID{it.Source}, Add: mail.Flags{flag}}})
	if row.Account != p.acct.ID {
		p.e.kick(scopeOps, row.Account)
	}
	return err
}
