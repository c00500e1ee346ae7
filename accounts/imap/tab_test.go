package imap

import (
	"strings"
	"testing"

	"peyk/internal/mailtest"
)

// TestTabsTakeNoOthersPlace: a name with a tab stands for itself: not for INBOX, whose numbers it would give, nor for nothing, nor for the folder
// that is called so with a blank.
func TestTabsTakeNoOthersPlace(t *testing.T) {
	lines := []string{
		"* LIST (\\Noselect) \"/\" \"INBOX\t\"",
		"* LIST () \"/\" \"inbox&AAk-\"",
		"* LIST () \"/\" \"\t\"",
		"* LIST () \"/\" \"A\tB\"",
		`* LIST () "/" "A B"`,
		`* LIST () "/" INBOX`,
		"* STATUS INBOX (MESSAGES 3 UIDNEXT 9 UIDVALIDITY 4)",
		"* STATUS \"A B\" (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 11)",
		"* STATUS \"A\tB\" (MESSAGES 7 UIDNEXT 8 UIDVALIDITY 12)",
		"* STATUS \"INBOX\t\" (MESSAGES 5 UIDNEXT 6 UIDVALIDITY 13)",
	}
	o := &odd{caps: "LIST-EXTENDED LIST-STATUS", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if strings.HasPrefix(line, "SELECT") && line != `SELECT "A B"` {
			t.Errorf("it says %q", line)
		}
		return strings.HasPrefix(line, "LIST") && c.Send(strings.Join(lines, "\r\n"), "\r\n", tag, " OK\r\n")
	}}
	c := o.dial(t)
	list, err := c.List(testContext(t))
	must(t, err)
	by := map[string]uint32{}
	for _, f := range list {
		if f.Path != "INBOX" && f.Path != "A B" || !f.Selectable {
			t.Errorf("%+v", f)
		}
		by[f.Path] = f.UIDValidity
	}
	if len(list) != 2 || by["INBOX"] != 4 || by["A B"] != 11 {
		t.Errorf("%+v", list)
	}
	_, err = c.Select(testContext(t), "A B")
	must(t, err)
}
