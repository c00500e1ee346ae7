package mailsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// verifyBatch is how many messages are read back before that is noted.
const verifyBatch = 500

// fetchDestroyed brings whole what was destroyed here when only its header had come, where the account's rule wants such messages off the server:
// nothing leaves it before it is here whole, also because the user may take that back, and otherwise it would fill the maildrop for ever, unseen.
func (s *dropSync) fetchDestroyed(ctx context.Context) error {
	if rule := s.acct.POP3; rule.LeaveOnServer && !rule.RemoveWhenDeleted {
		return nil
	}
	var open []store.LedgerEntry
	for _, e := range s.ledger.Entries {
		if !e.Deleted.IsZero() && e.Saved.IsZero() && e.Removed.IsZero() && e.Message != 0 && !s.bad[e.UIDL] {
			open = append(open, e)
		}
	}
	if len(open) == 0 {
		return nil
	}
	byKey := map[string]remote.Drop{}
	for _, d := range s.drops {
		byKey[s.key(d)] = d
	}
	for _, e := range open {
		d, there := byKey[e.UIDL]
		det, err := s.st.Details(ctx, e.Message)
		if !there || errors.Is(err, store.ErrNotFound) || err == nil && det.HasBody {
			continue
		}
		if err == nil {
			err = s.struck(ctx, []remote.Drop{d}, fetchDrop(ctx, s.st, s.md, det, d))
		}
		if err != nil {
			return errors.Join(err, s.strikes.save(context.WithoutCancel(ctx), s.st))
		}
	}
	return s.strikes.save(ctx, s.st)
}

