package message

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"peyk/internal/mail"
)

// maxSearchText is how much text of a message goes into the search index.
const maxSearchText = 1 << 20

// maxSnippet is the length of the line shown in a list, in runes.
const maxSnippet = 200

// Summary is what lists, threads, contacts and search need of the message.
func (m *Message) Summary() mail.Summary {
	h := m.Header()
	s := mail.Summary{
		HeaderID:   headerID(h.Get("Message-ID")),
		InReplyTo:  ids(h.Get("In-Reply-To")),
		References: ids(h.Get("References")),
		Subject:    m.Subject(),
		From:       m.From(),
		To:         m.Addresses("To"),
		Cc:         m.Addresses("Cc"),
		Bcc:        m.Addresses("Bcc"),
		ReplyTo:    m.Addresses("Reply-To"),
		Date:       m.Date(),
		ListID:     listID(h.Text("List-ID")),
	}
	if !m.headerOnly {
		text := m.Text()
		s.Text = cutText(text, maxSearchText)
		// The line in lists is what the message says itself: words made of a report are English, which the reader may not read.
		if m.saysWords() {
			if own, _ := m.textAndKind(false); own != "" {
				text = own
			}
		}
		s.Snippet = snippet(cutText(text, maxSearchText))
		s.Attachments = m.Attachments()
		m.warnSecurity()
		m.warnFragment()
	}
	s.Warnings = m.warningSentences()
	return s
}

// Subject is the decoded subject, one line.
func (m *Message) Subject() string { return m.Header().Text("Subject") }

// Date is the time of the Date header; zero when it is missing or makes no sense.
func (m *Message) Date() time.Time {
	v := m.Header().Get("Date")
	if v == "" {
		return time.Time{}
	}
	t, ok := parseDate(v)
	if !ok {
		m.warn(nil, mail.WarnDateBad)
	}
	return t
}

// listID takes the identifier out of List-ID (RFC 2919).
func listID(v string) string {
	if i := strings.LastIndexByte(v, '<'); i >= 0 {
		v = v[i+1:]
		if j := strings.IndexByte(v, '>'); j >= 0 {
			v = v[:j]
		}
	}
	return strings.TrimSpace(v)
}

// cutText cuts s at a rune boundary.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// snippet makes one line of the start of a text; quoted lines come in only when there is nothing else.
func snippet(text string) string {
	var room [maxSnippet * utf8.UTFMax]byte
	b := room[:0]
	n, space := 0, false
	for len(text) > 0 && n < maxSnippet {
		line := text
		if i := strings.IndexByte(text, '\n'); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			text = ""
		}
		if strings.HasPrefix(line, ">") || line == "-- " {
			if n > 0 {
				break
			}
			continue
		}
		for _, r := range line {
			if r <= ' ' || r >= 0x7f && unseen(r) {
				space = n > 0
				continue
			}
			if space {
				b = append(b, ' ')
				n++
				space = false
			}
			b = utf8.AppendRune(b, r)
			if n++; n >= maxSnippet {
				break
			}
		}
		space = n > 0
	}
	return string(b)
}

// unseen: white space, or nothing at all.
func unseen(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u034f' || r == '\u200b' || r == '\ufeff' || r == '\u00ad'
}

// Content is the message opened for reading. Row is left to the caller.
func (m *Message) Content() mail.Content {
	h := m.Header()
	c := mail.Content{
		Cc:         m.Addresses("Cc"),
		Bcc:        m.Addresses("Bcc"),
		ReplyTo:    m.Addresses("Reply-To"),
		Sender:     m.Addresses("Sender"),
		Headers:    h.Fields(),
		References: ids(h.Get("References")),
		InReplyTo:  ids(h.Get("In-Reply-To")),
		Partial:    m.headerOnly,
	}
	if !m.headerOnly {
		c.Text, c.TextHTML = m.textAndKind(false)
		c.HTML = m.HTML()
		c.Attachments = m.Attachments()
		if r := m.Report(); r != nil && len(r.Recipients) > 0 {
			c.Report = r
		}
		m.warnSecurity()
		m.warnFragment()
	}
	m.From() // for its warnings
	c.Warnings = m.Warnings()
	return c
}
