package archtest

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// everywhere are rooms so widely known that the picture leaves out who knows them.
var everywhere = []string{"internal/mail", "assets"}

// TestThePictureIsTrue compares the drawing in docs/architecture.md with the imports of the code: every arrow is there, and no other.
func TestThePictureIsTrue(t *testing.T) {
	drawn := readPicture(t)
	real := map[string]map[string]bool{}
	for _, s := range sources(t) {
		from := drawnRoom(s.path)
		for _, imp := range s.imports {
			rest, ours := strings.CutPrefix(imp, "peyk/")
			if to := drawnRoom(rest + "/x.go"); ours && to != from && !slices.Contains(everywhere, to) {
				if real[from] == nil {
					real[from] = map[string]bool{}
				}
				real[from][to] = true
			}
		}
	}
	for from, tos := range real {
		for to := range tos {
			if !drawn[from][to] {
				t.Errorf("%s imports %s, which docs/architecture.md does not draw", from, to)
			}
		}
	}
	for from, tos := range drawn {
		for to := range tos {
			if !real[from][to] {
				t.Errorf("docs/architecture.md draws an arrow from %s to %s, which the code has not", from, to)
			}
		}
	}
}

// TestEveryRoomIsDescribed looks for each room in the table of docs/architecture.md.
func TestEveryRoomIsDescribed(t *testing.T) {
	text := readDoc(t)
	for _, r := range slices.Sorted(maps.Keys(rooms)) {
		if !strings.Contains(text, "| `"+r+"` |") && !strings.Contains(text, "| `"+r+"/` |") {
			t.Errorf("docs/architecture.md has no row for %s", r)
		}
	}
}

// TestNoRuleIsLooserThanTheCode: what a room may import and does not is taken out of the table, so that adding it is a decision.
func TestNoRuleIsLooserThanTheCode(t *testing.T) {
	used := map[string]map[string]bool{}
	for _, s := range sources(t) {
		for _, imp := range s.imports {
			if rest, ours := strings.CutPrefix(imp, "peyk/"); ours {
				if used[s.room] == nil {
					used[s.room] = map[string]bool{}
				}
				used[s.room][roomOf(rest)] = true
			}
		}
	}
	for room, allowed := range rooms {
		for _, to := range allowed {
			if !used[room][to] {
				t.Errorf("%s may import %s and does not", room, to)
			}
		}
	}
}

// drawnRoom is the room of the picture that a file lies in: as in the table of rules, but the protocols stand for themselves.
func drawnRoom(path string) string {
	parts := strings.Split(path, "/")
	switch {
	case len(parts) == 1:
		return "main"
	case (parts[0] == "internal" || parts[0] == "accounts") && len(parts) > 2:
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

func readDoc(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var (
	node  = regexp.MustCompile(`(\w+)\[([\w./]+)`)
	label = regexp.MustCompile(`\[[^\]]*\]`)
)

// readPicture reads the arrows of the drawing, dotted ones left out, by the rooms that its nodes name.
func readPicture(t *testing.T) map[string]map[string]bool {
	t.Helper()
	_, text, ok := strings.Cut(readDoc(t), "flowchart TD\n")
	text, _, closed := strings.Cut(text, "```")
	if !ok || !closed {
		t.Fatal("docs/architecture.md has no drawing")
	}
	names := map[string]string{}
	for _, m := range node.FindAllStringSubmatch(text, -1) {
		names[m[1]] = strings.TrimSuffix(m[2], ".go")
	}
	arrows := map[string]map[string]bool{}
	for line := range strings.Lines(text) {
		from, to, arrow := strings.Cut(label.ReplaceAllString(line, ""), "-->")
		if !arrow {
			continue
		}
		for _, a := range strings.Split(from, "&") {
			for _, b := range strings.Split(to, "&") {
				x, y := names[strings.TrimSpace(a)], names[strings.TrimSpace(b)]
				if x == "" || y == "" {
					t.Fatalf("a node without a room in %q", line)
				}
				if arrows[x] == nil {
					arrows[x] = map[string]bool{}
				}
				arrows[x][y] = true
			}
		}
	}
	return arrows
}
