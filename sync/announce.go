package mailsync

import (
	"bytes"
	"io"
	"slices"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

const (
	// announceAfter is how long the body of a large message may be on its way before its row is shown without it.
	announceAfter = 700 * time.Millisecond
	// maxAnnounced bounds the header that is kept for that.
	maxAnnounced = 256 << 10
)

// announced is the body of a large message as it arrives. One that takes long is in the list meanwhile, by its header, which comes first:
// on a slow line an attachment takes minutes, and nobody would know that there is new mail.
type announced struct {
	r     io.Reader
	since time.Time
	head  []byte // what came so far; the header once whole
	whole bool
	row   func(head []byte) error // makes the row; nil when that was done or is given up
}

// Read implements io.Reader.
func (a *announced) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	if a.row == nil {
		return n, err
	}
	if !a.whole {
		a.head = append(a.head, p[:n]...)
		if i := bytes.Index(a.head, []byte("\r\n\r\n")); i >= 0 {
			a.head, a.whole = slices.Clone(a.head[:i+4]), true
		} else if len(a.head) > maxAnnounced {
			a.row, a.head = nil, nil
		}
	}
	if err == nil && a.whole && time.Since(a.since) > announceAfter {
		err = a.row(a.head)
		a.row = nil
	}
	return n, err
}

// announce lets the row of a large message be shown before its body is here.
func (s *folderSync) announce(in *ingester, f remote.Fetched) io.Reader {
	if i, headed := slices.BinarySearch(s.headed, f.UID); !headed && f.BodySize > streamAbove && s.retry == 0 {
		return &announced{r: f.Body, since: time.Now(), row: func(head []byte) error {
			s.headed = slices.Insert(slices.Clone(s.headed), i, f.UID)
			err := in.add(&raw{contentID: f.ContentID, in: mail.Incoming{UID: f.UID, Flags: f.Flags, Received: f.Received, Size: max(f.Size, f.BodySize), ModSeq: f.ModSeq,
				ServerThread: f.ThreadID, Header: head}})
			in.then(func() error { return nil }) // now, not with the next batch
			s.listBehind()
			return err
		}}
	}
	return f.Body
}
