package store

import (
	"testing"

	"peyk/internal/mail"
)

func TestSameFlags(t *testing.T) {
	for _, tc := range []struct {
		a, b mail.Flags
		same bool
	}{
		{mail.Flags{mail.FlagSeen, "x"}, mail.Flags{"X", `\seen`}, true},
		{mail.Flags{mail.FlagNotJunk}, mail.Flags{"NonJunk", "$NotJunk"}, true},
		{mail.Flags{mail.FlagJunk, mail.FlagForwarded}, mail.Flags{"Junk", "Forwarded", `\Recent`}, true},
		{mail.Flags{"a", "b"}, mail.Flags{"b", "A", "a"}, true},
		{nil, mail.Flags{`\*`, "", " "}, true},
		{mail.Flags{mail.FlagJunk}, mail.Flags{"NonJunk"}, false},
		{mail.Flags{"a"}, mail.Flags{"a", "b"}, false},
		{mail.Flags{mail.FlagSeen}, nil, false},
	} {
		if SameFlags(tc.a, tc.b) != tc.same || SameFlags(tc.b, tc.a) != tc.same {
			t.Errorf("%q and %q: want %v", tc.a, tc.b, tc.same)
		}
	}
}
