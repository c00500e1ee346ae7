package ui

import (
	"strings"
	"testing"

	"peyk/ui/lang"
)

// TestACutMessageSaysSo: of a message that is too long for a page it is told that its end is missing, and its text alone has all of it.
func TestACutMessageSaysSo(t *testing.T) {
	design := "<table><tr><td bgcolor=red>plan</td></tr></table>"
	long := design + "<p>begin</p>" + strings.Repeat("<span></span>", 60_000) + "<p>the end</p>"
	b := newBench(t, func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 100, sampleMail{from: "Sara <sara@example.org>", subject: "long", at: today, html: long})
		b.put(b.folder(b.imap, "INBOX"), 101, sampleMail{from: "Sara <sara@example.org>", subject: "short", at: today, html: design})
	})
	said := func() string { return strings.Join(labels(b.w.reader.Current().body.notes), " ") }
	b.selectSubject("short")
	b.drain()
	paper := func(words string) (parts int, note bool) {
		out := b.w.reader.Current().printout()
		views, err := out.views(b.Context())
		b.ok(err)
		last := views[len(views)-1]
		return len(views), strings.Contains(last.Text(0, last.Len()), lang.T("print.cut")) && strings.Contains(out.told(words), lang.T("print.cut")) && strings.Contains(out.told(words), words)
	}
	if parts, note := paper("Saved."); parts != 2 || note {
		t.Errorf("a short message is printed in %d parts, its note %t", parts, note)
	}
	if said() != "" {
		t.Errorf("of a short message it is said: %q", said())
	}
	b.selectSubject("long")
	b.drain()
	m := b.w.reader.Current()
	if m.body.Mode() != asDesigned || m.body.Find("the end") != 0 || !strings.Contains(said(), lang.T("reader.as.text")) {
		t.Errorf("in mode %d it is said: %q", m.body.Mode(), said())
	}
	if parts, note := paper("Saved."); parts != 3 || !note {
		t.Errorf("a cut message is printed in %d parts, its note %t", parts, note)
	}
	b.w.reader.showAs(m, asText)
	b.drain()
	if m.body.Find("the end") != 1 || said() != "" {
		t.Errorf("of its text the end is found %d times, and it is said: %q", m.body.Find("the end"), said())
	}
}
