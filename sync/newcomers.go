package mailsync

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// newcomers are the messages of a folder on the server that no row here knew when an operation was first tried. Only among them can be
// what it brought there while its answer was lost: an older copy of the same message must not be taken for it, or one of the two would
// be lost.
type newcomers struct {
	r       *opRun
	path    string
	uids    []mail.UID                  // ascending
	brought map[mail.MessageID]mail.UID // what a pass has found of the operation's work already
	same    bool                        // the UIDs known here are those of the folder as it is now
	waiting []store.Awaiting
	used    map[mail.UID]bool
	heads   map[mail.UID]remote.Fetched
	ids     map[string][]mail.UID // see withID; nil: not read yet
}

// copyOf says what is looked for.
type copyOf struct {
	message  mail.MessageID // that the operation is about
	headerID string
	size     int64 // bytes; 0: not known
	anySize  bool  // the Message-ID is enough: some servers change what they store
	// header gives the header's bytes, for messages without Message-ID; nil: such are not found.
	header func() ([]byte, error)
	// Of a draft: another computer may have put another version there, under the same Message-ID. It may be of the same second, so that only what it says tells.
	date time.Time
	same func(ctx context.Context, path string, uid mail.UID) (bool, error)
}

// newcomers looks into the destination of the operation.
func (r *opRun) newcomers(ctx context.Context, path string) (*newcomers, error) {
	brought, err := r.st.Brought(ctx, r.op.ID)
	if err != nil {
		return nil, err
	}
	a, err := r.strangers(ctx, r.op.Folder, path, func(f mail.FolderID) ([]mail.UID, error) { return r.st.UIDsBefore(ctx, f, r.op.ID) })
	if err != nil || !a.same {
		return a, err
	}
	a.brought = brought
	for _, u := range brought {
		a.used[u] = true
	}
	return a, nil
}

// strangers are the messages of a folder on the server without those that known says.
func (r *opRun) strangers(ctx context.Context, folder mail.FolderID, path string, known func(mail.FolderID) ([]mail.UID, error)) (*newcomers, error) {
	state, err := r.mb.Select(ctx, path)
	if err != nil {
		return nil, err
	}
	uids, err := r.mb.UIDs(ctx, path)
	if err != nil {
		return nil, err
	}
	f, err := r.st.Folder(ctx, folder)
	if err != nil {
		return nil, err
	}
	a := &newcomers{r: r, path: path, uids: uids, used: map[mail.UID]bool{}}
	if a.same = f.UIDValidity == 0 || f.UIDValidity == state.UIDValidity; a.same {
		have, err := known(f.ID)
		if err != nil {
			return nil, err
		}
		a.uids = subtract(uids, have)
	}
	// Earlier operations may have brought equal messages whose UIDs the server did not tell.
	a.waiting, err = r.st.Awaiting(ctx, f.ID)
	return a, err
}

// find returns the newest of the newcomers that is such a message and does not answer for another one; 0: there is none.
func (a *newcomers) find(ctx context.Context, c copyOf) (mail.UID, error) {
	if len(a.uids) == 0 {
		return 0, nil
	}
	if u := a.brought[c.message]; u != 0 {
		if _, there := slices.BinarySearch(a.uids, u); there {
			return u, nil
		}
	}
	var found []mail.UID
	var err error
	if c.headerID != "" {
		found, err = a.byHeaderID(ctx, c)
	} else if c.header != nil {
		found, err = a.byHeader(ctx, c)
	}
	if err != nil || len(found) <= a.others(c) {
		return 0, err
	}
	uid := slices.Max(found)
	a.used[uid] = true
	return uid, nil
}

func (a *newcomers) byHeaderID(ctx context.Context, c copyOf) ([]mail.UID, error) {
	uids, err := a.r.mb.FindByHeaderID(ctx, a.path, c.headerID)
	if err != nil && (closed(err) || transient(err)) {
		return nil, err
	}
	if !slices.ContainsFunc(uids, func(u mail.UID) bool { _, is := slices.BinarySearch(a.uids, u); return is }) {
		if uids, err = a.withID(ctx, c.headerID); err != nil {
			return nil, err
		}
	}
	var out []mail.UID
	for _, u := range uids {
		if _, is := slices.BinarySearch(a.uids, u); !is || a.used[u] {
			continue
		}
		if !c.anySize && c.size > 0 {
			if err := a.read(ctx); err != nil {
				return nil, err
			}
			if a.heads[u].Size != c.size {
				continue
			}
		}
		if !c.date.IsZero() {
			if err := a.read(ctx); err != nil {
				return nil, err
			}
			if !message.ParseHeader(a.heads[u].Header).Summary().Date.Equal(c.date) {
				continue
			}
			if same, err := c.same(ctx, a.path, u); err != nil {
				return nil, err
			} else if !same {
				continue
			}
		}
		out = append(out, u)
	}
	return out, nil
}

