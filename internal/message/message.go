package message

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"peyk/internal/mail"
)

// Message is a parsed message: a tree of parts with offsets into the raw bytes, and decoded views of them. It is for one
// goroutine at a time.
type Message struct {
	Root *Part

	src        *source
	headerOnly bool
	warnings   []warned
	body       *body
	atts       []attachment
	attsDone   bool
}

// ErrNoPart is returned for a part number that the message does not have.
var ErrNoPart = errors.New("the message has no such part")

// Header is the header of the message itself.
func (m *Message) Header() *Header { return &m.Root.Header }

// Addresses returns the decoded addresses of every header of that name.
func (m *Message) Addresses(name string) []mail.Address {
	h := m.Header()
	var out []mail.Address
	for i := h.index(name, 0); i >= 0; i = h.index(name, i+1) {
		if list := parseAddresses(unfold(h.Raw(i)), h.hint); out == nil {
			out = list
		} else {
			out = append(out, list...)
		}
	}
	return out
}

// Part finds a part by its number; nil without one. "" is the root.
func (m *Message) Part(number string) *Part {
	if number == "" {
		return m.Root
	}
	var found *Part
	m.Root.Walk(func(p *Part) bool {
		if p.Number == number {
			found = p
		}
		return found == nil
	})
	if found == nil {
		for _, a := range m.attachments() {
			if a.Part == number {
				return a.part
			}
		}
	}
	return found
}

// OpenPart streams the decoded bytes of a part; "" is the whole message as received. The error is ErrNoPart.
func (m *Message) OpenPart(number string) (io.Reader, error) {
	if number == "" {
		return m.src.reader(0, m.src.size), nil
	}
	p := m.Part(number)
	if p == nil {
		return nil, fmt.Errorf("part %q: %w", number, ErrNoPart)
	}
	return p.Open(), nil
}

// ids reads the message ids of References and In-Reply-To, with angle brackets or without.
func ids(s string) []string {
	if s == "" {
		return nil
	}
	var out []string
	var seen map[string]bool // of many
	add := func(id string) {
		if id = cleanID(id); id == "" || len(out) >= 1000 || seen[id] || seen == nil && slices.Contains(out, id) {
			return
		}
		if out = append(out, id); seen != nil || len(out) == 20 {
			if seen == nil {
				seen = map[string]bool{}
				for _, old := range out {
					seen[old] = true
				}
			}
			seen[id] = true
		}
	}
	if strings.IndexByte(s, '<') < 0 {
		for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
			if strings.Contains(f, "@") {
				add(f)
			}
		}
		return out
	}
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			return out
		}
		s = s[i+1:]
		j := strings.IndexByte(s, '>')
		if j < 0 {
			add(s)
			return out
		}
		add(s[:j])
		s = s[j+1:]
	}
}

// cleanID strips what does not belong into a message id.
func cleanID(id string) string {
	id = strings.Trim(id, "<> \t\r\n")
	if isWord(id) {
		return id
	}
	return noBlanks(cleanLine(decodeRaw([]byte(id), "")))
}

// headerID is the Message-ID without angle brackets.
func headerID(v string) string {
	if i := strings.IndexByte(v, '<'); i >= 0 {
		v = v[i+1:]
		if j := strings.IndexByte(v, '>'); j >= 0 {
			v = v[:j]
		}
	} else {
		v = stripComments(v)
	}
	return cleanID(v)
}
