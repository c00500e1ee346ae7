package mailsync

import (
	"context"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// maxAssumed is how many messages are believed to be there on the word of two numbers: an idle boast must not cost memory.
const maxAssumed = 1 << 20

// compare brings flags and removals up to date and returns the UIDs that are missing here, ascending.
func (s *folderSync) compare(ctx context.Context) ([]mail.UID, error) {
	if len(s.known) == 0 {
		if s.state.Exists == 0 {
			return nil, nil
		}
		if n := s.state.Exists; dense(n, s.state.UIDNext) {
			return subtract(allUIDs(n), s.poison), nil // without asking
		}
		uids, err := s.mb.UIDs(ctx, s.f.Path)
		if err != nil {
			return nil, err
		}
		return subtract(uids, s.poison), nil
	}
	if s.f.UIDNext != 0 && s.f.HighestMod != 0 && s.state.HighestMod != 0 {
		if missing, ok, err := s.compareByModSeq(ctx); ok || err != nil {
			return missing, err
		}
		if s.since != nil && s.since.ok { // the server told what vanished, and it does not add up
			if other, err := s.otherLife(ctx, s.latest()); err != nil {
				return nil, err
			} else if other {
				return s.compare(ctx)
			}
		}
	}
	return s.compareAll(ctx)
}

// compareByModSeq asks only for what changed since the last pass (RFC 7162 §3.1.4, §3.2). ok is false, and nothing is removed, when the
// counts do not add up with what the server says: something vanished that it did not tell, or it told too much, and everything is
// compared. So it is where its sequences have gone back, as those of a Dovecot do that has lost its index files: what it says has changed
// since then is counted from another beginning.
func (s *folderSync) compareByModSeq(ctx context.Context) (missing []mail.UID, ok bool, err error) {
	if s.state.HighestMod < s.f.HighestMod {
		return nil, false, nil
	}
	fresh := map[mail.UID]bool{}
	var gone []mail.UID
	if s.state.HighestMod != s.f.HighestMod {
		c := s.since
		if c == nil {
			sample, err := s.sample(ctx)
			if err != nil {
				return nil, true, err
			}
			if c, err = s.changes(ctx, remote.Since{UIDValidity: s.f.UIDValidity, ModSeq: s.f.HighestMod, Sample: sample}); err != nil {
				return nil, true, err
			}
			if other, err := s.doubted(ctx); err != nil {
				return nil, true, err
			} else if other {
				missing, err = s.compare(ctx)
				return missing, true, err
			}
		}
		if !c.ok {
			return nil, false, nil
		}
		var states []mail.FlagState
		for _, st := range c.states {
			if _, have := slices.BinarySearch(s.known, st.UID); have {
				states = append(states, st)
			} else if _, bad := slices.BinarySearch(s.poison, st.UID); !bad {
				fresh[st.UID] = true
			}
		}
		if err := s.applyFlags(ctx, states); err != nil {
			return nil, true, err
		}
		gone = inRanges(s.known, c.gone)
	}
	for u := range fresh {
		missing = append(missing, u)
	}
	slices.Sort(missing)
	if len(s.known)-len(gone)+len(subtract(s.poison, s.known))+len(missing) != int(s.state.Exists) {
		return nil, false, nil
	}
	return missing, true, s.remove(ctx, gone)
}

// compareAll reads every UID and its flags, and settles every difference.
func (s *folderSync) compareAll(ctx context.Context) ([]mail.UID, error) {
	have, err := s.st.FlagStates(ctx, s.f.ID)
	if err != nil {
		return nil, err
	}
	byUID := make(map[mail.UID]mail.FlagState, len(have))
	for _, st := range have {
		byUID[st.UID] = st
	}
	var server []mail.UID
	var changed []mail.FlagState
	if err := s.doubtEmpty(ctx); err != nil {
		return nil, err
	}
	if s.state.Exists > 0 {
		sample, err := s.sample(ctx)
		if err != nil {
			return nil, err
		}
		odd, err := s.mb.FetchFlags(ctx, s.f.Path, sample, func(f remote.Fetched) error {
			server = append(server, f.UID)
			if old, ok := byUID[f.UID]; ok && !store.SameFlags(old.Flags, f.Flags) {
				changed = append(changed, f.FlagState)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if other, err := s.doubted(ctx); err != nil {
			return nil, err
		} else if other {
			return s.compare(ctx)
		}
		for _, p := range odd {
			server = append(server, p.UID) // there, though its flags could not be read: not gone
		}
	}
	slices.Sort(server)
	server = slices.Compact(server)
	if err := s.applyFlags(ctx, changed); err != nil {
		return nil, err
	}
	for _, u := range subtract(s.poison, server) {
		if err := s.st.Unquarantine(ctx, s.f.ID, u, ""); err != nil {
			return nil, err
		}
	}
	missing := subtract(subtract(server, s.known), s.poison)
	return missing, s.remove(ctx, subtract(s.known, server))
}

// doubtEmpty asks a second time whether a folder of which messages are here is empty now: the line that says how many there are may have
// got lost, and everything would look deleted.
func (s *folderSync) doubtEmpty(ctx context.Context) error {
	if s.state.Exists > 0 || len(s.known) == 0 {
		return nil
	}
	uids, err := s.mb.UIDs(ctx, s.f.Path)
	s.state.Exists = uint32(len(uids))
	return err
}

func (s *folderSync) applyFlags(ctx context.Context, states []mail.FlagState) error {
	if len(states) == 0 {
		return nil
	}
	states, err := s.keepRead(ctx, states)
	if err != nil {
		return err
	}
	n, err := s.st.UpdateFlags(ctx, s.f.ID, states) // a server also tells again what we did, and what it told before an interruption
	s.res.Updated += n
	return err
}

// keepRead leaves read what was read here in a folder that may only be read: its server keeps no such mark, or for the session only (RFC 9051 §7.1, READ-ONLY and
// PERMANENTFLAGS), so that the lack of one says nothing.
func (s *folderSync) keepRead(ctx context.Context, states []mail.FlagState) ([]mail.FlagState, error) {
	if !s.state.ReadOnly {
		return states, nil
	}
	have, err := s.st.FlagStates(ctx, s.f.ID)
	if err != nil {
		return nil, err
	}
	read := map[mail.UID]bool{}
	for _, st := range have {
		read[st.UID] = st.Flags.Has(mail.FlagSeen)
	}
	out := slices.Clone(states)
	for i, st := range out {
		if read[st.UID] {
			out[i].Flags = st.Flags.With(mail.FlagSeen)
		}
	}
	return out, nil
}

// remove takes note of what the server no longer has.
func (s *folderSync) remove(ctx context.Context, uids []mail.UID) error {
	if len(uids) == 0 {
		return nil
	}
	n, err := s.st.RemoveUIDs(ctx, s.f.ID, uids)
	s.res.Removed += n
	s.known = subtract(s.known, uids)
	return err
}
