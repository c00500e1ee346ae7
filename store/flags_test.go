package store

import (
	"context"
	"strings"
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

// TestFlagsOfAPartReadThatPart: when a server tells the flags of a whole folder, they are taken over in parts, and none of these reads the whole folder.
func TestFlagsOfAPartReadThatPart(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	inbox := f[mail.RoleInbox]
	got(s.Ingest(ctx, inbox, messages(1, 300)))(t)
	var told []mail.FlagState
	for uid := mail.UID(220); uid >= 101; uid-- {
		told = append(told, mail.FlagState{UID: uid, Flags: mail.Flags{mail.FlagSeen}})
	}
	read := 0
	must(t, s.write(ctx, "test", func(t *wtx) error {
		have, err := t.serverView(inbox, told)
		read = len(have)
		return err
	}))
	if read != len(told) {
		t.Errorf("%d rows were read for %d", read, len(told))
	}
	if n := got(s.UpdateFlags(ctx, inbox, told))(t); n != len(told) {
		t.Errorf("%d of %d were others before", n, len(told))
	}
	if l := got(s.FlagStates(ctx, inbox))(t); len(l) != 300 || len(l[100].Flags) != 1 || len(l[99].Flags) != 0 {
		t.Errorf("flags of %d messages", len(l))
	}
	if plan := planOf(t, s, serverViewSQL, inbox, 1, 9); strings.Contains(plan, "SCAN") {
		t.Errorf("the plan is %s", plan)
	}
}
