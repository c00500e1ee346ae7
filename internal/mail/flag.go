package mail

import "strings"

// Flag is an IMAP system flag or keyword (RFC 9051 §2.3.2), compared without regard to case. Tags of the user are
// keywords too.
type Flag string

// The flags Peyk gives a meaning to; every other keyword is shown as a tag.
const (
	FlagSeen      Flag = `\Seen`
	FlagAnswered  Flag = `\Answered`
	FlagFlagged   Flag = `\Flagged`
	FlagDeleted   Flag = `\Deleted`
	FlagDraft     Flag = `\Draft`
	FlagForwarded Flag = "$Forwarded"
	FlagJunk      Flag = "$Junk"
	FlagNotJunk   Flag = "$NotJunk"
	FlagMDNSent   Flag = "$MDNSent"
	FlagPhishing  Flag = "$Phishing"
)

// Equal compares two flags as IMAP does, without regard to ASCII case.
func (f Flag) Equal(g Flag) bool { return strings.EqualFold(string(f), string(g)) }

// IsTag reports whether the flag is a keyword of the user's rather than one with a meaning of its own.
func (f Flag) IsTag() bool {
	return f != "" && f[0] != '\\' && f[0] != '$'
}

// Flags is a set of flags in no particular order.
type Flags []Flag

// Has reports whether the set contains f.
func (fs Flags) Has(f Flag) bool {
	for _, g := range fs {
		if g.Equal(f) {
			return true
		}
	}
	return false
}

// With returns a new set that contains fs and add.
func (fs Flags) With(add ...Flag) Flags {
	out := append(Flags(nil), fs...)
	for _, f := range add {
		if f != "" && !out.Has(f) {
			out = append(out, f)
		}
	}
	return out
}

// Without returns a new set that contains fs but nothing of drop.
func (fs Flags) Without(drop ...Flag) Flags {
	var out Flags
	for _, f := range fs {
		if !Flags(drop).Has(f) {
			out = append(out, f)
		}
	}
	return out
}
