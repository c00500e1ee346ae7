package store

import (
	"strings"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// index writes a message's words to the search index. With fresh nothing is there yet; otherwise it is replaced.
func (t *wtx) index(id mail.MessageID, sum *mail.Summary, fresh bool) error {
	if !fresh {
		if err := t.do("DELETE FROM fts WHERE rowid=?", id); err != nil {
			return err
		}
	}
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
	return t.indexText(id, sum.Subject, addrText(append(append([]mail.Address(nil), sum.From...), sum.ReplyTo...)), addrText(rcpt),
		strings.Join(names, " . "), text)
}

// indexText folds and writes the columns of one index entry.
func (t *wtx) indexText(id mail.MessageID, subject, sender, recipients, names, body string) error {
	return t.do("INSERT INTO fts(rowid,subject,sender,recipients,names,body) VALUES(?,?,?,?,?,?)", id, fold.Index(cleanText(subject, maxSubject)),
		fold.Index(sender), fold.Index(recipients), fold.Index(names), fold.Index(body))
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