// verify reads back what was stored and not read back yet, also by an earlier pass that was interrupted. Only then does the
// clock of the removal rule start.
func (s *dropSync) verify(ctx context.Context) error {
	unsure, err := s.st.LedgerUnverified(ctx, s.acct.ID)
	if err != nil {
		return err
	}
	var sure []store.LedgerID
	var open []store.LedgerEntry
	for _, e := range unsure {
		if s.sure[e.Hash] {
			sure = append(sure, e.ID)
		} else {
			open = append(open, e)
		}
	}
	if len(sure) > 0 {
		if err := s.st.LedgerVerified(ctx, sure); err != nil {
			return err
		}
	}
	for batch := range slices.Chunk(open, verifyBatch) {
		if err := s.verifyBatch(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

func (s *dropSync) verifyBatch(ctx context.Context, batch []store.LedgerEntry) error {
	var hashes []string
	for _, e := range batch {
		hashes = append(hashes, e.Hash)
	}
	var sure []store.LedgerID
	for i, err := range s.st.VerifyBlobs(ctx, hashes) {
		if err == nil {
			sure = append(sure, batch[i].ID)
			continue
		}
		if ctx.Err() != nil {
			return err
		}
		s.tell(&mail.Problem{
			Account: s.acct.ID, Kind: mail.ProblemDisk, Code: mail.CodeUnverified, Detail: err.Error(),
			Summary: fmt.Sprintf("%s: a message cannot be read back from the disk, so it stays on the server: %v", s.acct.Name, err),
			Advice:  "Check the disk that holds the profile, then run: peyk doctor --repair",
		})
	}
	if len(sure) == 0 {
		return nil
	}
	return s.st.LedgerVerified(ctx, sure)
}

// verifiedLedger notes that a body fetched on demand is here and was read back.
func verifiedLedger(ctx context.Context, st *store.Store, a mail.AccountID, uidl, hash string) error {
	unsure, err := st.LedgerUnverified(ctx, a)
	if err != nil {
		return err
	}
	var ids []store.LedgerID
	for _, e := range unsure {
		if e.UIDL == uidl && e.Hash == hash {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return st.LedgerVerified(ctx, ids)
}

// removeByRule marks what the account's rule wants removed, and commits with QUIT. The ledger learns of it only when the
// server has answered: after a lost answer the next listing shows what happened.
func (s *dropSync) removeByRule(ctx context.Context) error {
	due, err := s.st.LedgerDue(ctx, s.acct.ID, s.e.opt.Now(), s.acct.POP3)
	if err != nil {
		return err
	}
	drops, removed := s.match(due)
	doubtful, err := s.doubtful(ctx, drops, due)
	if err != nil {
		return err
	}
	if len(doubtful) > 0 {
		if due, err = s.lookAgain(ctx, doubtful); err != nil {
			return err
		}
		drops, removed = s.match(due)
	}
	if len(drops) > 0 {
		kept, err := s.md.Delete(ctx, drops)
		if err != nil && len(kept) == 0 {
			return err
		}
		if len(kept) > 0 {
			s.fail(ctx, "removing a message from the server", err)
			drops, removed = s.match(s.without(due, kept))
		}
	}
	// From here on the session is finished whatever happens to the pass: a QUIT that was begun must be waited for.
	done := context.WithoutCancel(ctx)
	if err := s.md.Quit(done); err != nil {
		if len(drops) == 0 {
			return nil
		}
		return fmt.Errorf("remove %d messages from the server: %w", len(drops), err)
	}
	var errs []error
	for reason, ids := range removed {
		errs = append(errs, s.st.LedgerRemoved(done, ids, reason))
	}
	s.res.RemovedOnServer += len(drops)
	return errors.Join(append(errs, s.noteGone(done))...)
}

// without leaves out the entries that messages of the listing have.
func (s *dropSync) without(due []store.LedgerEntry, drops []remote.Drop) []store.LedgerEntry {
	names := map[string]bool{}
	for _, d := range drops {
		names[s.key(d)] = true
	}
	return slices.DeleteFunc(slices.Clone(due), func(e store.LedgerEntry) bool {
		base, _, _ := strings.Cut(e.UIDL, twinMark)
		return names[e.UIDL] || names[base]
	})
}

// noteGone brings the ledger up to date with the listing: what somebody else removed, and what came back. Only the ledger
// learns of it; the messages here stay.
func (s *dropSync) noteGone(ctx context.Context) error {
	var gone []store.LedgerID
	for _, e := range s.ledger.Entries {
		if !here(e) {
			continue
		}
		switch there := s.lists(e); {
		case !there && e.Removed.IsZero():
			gone = append(gone, e.ID)
		case there && e.Reason == store.ReasonGone && s.known(e.UIDL, e.Size, true) == 1:
			if err := s.revive(ctx, e); err != nil {
				return err
			}
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return s.st.LedgerRemoved(ctx, gone, store.ReasonGone)
}

// match finds the messages of this session that due entries name. A UIDL that stands for several messages is removed only
// when all of them are due.
func (s *dropSync) match(due []store.LedgerEntry) ([]remote.Drop, map[string][]store.LedgerID) {
	byKey := map[string][]remote.Drop{}
	for _, d := range s.drops {
		if k := s.key(d); k != "" {
			byKey[k] = append(byKey[k], d)
		}
	}
	entries := map[string][]store.LedgerEntry{}
	for _, e := range due {
		key := e.UIDL
		if base, _, twin := strings.Cut(key, twinMark); twin && len(byKey[key]) == 0 {
			key = base
		}
		// An entry of another size is another message's: the server has given its name away.
		if slices.ContainsFunc(byKey[key], func(d remote.Drop) bool { return s.mayBe(e, d) }) {
			entries[key] = append(entries[key], e)
		}
	}
	var drops []remote.Drop
	removed := map[string][]store.LedgerID{}
	for key, es := range entries {
		ds := byKey[key]
		if len(es) < len(ds) {
			continue
		}
		drops = append(drops, ds...)
		for _, e := range es {
			removed[e.Reason] = append(removed[e.Reason], e.ID)
		}
	}
	return drops, removed
}
