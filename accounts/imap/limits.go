package imap

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/emersion/go-imap/v2"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Some servers answer a command about many messages with a part of what was asked for (RFC 9738; Yahoo: a thousand messages), and
// not all of them say so. What such an answer leaves out must not look deleted.

// takeLimit notes a limit that the server told.
func (s *session) takeLimit(n string) {
	if v, err := strconv.ParseUint(n, 10, 32); err == nil && v > 0 {
		s.limit = uint32(v)
	}
}

// chunks writes ranges as sequence sets that this server takes.
func (s *session) chunks(rs []remote.UIDRange) []setChunk { return chunks(rs, s.limit) }

// maxRounds bounds the searches for what one search left out: a million messages, a thousand at a time.
const maxRounds = 1000

// everything lists the UIDs of the selected mailbox, ascending. An empty answer about a mailbox that is not empty would make every message
// look deleted: it is asked again, and is an error in the end.
func (s *session) everything(ctx context.Context, step string) ([]mail.UID, error) {
	for try := 0; ; try++ {
		uids, err := s.allParts(ctx, step)
		if err != nil || len(uids) > 0 || s.state.Exists == 0 {
			return uids, err
		}
		if try == 2 {
			return nil, s.failed(step, fmt.Errorf("%w: the server says that there are %d messages, and lists none", errUnexpected, s.state.Exists))
		}
		if err := s.noop(ctx); err != nil {
			return nil, err
		}
	}
}

// maxBeyond is how many messages more than a mailbox holds a listing of it may name: some come between two answers, and servers count oddly.
const maxBeyond = 1 << 20

// allParts asks once for everything. What lies below and above an answer with fewer messages than there are is asked for, until all are
// there or nothing more comes.
func (s *session) allParts(ctx context.Context, step string) ([]mail.UID, error) {
	uids, err := s.search(ctx, step, &imap.SearchCriteria{})
	most := int(min(int64(s.state.Exists)+maxBeyond, maxExpanded))
	for round := 0; err == nil && len(uids) > 0 && len(uids) < int(s.state.Exists); round++ {
		if round == maxRounds || len(uids) > most {
			return nil, s.failed(step, fmt.Errorf("%w: the server lists its messages in parts without end", errTooMuch))
		}
		more, err := s.beyond(ctx, step, uids[0], uids[len(uids)-1])
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			break // some were removed meanwhile
		}
		uids = append(uids, more...)
		slices.Sort(uids)
	}
	if err == nil && len(uids) > most {
		return nil, s.failed(step, fmt.Errorf("%w: the server lists %d messages, and says that there are %d", errTooMuch, len(uids), s.state.Exists))
	}
	return uids, err
}

// beyond lists messages below low, else above high.
func (s *session) beyond(ctx context.Context, step string, low, high mail.UID) ([]mail.UID, error) {
	var sides []remote.UIDRange
	if low > 1 {
		sides = append(sides, remote.UIDRange{First: 1, Last: low - 1})
	}
	if high < ^mail.UID(0) {
		sides = append(sides, remote.UIDRange{First: high + 1})
	}
	for _, side := range sides {
		uids, err := s.search(ctx, step, &imap.SearchCriteria{UID: []imap.UIDSet{uidSet([]remote.UIDRange{side})}})
		if err != nil {
			return nil, err
		}
		// "100:*" always names the newest message, even when it is number 3 (RFC 9051 §6.4.9).
		uids = slices.DeleteFunc(uids, func(u mail.UID) bool { return !contains([]remote.UIDRange{side}, u) })
		if len(uids) > 0 {
			return uids, nil
		}
	}
	return nil, nil
}

// searchSet returns which messages of a set exist.
func (s *session) searchSet(ctx context.Context, set []remote.UIDRange) ([]mail.UID, error) {
	var out []mail.UID
	if openEnded(set) {
		all, err := s.everything(ctx, "search")
		if err != nil {
			return nil, err
		}
		return slices.DeleteFunc(all, func(u mail.UID) bool { return !contains(set, u) }), nil
	}
	for _, ch := range s.chunks(set) {
		uids, err := s.search(ctx, "search", &imap.SearchCriteria{UID: []imap.UIDSet{uidSet(ch.ranges)}})
		if err != nil {
			return nil, err
		}
		for _, u := range uids {
			if contains(ch.ranges, u) {
				out = append(out, u)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// whole replaces a set that goes up to the newest message by the messages that there are, where the answer could be cut.
func (s *session) whole(ctx context.Context, set []remote.UIDRange) ([]remote.UIDRange, error) {
	if !openEnded(set) || s.limit == 0 || s.state.Exists <= s.limit {
		return set, nil
	}
	uids, err := s.searchSet(ctx, set)
	return rangesOf(uids), err
}

// complete fetches what the answer about a set left out, of a server that was not known to cut its answers. It is asked for where
// the server said that it cut, and where fewer messages came than there are, or none at all. A message that came twice is one.
func (f *fetching) complete(ctx context.Context, set []remote.UIDRange) error {
	short := openEnded(set) && set[0].First <= 1 && int(count(rangesOf(f.delivered))) < int(f.s.state.Exists)
	if !short && (len(f.delivered) == 0 || !f.s.cut) {
		return nil
	}
	done := f.done
	defer func() { f.done = done }()
	there, err := f.s.searchSet(ctx, set)
	if err != nil {
		return err
	}
	for left := f.missing(there); len(left) > 0; {
		part := left
		if n := len(f.delivered); n > 0 {
			part = left[:min(len(left), n)]
		}
		before := len(f.delivered)
		if err := f.run(ctx, rangesOf(part)); err != nil || f.stop != nil {
			return err
		}
		if left = f.missing(left); len(f.delivered) == before {
			return f.withheld(ctx, left)
		}
	}
	return nil
}

// withheld settles messages that the server listed and then did not give. They are gone by now; or they are listed still, and then whoever
// compares what is there must not take them for gone.
func (f *fetching) withheld(ctx context.Context, left []mail.UID) error {
	if f.want != remote.WantFlags {
		return nil // they are asked for again with the next pass
	}
	there, err := f.s.searchSet(ctx, rangesOf(left))
	for _, u := range there {
		f.poison(u, fmt.Errorf("%w: the server lists it, and does not tell its flags", errUnexpected))
	}
	return err
}
