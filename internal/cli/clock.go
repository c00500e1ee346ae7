package cli

import (
	"os"
	"time"
)

// Now is the clock of all rules that count days. PEYK_NOW (RFC 3339) sets it for scripts and tests that simulate time; it
// then stands still. Else the C library's clock is asked where there is one: tools that simulate time, like libfaketime, stand
// before that one, and Go's own does not go through it.
func Now() time.Time {
	if s := os.Getenv("PEYK_NOW"); s != "" {
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return t
		}
	}
	return libcNow()
}

// checkClock refuses a PEYK_NOW that is no time: what a rule deletes by the wrong clock is gone.
func checkClock() error {
	s := os.Getenv("PEYK_NOW")
	if s == "" {
		return nil
	}
	if _, err := time.Parse(time.RFC3339, s); err != nil {
		return usage("peyk: PEYK_NOW is %q, which is no RFC 3339 time like 2026-01-31T08:00:00+03:30", s)
	}
	return nil
}
