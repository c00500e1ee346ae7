package mailsync

import (
	"context"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// What a pass on a far server waits for is round trips, so it says with each folder what it will ask next: the messages that came to it,
// and the other folders in which something has changed, as the listing tells. The session asks for all of it at once where the server can
// be trusted with that (remote.Since).

// moment is that of the last pass, with what will be asked for next; then says whether the folders that follow are to be named.
func (s *folderSync) moment(ctx context.Context, rf mail.RemoteFolder, then bool) (remote.Since, error) {
	next, err := s.likely(ctx, rf)
	out := remote.Since{UIDValidity: s.f.UIDValidity, ModSeq: s.f.HighestMod, Next: next, Want: s.first()}
	if err == nil && then {
		out.Then, err = s.following(ctx, rf)
	}
	return out, err
}

// likely are the UIDs of messages that came since the last pass, when they are so few that fetchNew asks for them in one command. What was
// moved, copied or uploaded from here is here already.
func (s *folderSync) likely(ctx context.Context, rf mail.RemoteFolder) ([]remote.UIDRange, error) {
	next := remote.UIDRange{First: s.f.UIDNext, Last: s.f.UIDNext + firstScreen - 1}
	if rf.HasStatus && (rf.UIDValidity != s.f.UIDValidity || rf.UIDNext <= next.First || rf.UIDNext-1 > next.Last) {
		return nil, nil
	}
	known, err := s.st.KnownUIDsFrom(ctx, s.f.ID, next.First)
	if err != nil {
		return nil, err
	}
	if rf.HasStatus && len(known) >= int(rf.UIDNext-next.First) {
		return nil, nil
	}
	var out []remote.UIDRange
	for _, u := range known {
		if u > next.Last {
			break
		}
		if u > next.First {
			out = append(out, remote.UIDRange{First: next.First, Last: u - 1})
		}
		next.First = u + 1
	}
	if next.First <= next.Last {
		out = append(out, next)
	}
	return out, nil
}

// following are the changed folders that the pass comes to after this one, as far as each is done with what is asked for ahead, and as
// all that is new makes no more than a screenful: who opens a message meanwhile waits for it.
func (s *folderSync) following(ctx context.Context, rf mail.RemoteFolder) ([]remote.Visit, error) {
	room := firstScreen
	if !s.foreseen(rf, &room) {
		return nil, nil
	}
	var out []remote.Visit
	for _, f := range s.order {
		if s.begun[f.Path] {
			continue
		}
		rf := s.listed[f.Path]
		if rf.HasStatus && rf.UIDValidity == f.UIDValidity && rf.UIDNext == f.UIDNext && rf.HighestMod == f.HighestMod {
			continue // nothing is asked about it
		}
		next := &folderSync{pass: s.pass, mb: s.mb, f: f}
		if next.empty(rf) && f.Total == 0 {
			continue
		}
		if !next.foreseen(rf, &room) {
			break
		}
		since, err := next.moment(ctx, rf, false)
		if err != nil {
			return nil, err
		}
		out = append(out, remote.Visit{Path: f.Path, Since: since})
	}
	return out, nil
}

// foreseen reports whether the changes of a folder, and its new messages in one command, are all that is asked about it. The new ones
// are taken from room.
func (s *folderSync) foreseen(rf mail.RemoteFolder, room *int) bool {
	f := s.f
	if s.struck.by[f.Path] > 0 || s.refused.has(f.Path) || !s.whole() || s.first() != remote.WantBody || !rf.HasStatus || rf.UIDValidity != f.UIDValidity || f.UIDValidity == 0 || f.UIDNext == 0 ||
		f.HighestMod == 0 || rf.HighestMod < f.HighestMod || rf.UIDNext < f.UIDNext || f.Total == 0 {
		return false
	}
	if rf.UIDNext-f.UIDNext > mail.UID(*room) {
		return false
	}
	*room -= int(rf.UIDNext - f.UIDNext)
	return true
}
