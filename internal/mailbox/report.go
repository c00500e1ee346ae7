package mailbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Progress is told while an import or export runs, after every message.
type Progress struct {
	Source string // the file or folder that is read, or the folder that is written
	Done   int    // messages so far, of all sources
	Total  int    // messages; 0: not known
	Bytes  int64  // bytes so far
	// TotalBytes is how many bytes there are to read; 0: not known.
	TotalBytes int64
}

// Failure is one message, or one file, that could not be read or written.
type Failure struct {
	Where  string `json:"where"` // file, and the offset in it for mboxes
	Reason string `json:"reason"`
	// Err is the error that Reason tells, for those who say it in another language; nil in a report that was read from JSON.
	Err error `json:"-"`
	// File and Offset are what Where names, the latter 0 for a whole file.
	File   string `json:"-"`
	Offset int64  `json:"-"`
}

// Report says what an import or export did.
type Report struct {
	Messages int       `json:"messages"`
	Bytes    int64     `json:"bytes"`
	Failed   []Failure `json:"failed"`
	// Partial counts the messages that an export left out because only their header is here.
	Partial int `json:"partial,omitempty"`
	// Known counts those of the messages that an import left out because their folder held them already.
	Known int `json:"known,omitempty"`
	// Folders counts the messages of each folder.
	Folders map[string]int `json:"folders"`
	// Digest is over the bytes of all messages: the sum of their SHA-256 modulo 2^256, in hex. It does not depend on the
	// order, so that the reports of an export and of the import of its files can be compared.
	Digest string `json:"digest"`
	// Resume is set when the work was interrupted: where to go on (a Source with its Offset).
	Resume *Position `json:"resume,omitempty"`
}

// Position is a place in a set of mailboxes: everything before it is done.
type Position struct {
	Source string `json:"source"`
	Offset int64  `json:"offset"` // of the next message: bytes in an mbox, files in a Maildir
}

// Count adds a message of size bytes with the SHA-256 sum.
func (r *Report) Count(folder string, size int64, sum [sha256.Size]byte) {
	if r.Folders == nil {
		r.Folders = map[string]int{}
	}
	r.Folders[folder]++
	r.Messages++
	r.Bytes += size
	var old [sha256.Size]byte
	hex.Decode(old[:], []byte(r.Digest)) // empty at first
	carry := uint(0)
	for i := len(sum) - 1; i >= 0; i-- {
		t := uint(old[i]) + uint(sum[i]) + carry
		old[i], carry = byte(t), t>>8
	}
	r.Digest = hex.EncodeToString(old[:])
}

// empty notes a folder that was asked for and holds nothing.
func (r *Report) empty(folder string) {
	if r.Folders == nil {
		r.Folders = map[string]int{}
	}
	r.Folders[folder] += 0
}

// Fail notes what could not be read or written.
func (r *Report) Fail(where string, err error) { r.fail(where, err) }

func (r *Report) fail(where string, err error) { r.failAt(where, 0, err) }

func (r *Report) failAt(file string, offset int64, err error) {
	where := file
	if offset > 0 {
		where = fmt.Sprintf("%s at byte %d", file, offset)
	}
	r.Failed = append(r.Failed, Failure{Where: where, Reason: err.Error(), Err: err, File: file, Offset: offset})
}

// String is one line for people.
func (r *Report) String() string {
	s := fmt.Sprintf("%d messages", r.Messages)
	if r.Bytes > 0 || r.Messages == 0 { // of a broken import only their number is known
		s += fmt.Sprintf(", %d bytes", r.Bytes)
	}
	if r.Known > 0 {
		s += fmt.Sprintf(", %d of them were there already", r.Known)
	}
	if n := len(r.Failed); n > 0 {
		s += fmt.Sprintf(", %d failed", n)
	}
	return s
}
