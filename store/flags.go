package store

import (
	"sort"
	"strings"

	"peyk/internal/mail"
)

// Bits of messages.flags. The SQL of the schema knows seen (1) and flagged (4).
const (
	bitSeen = 1 << iota
	bitAnswered
	bitFlagged
	bitDeleted
	bitDraft
	bitForwarded
	bitJunk
	bitNotJunk
	bitMDNSent
	bitPhishing
)

var bitFlags = []mail.Flag{mail.FlagSeen, mail.FlagAnswered, mail.FlagFlagged, mail.FlagDeleted, mail.FlagDraft,
	mail.FlagForwarded, mail.FlagJunk, mail.FlagNotJunk, mail.FlagMDNSent, mail.FlagPhishing}

// MaxKeyword is how many bytes a keyword may have. What is longer no program has written for its user; a server could have one of a megabyte for each message.
const MaxKeyword = 1000

// Reasons of messages.hidden.
const (
	hideDeleted  = 1
	hideExpunged = 2
	hideDropped  = 4
)

// flagSet is a set of flags as it is stored: bits, and other keywords sorted and joined by "\n".
type flagSet struct {
	bits int
	kw   string
}

// aliases of junk keywords that other clients use.
var flagAliases = map[string]mail.Flag{"junk": mail.FlagJunk, "nonjunk": mail.FlagNotJunk, "notjunk": mail.FlagNotJunk,
	"$nonjunk": mail.FlagNotJunk, "forwarded": mail.FlagForwarded}

func flagBit(f mail.Flag) int {
	for i, g := range bitFlags {
		if f.Equal(g) {
			return 1 << i
		}
	}
	if g, ok := flagAliases[strings.ToLower(string(f))]; ok {
		return flagBit(g)
	}
	return 0
}

func packFlags(fs mail.Flags) flagSet {
	var s flagSet
	var kw []string
	for _, f := range fs {
		if b := flagBit(f); b != 0 {
			s.bits |= b
			continue
		}
		k := strings.TrimSpace(strings.ReplaceAll(string(f), "\n", " "))
		if k == "" || len(k) > MaxKeyword || strings.EqualFold(k, `\Recent`) || k == `\*` {
			continue
		}
		kw = append(kw, k)
	}
	s.kw = joinKeywords(kw)
	return s
}

// SameFlags reports whether two lists of flags are stored as the same: other programs' words for junk count as ours, and what is no flag of a
// message as none.
func SameFlags(a, b mail.Flags) bool {
	x, y := packFlags(a), packFlags(b)
	return x.bits == y.bits && strings.EqualFold(x.kw, y.kw)
}

func joinKeywords(kw []string) string {
	if len(kw) == 0 {
		return ""
	}
	sort.Slice(kw, func(i, j int) bool { return strings.ToLower(kw[i]) < strings.ToLower(kw[j]) })
	out := kw[:1]
	for _, k := range kw[1:] {
		if !strings.EqualFold(k, out[len(out)-1]) {
			out = append(out, k)
		}
	}
	return strings.Join(out, "\n")
}

func splitKeywords(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func (s flagSet) flags() mail.Flags {
	var out mail.Flags
	for i, f := range bitFlags {
		if s.bits&(1<<i) != 0 {
			out = append(out, f)
		}
	}
	for _, k := range splitKeywords(s.kw) {
		out = append(out, mail.Flag(k))
	}
	return out
}

// apply removes and then adds, like an operation does.
func (s flagSet) apply(add, remove flagSet) flagSet {
	out := flagSet{bits: s.bits&^remove.bits | add.bits, kw: s.kw}
	if remove.kw != "" || add.kw != "" {
		var kw []string
		drop := splitKeywords(remove.kw)
		for _, k := range splitKeywords(s.kw) {
			if !containsFold(drop, k) {
				kw = append(kw, k)
			}
		}
		out.kw = joinKeywords(append(kw, splitKeywords(add.kw)...))
	}
	return out
}

// minus returns what is in s but not in o.
func (s flagSet) minus(o flagSet) flagSet {
	return flagSet{bits: s.bits}.apply(flagSet{}, flagSet{bits: o.bits}).withKeywords(s.kw, o.kw)
}

func (s flagSet) withKeywords(kw, drop string) flagSet {
	s.kw = flagSet{kw: kw}.apply(flagSet{}, flagSet{kw: drop}).kw
	return s
}

func containsFold(l []string, s string) bool {
	for _, x := range l {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}

// hiddenBy gives messages.hidden for local flags, keeping the reasons that are not flags.
func hiddenBy(bits, hidden int) int {
	if bits&bitDeleted != 0 {
		return hidden | hideDeleted
	}
	return hidden &^ hideDeleted
}
