package mailsync

import (
	"context"
	"fmt"
	"io"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Importer puts messages from files into a folder. Into a folder of this computer they go in durable batches; into a server's
// folder each becomes an operation, which the next passes carry out.
type Importer struct {
	e   *Engine
	ctx context.Context
	f   mail.Folder
	in  *ingester // local folders
	ops []mail.Op
	n   int
	// failed is why operations could not be stored; nil: they could.
	failed error
	// there counts the messages, by the hash of their bytes, that are not taken over again.
	there map[string]int
	known int // those that were not
}

// uploadBatch is how many appends go into the operation log together.
const uploadBatch = 50

// ImporterAgain goes on with an import that was killed: a message that is in the folder with an id of at least next is not
// taken over again. As often as the source holds it, it is there in the end. 0: nothing was taken over before. Close the importer.
func (e *Engine) ImporterAgain(ctx context.Context, folder mail.FolderID, next mail.MessageID) (*Importer, error) {
	var there map[string]int
	if next > 0 {
		var err error
		if there, err = e.st.HashesFrom(ctx, folder, next); err != nil {
			return nil, err
		}
	}
	return e.ImporterKnowing(ctx, folder, there)
}

// ImporterKnowing starts an import that leaves out what the folder holds already: there counts those messages by the hash of their
// bytes, and is counted down, so that a message is left out as often as it is there. The importer owns the map until it is closed.
func (e *Engine) ImporterKnowing(ctx context.Context, folder mail.FolderID, there map[string]int) (*Importer, error) {
	f, err := e.st.Folder(ctx, folder)
	if err != nil {
		return nil, err
	}
	a, err := e.st.Account(ctx, f.Account)
	if err != nil {
		return nil, err
	}
	im := &Importer{e: e, ctx: ctx, f: f, there: there}
	if f.Local {
		im.in = newPass(e, a).ingester(ctx, f, 0)
	}
	return im, nil
}

// Unreadable is the error of a reader that Importer.Add was given.
type Unreadable struct{ Err error }

func (u Unreadable) Error() string { return u.Err.Error() }
func (u Unreadable) Unwrap() error { return u.Err }

// Add takes one message over; date is when it arrived (zero: not known). ErrTooLarge and Unreadable are about this message. Any other
// one, of a full disk for example, may be about earlier ones, and nothing more can be taken over: what Close tells then was not.
func (im *Importer) Add(r io.Reader, flags mail.Flags, date time.Time) error {
	m := &raw{in: mail.Incoming{Flags: flags, Received: date}}
	from := &remote.Source{R: r}
	var err error
	if im.in != nil {
		err = im.in.read(m, from, 0)
	} else if err = m.readBody(im.ctx, im.e.st, nil, from, 0); err == nil {
		err = m.durable(im.ctx, im.e.st)
	}
	if err != nil && from.Err != nil {
		return Unreadable{err}
	}
	if err != nil {
		return err
	}
	if len(im.there) > 0 && im.taken(m) {
		im.n, im.known = im.n+1, im.known+1
		return nil
	}
	m.in.Size = m.size()
	if m.in.Received.IsZero() {
		if m.staged != nil { // its date is in the file
			err = m.durable(im.ctx, im.e.st)
		}
		if err != nil {
			return err
		}
		if err := m.parse(im.ctx, im.e.st); err != nil {
			return err
		}
		m.in.Received = m.in.Summary.Date
	}
	im.n++
	if im.in != nil {
		return im.in.add(m)
	}
	im.ops = append(im.ops, mail.Op{Account: im.f.Account, Kind: mail.OpAppend, Folder: im.f.ID, Add: flags, Blob: m.in.Blob, Date: m.in.Received})
	if len(im.ops) >= uploadBatch {
		return im.submit()
	}
	return nil
}

// taken tells whether m was taken over before; then it is let go of.
func (im *Importer) taken(m *raw) bool {
	hash := m.hash()
	if im.there[hash] == 0 {
		return false
	}
	if im.there[hash]--; im.there[hash] == 0 {
		delete(im.there, hash)
	}
	m.staged.Discard()
	return true
}

func (im *Importer) submit() error {
	if len(im.ops) == 0 || im.failed != nil {
		return im.failed
	}
	_, err := im.e.st.Submit(im.ctx, im.ops)
	im.ops = nil
	if im.failed = err; err == nil {
		im.e.kick(scopeOps, im.f.Account)
	}
	return err
}

// Known is how many of the messages were left out because the folder holds them already.
func (im *Importer) Known() int { return im.known }

// Close writes what is left and reports how many messages were taken over.
func (im *Importer) Close() (int, error) {
	var err error
	if im.in != nil {
		err = im.in.finish()
	} else {
		err = im.submit()
	}
	if err != nil {
		return im.n, fmt.Errorf("import into %s: %w", im.f.Path, err)
	}
	return im.n, nil
}
