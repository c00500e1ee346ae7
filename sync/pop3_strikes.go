package mailsync

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// A maildrop is fetched in order, and a message at which the session ends every time (the server hangs up, or sends it in a form
// that cannot be framed) would keep everything behind it from arriving for ever. So what was asked for when a session ended is
// fetched last in the next pass, one by one, and the blame falls on the right one; after enough strikes it is set aside and told. What
// arrives is forgiven. A message that the server refuses to give ends nothing, and gets strikes, too.

const (
	strikeNetwork  = 1 // the connection ended: most often it is not the message's fault
	strikeProtocol = 5 // the message could not be framed, or was refused
	strikeOut      = 15
	// suspects is how many messages may have been asked for ahead when a session ends.
	suspects = 200
)

// strikes are what the messages of one maildrop have on them, by their keys, or the folders of an account, by their paths.
type strikes struct {
	setting string
	by      map[string]int
	changed bool
}

func loadStrikes(ctx context.Context, st *store.Store, a mail.Account) (*strikes, error) {
	return loadStrikesFrom(ctx, st, ofMailbox("pop3.strikes", a))
}

func loadStrikesFrom(ctx context.Context, st *store.Store, setting string) (*strikes, error) {
	s := &strikes{setting: setting, by: map[string]int{}}
	js, err := st.Setting(ctx, s.setting)
	if err == nil && js != "" {
		err = json.Unmarshal([]byte(js), &s.by)
	}
	return s, err
}

// save remembers the strikes for the next pass.
func (s *strikes) save(ctx context.Context, st *store.Store) error {
	if !s.changed {
		return nil
	}
	js, err := json.Marshal(s.by)
	if err != nil {
		return err
	}
	s.changed = false
	return st.SetSetting(ctx, s.setting, string(js))
}

// prune forgets what is no longer in the maildrop.
func (s *strikes) prune(of *dropSync) {
	if len(s.by) == 0 {
		return
	}
	there := map[string]bool{}
	for _, d := range of.drops {
		there[of.key(d)] = true
	}
	for k := range s.by {
		if !there[k] {
			delete(s.by, k)
			s.changed = true
		}
	}
}

// divide parts messages into those without strikes, in their order, and the others, those with the fewest first.
func (s *strikes) divide(of *dropSync, drops []remote.Drop) (good, bad []remote.Drop) {
	if len(s.by) == 0 {
		return drops, nil
	}
	for _, d := range drops {
		if s.by[of.key(d)] > 0 {
			bad = append(bad, d)
		} else {
			good = append(good, d)
		}
	}
	slices.SortStableFunc(bad, func(a, b remote.Drop) int { return cmp.Compare(s.by[of.key(a)], s.by[of.key(b)]) })
	return good, bad
}

// done takes note of a message that arrived.
func (s *dropSync) done(d remote.Drop) {
	s.seen.add(d.Number)
	if key := s.key(d); s.strikes.by[key] > 0 {
		delete(s.strikes.by, key)
		s.strikes.changed = true
	}
}

// struck looks at how fetching drops ended. A message that the server refused is no reason to stop; the error is nil then.
func (s *dropSync) struck(ctx context.Context, drops []remote.Drop, err error) error {
	re := remote.As(err)
	if err == nil || re == nil || ctx.Err() != nil {
		return err
	}
	var missing []remote.Drop
	for _, d := range drops {
		if !s.seen.has(d.Number) {
			if missing = append(missing, d); re.Closed && len(missing) == suspects {
				break
			}
		}
	}
	if !re.Closed {
		s.fail(ctx, "getting a message", err)
		if re.Why == mail.CodeLater {
			return nil
		}
		var errs []error
		for _, d := range missing {
			errs = append(errs, s.strike(ctx, d, strikeProtocol, err))
		}
		return errors.Join(errs...)
	}
	if len(missing) == 0 {
		return err
	}
	if len(drops) > 1 && s.md.Capabilities().Pipelining {
		errs := []error{err}
		for _, d := range missing {
			errs = append(errs, s.strike(ctx, d, strikeNetwork, err))
		}
		return errors.Join(errs...)
	}
	weight := strikeNetwork
	if re.Kind == mail.ProblemProtocol {
		weight = strikeProtocol
	}
	return errors.Join(err, s.strike(ctx, missing[0], weight, err))
}

// strike notes one more against a message, and sets it aside when there are too many.
func (s *dropSync) strike(ctx context.Context, d remote.Drop, weight int, why error) error {
	key := s.key(d)
	if key == "" {
		return nil // no name, so it cannot be told from others in the next session
	}
	s.strikes.changed = true
	if _, again := s.retry[key]; again {
		weight = strikeOut
	}
	if s.strikes.by[key] += weight; s.strikes.by[key] < strikeOut {
		return nil
	}
	delete(s.strikes.by, key)
	return s.setAside(ctx, d, why, s.header(ctx, d, why))
}

// header asks for the header of a message that cannot be fetched, so that people can be told which one it is; nil where the session is
// over or the server does not give that either.
func (s *dropSync) header(ctx context.Context, d remote.Drop, why error) []byte {
	if closed(why) {
		return nil
	}
	head, err := s.md.Top(ctx, d, 0)
	if err != nil {
		return nil // what fetching it said is told
	}
	return head
}
