package store

import (
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// indexEntry is what the search index gets of one message, folded.
type indexEntry struct {
	subject, sender, recipients, names, body string
	check                                    int64 // the sum of it, see indexsum.go
}

// indexWork is one change of the search index that waits for the end of its transaction.
type indexWork struct {
	id     mail.MessageID
	remove bool        // an entry is there
	entry  *indexEntry // nil: none is wanted
}

// entryOf folds the texts of a message.
func entryOf(sum *mail.Summary) *indexEntry {
	var rcpt []mail.Address
	rcpt = append(append(append(rcpt, sum.To...), sum.Cc...), sum.Bcc...)
	names := make([]string, 0, len(sum.Attachments))
	for _, a := range sum.Attachments {
		if a.Filename != "" {
			names = append(names, a.Filename)
		}
	}
	text := sum.Text
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	e := &indexEntry{
		subject: fold.Index(cleanText(sum.Subject, maxSubject)), sender: fold.Index(addrText(append(append([]mail.Address(nil), sum.From...), sum.ReplyTo...))),
		recipients: fold.Index(addrText(rcpt)), names: fold.Index(strings.Join(names, " . ")), body: fold.Index(text),
	}
	e.check = e.sum()
	return e
}

// entriesOf folds n messages on all cores. It is done before the transaction begins: others need not wait for it.
func entriesOf(n int, sum func(i int) *mail.Summary) []*indexEntry {
	out := make([]*indexEntry, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				out[i] = entryOf(sum(i))
			}
		})
	}
	wg.Wait()
	return out
}

// index gives a message an entry in the search index at the end of the transaction; fresh says that it has none yet.
//
// Not at once, because FTS5 writes what it has collected as a segment of its own whenever a statement with a trigger opens a
// savepoint. A batch of rows and entries in turn would make a segment a message, and merging them costs more than all the
// rest.
func (t *wtx) index(id mail.MessageID, e *indexEntry, fresh bool) {
	t.indexing = append(t.indexing, indexWork{id: id, remove: !fresh, entry: e})
}

// unindex removes a message's entry at the end of the transaction.
func (t *wtx) unindex(id mail.MessageID) {
	t.indexing = append(t.indexing, indexWork{id: id, remove: true})
}

// writeIndex does what index and unindex have put off.
func (t *wtx) writeIndex() error {
	t.reindexed = len(t.indexing) > 0
	for _, w := range t.indexing {
		if w.remove {
			if err := t.do("DELETE FROM fts WHERE rowid=?", w.id); err != nil {
				return err
			}
		}
		if e := w.entry; e != nil {
			if err := t.do("INSERT INTO fts(rowid,subject,sender,recipients,names,body) VALUES(?,?,?,?,?,?)",
				w.id, e.subject, e.sender, e.recipients, e.names, e.body); err != nil {
				return err
			}
		}
	}
	t.indexing = nil
	return nil
}

func addrText(as []mail.Address) string {
	var b strings.Builder
	for _, a := range bounded(as) {
		b.WriteString(a.Name)
		b.WriteString(" . ")
		b.WriteString(a.Addr)
		b.WriteString(" . ")
	}
	return b.String()
}
