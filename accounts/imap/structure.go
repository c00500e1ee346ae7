package imap

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"peyk/internal/mail"
)

// Bounds of a BODYSTRUCTURE: what is beyond them is fetched whole, without looking at parts.
const (
	maxStructureDepth = 30
	maxStructureParts = 500
)

// structureParser reads one BODYSTRUCTURE (RFC 9051 §7.5.2, §9 "body"). Servers leave things out and put NIL where none may stand,
// so that only the shape is insisted on.
type structureParser struct {
	sc    *scanner
	parts int
}

func parseStructure(sc *scanner) (*mail.Structure, error) {
	p := &structureParser{sc: sc}
	root, err := p.body(0)
	if err != nil {
		return nil, err
	}
	numberParts(root, "")
	return root, nil
}

// numberParts counts as IMAP does (RFC 9051 §6.4.5.1).
func numberParts(s *mail.Structure, prefix string) {
	if !s.Multipart() {
		if prefix == "" {
			s.Number = "1"
		}
		return
	}
	for i, c := range s.Children {
		c.Number = strconv.Itoa(i + 1)
		if prefix != "" {
			c.Number = prefix + "." + c.Number
		}
		numberParts(c, c.Number)
	}
}

func (p *structureParser) body(depth int) (*mail.Structure, error) {
	p.sc.space()
	if p.parts++; depth > maxStructureDepth || p.parts > maxStructureParts {
		return nil, fmt.Errorf("%w: a message of too many parts", errSyntax)
	}
	if !p.sc.take('(') {
		return nil, fmt.Errorf("%w: the structure of a message was expected", errSyntax)
	}
	p.sc.space()
	s := &mail.Structure{}
	var err error
	if p.sc.peek() == '(' {
		err = p.multipart(s, depth)
	} else {
		err = p.leaf(s)
	}
	if err != nil {
		return nil, err
	}
	return s, p.rest()
}

// rest steps over what is left of a list, its end included.
func (p *structureParser) rest() error {
	for {
		p.sc.space()
		if p.sc.take(')') {
			return nil
		}
		if err := p.sc.skip(); err != nil {
			return err
		}
	}
}

// more reports whether the list goes on.
func (p *structureParser) more() bool {
	p.sc.space()
	return p.sc.peek() != ')' && !p.sc.end()
}

func (p *structureParser) multipart(s *mail.Structure, depth int) error {
	for p.more() && p.sc.peek() == '(' {
		c, err := p.body(depth + 1)
		if err != nil {
			return err
		}
		s.Children = append(s.Children, c)
	}
	sub, err := p.word()
	s.Type = "multipart/" + strings.ToLower(sub)
	if err != nil || !p.more() {
		return err
	}
	if s.Params, err = p.params(); err != nil {
		return err
	}
	return p.disposition(s)
}

// leaf reads type, subtype, parameters, id, description, encoding and size; of the extension data the disposition and the location.
func (p *structureParser) leaf(s *mail.Structure) error {
	var words [2]string
	var err error
	for i := range words {
		if words[i], err = p.word(); err != nil {
			return err
		}
	}
	s.Type = strings.ToLower(words[0] + "/" + words[1])
	if s.Params, err = p.params(); err != nil {
		return err
	}
	for _, into := range []*string{&s.ContentID, nil, &s.Encoding} {
		v, err := p.word()
		if err != nil {
			return err
		}
		if into != nil {
			*into = v
		}
	}
	s.Encoding = strings.ToLower(s.Encoding)
	n, err := p.sc.number()
	if err != nil {
		return err
	}
	s.Size = int64(min(n, 1<<40))
	skip := 0
	switch {
	case s.Type == "message/rfc822" || s.Type == "message/global":
		// Envelope, structure and lines; servers that cannot look into it leave them out.
		if p.more(); p.sc.peek() == '(' {
			skip = 3
		}
	case strings.HasPrefix(s.Type, "text/"):
		skip = 1
	}
	for range skip {
		if p.more() {
			if err := p.sc.skip(); err != nil {
				return err
			}
		}
	}
	if p.more() { // MD5
		if _, err := p.word(); err != nil {
			return err
		}
	}
	return p.disposition(s)
}

// disposition reads the extension data from the disposition on, as far as there is any: disposition, language, location.
func (p *structureParser) disposition(s *mail.Structure) error {
	if !p.more() {
		return nil
	}
	if p.sc.take('(') {
		v, err := p.word()
		if err != nil {
			return err
		}
		s.Disposition = strings.ToLower(v)
		if p.more() {
			if s.FileParams, err = p.params(); err != nil {
				return err
			}
		}
		if err := p.rest(); err != nil {
			return err
		}
	} else if err := p.sc.skip(); err != nil {
		return err
	}
	if p.more() {
		if err := p.sc.skip(); err != nil {
			return err
		}
	}
	if !p.more() || p.sc.peek() == '(' {
		return nil
	}
	var err error
	s.Location, err = p.word()
	return err
}

// word reads a string or NIL; a list in its place, which Exchange has been seen to send, counts as NIL.
func (p *structureParser) word() (string, error) {
	p.sc.space()
	if p.sc.peek() == '(' {
		return "", p.sc.skip()
	}
	v, _, err := p.sc.str()
	return string(bytes.ToValidUTF8(v, []byte("?"))), err
}

// params reads a list of names and values, or NIL.
func (p *structureParser) params() ([]mail.Param, error) {
	p.sc.space()
	if !p.sc.take('(') {
		_, _, err := p.sc.str()
		return nil, err
	}
	var out []mail.Param
	for p.more() {
		name, err := p.word()
		if err != nil {
			return nil, err
		}
		if !p.more() {
			break
		}
		value, err := p.word()
		if err != nil {
			return nil, err
		}
		if len(out) < 100 {
			out = append(out, mail.Param{Name: name, Value: value})
		}
	}
	return out, p.rest()
}
