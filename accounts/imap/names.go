package imap

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// names remembers how the server writes a mailbox whose name is not proper modified UTF-7, so that it can be named
// exactly so again.
type names struct {
	mu   sync.Mutex
	wire map[string]string // path → bytes on the wire
}

func (n *names) learn(path, wire string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if encodeName(path) == wire {
		delete(n.wire, path) // it may have been written otherwise before
		return
	}
	if n.wire == nil {
		n.wire = make(map[string]string)
	}
	n.wire[path] = wire
}

// keep forgets the names of paths that are not listed any more.
func (n *names) keep(listed func(path string) bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	maps.DeleteFunc(n.wire, func(path, _ string) bool { return !listed(path) })
}

// onWire gives the name to send; odd reports that it is not what encodeName would make.
func (n *names) onWire(path string) (name string, odd bool) {
	if strings.EqualFold(path, "INBOX") {
		return "INBOX", false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if w, ok := n.wire[path]; ok {
		return w, true
	}
	return encodeName(path), false
}

// mailbox writes path as a command argument.
func (s *session) mailbox(path string) (string, error) {
	if err := checkName(path); err != nil {
		return "", err
	}
	w, _ := s.names.onWire(path)
	return quote(w)
}

var errName = errors.New("no usable folder name")

// checkName refuses names that must never be sent or believed: control characters (CR, LF and NUL inject commands),
// levels "." and ".." (an export would leave its directory), and more than 1000 bytes.
func checkName(path string) error {
	switch {
	case path == "":
		return fmt.Errorf("%w: it is empty", errName)
	case len(path) > 1000:
		return fmt.Errorf("%w: it has %d bytes", errName, len(path))
	}
	for _, r := range path {
		if unicode.IsControl(r) || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' {
			return fmt.Errorf("%w: %q holds a control character", errName, cleanText(path))
		}
	}
	for _, level := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' }) {
		if level == "." || level == ".." {
			return fmt.Errorf("%w: %q leads out of its folder", errName, path)
		}
	}
	return nil
}

// The base64 of modified UTF-7 has "," for "/" and no padding; the last bits may be anything.
var utf7 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// encodeName writes a path in modified UTF-7 (RFC 3501 §5.1.3).
func encodeName(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); {
		c := path[i]
		if c >= 0x20 && c <= 0x7e {
			b.WriteByte(c)
			if c == '&' {
				b.WriteByte('-')
			}
			i++
			continue
		}
		j := i
		for j < len(path) && (path[j] < 0x20 || path[j] > 0x7e) {
			j++
		}
		var raw []byte
		for _, u := range utf16.Encode([]rune(path[i:j])) {
			raw = append(raw, byte(u>>8), byte(u))
		}
		b.WriteByte('&')
		b.WriteString(utf7.EncodeToString(raw))
		b.WriteByte('-')
		i = j
	}
	return b.String()
}

// decodeName reads modified UTF-7. What is not proper (R&D, UTF-8, Latin-1) is taken as it stands.
func decodeName(wire string) string {
	if s, ok := decodeUTF7(wire); ok {
		return s
	}
	if utf8.ValidString(wire) {
		return wire
	}
	var b strings.Builder
	for i := 0; i < len(wire); i++ {
		b.WriteRune(rune(wire[i]))
	}
	return b.String()
}

func decodeUTF7(wire string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(wire); i++ {
		c := wire[i]
		if c > 0x7e || c < 0x20 {
			return "", false
		}
		if c != '&' {
			b.WriteByte(c)
			continue
		}
		end := strings.IndexByte(wire[i:], '-')
		if end < 0 {
			return "", false
		}
		shifted := wire[i+1 : i+end]
		i += end
		if shifted == "" {
			b.WriteByte('&')
			continue
		}
		raw, err := utf7.DecodeString(shifted)
		if err != nil || len(raw)%2 != 0 || len(raw) == 0 {
			return "", false
		}
		units := make([]uint16, 0, len(raw)/2)
		for k := 0; k < len(raw); k += 2 {
			units = append(units, uint16(raw[k])<<8|uint16(raw[k+1]))
		}
		for _, r := range utf16.Decode(units) {
			if r == utf8.RuneError {
				return "", false
			}
			b.WriteRune(r)
		}
	}
	return b.String(), true
}
