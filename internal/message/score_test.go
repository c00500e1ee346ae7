package message

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"peyk/internal/mail"
)

// expectation is what several independent readers agree on about one fixture (fixtures/mime/expected.json).
type expectation struct {
	Expect struct {
		Subject         *string
		FromAddr        []string `json:"from_addr"`
		FromName        []string `json:"from_name"`
		ToAddr          []string `json:"to_addr"`
		ToName          []string `json:"to_name"`
		Date            *int64
		AttachmentNames []string `json:"attachment_names"`
		Attachments     []struct{ SHA256 string }
		TextPlain       expectedText `json:"text_plain"`
		TextHTML        expectedText `json:"text_html"`
	}
	Confidence map[string]struct{ Level string }
}

type expectedText struct {
	Present bool
	SHA256  string `json:"sha256_ws_collapsed"`
}

func normText(s string) string {
	return strings.Join(strings.Fields(norm.NFC.String(strings.ReplaceAll(s, "\x00", ""))), " ")
}

func sameText(s string, e expectedText) bool {
	sum := sha256.Sum256([]byte(normText(s)))
	return hex.EncodeToString(sum[:]) == e.SHA256
}

func column(list []mail.Address, name bool) []string {
	out := []string{}
	for _, a := range list {
		if name {
			out = append(out, normText(a.Name))
		} else {
			out = append(out, strings.ToLower(normText(a.Addr)))
		}
	}
	return out
}

// score holds pass and fail for each field.
type score map[string]*[2]int

func (s score) note(field string, ok bool) {
	if s[field] == nil {
		s[field] = &[2]int{}
	}
	if ok {
		s[field][0]++
	} else {
		s[field][1]++
	}
}

// compare scores one fixture, at the level given.
func (s score) compare(e expectation, in Inspection, level string) {
	use := func(f string) bool {
		c, ok := e.Confidence[f]
		return ok && (level == "majority" || c.Level == "strong")
	}
	x := e.Expect
	if use("subject") {
		want := ""
		if x.Subject != nil {
			want = normText(*x.Subject)
		}
		s.note("subject", normText(in.Subject) == want)
	}
	for _, f := range []struct {
		field string
		got   []mail.Address
		want  []string
	}{{"from_addr", in.From, x.FromAddr}, {"from_name", in.From, x.FromName}, {"to_addr", in.To, x.ToAddr}, {"to_name", in.To, x.ToName}} {
		if use(f.field) {
			s.note(f.field, slices.Equal(column(f.got, strings.HasSuffix(f.field, "name")), f.want))
		}
	}
	if use("date") && x.Date != nil {
		s.note("date", in.Date != nil && in.Date.Unix() == *x.Date)
	}
	if use("attachment_names") {
		ok := true
		for _, n := range x.AttachmentNames {
			ok = ok && (n == "" || slices.ContainsFunc(in.Attachments, func(a InspectionFile) bool {
				return normText(a.Filename) == n || normText(a.Filename) == path.Base(strings.ReplaceAll(n, "\\", "/"))
			}))
		}
		s.note("attachment_names", ok)
	}
	if use("attachments") {
		ok := true
		for _, a := range x.Attachments {
			ok = ok && (a.SHA256 == "" || slices.ContainsFunc(in.Attachments, func(b InspectionFile) bool { return b.SHA256 == a.SHA256 }))
		}
		s.note("attachment_bytes", ok)
	}
	if use("text_plain") && x.TextPlain.Present {
		s.note("text_plain", sameText(in.TextPlain, x.TextPlain))
	}
	if use("text_html") && x.TextHTML.Present {
		s.note("text_html", sameText(in.TextHTML, x.TextHTML))
	}
}

// TestScore compares with the expected results where the fixtures are there, and prints the score of each field.
func TestScore(t *testing.T) {
	dir := os.Getenv("PEYK_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "fixtures", "mime", "expected.json"))
	if err != nil {
		t.Logf("no fixtures at %s", dir)
		return
	}
	var all struct{ Cases map[string]expectation }
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	for level, least := range map[string]float64{"strong": 99.5, "majority": 98} {
		s := score{}
		for name, e := range all.Cases {
			in, err := NewInspector([]string{filepath.Join(dir, "fixtures", "mime", "cases", name)}).File(filepath.Join(dir, "fixtures", "mime", "cases", name))
			if err != nil {
				t.Fatal(err)
			}
			s.compare(e, in, level)
		}
		var fields []string
		for f := range s {
			fields = append(fields, f)
		}
		sort.Strings(fields)
		for _, f := range fields {
			pass, fail := s[f][0], s[f][1]
			percent := 100 * float64(pass) / float64(pass+fail)
			t.Logf("%-8s %-18s %4d pass %3d fail %6.1f%%", level, f, pass, fail, percent)
			if percent < least {
				t.Errorf("%s %s is under %.1f%%", level, f, least)
			}
		}
	}
}
