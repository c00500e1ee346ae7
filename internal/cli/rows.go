package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"peyk/internal/mail"
)

// jsonRow is a message as list and search print it.
type jsonRow struct {
	ID          mail.MessageID `json:"id"`
	Account     string         `json:"account"`
	Folder      string         `json:"folder"`
	MessageID   string         `json:"message_id"`
	ThreadID    mail.ThreadID  `json:"thread_id"`
	Subject     string         `json:"subject"`
	From        []mail.Address `json:"from"`
	To          []mail.Address `json:"to"`
	Date        string         `json:"date"`
	Size        int64          `json:"size"`
	Flags       []string       `json:"flags"`
	Tags        []string       `json:"tags"`
	Attachments int            `json:"attachments"`
	Received    string         `json:"received"`
	HasBody     bool           `json:"has_body"`
	UID         mail.UID       `json:"uid,omitempty"`
}

// names resolves the ids of rows.
type names struct {
	accounts map[mail.AccountID]string
	folders  map[mail.FolderID]string
}

func (n names) row(r mail.Row) jsonRow {
	out := jsonRow{ID: r.ID, Account: n.accounts[r.Account], Folder: n.folders[r.Folder], MessageID: r.HeaderID, ThreadID: r.Thread,
		Subject: r.Subject, From: notNil(r.From), To: notNil(r.To), Date: rfc3339(r.Date), Size: r.Size, Flags: []string{}, Tags: []string{},
		Attachments: r.Attachments, Received: rfc3339(r.Received), HasBody: r.HasBody, UID: r.UID}
	for _, f := range r.Flags {
		if f.IsTag() {
			out.Tags = append(out.Tags, f.TagName())
		} else {
			out.Flags = append(out.Flags, string(f))
		}
	}
	return out
}

func notNil(a []mail.Address) []mail.Address {
	if a == nil {
		return []mail.Address{}
	}
	return a
}

// rfc3339 writes a time; one of a year that RFC 3339 has no digits for is the last that it has.
func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if t.Year() > 9999 {
		t = time.Date(9999, 12, 31, 23, 59, 59, 0, t.Location())
	}
	return t.Format(time.RFC3339)
}

// rowPrinter writes rows as JSON lines or as a table for people.
type rowPrinter struct {
	w     *bufio.Writer
	enc   *json.Encoder
	names names
}

func newRowPrinter(w io.Writer, asJSON bool, n names) *rowPrinter {
	p := &rowPrinter{w: bufio.NewWriter(w), names: n}
	if asJSON {
		p.enc = jsonLines(p.w)
	}
	return p
}

func (p *rowPrinter) print(r mail.Row) error {
	if p.enc != nil {
		return p.enc.Encode(p.names.row(r))
	}
	mark := " "
	if r.Unread() {
		mark = "•"
	}
	if r.Starred() {
		mark += "★"
	} else {
		mark += " "
	}
	from := ""
	if len(r.From) > 0 {
		from = r.From[0].Display()
	}
	_, err := fmt.Fprintf(p.w, "%8d %s %s  %-24s  %s\n", r.ID, mark, r.Date.Local().Format("2006-01-02 15:04"), cut(from, 24), plain(r.Subject))
	return err
}

func (p *rowPrinter) flush() error { return p.w.Flush() }

// jsonLines writes one object a line, UTF-8 as it is.
func jsonLines(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}

// cut shortens a field for a table.
func cut(s string, n int) string {
	r := []rune(plain(s))
	if len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return string(r)
}

// plain keeps control characters of a message from reaching the terminal, and what would turn the direction of all that stands behind it in the line (UAX #9 §2): letters have their own.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case control(r), r == '\u2028', r == '\u2029':
			return ' '
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
}

// control reports the characters that a terminal may take for commands (C0 and C1, ECMA-48 §5).
func control(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// plainText is plain for a text of several lines: what a stranger wrote must not move the cursor, nor name the window.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if control(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// minute is a time for people.
func minute(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }
