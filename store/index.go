package store

import (
	"bytes"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// indexEntry is what the search index gets of one message.
type indexEntry struct {
	words []byte // folded: a line for each column of the index
	check int64  // the sum of it, see indexsum.go
}

// columns are the values of an entry in the order of the index.
func (e *indexEntry) columns() (c [5][]byte) {
	rest := e.words
	for i := range c[1:] {
		c[i], rest, _ = bytes.Cut(rest, []byte{'\n'})
	}
	c[len(c)-1] = bytes.TrimSuffix(rest, []byte{'\n'})
	return c
}

// indexWork is one change of the search index that waits for the end of its transaction.
type indexWork struct {
	id     mail.MessageID
	remove bool        // an entry is there
	entry  *indexEntry // nil: none is wanted
}

// Words folds what the search index gets of a message. Whoever has many messages waiting to be stored sets Summary.Words to it, and
// Summary.Text to "": the text is then kept once, and folded before the store is asked.
func Words(sum *mail.Summary) []byte {
	text := sum.Text
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	scratch, _ := wordsScratch.Get().(*[]byte)
	if scratch == nil {
		scratch = new([]byte)
	}
	b := (*scratch)[:0]
	for _, column := range [...]string{cleanText(sum.Subject, maxSubject), addrText(sum.From, sum.ReplyTo), addrText(sum.To, sum.Cc, sum.Bcc),
		attachmentNames(sum.Attachments), text} {
		b = append(fold.Append(b, column), '\n')
	}
	*scratch = b
	words := bytes.Clone(b)
	if cap(b) < 1<<16 {
		wordsScratch.Put(scratch)
	}
	return words
}

var wordsScratch sync.Pool // of *[]byte

// entryOf is what the index gets of a message.
func entryOf(sum *mail.Summary) *indexEntry {
	e := &indexEntry{words: sum.Words}
	if e.words == nil {
		e.words = Words(sum)
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
		if w.entry != nil {
			c := w.entry.columns()
			if err := t.do("INSERT INTO fts(rowid,subject,sender,recipients,names,body) VALUES(?,?,?,?,?,?)",
				w.id, c[0], c[1], c[2], c[3], c[4]); err != nil {
				return err
			}
		}
	}
	t.indexing = nil
	return nil
}

// addrText is the text of some fields: so many of their addresses, in order, as a row may have.
func addrText(fields ...[]mail.Address) string {
	var b strings.Builder
	left := maxAddrs
	for _, as := range fields {
		for _, a := range as[:min(len(as), left)] {
			b.WriteString(a.Name)
			b.WriteString(" . ")
			b.WriteString(a.Addr)
			b.WriteString(" . ")
			left--
		}
	}
	return b.String()
}

func attachmentNames(as []mail.Attachment) string {
	var b strings.Builder
	for _, a := range as {
		if a.Filename != "" {
			b.WriteString(a.Filename)
			b.WriteString(" . ")
		}
	}
	return b.String()
}
