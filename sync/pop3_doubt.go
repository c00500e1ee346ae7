package mailsync

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"peyk/accounts/remote"
	"peyk/store"
)

// doubtful are those of the messages about to be removed that are not what the ledger takes them for. A server that gives a
// UIDL to another message of the same size would otherwise have the new one removed for the old. TOP tells cheaply; what was
// fetched in this very session needs no second look. What is not here any more cannot be compared: it is fetched, and known by its hash.
func (s *dropSync) doubtful(ctx context.Context, drops []remote.Drop, due []store.LedgerEntry) ([]remote.Drop, error) {
	drops = slices.DeleteFunc(slices.Clone(drops), func(d remote.Drop) bool { return s.seen.has(d.Number) })
	if len(drops) == 0 || !s.md.Capabilities().Top {
		return nil, nil
	}
	hashes := map[string][]string{}
	for _, e := range due {
		if e.Hash != "" {
			hashes[e.UIDL] = append(hashes[e.UIDL], e.Hash)
		}
	}
	var out []remote.Drop
	err := s.md.Heads(ctx, drops, func(d remote.Drop, head []byte) error {
		same := len(hashes[s.key(d)]) == 0
		for _, h := range hashes[s.key(d)] {
			if same {
				break
			}
			have, err := s.headOf(ctx, h)
			if err != nil {
				return err
			}
			same = have != nil && sameHead(have, head)
		}
		if !same {
			out = append(out, d)
		}
		return nil
	})
	return out, err
}

// headOf is the header of stored bytes; nil when they are not here any more, because the user destroyed them.
func (s *dropSync) headOf(ctx context.Context, hash string) ([]byte, error) {
	b, err := s.st.OpenBlob(ctx, hash)
	if err != nil {
		return nil, ctx.Err()
	}
	defer b.Close()
	return headerOf(b)
}

func sameHead(a, b []byte) bool {
	return bytes.Equal(bytes.TrimRight(a, "\r\n"), bytes.TrimRight(b, "\r\n"))
}

// lookAgain fetches doubtful messages whole: their bytes decide. One that is new is stored and takes over the name in the ledger;
// one that was only shown differently stays what it was. It returns what is due now.
func (s *dropSync) lookAgain(ctx context.Context, drops []remote.Drop) ([]store.LedgerEntry, error) {
	in := s.ingester(ctx, s.f, 0)
	defer in.stop()
	if err := s.struck(ctx, drops, s.retrieve(ctx, in, newIdentity(s), drops)); err != nil {
		return nil, err
	}
	if err := errors.Join(in.finish(), s.strikes.save(ctx, s.st)); err != nil {
		return nil, err
	}
	if err := s.verify(ctx); err != nil {
		return nil, err
	}
	if err := s.loadLedger(ctx); err != nil {
		return nil, err
	}
	return s.st.LedgerDue(ctx, s.acct.ID, s.e.opt.Now(), s.acct.POP3)
}
