package hint

import (
	"context"
	"errors"
	"strings"
	"testing"

	"peyk/accounts/remote"
)

// spoken is the hint of a protocol.
type spoken struct {
	Common
	Words []string `json:"words"`
}

func TestRead(t *testing.T) {
	good := Read[spoken](`{"for":"x","login":["A"],"wait":2,"words":["w"],"of a later version":true}`)
	if good.For != "x" || good.Wait != 2 || len(good.Login) != 1 || len(good.Words) != 1 {
		t.Errorf("%+v", good)
	}
	for name, text := range map[string]string{
		"nothing":     "",
		"half of it":  `{"for":"x","log`,
		"other types": `{"for":"x","login":7}`,
		"too long":    `{"for":"x","login":["` + strings.Repeat("a", maxBytes) + `"]}`,
	} {
		if h := Read[spoken](text); h.For != "" || h.Login != nil || h.Words != nil {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

func TestReady(t *testing.T) {
	for name, c := range map[string]struct {
		h    Common
		who  string
		want bool
	}{
		"for them":       {Common{For: "x"}, "x", true},
		"for others":     {Common{For: "x"}, "y", false},
		"resting":        {Common{For: "x", Wait: 1}, "x", false},
		"for nobody":     {Common{}, "", false},
		"not encrypted":  {Common{For: "x"}, "", false},
		"nothing stored": {Common{}, "x", false},
	} {
		if got := c.h.Ready(c.who); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A hint that rests goes on resting when it is learnt anew, one session less each time; one for another server begins at once.
func TestFollow(t *testing.T) {
	for _, c := range []struct {
		had  Common
		want int
	}{{Common{For: "x", Wait: 7}, 6}, {Common{For: "x"}, 0}, {Common{For: "y", Wait: 7}, 0}, {Common{}, 0}} {
		h := Common{For: "x"}
		if h.Follow(c.had); h.Wait != c.want {
			t.Errorf("after %+v: %d", c.had, h.Wait)
		}
	}
}

func TestKeep(t *testing.T) {
	var kept []string
	start := remote.Start{Learn: func(h string) { kept = append(kept, h) }}
	h := spoken{Common: Common{For: "x"}, Words: []string{"w"}}
	Keep(h, start)
	if len(kept) != 1 || Read[spoken](kept[0]).Words[0] != "w" {
		t.Fatalf("%q", kept)
	}
	start.Hint = kept[0]
	Keep(h, start) // is known
	h.Words = []string{strings.Repeat("w", maxBytes)}
	Keep(h, start) // is too long
	Keep(h, remote.Start{})
	if len(kept) != 1 {
		t.Errorf("%q", kept)
	}
}

func TestOpen(t *testing.T) {
	broken := errors.New("broken")
	const known = `{"for":"x","login":null,"words":null}`
	for name, c := range map[string]struct {
		fail     []error // of the sessions, in order
		ended    bool
		sessions int
		wait     int // of the hint that is kept
		err      error
	}{
		"works":                     {nil, false, 1, 0, nil},
		"fails by itself":           {[]error{broken}, false, 1, 0, broken},
		"fails with the hint":       {[]error{&Missed{Err: broken, Again: true}}, false, 2, Rest, nil},
		"and without it":            {[]error{&Missed{Err: broken, Again: true}, errCold}, false, 2, Rest, errCold},
		"not worth another session": {[]error{&Missed{Err: broken}}, false, 1, Rest, broken},
		"is given up":               {[]error{&Missed{Err: broken, Again: true}}, true, 1, 0, broken},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if c.ended {
				cancel()
			}
			kept, n := known, 0
			_, had, err := Open(ctx, remote.Start{Hint: known, Learn: func(h string) { kept = h }}, func(h spoken) (int, error) {
				if n++; h.For != "x" || (h.Wait > 0) != (n > 1) {
					t.Errorf("session %d begins with %+v", n, h)
				}
				if n <= len(c.fail) {
					return 0, c.fail[n-1]
				}
				return n, nil
			})
			var m *Missed
			if !errors.Is(err, c.err) || errors.As(err, &m) || n != c.sessions || Read[spoken](kept).Wait != c.wait || had.Wait != c.wait {
				t.Errorf("%d sessions, kept %s, had %+v, %v", n, kept, had, err)
			}
		})
	}
}

var errCold = errors.New("broken without it, too")
