package cli_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestUndoNamesWhatItTakesBack: a command that changes nothing says so and is no step, so that nobody expects undo to be about it; and undo says
// what it took back and when that was done, for it may be long ago.
func TestUndoNamesWhatItTakesBack(t *testing.T) {
	p := newPeyk(t)
	p.ok("import", p.write("a.mbox", mbox(letters(0, 3)...)))
	first := id(p.one("message 0"))
	p.env = []string{"PEYK_NOW=2030-01-01T08:00:00Z", "TZ=UTC"}
	if out := p.ok("op", "delete", first); out != "" {
		t.Errorf("a deletion says %q", out)
	}
	p.env[0] = "PEYK_NOW=2030-05-05T08:00:00Z"
	second, third := id(p.one("message 1")), id(p.one("message 2"))
	p.ok("op", "star", second, third)
	for _, args := range [][]string{{"star", third, second}, {"unread", second}, {"untag", "none", second}, {"move", "--to", fmt.Sprint(p.one("message 1")["folder"]), second}} {
		if out := p.ok(append([]string{"op"}, args...)...); !strings.Contains(out, "nothing to change") || strings.Count(out, "\n") != 1 {
			t.Errorf("op %v, which changes nothing, says %q", args, out)
		}
	}
	if out := p.ok("op", "undo"); out != "undone: star (2 messages, 2030-05-05 08:00)\n" {
		t.Errorf("the first undo: %q", out)
	}
	if out := p.ok("op", "undo"); out != "undone: delete (“message 0”, 2030-01-01 08:00)\n" {
		t.Errorf("the second undo: %q", out)
	}
	p.fails(1, []string{"nothing to undo"}, "op", "undo")
}