// headsMost is how many newcomers are looked at, the newest, where the server finds none; besides those of the operation, which came last.
const headsMost = 200

// withID are newcomers that have a Message-ID, by their headers: some servers refuse to search in headers, or search an index that does not know yet what
// has just come. The headers are read once, for what is looked for is many messages often.
func (a *newcomers) withID(ctx context.Context, id string) ([]mail.UID, error) {
	if a.ids == nil {
		ids := map[string][]mail.UID{}
		newest := a.uids[max(0, len(a.uids)-headsMost-len(a.r.targets)):]
		if _, err := a.r.mb.Fetch(ctx, a.path, ranges(newest), remote.WantHeader, func(f remote.Fetched) error {
			id := strings.Trim(message.ParseHeader(f.Header).Summary().HeaderID, "<>")
			ids[id] = append(ids[id], f.UID)
			return nil
		}); err != nil {
			return nil, err
		}
		a.ids = ids
	}
	return a.ids[strings.Trim(id, "<>")], nil
}

// byHeader compares whole headers and sizes.
func (a *newcomers) byHeader(ctx context.Context, c copyOf) ([]mail.UID, error) {
	head, err := c.header()
	if err != nil || len(head) == 0 {
		return nil, err
	}
	if err := a.read(ctx); err != nil {
		return nil, err
	}
	var out []mail.UID
	for _, u := range a.uids {
		f, ok := a.heads[u]
		if ok && !a.used[u] && (c.size <= 0 || f.Size == c.size) && bytes.Equal(bytes.TrimRight(f.Header, "\r\n"), bytes.TrimRight(head, "\r\n")) {
			out = append(out, u)
		}
	}
	return out, nil
}

// read fetches headers and sizes of the newcomers, once.
func (a *newcomers) read(ctx context.Context) error {
	if a.heads != nil {
		return nil
	}
	heads := map[mail.UID]remote.Fetched{}
	_, err := a.r.mb.Fetch(ctx, a.path, ranges(a.uids), remote.WantHeader, func(f remote.Fetched) error {
		f.Header = slices.Clone(f.Header)
		heads[f.UID] = f
		return nil
	})
	if err == nil {
		a.heads = heads
	}
	return err
}

// others counts the equal messages that earlier operations brought here and whose UIDs are not known.
func (a *newcomers) others(c copyOf) int {
	n := 0
	for _, w := range a.waiting {
		same := w.HeaderID == c.headerID
		if c.headerID == "" || !c.anySize {
			same = same && w.Size == c.size
		}
		if w.Done && same {
			n++
		}
	}
	return n
}

// nameless finds a message without Message-ID whose UID the server never told, by the header of the bytes that are here.
func (r *opRun) nameless(ctx context.Context, t store.OpTarget, taken map[mail.UID]store.OpTarget) (mail.UID, error) {
	head, size, err := r.storedHeader(ctx, t)
	if err != nil || head == nil {
		return 0, err
	}
	a, err := r.strangers(ctx, t.Folder, t.Path, func(f mail.FolderID) ([]mail.UID, error) { return r.st.KnownUIDs(ctx, f) })
	if err != nil {
		return 0, err
	}
	a.waiting = nil // equal ones are as good: any of them may be moved
	for u := range taken {
		a.used[u] = true
	}
	return a.find(ctx, copyOf{size: size, header: func() ([]byte, error) { return head, nil }})
}

// storedHeader is the header of the bytes that are here of a message; nil when they are not.
func (r *opRun) storedHeader(ctx context.Context, t store.OpTarget) (head []byte, size int64, err error) {
	d, err := r.st.Details(ctx, t.Message)
	if errors.Is(err, store.ErrNotFound) || err == nil && d.Blob == nil {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	b, err := r.st.OpenBlob(ctx, d.Blob.Hash)
	if err != nil {
		return nil, 0, err
	}
	defer b.Close()
	head, err = headerOf(b)
	return head, b.Size(), err
}

// headerOf reads a stored message's header with the empty line after it.
func headerOf(b store.Blob) ([]byte, error) {
	head, err := io.ReadAll(io.LimitReader(io.NewSectionReader(b, 0, b.Size()), maxRawHeader))
	if i := bytes.Index(head, []byte("\r\n\r\n")); i >= 0 {
		head = head[:i+4]
	}
	return head, err
}

// header is the header of a message on the server.
func (r *opRun) header(ctx context.Context, path string, uid mail.UID) ([]byte, error) {
	var head []byte
	_, err := r.mb.Fetch(ctx, path, []remote.UIDRange{{First: uid, Last: uid}}, remote.WantHeader, func(f remote.Fetched) error {
		if f.UID == uid {
			head = slices.Clone(f.Header)
		}
		return nil
	})
	return head, err
}
