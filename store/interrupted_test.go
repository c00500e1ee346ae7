package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"peyk/internal/mail"
)

// endsAfter is a context that ends when it was asked so many times, wherever in the work that is.
type endsAfter struct {
	context.Context
	end  context.CancelFunc
	left atomic.Int64
}

func newEndsAfter(asked int64) *endsAfter {
	c := &endsAfter{}
	c.Context, c.end = context.WithCancel(context.Background())
	c.left.Store(asked)
	return c
}

func (c *endsAfter) Done() <-chan struct{} {
	if c.left.Add(-1) < 0 {
		c.end()
	}
	return c.Context.Done()
}

// A repair that is broken off, wherever that is, leaves every message to the next one.
func TestABrokenOffRepairLosesNothing(t *testing.T) {
	const n = 40
	ctx := context.Background()
	o := Options{Parse: parseStub, Home: func() mail.Account { return mail.Account{Name: "Local", Protocol: mail.POP3, Disabled: true} }}
	for what, harm := range map[string]func(path string) error{
		"damaged": func(path string) error {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			copy(b[len(b)/2:], randomBytes(3*4096))
			return os.WriteFile(path, b, 0o600)
		},
		"missing": os.Remove,
	} {
		t.Run(what, func(t *testing.T) {
			rounds := 0
			for asked, done := int64(1), false; !done; asked += 1 + asked/8 {
				dir := filled(t, n)
				must(t, harm(filepath.Join(dir, mailFile)))
				c := newEndsAfter(asked)
				_, err := Repair(c, dir, o)
				c.end()
				done = err == nil
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Fatalf("after %d: %v", asked, err)
				}
				got(Repair(ctx, dir, o))(t)
				s := got(Open(ctx, dir, o))(t)
				var bytes, rows int
				must(t, s.blobs.r.QueryRowContext(ctx, "SELECT count(*) FROM blobs").Scan(&bytes))
				got(s.read(ctx, "SELECT count(DISTINCT blob) FROM messages", nil, &rows))(t)
				if bytes != n || rows != n {
					t.Errorf("broken off when it was asked %d times: %d messages and the bytes of %d are left of %d", asked, rows, bytes, n)
				}
				must(t, s.Close())
				rounds++
			}
			t.Log(rounds, "repairs were broken off")
		})
	}
}

// What is deleted after a repair that found every message in its place goes like any other: it is not taken for one that lost its row.
func TestASalvageIsOverWhenNothingIsLost(t *testing.T) {
	ctx := context.Background()
	dir := filled(t, 5)
	o := Options{Parse: parseStub}
	s := got(Open(ctx, dir, o))(t)
	must(t, s.SetSetting(ctx, salvagedSetting, "yes"))
	got(s.Check(ctx, true))(t)
	if v := got(s.Setting(ctx, salvagedSetting))(t); v != "" {
		t.Errorf("a salvage is still to be looked through: %q", v)
	}
	must(t, s.RemoveMessages(ctx, []mail.MessageID{1, 2}))
	must(t, s.Close())
	if rep := got(Repair(ctx, dir, o))(t); rep.Messages != 3 {
		t.Errorf("%d messages are here after two of five were deleted: %+v", rep.Messages, rep.Problems)
	}
}
