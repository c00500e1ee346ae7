package mailsync

import (
	"context"
	"fmt"
	"io"
	"time"

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
}

// uploadBatch is how many appends go into the operation log together.
const uploadBatch = 50

// Importer starts an import into a folder. Close it.
func (e *Engine) Importer(ctx context.Context, folder mail.FolderID) (*Importer, error) {
	f, err := e.st.Folder(ctx, folder)
	if err != nil {
		return nil, err
	}
	a, err := e.st.Account(ctx, f.Account)
	if err != nil {
		return nil, err
	}
	im := &Importer{e: e, ctx: ctx, f: f}
	if f.Local {
		im.in = newPass(e, a).ingester(ctx, f, 0)
	}
	return im, nil
}

// Add takes one message over; date is when it arrived (zero: not known).
func (im *Importer) Add(r io.Reader, flags mail.Flags, date time.Time) error {
	m := &raw{in: mail.Incoming{Flags: flags, Received: date}}
	var err error
	if im.in != nil {
		err = im.in.read(m, r, 0)
	} else if err = m.readBody(im.ctx, im.e.st, nil, r, 0); err == nil {
		err = m.durable(im.ctx, im.e.st)
	}
	if err != nil {
		return err
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

func (im *Importer) submit() error {
	if len(im.ops) == 0 {
		return nil
	}
	_, err := im.e.st.Submit(im.ctx, im.ops)
	im.ops = nil
	im.e.kick(scopeOps, im.f.Account)
	return err
}

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
