package mailsync

import (
	"context"

	"peyk/internal/mail"
)

// The folders of a pass share one ingester, so that the last messages of one are parsed and written while the first of the next are
// on their way.

// intake is where the messages of f go.
func (p *pass) intake(ctx context.Context, f mail.Folder, total int) *ingester {
	if p.in == nil {
		p.in = p.ingester(ctx, f, total)
	} else {
		p.in.into(f, total)
	}
	return p.in
}

// afterwards does something once everything that came so far is durable: at once when nothing is under way, else in the goroutine that
// writes the rows. The error may be that of an earlier batch.
func (p *pass) afterwards(fn func() error) error {
	if p.in == nil {
		return fn()
	}
	p.in.then(fn)
	return p.in.failed()
}

// written returns when everything that came so far is durable.
func (p *pass) written() error {
	if p.in == nil {
		return nil
	}
	return p.in.flush()
}

// endIntake waits until everything is written. After err, what is read but in no batch yet is let go of: the next pass gets it.
func (p *pass) endIntake(err error) error {
	if in := p.in; in != nil {
		p.in = nil
		if err == nil {
			err = in.finish()
		} else {
			in.stop()
		}
	}
	p.wants.endStream()
	p.res.Removed += p.left
	p.left = 0
	return err
}
