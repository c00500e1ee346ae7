package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
)

const (
	longFound   = "A report of many pages"
	htmlFound   = "A newsletter of many pages"
	quotedFound = "Re: A short answer"
)

// putFound puts messages into the inbox whose words stand far down.
func putFound(b *bench) {
	far := strings.Repeat("Nothing of interest is said in this line of the report.\n\n", 80)
	b.put(b.folder(b.imap, "INBOX"), 300,
		sampleMail{from: "Reza Ahmadi <reza@example.org>", subject: longFound, at: today, text: far + "At last a pomegranate.\n\n" + far + "And one more pomegranate."},
		sampleMail{from: "Weekly Go <weekly@go.example>", subject: htmlFound, at: today, html: "<html><body><table width=600><tr><td style='padding:20px;background:#eef'>" +
			strings.ReplaceAll(far, "\n\n", "<br>") + "<b>Quince</b> jam</td></tr></table></body></html>"},
		sampleMail{from: "Sara <sara@example.org>", subject: quotedFound, at: today, text: "Yes.\n\nOn Monday Reza wrote:\n> one\n> two\n> three\n> four\n> a medlar\n> five\n> six"})
}

// searchAndOpen opens the message that a search finds.
func (b *bench) searchAndOpen(words, subject string) *messageView {
	b.Helper()
	b.w.search.Show(words)
	b.w.search.now(words)
	b.until("the result of "+words, func() bool {
		return b.w.list.place.Search == words && b.w.list.pager.Total() >= 1 && b.w.list.pager.Loaded()
	})
	b.selectSubject(subject)
	return b.w.reader.Current()
}

// inView reports whether the place that is looked at stands in the view of a reader.
func inView(r *readerPane) bool {
	p := r.found.places
	if p.looked == nil {
		return false
	}
	y, h := p.looked.LookAt(p.nth)
	d := r.env.app.Driver()
	at := d.AbsolutePositionForObject(p.looked.box).Y - d.AbsolutePositionForObject(r.scroll).Y + y
	return at >= 0 && at+h <= r.scroll.Size().Height
}

// A message that a search found opens where its words stand, in text and in HTML; F3 goes from one place to the next and around, Shift+F3
// back, and the status line tells where one is.
func TestAFoundMessageOpensAtItsWords(t *testing.T) {
	b := newBench(t, prefs(quiet), putFound)
	m := b.searchAndOpen("pomegranate", longFound)
	r := b.w.reader
	b.until("the first place", func() bool { return r.found.places.at == 0 && inView(r) && r.scroll.Offset() > 500 })
	if got := lang.Plain(b.w.status.words.Text()); got != "Place 1 of 2 found · F3 next · Shift+F3 previous" {
		t.Errorf("the status line says %q", got)
	}
	b.shot("found-text")
	first := r.scroll.Offset()
	press := func(shift bool) {
		if shift {
			b.w.run(b.w.byID["findprevious"])
		} else {
			b.w.run(b.w.byID["findnext"])
		}
		b.drain()
	}
	press(false)
	if r.found.places.at != 1 || m.body.html.mark != 1 || !inView(r) || r.scroll.Offset() <= first {
		t.Errorf("F3 leads to place %d at %v", r.found.places.at, r.scroll.Offset())
	}
	press(false)
	if r.found.places.at != 0 || !inView(r) {
		t.Error("after the last place comes the first")
	}
	press(true)
	if r.found.places.at != 1 || !inView(r) {
		t.Error("before the first place comes the last")
	}
	// Another size of the text is another layout: what is looked at stays that.
	r.Zoom(1)
	b.until("the larger text", func() bool { return m.body.html.look.zoom > 1 && r.found.places.total == 2 })
	if r.found.places.at != 1 {
		t.Errorf("after zooming place %d is looked at", r.found.places.at)
	}
	// The search in the text takes over while it is open.
	r.find.Open("interest")
	press(false)
	if r.find.places.at != 1 || b.w.status.hint != "" {
		t.Errorf("F3 leads the search in the text to %d, the status line says %q", r.find.places.at, b.w.status.hint)
	}
	r.find.Close()
	if r.found.places.total != 2 {
		t.Errorf("%d places after the search in the text", r.found.places.total)
	}
	m = b.searchAndOpen("quince", htmlFound)
	b.until("the place in HTML", func() bool { return m.body.html.mark == 0 && inView(r) && r.scroll.Offset() > 300 })
	b.shot("found-html")
	// Its subject is marked, too, and opened elsewhere nothing is.
	b.searchAndOpen("newsletter", htmlFound)
	if marks := foundSpans(r.head.subject.Text(), r.found.words, "subject"); len(marks) != 1 {
		t.Error("the subject is not marked")
	}
	b.w.searchEnd()
	b.until("the inbox", func() bool { return b.w.status.hint == "" && b.w.reader.found.words == "" })
}

// Words that stand in what an answer quotes unfold the quotation.
func TestAFoundQuotationUnfolds(t *testing.T) {
	b := newBench(t, prefs(quiet), putFound)
	m := b.searchAndOpen("medlar", quotedFound)
	b.until("the quotation", func() bool { return m.body.unfolded && b.w.reader.found.places.at == 0 && inView(b.w.reader) })
	m = b.searchAndOpen("answer", quotedFound)
	b.until("the answer alone", func() bool { return m.body.ready && b.w.reader.found.seek == 0 })
	if m.body.unfolded {
		t.Error("the quotation is unfolded for words that stand elsewhere")
	}
}

// A message of a conversation is opened in it, and the words are gone to; in a window of its own, too.
func TestAFoundMessageOfAConversation(t *testing.T) {
	const n = 9
	b := newBench(t, prefs(quiet), threaded(n))
	b.searchAndOpen("\"message 3 of the conversation\"", threadSubject(3))
	r := b.w.reader
	b.until("the conversation at the message", func() bool { return r.thread != nil && r.thread.Row().ID == b.ids[threadSubject(3)] })
	m := r.thread.items[3].view
	b.until("the place in it", func() bool {
		return m != nil && m.body.ready && r.found.places.looked == m.body && inView(r)
	})
	b.shot("found-conversation")
	b.w.openMessage(b.row(threadSubject(3)))
	var v *readerWindow
	for v = range b.w.windows {
	}
	b.until("its words in the window", func() bool { return v.pane.found.places.at >= 0 && v.words.Text() != "" && inView(v.pane) })
	at := v.pane.found.places.at
	v.keys.typedKey(&fyne.KeyEvent{Name: fyne.KeyF3})
	b.until("F3 in the window", func() bool { return v.pane.found.places.at != at })
	v.Close()
}

// Found by its sender or by the name of a file, a message has these marked.
func TestWhereElseTheWordsStandIsMarked(t *testing.T) {
	b := newBench(t, prefs(quiet))
	m := b.searchAndOpen("from:reza agenda", reza)
	b.until("the card", func() bool { return len(m.parts.list) > 0 })
	if n := len(m.header.name.Marked()); n != 1 {
		t.Errorf("%d marks in the sender %q", n, m.header.name.Text())
	}
	b.shot("found-sender")
	b.w.searchEnd()
	b.until("no search", func() bool { return b.w.reader.found.words == "" })
}
