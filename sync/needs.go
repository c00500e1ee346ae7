package mailsync

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"peyk/internal/message"
)

// addressFields are the header fields that hold addresses, also behind "Resent-" (RFC 5322 §3.6.2, §3.6.3, §3.6.6).
var addressFields = []string{"from", "sender", "reply-to", "to", "cc", "bcc"}

// needs looks through a message for what the server must be able to carry: bytes above 127 (8BITMIME), and addresses that are not ASCII (SMTPUTF8), in the envelope or in the header. Other
// header fields with such bytes, as old programs write subjects, demand nothing: mail has come so for decades, and what is said to need SMTPUTF8 is sent back by every server on
// its way that does not have it.
func needs(r io.ReaderAt, size int64, addrs []string) (eight, smtputf8 bool, err error) {
	smtputf8 = slices.ContainsFunc(addrs, func(a string) bool { return !ascii([]byte(a)) })
	head := make([]byte, min(size, maxRawHeader))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return false, false, fmt.Errorf("read the message: %w", err)
	}
	head, _ = splitHeader(head)
	if !ascii(head) {
		eight = true
		smtputf8 = smtputf8 || namesUTF8(head)
	}
	buf := make([]byte, 32<<10)
	for off := int64(0); off < size && !eight; {
		n, rerr := r.ReadAt(buf[:min(int64(len(buf)), size-off)], off)
		if n == 0 {
			return eight, smtputf8, fmt.Errorf("read the message: %w", rerr)
		}
		eight = !ascii(buf[:n])
		off += int64(n)
	}
	return eight, smtputf8, nil
}

// namesUTF8 reports whether an address in a header has letters beyond ASCII: the names beside addresses count for nothing.
func namesUTF8(head []byte) bool {
	var field []byte
	found := func() bool {
		name, value, _ := bytes.Cut(field, []byte(":"))
		kind := strings.TrimPrefix(strings.ToLower(string(bytes.TrimSpace(name))), "resent-")
		if ascii(value) || !slices.Contains(addressFields, kind) {
			return false
		}
		for _, a := range message.ParseAddressList(string(value)) {
			if !ascii([]byte(a.Addr)) && utf8.ValidString(a.Addr) {
				return true
			}
		}
		return false
	}
	for line := range bytes.Lines(head) {
		if line[0] != ' ' && line[0] != '\t' {
			if found() {
				return true
			}
			field = nil
		}
		field = append(field, line...)
	}
	return found()
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
