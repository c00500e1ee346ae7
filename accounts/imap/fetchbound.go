package imap

import (
	"fmt"

	"peyk/accounts/remote"
)

// How much may come of a FETCH before it is no answer any more: a server that goes on and on keeps every deadline.

// maxJunk bounds the answers to one flight that cannot be read.
const maxJunk = 16 << 20

// allowed is how many answers a set may bring: a server may send some twice, or tell of flags besides.
func (f *fetching) allowed() int { return 4*f.messages() + 10_000 }

// messages is how many a set can be about.
func (f *fetching) messages() int {
	n := min(int(f.s.state.Exists), maxOwn/4)
	if !openEnded(f.set) {
		n = int(min(count(f.set), uint32(n)))
	}
	return n
}

// What answers may have on average: the lines of each, and with headers those, too. One alone may have far more.
const (
	lineBulk   = 1 << 10
	headerBulk = 64 << 10
	freeBulk   = 16 << 20
)

// tooBulky counts one answer. Bodies that pass through are not held and have an end of their own.
func (f *fetching) tooBulky(p *response) bool {
	f.bulk += p.size - p.passed
	most := freeBulk + int64(f.most)*lineBulk
	if f.want == remote.WantHeader {
		most += int64(f.messages()) * headerBulk
	}
	return f.answers > f.most || f.bulk > most
}

// unwanted bounds bodies that nobody asked for, and the same ones once more.
func (f *fetching) unwanted(size int64, asked bool) error {
	if !asked {
		f.strange += size
	} else {
		f.bodies++
	}
	if f.strange > drainAfterStop || f.bodies > 2*f.messages()+100 {
		return fmt.Errorf("%w: messages that nobody asked for", errTooMuch)
	}
	return nil
}
