package mailsync

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"peyk/internal/mail"
	"peyk/store"
)

// passesAtOnce is how many accounts SyncAll works on together.
const passesAtOnce = 4

// SyncAll runs one whole pass over the named accounts (all enabled ones when none is named) without the workers, and returns
// what each did in the order of the accounts. What went wrong is in PassResult.Failed; the error is about the request itself.
// Progress tells how it goes. A password that servers refuse again and again rests here, too: nobody may be sitting there.
func (e *Engine) SyncAll(ctx context.Context, names ...string) ([]mail.PassResult, error) {
	accts, err := e.named(ctx, names)
	if err != nil {
		return nil, err
	}
	results := make([]mail.PassResult, len(accts))
	slots := make(chan struct{}, passesAtOnce)
	var wg sync.WaitGroup
	for i, a := range accts {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			e.logins.startAgain(a.ID)
			res, probs := e.syncOne(ctx, a)
			results[i] = res
			last := mail.Progress{Account: a.ID, Phase: mail.PhaseIdle, Result: &res}
			if len(probs) > 0 {
				last.Phase = mail.PhaseError
			}
			e.hub.send(last)
		})
	}
	wg.Wait()
	e.afterOthers(ctx, accts, results)
	if _, err := e.wakeSnoozed(ctx); err != nil && ctx.Err() == nil {
		e.opt.Log.Warn("snoozed messages", "err", err)
	}
	e.tidyAfter(ctx, results)
	return results, ctx.Err()
}

// afterOthers carries out what waited for another account and was freed by it behind the account's own pass: what is moved to another account is deleted once it is there.
func (e *Engine) afterOthers(ctx context.Context, accts []mail.Account, results []mail.PassResult) {
	for i, a := range accts {
		if ctx.Err() != nil || len(results[i].Failed) > 0 {
			continue
		}
		if waits, err := e.st.NextUntried(ctx, a.ID); err != nil || !waits {
			continue
		}
		p := newPass(e, a)
		p.hurry = hurryAll
		res, _ := p.run(ctx, scopeOps)
		results[i].Updated += res.Updated
		results[i].RemovedOnServer += res.RemovedOnServer
		results[i].Failed = append(results[i].Failed, res.Failed...)
		results[i].DurationMS += res.DurationMS
	}
}

// movesAtOnce is how often a pass is begun again because an account was given another server or user meanwhile.
const movesAtOnce = 3

// syncOne is one whole pass over an account, as it is in the end.
func (e *Engine) syncOne(ctx context.Context, a mail.Account) (mail.PassResult, []*mail.Problem) {
	for n := 0; ; n++ {
		p := newPass(e, a)
		p.hurry = hurryAll
		res, probs := p.run(ctx, scopeFull)
		if !p.moved || n == movesAtOnce {
			return res, probs
		}
		now, err := e.st.Account(ctx, a.ID)
		if err != nil { // it was removed
			p.fail(ctx, "checking mail", err)
			return p.res, p.problems
		}
		a = now
	}
}

func (e *Engine) named(ctx context.Context, names []string) ([]mail.Account, error) {
	if len(names) == 0 {
		all, err := e.st.Accounts(ctx)
		if err != nil {
			return nil, err
		}
		var on []mail.Account
		for _, a := range all {
			if !a.Disabled {
				on = append(on, a)
			}
		}
		return on, nil
	}
	var out []mail.Account
	for _, n := range names {
		a, err := e.st.AccountByName(ctx, n)
		if errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("there is no account %q", n)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
