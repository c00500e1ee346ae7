package mailsync

import (
	"cmp"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// subtract returns what is in a and not in b; both ascending.
func subtract(a, b []mail.UID) []mail.UID {
	if len(b) == 0 {
		return a
	}
	out := make([]mail.UID, 0, len(a))
	j := 0
	for _, u := range a {
		for j < len(b) && b[j] < u {
			j++
		}
		if j < len(b) && b[j] == u {
			continue
		}
		out = append(out, u)
	}
	return out
}

// inRanges returns the members of a (ascending) that lie in one of the ranges, which may overlap: each is looked at once, however often a
// server names it.
func inRanges(a []mail.UID, rs []remote.UIDRange) []mail.UID {
	rs = slices.Clone(rs)
	slices.SortFunc(rs, func(x, y remote.UIDRange) int { return cmp.Compare(x.First, y.First) })
	var out []mail.UID
	i := 0
	for _, r := range rs {
		n, _ := slices.BinarySearch(a[i:], r.First)
		for i += n; i < len(a) && (r.Last == 0 || a[i] <= r.Last); i++ {
			out = append(out, a[i])
		}
	}
	return out
}

// ranges writes ascending UIDs as few ranges. Only consecutive numbers are joined: a gap may hide a message that came
// meanwhile.
func ranges(uids []mail.UID) []remote.UIDRange {
	var out []remote.UIDRange
	for _, u := range uids {
		if n := len(out); n > 0 && out[n-1].Last+1 == u {
			out[n-1].Last = u
			continue
		}
		out = append(out, remote.UIDRange{First: u, Last: u})
	}
	return out
}

// newestChunks cuts ascending UIDs into chunks of size, newest chunk first, ascending inside.
func newestChunks(uids []mail.UID, size int) [][]mail.UID {
	var out [][]mail.UID
	for len(uids) > 0 {
		cut := max(len(uids)-size, 0)
		out = append(out, uids[cut:])
		uids = uids[:cut]
	}
	return out
}
