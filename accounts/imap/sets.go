package imap

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// maxSetText keeps a command line under the 8192 octets that RFC 7162 §4 asks servers to take.
const maxSetText = 7900

// maxExpanded bounds what a set of the server may become when written out (16 million UIDs, 64 MB).
const maxExpanded = 16 << 20

// parseSet reads "1:5,9,12:*" strictly; "*" becomes Last 0. A range that runs backwards is turned round.
func parseSet(s string) ([]remote.UIDRange, error) {
	var out []remote.UIDRange
	for s != "" {
		var one string
		one, s, _ = strings.Cut(s, ",")
		a, b, isRange := strings.Cut(one, ":")
		first, err := parseUID(a)
		if err != nil {
			return nil, err
		}
		last := first
		if isRange {
			if last, err = parseUID(b); err != nil {
				return nil, err
			}
		}
		if first == 0 || last != 0 && last < first {
			first, last = last, first
		}
		out = append(out, remote.UIDRange{First: first, Last: last})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: an empty set", errSyntax)
	}
	return out, nil
}

func parseUID(s string) (mail.UID, error) {
	if s == "*" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%w: %.40q is no UID", errSyntax, s)
	}
	return mail.UID(n), nil
}

// expand writes ranges out, in their order. It fails on open and on absurd ranges.
func expand(rs []remote.UIDRange) ([]mail.UID, error) {
	total := uint64(0)
	for _, r := range rs {
		if r.First == 0 || r.Last < r.First {
			return nil, fmt.Errorf("%w: an open range", errSyntax)
		}
		total += uint64(r.Last-r.First) + 1
	}
	if total > maxExpanded {
		return nil, fmt.Errorf("%w: a set of %d UIDs", errTooMuch, total)
	}
	out := make([]mail.UID, 0, total)
	for _, r := range rs {
		for u := uint64(r.First); u <= uint64(r.Last); u++ {
			out = append(out, mail.UID(u))
		}
	}
	return out, nil
}

// rangesOf joins UIDs into ascending ranges; zeros and doubles are dropped.
func rangesOf(uids []mail.UID) []remote.UIDRange {
	sorted := slices.Clone(uids)
	slices.Sort(sorted)
	var out []remote.UIDRange
	for _, u := range sorted {
		if u == 0 {
			continue
		}
		if n := len(out); n > 0 && u <= out[n-1].Last+1 && out[n-1].Last != ^mail.UID(0) {
			out[n-1].Last = max(out[n-1].Last, u)
			continue
		}
		if n := len(out); n > 0 && u == out[n-1].Last {
			continue
		}
		out = append(out, remote.UIDRange{First: u, Last: u})
	}
	return out
}

// count is how many UIDs the ranges name, as far as that fits.
func count(rs []remote.UIDRange) uint32 {
	total := uint64(0)
	for _, r := range rs {
		if r.Last >= r.First {
			total += uint64(r.Last-r.First) + 1
		}
	}
	return uint32(min(total, 1<<32-1))
}

// openEnded reports whether a range goes up to the newest message.
func openEnded(rs []remote.UIDRange) bool {
	for _, r := range rs {
		if r.Last == 0 {
			return true
		}
	}
	return false
}

// contains reports whether u lies in one of the ranges.
func contains(rs []remote.UIDRange, u mail.UID) bool {
	for _, r := range rs {
		if u >= r.First && (r.Last == 0 || u <= r.Last) {
			return true
		}
	}
	return false
}

// setChunk is a part of a set with the text that names it.
type setChunk struct {
	text   string
	ranges []remote.UIDRange
}

// chunks writes ranges as sequence sets of bounded length, with at most most UIDs each (0: any number; a range that goes up to the
// newest message is not cut). A range without a first is taken from 1.
func chunks(rs []remote.UIDRange, most uint32) []setChunk {
	var out []setChunk
	var b strings.Builder
	from, held := 0, uint32(0)
	if most > 0 {
		rs = split(rs, most)
	}
	for i, r := range rs {
		t := formatRange(r)
		n := count(rs[i : i+1])
		if b.Len() > 0 && (b.Len()+1+len(t) > maxSetText || most > 0 && (held+n > most || r.Last == 0)) {
			out = append(out, setChunk{b.String(), rs[from:i]})
			b.Reset()
			from, held = i, 0
		}
		held += n
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(t)
	}
	if b.Len() > 0 {
		out = append(out, setChunk{b.String(), rs[from:]})
	}
	return out
}

// split cuts ranges into pieces of at most most UIDs.
func split(rs []remote.UIDRange, most uint32) []remote.UIDRange {
	var out []remote.UIDRange
	for _, r := range rs {
		for r.Last != 0 && r.Last-r.First >= mail.UID(most) {
			out = append(out, remote.UIDRange{First: r.First, Last: r.First + mail.UID(most) - 1})
			r.First += mail.UID(most)
		}
		out = append(out, r)
	}
	return out
}

func formatRange(r remote.UIDRange) string {
	first := strconv.FormatUint(uint64(max(r.First, 1)), 10)
	switch {
	case r.Last == 0:
		return first + ":*"
	case r.Last == r.First:
		return first
	}
	return first + ":" + strconv.FormatUint(uint64(r.Last), 10)
}
