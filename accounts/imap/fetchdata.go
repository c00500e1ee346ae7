package imap

import (
	"bytes"
	"strings"
	"time"

	"peyk/internal/mail"
)

// items is the data of one FETCH response (RFC 9051 §7.5.2), as far as it was asked for.
type items struct {
	uid      mail.UID
	flags    mail.Flags
	hasFlags bool
	modseq   uint64
	received time.Time
	size     int64
	// contentID is EMAILID or X-GM-MSGID, with a letter before that keeps the two apart
	contentID string
	// threadID is THREADID or X-GM-THRID, with the same letters before
	threadID string

	content    []byte // BODY[] or BODY[HEADER]
	hasContent bool   // content was there, and not NIL
	named      bool   // content was named, possibly NIL
}

// maxSize is the largest message that is believed: sums of such sizes, of a million messages, are still numbers.
const maxSize = 1 << 40

// read reads a FETCH response, or with open the beginning of one.
func (it *items) read(p *response, open bool) error {
	it.uid = p.uid
	return it.parse(p.scan(), open)
}

// parse reads the items of a FETCH response. Whatever it does not know it steps over; it stops at the first thing that
// cannot be read, with the items so far. open allows the list to end early (a prefix of the response).
func (it *items) parse(sc *scanner, open bool) error {
	sc.space()
	if !sc.take('(') {
		return errSyntax
	}
	for {
		sc.space()
		if sc.take(')') {
			return nil
		}
		if sc.end() {
			if open {
				return nil
			}
			return errSyntax
		}
		name := sc.atom()
		if len(name) == 0 {
			return errSyntax
		}
		sc.space()
		if open && sc.end() {
			return nil
		}
		if err := it.item(name, sc); err != nil {
			return err
		}
	}
}

func (it *items) item(name []byte, sc *scanner) error {
	switch {
	case bytes.EqualFold(name, []byte("UID")):
		n, err := sc.number()
		if n <= 1<<32-1 {
			it.uid = mail.UID(n)
		}
		return err
	case bytes.EqualFold(name, []byte("FLAGS")):
		flags, err := sc.flags()
		it.flags, it.hasFlags = flags, err == nil
		return err
	case bytes.EqualFold(name, []byte("MODSEQ")):
		sc.take('(')
		n, err := sc.number()
		it.modseq = modSeq(n)
		sc.space()
		sc.take(')')
		return err
	case bytes.EqualFold(name, []byte("INTERNALDATE")):
		v, _, err := sc.str()
		it.received = parseInternalDate(v)
		return err
	case bytes.EqualFold(name, []byte("RFC822.SIZE")):
		n, err := sc.number()
		if n <= maxSize {
			it.size = int64(n)
		}
		return err
	case bytes.EqualFold(name, []byte("EMAILID")):
		return objectID(sc, "e", &it.contentID)
	case bytes.EqualFold(name, []byte("THREADID")):
		return objectID(sc, "e", &it.threadID)
	case bytes.EqualFold(name, []byte("X-GM-MSGID")):
		return objectID(sc, "g", &it.contentID)
	case bytes.EqualFold(name, []byte("X-GM-THRID")):
		return objectID(sc, "g", &it.threadID)
	case isContent(name):
		v, ok, err := sc.str()
		it.named = true
		if ok && err == nil {
			it.content, it.hasContent = v, true
		}
		return err
	}
	return sc.skip()
}

// objectNames are the items by which the server names the bytes of a message and its conversation; "" where it names none.
func (s *session) objectNames() (content, thread string) {
	switch {
	case s.plain:
	case s.has("OBJECTID"):
		return "EMAILID", "THREADID"
	case s.has("X-GM-EXT-1"):
		return "X-GM-MSGID", "X-GM-THRID"
	}
	return "", ""
}

// objectID reads "(M6d99ac3275bb4e)", a bare number as Gmail has it, or NIL (RFC 8474 §5), and puts kind before it. A longer one than
// the grammar allows is no use as a name.
func objectID(sc *scanner, kind string, into *string) error {
	list := sc.take('(')
	v, ok, err := sc.str()
	if ok && err == nil && len(v) <= 255 {
		*into = kind + string(v)
	}
	sc.space()
	if list {
		sc.take(')')
	}
	return err
}

// isContent recognises the names under which servers give a whole message or a whole header.
func isContent(name []byte) bool {
	n := strings.ToUpper(string(name))
	n, _, _ = strings.Cut(n, "<")
	switch n {
	case "BODY[]", "BODY[HEADER]", "RFC822", "RFC822.HEADER":
		return true
	}
	return false
}

// parseInternalDate reads "17-Jul-1996 02:44:25 -0700"; what cannot be read is the zero time.
func parseInternalDate(v []byte) time.Time {
	s := strings.TrimSpace(string(v))
	for _, layout := range []string{"2-Jan-2006 15:04:05 -0700", "2-Jan-2006 15:04:05", "2-Jan-2006 15:04:05 MST", time.RFC1123Z} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
