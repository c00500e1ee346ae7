package ical

import (
	"encoding/base64"
	"errors"
	"io"
	"mime/quotedprintable"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// ErrNoCard is returned for a file without a card.
var ErrNoCard = errors.New("the file holds no card")

// Card is a vCard: who somebody is and how to reach them.
type Card struct {
	Name     string
	Org      string
	Title    string
	Emails   []Contact
	Phones   []Contact
	Addrs    []Contact
	URLs     []string
	Birthday string // as written
	Note     string
	Photo    []byte // a picture that lies in the card itself; never fetched
}

// Contact is one way to reach somebody.
type Contact struct{ Value, Kind string } // Kind: "home", "work", "cell", …; "" when not said

// Bounds of cards.
const (
	maxCards    = 50
	maxContacts = 30
)

// ParseCards reads a vCard file (RFC 6350, and 2.1 and 3.0).
func ParseCards(data []byte) ([]Card, error) {
	var out []Card
	var c *Card
	var given string
	for _, l := range lines(data) {
		switch {
		case l.name == "BEGIN" && strings.EqualFold(strings.TrimSpace(l.value), "VCARD"):
			c, given = &Card{}, ""
		case l.name == "END" && c != nil:
			if c.Name == "" {
				c.Name = given
			}
			if c.Name != "" || c.Org != "" || len(c.Emails)+len(c.Phones) > 0 {
				out = append(out, *c)
			}
			c = nil
		case c != nil && l.name == "N":
			given = fromParts(cardText(l))
		case c != nil:
			c.property(l)
		}
		if len(out) == maxCards {
			break
		}
	}
	if len(out) == 0 {
		return nil, ErrNoCard
	}
	return out, nil
}

func (c *Card) property(l line) {
	add := func(list *[]Contact, v string) {
		if v = oneLine(v); v != "" && len(*list) < maxContacts {
			*list = append(*list, Contact{v, kind(l)})
		}
	}
	switch v := cardText(l); l.name {
	case "FN":
		c.Name = oneLine(text(v))
	case "ORG":
		var parts []string
		for _, p := range list(v, ';') {
			if p = oneLine(text(p)); p != "" {
				parts = append(parts, p)
			}
		}
		c.Org = strings.Join(parts, ", ")
	case "TITLE", "ROLE":
		if c.Title == "" {
			c.Title = oneLine(text(v))
		}
	case "EMAIL":
		add(&c.Emails, strings.TrimPrefix(text(v), "mailto:"))
	case "TEL":
		add(&c.Phones, strings.TrimPrefix(text(v), "tel:"))
	case "ADR":
		var parts []string
		for _, p := range list(v, ';') {
			if p = oneLine(text(p)); p != "" {
				parts = append(parts, p)
			}
		}
		add(&c.Addrs, strings.Join(parts, ", "))
	case "URL":
		if u := oneLine(text(v)); u != "" && len(c.URLs) < maxContacts {
			c.URLs = append(c.URLs, u)
		}
	case "BDAY":
		c.Birthday = oneLine(v)
	case "NOTE":
		c.Note = text(v)
	case "PHOTO":
		c.Photo = photo(l)
	}
}

// fromParts makes a name of N's fields: family;given;additional;prefix;suffix.
func fromParts(v string) string {
	p := list(v, ';')
	at := func(i int) string {
		if i < len(p) {
			return oneLine(text(p[i]))
		}
		return ""
	}
	return strings.Join(strings.Fields(strings.Join([]string{at(3), at(1), at(2), at(0), at(4)}, " ")), " ")
}

func kind(l line) string {
	for _, v := range l.all("TYPE") {
		for _, t := range strings.Split(strings.ToLower(v), ",") {
			switch t {
			case "home", "work", "cell", "mobile", "fax", "pager":
				if t == "mobile" {
					t = "cell"
				}
				return t
			}
		}
	}
	return ""
}

// cardText decodes the quoted-printable and the charsets of vCard 2.1.
func cardText(l line) string {
	v := l.value
	quoted := strings.EqualFold(l.get("ENCODING"), "QUOTED-PRINTABLE")
	for _, t := range l.all("TYPE") {
		quoted = quoted || strings.EqualFold(t, "QUOTED-PRINTABLE")
	}
	if !quoted {
		return v
	}
	b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(v)))
	if err != nil && len(b) == 0 {
		return v
	}
	if name := l.get("CHARSET"); name != "" {
		if enc, err := htmlindex.Get(name); err == nil {
			if d, err := enc.NewDecoder().Bytes(b); err == nil {
				b = d
			}
		}
	}
	return strings.ToValidUTF8(string(b), "�")
}

// photo decodes a picture inside the card: ENCODING=b or BASE64, or a data: URL.
func photo(l line) []byte {
	v := strings.Join(strings.Fields(l.value), "")
	enc := strings.ToUpper(l.get("ENCODING"))
	if rest, ok := strings.CutPrefix(v, "data:"); ok {
		head, body, _ := strings.Cut(rest, ",")
		if !strings.HasSuffix(head, ";base64") {
			return nil
		}
		v = body
	} else if enc != "B" && enc != "BASE64" {
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(strings.TrimRight(v, "=") + strings.Repeat("=", (4-len(strings.TrimRight(v, "="))%4)%4))
	if err != nil {
		return nil
	}
	return b
}
