package mailsync

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// maxOpAttempts is after how many transient failures an operation is given up: a server that answers "try later" for ever
// must not hold back everything behind it. Failures of the network do not count.
const maxOpAttempts = 20

// maxOpDisconnects is after how many connections that broke at the same operation it is given up: a server that hangs up on it
// every time would hold back everything behind it for ever. Connections that cannot be made at all do not count. An upload may break
// more often: it is long, and the network may be to blame.
const maxOpDisconnects, maxUploadDisconnects = 8, 15

// disconnects is how many broken connections an operation is worth.
func disconnects(k mail.OpKind) int {
	if k == mail.OpAppend {
		return maxUploadDisconnects
	}
	return maxOpDisconnects
}

// opRun is one operation being executed on an IMAP server.
type opRun struct {
	*pass
	mb      remote.Mailboxes
	op      *mail.Op
	targets []store.OpTarget
	// again says that the operation may have been carried out in part before: its answer was lost.
	again bool
	// stored says that the server has told the UID of what was appended.
	stored bool
	// replaced are folders that turned out to be others under the same UIDVALIDITY.
	replaced []*source
	res      store.OpResult
}

// operations executes what the user did, in order, until nothing waits. A transient failure ends the pass with an error: the
// queue stops there. A permanent one takes the local effect back, is told, and the queue goes on.
func (p *pass) operations(ctx context.Context, mb remote.Mailboxes) error {
	looked := false
	for {
		op, targets, err := p.st.NextOp(ctx, p.acct.ID)
		if err == nil && op != nil {
			err = p.st.Still(ctx) // its UIDs may be those of another server by now
		}
		if err != nil {
			return fmt.Errorf("read the operation log: %w", err)
		}
		if op == nil {
			return nil
		}
		p.report(mail.Progress{Phase: mail.PhaseOps})
		r := &opRun{pass: p, mb: mb, op: op, targets: targets, again: op.Attempts > 0}
		end := p.whileSlow()
		err = r.execute(ctx)
		end()
		if err != nil && !looked && ctx.Err() == nil && !closed(err) && !transient(err) {
			looked = true
			again, lerr := p.followRename(ctx, mb, r, err)
			if lerr != nil {
				return lerr
			}
			if again {
				continue
			}
		}
		if err := p.settleOp(ctx, r, err); err != nil {
			return err
		}
	}
}

// followRename looks, when the server refused an operation, whether another client has renamed a folder meanwhile; then the operation is
// tried again under the new name. If that is the name that it was to give the folder, it is done. Servers do not all say that a folder is gone in a way that could be
// told from other refusals.
func (p *pass) followRename(ctx context.Context, mb remote.Mailboxes, r *opRun, why error) (bool, error) {
	wait := func() error {
		return p.st.RetryOp(context.WithoutCancel(ctx), r.op.ID, problem(p.acct, r.describe(), why, true).Store())
	}
	if _, err := p.listFolders(ctx, mb); err != nil {
		return false, errors.Join(err, wait())
	}
	op, targets, err := p.st.NextOp(ctx, p.acct.ID)
	if err != nil || op == nil || op.ID != r.op.ID {
		return false, err
	}
	same := slices.EqualFunc(r.targets, targets, func(a, b store.OpTarget) bool { return a.Path == b.Path && a.Dest == b.Dest })
	if same {
		return false, nil
	}
	return true, wait()
}

// settleOp records the outcome of an operation.
func (p *pass) settleOp(ctx context.Context, r *opRun, err error) error {
	// The server's answer is recorded even when the pass was cancelled meanwhile: it is known now.
	local := context.WithoutCancel(ctx)
	switch {
	case err == nil:
		p.res.Updated += len(r.targets)
		copies, rerr := r.rescued(ctx)
		ferr := p.st.FinishOp(local, r.op.ID, r.res)
		if ferr == nil {
			ferr = errors.Join(r.beginAnew(local), p.free(local, r.op))
		}
		if ferr != nil || len(copies) == 0 {
			return errors.Join(rerr, ferr)
		}
		return p.forget(local, copies)
	case ctx.Err() != nil, closed(err) && r.op.Attempts < disconnects(r.op.Kind), !closed(err) && transient(err) && r.op.Attempts < maxOpAttempts:
		if serr := p.st.RetryOp(local, r.op.ID, problem(p.acct, r.describe(), err, true).Store()); serr != nil {
			return errors.Join(err, serr)
		}
		p.stuck = r.op
		return err
	}
	pr := problem(p.acct, r.describe(), err, false)
	stays, serr := p.st.SourceStays(local, r.op.ID)
	if serr != nil {
		return errors.Join(err, serr)
	}
	if r.op.Kind == mail.OpAppend && !stays {
		if serr := rescue(local, p.st, r.op); serr != nil {
			return errors.Join(err, serr)
		}
		pr.Code, pr.Args = mail.CodeNotStored, []string{mail.RescueFolder}
		pr.Advice = "The message is kept in the folder “" + mail.RescueFolder + "” on this computer. " + pr.Advice
	}
	if serr := p.st.FailOp(local, r.op.ID, pr.Store()); serr != nil {
		return errors.Join(err, serr)
	}
	p.tell(pr)
	return p.free(local, r.op)
}

// free lets the accounts go on that waited for an append to this one.
func (p *pass) free(ctx context.Context, op *mail.Op) error {
	ids, err := p.st.Freed(ctx, *op)
	p.e.kick(scopeOps, ids...)
	return err
}

// describe names the operation for people.
func (r *opRun) describe() string {
	what := map[mail.OpKind]string{
		mail.OpFlags: "marking", mail.OpMove: "moving", mail.OpCopy: "copying", mail.OpExpunge: "deleting",
		mail.OpAppend: "saving a copy", mail.OpCreate: "creating the folder", mail.OpRename: "renaming the folder",
		mail.OpDropFolder: "deleting the folder", mail.OpSubscribe: "subscribing", mail.OpUnsubscribe: "unsubscribing",
	}[r.op.Kind]
	if what == "" {
		what = string(r.op.Kind)
	}
	if n := len(r.op.Messages); n > 1 {
		return fmt.Sprintf("%s %d messages", what, n)
	}
	return what
}

func (r *opRun) execute(ctx context.Context) error {
	if f, err := r.st.Folder(ctx, r.op.Folder); err == nil {
		r.mb.Known(f.Path, f.UIDValidity) // the UIDs that the answer tells are stored as those of this life of the folder
	}
	switch r.op.Kind {
	case mail.OpFlags:
		return r.flags(ctx)
	case mail.OpMove:
		return r.move(ctx)
	case mail.OpCopy:
		return r.copy(ctx)
	case mail.OpExpunge:
		return r.expunge(ctx)
	case mail.OpAppend:
		return r.append(ctx)
	case mail.OpCreate, mail.OpRename, mail.OpDropFolder, mail.OpSubscribe, mail.OpUnsubscribe:
		return r.folder(ctx)
	}
	return &remote.Error{Step: string(r.op.Kind), Kind: mail.ProblemProtocol, Permanent: true, Text: "this version of Peyk does not know the operation"}
}

// localOperations settles operations of an account without folders on its server: the local effect is all there is.
func (p *pass) localOperations(ctx context.Context) error {
	return settleLocal(ctx, p.st, p.acct.ID)
}

func settleLocal(ctx context.Context, st *store.Store, a mail.AccountID) error {
	for {
		op, _, err := st.NextOp(ctx, a)
		if err != nil || op == nil {
			return err
		}
		if err := st.FinishOp(ctx, op.ID, store.OpResult{}); err != nil {
			return err
		}
	}
}
