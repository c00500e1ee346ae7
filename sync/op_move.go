package mailsync

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// move moves messages so that no failure between any two steps can lose one. Where the server has MOVE (RFC 6851) it is
// atomic a message. Elsewhere the source goes only after the copy is confirmed: by COPYUID (RFC 4315), or by finding the
// message in the destination by its Message-ID, or by its header where it has none. When an earlier try lost its answer, what arrived already is found the same
// way, and is not copied again.
func (r *opRun) move(ctx context.Context) error {
	ss, err := r.sources(ctx)
	if err != nil {
		return err
	}
	for _, s := range ss {
		dest := r.dest(s)
		if err := r.dropVanished(ctx, s, dest); err != nil {
			return err
		}
		if len(s.uids) == 0 || dest == s.path {
			continue
		}
		if r.mb.Capabilities().Move {
			moved, err := r.mb.Move(ctx, s.path, s.uids, dest)
			if err != nil {
				return err
			}
			r.record(s, moved)
			continue
		}
		if err := r.moveByCopy(ctx, s, dest); err != nil {
			return err
		}
	}
	return nil
}

func (r *opRun) dest(s *source) string {
	for _, t := range s.message {
		return t.Dest
	}
	return ""
}

// dropVanished takes out of s what is no longer in the source folder: moved by an earlier try whose answer was lost (its
// new UID is looked up), or taken by another client.
func (r *opRun) dropVanished(ctx context.Context, s *source, dest string) error {
	if len(s.uids) == 0 {
		return nil
	}
	there, err := r.present(ctx, s, s.uids)
	if err != nil {
		return err
	}
	vanished := subtract(s.uids, there)
	if len(vanished) == 0 {
		return nil
	}
	a, err := r.newcomers(ctx, dest)
	if err != nil {
		return err
	}
	for _, u := range vanished {
		t := s.message[u]
		found, err := a.find(ctx, copyOf{message: t.Message, headerID: t.HeaderID, size: t.Size, anySize: true, header: func() ([]byte, error) {
			head, _, err := r.storedHeader(ctx, t)
			return head, err
		}})
		if err != nil {
			return err
		}
		if found == 0 {
			r.res.Gone = append(r.res.Gone, t.Message)
		} else {
			r.record(s, map[mail.UID]mail.UID{u: found})
		}
		delete(s.message, u)
	}
	s.uids = slices.DeleteFunc(s.uids, func(u mail.UID) bool { _, ok := s.message[u]; return !ok })
	return nil
}

// moveByCopy is the move of a server without MOVE. What was copied when it refuses the rest has moved: each message is in one place.
func (r *opRun) moveByCopy(ctx context.Context, s *source, dest string) error {
	if s.state.ReadOnly { // the copies could be made, and each try would make others
		return &remote.Error{Host: r.acct.Incoming.Host, Step: "move from " + s.path, Kind: mail.ProblemServer, Permanent: true, Why: mail.CodeNotAllowed,
			Err: errors.New("the folder may only be read")}
	}
	toCopy := s.uids
	var refused error
	arrived := map[mail.UID]mail.UID{}
	if r.again {
		var err error
		if arrived, err = r.confirm(ctx, s, s.uids, dest); err != nil {
			return err
		}
		toCopy = without(s.uids, arrived)
	}
	if len(toCopy) > 0 {
		var copied map[mail.UID]mail.UID
		if copied, refused = r.mb.Copy(ctx, s.path, toCopy, dest); refused != nil && (closed(refused) || len(toCopy) == 1) {
			return refused
		}
		unsure := without(toCopy, copied)
		found, err := r.confirm(ctx, s, unsure, dest, copied, arrived)
		if err != nil && refused != nil && !closed(err) {
			return refused
		} else if err != nil {
			return err
		}
		maps.Copy(arrived, copied)
		maps.Copy(arrived, found)
	}
	var sure []mail.UID
	for _, u := range s.uids {
		if _, ok := arrived[u]; ok {
			sure = append(sure, u)
		}
	}
	r.record(s, arrived)
	if len(sure) > 0 {
		if _, err := r.mb.Expunge(ctx, s.path, sure); err != nil {
			return err
		}
	}
	if refused != nil {
		return refused
	}
	if n := len(s.uids) - len(sure); n > 0 {
		return &remote.Error{Step: "move", Kind: mail.ProblemServer, Permanent: true,
			Text: fmt.Sprintf("%s took the copy of %d of the messages, but they cannot be found in %s; the originals stay where they are", s.path, n, dest)}
	}
	return nil
}

// confirm finds which of uids have a copy in dest. taken are UIDs there that answer for other messages.
func (r *opRun) confirm(ctx context.Context, s *source, uids []mail.UID, dest string, taken ...map[mail.UID]mail.UID) (map[mail.UID]mail.UID, error) {
	out := map[mail.UID]mail.UID{}
	if len(uids) == 0 {
		return out, nil
	}
	a, err := r.newcomers(ctx, dest)
	if err != nil {
		return nil, err
	}
	for _, m := range taken {
		for _, u := range m {
			a.used[u] = true
		}
	}
	for _, u := range uids {
		t := s.message[u]
		found, err := a.find(ctx, copyOf{message: t.Message, headerID: t.HeaderID, size: t.Size, header: func() ([]byte, error) { return r.header(ctx, s.path, u) }})
		if err != nil {
			return nil, err
		}
		if found != 0 {
			out[u] = found
		}
	}
	return out, nil
}

func without(uids []mail.UID, m map[mail.UID]mail.UID) []mail.UID {
	var out []mail.UID
	for _, u := range uids {
		if _, ok := m[u]; !ok {
			out = append(out, u)
		}
	}
	return out
}
