package imap

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"peyk/internal/mail"
)

var errSyntax = errors.New("unreadable response")

// scanner reads IMAP data tolerantly: it accepts any byte in an atom but space, parentheses and quote, lower-case nil,
// doubled spaces, and steps over values it does not know.
type scanner struct {
	b    []byte
	pos  int
	lits [][]byte
	lit  int // next literal
}

func (p *response) scan() *scanner {
	s := &scanner{b: p.data, lits: p.lits}
	// Literals before data (there are none in practice) keep the numbering right.
	s.lit = bytes.Count(p.text[:len(p.text)-len(p.data)], []byte{litMark})
	return s
}

func (s *scanner) space() {
	for s.pos < len(s.b) && s.b[s.pos] == ' ' {
		s.pos++
	}
}

func (s *scanner) peek() byte {
	if s.pos < len(s.b) {
		return s.b[s.pos]
	}
	return '\r' // the end of the response
}

func (s *scanner) end() bool { return s.pos >= len(s.b) }

// take consumes c if it is next.
func (s *scanner) take(c byte) bool {
	if s.pos < len(s.b) && s.b[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// atom reads up to a space, a parenthesis or the end. Brackets are kept whole: BODY[HEADER.FIELDS (TO)]<0>.
func (s *scanner) atom() []byte {
	start, depth := s.pos, 0
	for s.pos < len(s.b) {
		switch c := s.b[s.pos]; {
		case c == litMark:
			return s.b[start:s.pos]
		case c == '[':
			depth++
		case c == ']' && depth > 0:
			depth--
		case depth > 0:
		case c == ' ' || c == '(' || c == ')' || c == '"':
			return s.b[start:s.pos]
		}
		s.pos++
	}
	return s.b[start:s.pos]
}

// word is like atom for flags and tokens, where brackets mean nothing.
func (s *scanner) word() []byte {
	start := s.pos
	for s.pos < len(s.b) {
		if c := s.b[s.pos]; c == ' ' || c == '(' || c == ')' || c == litMark {
			break
		}
		s.pos++
	}
	return s.b[start:s.pos]
}

// str reads an nstring or astring: quoted, literal or atom. ok is false for NIL.
func (s *scanner) str() (v []byte, ok bool, err error) {
	s.space()
	switch s.peek() {
	case '"':
		v, err = s.quoted()
		return v, true, err
	case litMark:
		if s.lit >= len(s.lits) || s.end() {
			return nil, false, errSyntax
		}
		s.pos++
		s.lit++
		return s.lits[s.lit-1], true, nil
	}
	v = s.word()
	if len(v) == 0 {
		return nil, false, fmt.Errorf("%w: a string was expected", errSyntax)
	}
	if bytes.EqualFold(v, []byte("NIL")) {
		return nil, false, nil
	}
	return v, true, nil
}

func (s *scanner) quoted() ([]byte, error) {
	s.pos++
	start := s.pos
	for i := start; i < len(s.b); i++ {
		switch s.b[i] {
		case '"':
			v := s.b[start:i]
			s.pos = i + 1
			return v, nil
		case '\\':
			return s.quotedEscaped(start, i)
		}
	}
	return nil, fmt.Errorf("%w: a quoted string without an end", errSyntax)
}

func (s *scanner) quotedEscaped(start, i int) ([]byte, error) {
	v := append([]byte(nil), s.b[start:i]...)
	for ; i < len(s.b); i++ {
		switch c := s.b[i]; {
		case c == '"':
			s.pos = i + 1
			return v, nil
		case c == '\\' && i+1 < len(s.b):
			i++
			v = append(v, s.b[i])
		default:
			v = append(v, c)
		}
	}
	return nil, fmt.Errorf("%w: a quoted string without an end", errSyntax)
}

// number reads digits; anything else that is one token counts as 0 (RFC822.SIZE -1 and NIL occur).
func (s *scanner) number() (uint64, error) {
	s.space()
	v, _, err := s.str()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(string(v), 10, 64)
	if err != nil {
		return 0, nil
	}
	return n, nil
}

// skip steps over one value, whatever it is: no recursion, so nesting costs nothing.
func (s *scanner) skip() error {
	depth := 0
	for {
		s.space()
		if s.end() {
			return fmt.Errorf("%w: it ends inside a list", errSyntax)
		}
		switch s.peek() {
		case '(':
			s.pos++
			depth++
		case ')':
			if depth == 0 {
				return fmt.Errorf("%w: an unexpected parenthesis", errSyntax)
			}
			s.pos++
			depth--
		default:
			before := s.pos
			if _, _, err := s.str(); err != nil {
				return err
			}
			if s.pos == before {
				return errSyntax
			}
		}
		if depth == 0 {
			return nil
		}
	}
}

// maxFlags is how many flags of a message are kept: each is compared with those before it, and a line has room for hundreds of thousands.
const maxFlags = 200

// flags reads a parenthesised flag list; NIL and a missing list are empty. \Recent is dropped: it says nothing of use; so is what is more than
// maxFlags.
func (s *scanner) flags() (mail.Flags, error) {
	s.space()
	if !s.take('(') {
		if _, ok, err := s.str(); err != nil || ok {
			return nil, fmt.Errorf("%w: a flag list was expected", errSyntax)
		}
		return nil, nil
	}
	var out mail.Flags
	for {
		s.space()
		if s.take(')') {
			return out, nil
		}
		if s.end() {
			return nil, fmt.Errorf("%w: a flag list without an end", errSyntax)
		}
		if s.peek() == '(' { // in a name that should not have it: the message is worth more than the rest of that
			if err := s.skip(); err != nil {
				return nil, err
			}
			continue
		}
		v, ok, err := s.str()
		if err != nil {
			return nil, err
		}
		if len(out) == maxFlags {
			continue
		}
		if f := flagName(v); ok && f != "" && !out.Has(f) {
			out = append(out, f)
		}
	}
}

// systemFlags maps the flags that everyone has to shared strings in their usual spelling.
var systemFlags = map[string]mail.Flag{
	`\seen`: mail.FlagSeen, `\answered`: mail.FlagAnswered, `\flagged`: mail.FlagFlagged,
	`\deleted`: mail.FlagDeleted, `\draft`: mail.FlagDraft,
	"$forwarded": mail.FlagForwarded, "$junk": mail.FlagJunk, "$notjunk": mail.FlagNotJunk,
	"$mdnsent": mail.FlagMDNSent, "$phishing": mail.FlagPhishing,
}

func flagName(v []byte) mail.Flag {
	var low [12]byte
	if len(v) <= len(low) {
		for i, c := range v {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			low[i] = c
		}
		if f, ok := systemFlags[string(low[:len(v)])]; ok {
			return f
		}
		if string(low[:len(v)]) == `\recent` {
			return ""
		}
	}
	return mail.Flag(strings.ToValidUTF8(string(v), "?"))
}
