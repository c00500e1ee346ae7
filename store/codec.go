package store

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"peyk/internal/mail"
)

// Addresses are stored as name US addr, joined by RS: quicker than JSON for a million rows.
const (
	unitSep   = "\x1f"
	recordSep = "\x1e"
)

var noSeps = strings.NewReplacer(unitSep, " ", recordSep, " ", "\x00", "")

func packAddrs(as []mail.Address) string {
	if len(as) == 0 {
		return ""
	}
	var b strings.Builder
	for i, a := range as {
		if i > 0 {
			b.WriteString(recordSep)
		}
		b.WriteString(noSeps.Replace(a.Name))
		b.WriteString(unitSep)
		b.WriteString(noSeps.Replace(a.Addr))
	}
	return b.String()
}

func unpackAddrs(s string) []mail.Address {
	if s == "" {
		return nil
	}
	parts := strings.Split(s, recordSep)
	out := make([]mail.Address, len(parts))
	for i, p := range parts {
		out[i].Name, out[i].Addr, _ = strings.Cut(p, unitSep)
	}
	return out
}

func packList(l []string) string {
	if len(l) == 0 {
		return ""
	}
	c := make([]string, len(l))
	for i, s := range l {
		c[i] = noSeps.Replace(s)
	}
	return strings.Join(c, recordSep)
}

func unpackList(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, recordSep)
}

func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func packFlagList(fs mail.Flags) string {
	l := make([]string, len(fs))
	for i, f := range fs {
		l[i] = string(f)
	}
	return packList(l)
}

func unpackFlagList(s string) mail.Flags {
	var fs mail.Flags
	for _, f := range unpackList(s) {
		fs = append(fs, mail.Flag(f))
	}
	return fs
}

// Roles are small numbers in the database, so that they index well. Never renumber.
var roleNumbers = []mail.Role{mail.RoleNone, mail.RoleInbox, mail.RoleSent, mail.RoleDrafts, mail.RoleTrash, mail.RoleJunk,
	mail.RoleArchive, mail.RoleOutbox, mail.RoleAll, mail.RoleFlagged}

func roleNumber(r mail.Role) int {
	for i, x := range roleNumbers {
		if x == r {
			return i
		}
	}
	return 0
}

func roleName(n int) mail.Role {
	if n < 0 || n >= len(roleNumbers) {
		return mail.RoleNone
	}
	return roleNumbers[n]
}

// Times: zero is 0 in the database.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func fromUnix(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

func packHash(hash string) ([]byte, error) {
	b, err := hex.DecodeString(hash)
	if err != nil || len(b) != 32 {
		return nil, fmt.Errorf("%q is not a SHA-256 in hex", hash)
	}
	return b, nil
}

// cleanText makes header text safe for rows: one line, no separators, valid UTF-8, bounded.
func cleanText(s string, max int) string {
	if !isPlain(s) {
		s = strings.Map(func(r rune) rune {
			if r == '\n' || r == '\r' || r == '\t' {
				return ' '
			}
			if r < 0x20 || r == 0x7f {
				return -1
			}
			return r
		}, strings.ToValidUTF8(s, "\uFFFD"))
	}
	if len(s) > max {
		s = strings.ToValidUTF8(s[:max], "")
	}
	return strings.TrimSpace(s)
}

// isPlain reports whether a text is valid UTF-8 without control characters, as nearly all are.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] == 0x7f {
			return false
		}
	}
	return utf8.ValidString(s)
}

// unpackAttachments reads details.attachments; damage there is not worth an error.
func unpackAttachments(s string) []mail.Attachment {
	var out []mail.Attachment
	if s != "" && json.Unmarshal([]byte(s), &out) != nil {
		return nil
	}
	return out
}
