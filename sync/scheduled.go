package mailsync

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/internal/message"
)

// chosen is the time of sending as the outbox keeps it: the zero time for a message that only waits so that sending can be taken back.
func (e *Engine) chosen(at time.Time) time.Time {
	if at.After(e.opt.Now().Add(undoSendMax)) {
		return at
	}
	return time.Time{}
}

// dated gives a message that waited for a time of the user's choice the date at which it goes (RFC 5322 §3.6.1): with that of its writing it would stand
// among the mail of last week at its readers. When the computer was off at that time, that is later. Of one that is sent on as it is, that is the date of the
// resending. Nothing else in it changes; it is stored by who stores the item. What somebody may have stays as it is.
func (p *pass) dated(ctx context.Context, it mail.OutboxItem) (mail.OutboxItem, error) {
	if it.Chosen.IsZero() || it.Attempts > 0 || it.Out || it.Again {
		return it, nil
	}
	body, err := p.st.OpenBlob(ctx, it.Blob.Hash)
	if err != nil {
		return it, nil // told by who sends it
	}
	defer body.Close()
	head, err := io.ReadAll(io.NewSectionReader(body, 0, min(body.Size(), maxRawHeader)))
	if err != nil {
		return it, nil
	}
	field, zone := "Date", time.UTC // as Resend writes it
	if it.Resent > 0 {
		field, head = "Resent-Date", head[:min(it.Resent, int64(len(head)))]
	} else {
		head, _ = splitHeader(head)
		written := message.ParseHeader(head).Summary().Date
		if written.IsZero() {
			return it, nil
		}
		zone = written.Location()
	}
	from, to := dateLine(head, field)
	if from < 0 {
		return it, nil
	}
	line := field + ": " + p.e.opt.Now().In(zone).Format("Mon, 2 Jan 2006 15:04:05 -0700") + "\r\n"
	it.Blob, err = p.st.PutBlob(ctx, io.MultiReader(bytes.NewReader(head[:from]), bytes.NewReader([]byte(line)),
		io.NewSectionReader(body, int64(to), body.Size()-int64(to))))
	if err != nil {
		return it, fmt.Errorf("date “%s”: %w", it.Subject, err)
	}
	if it.Resent > 0 {
		it.Resent += int64(len(line) - (to - from))
	}
	return it, nil
}

// lateAfter is from which delay on a message that was to go at a chosen time counts as late: a pass takes its time, and so does a server.
const lateAfter = 5 * time.Minute

// tellLate notes that a message which the server took just now went later than the user wished.
func (p *pass) tellLate(it mail.OutboxItem) {
	if now := p.e.opt.Now(); !it.Chosen.IsZero() && now.Sub(it.Chosen) >= lateAfter {
		p.res.Late = append(p.res.Late, mail.Late{Subject: it.Subject, Planned: it.Chosen, Sent: now})
	}
}

// dateLine is where a field with a date stands in a header, -1 when there is none on one line.
func dateLine(head []byte, field string) (from, to int) {
	field += ":"
	for line := range bytes.Lines(head) {
		to = from + len(line)
		if len(line) > len(field) && strings.EqualFold(string(line[:len(field)]), field) {
			if to < len(head) && (head[to] == ' ' || head[to] == '\t') {
				return -1, -1
			}
			return from, to
		}
		from = to
	}
	return -1, -1
}
