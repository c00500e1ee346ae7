package mailsync

import (
	"testing"
	"time"
)

func TestWakeWatch(t *testing.T) {
	start := time.Now()
	// later is a time whose two clocks went on by different amounts.
	later := func(ran, wall time.Duration) time.Time {
		at := start.Add(ran)
		if wall != ran {
			return at.Round(0).Add(wall - ran) // no monotonic clock: only the wall's is looked at
		}
		return at
	}
	for name, c := range map[string]struct {
		now   time.Time
		addrs string
		want  bool
	}{
		"a tick":              {later(wakeTick, wakeTick), "10.0.0.2", false},
		"a slow tick":         {later(wakeTick+10*time.Second, wakeTick+10*time.Second), "10.0.0.2", false},
		"a night":             {later(8*time.Hour, 8*time.Hour), "10.0.0.2", true},
		"another network":     {later(wakeTick, wakeTick), "192.168.1.7", true},
		"the network is gone": {later(wakeTick, wakeTick), "", false},
	} {
		w := wakeWatch{}
		if reason := w.look(start, "10.0.0.2"); reason != "" {
			t.Errorf("%s: at first: %s", name, reason)
		}
		if got := w.look(c.now, c.addrs); (got != "") != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
