package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"peyk/internal/mail"
	"peyk/store"
	mailsync "peyk/sync"
)

func syncCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	var only listFlag
	fs.Var(&only, "account", "only this account's `NAME` (may be repeated)")
	asJSON := fs.Bool("json", false, "one JSON object an account")
	if _, err := c.wants(fs, 0, 0); err != nil {
		return err
	}
	c.goesOn = "nothing is lost, the next sync goes on"
	return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error {
		accts, err := st.Accounts(ctx)
		if err != nil {
			return err
		}
		const add = "add one with: peyk account add FILE.toml"
		switch {
		case len(accts) == 0:
			return fmt.Errorf("there is no account yet; %s", add)
		case len(only) == 0 && !slices.ContainsFunc(accts, hasServer): // an archive is in step with itself
			fmt.Fprintf(c.Stderr, "peyk: nothing to fetch or send: there is no account with a server yet; %s\n", add)
			return nil
		}
		var wanted []string
		for _, n := range only {
			a, err := accountNamed(ctx, st, n)
			if err != nil {
				return err
			}
			if !hasServer(a) {
				return noServer(a)
			}
			wanted = append(wanted, a.Name)
		}
		show := startProgress(c.Stderr, e, accts)
		results, err := e.SyncAll(ctx, wanted...)
		show.stop()
		if perr := c.printResults(results, *asJSON); err == nil {
			err = perr
		}
		return err
	})
}

// hasServer is false for the account that is made where mail is imported before there is any other.
func hasServer(a mail.Account) bool { return a.Incoming.Host != "" }

func noServer(a mail.Account) error {
	return fmt.Errorf("the account %s has no server: its mail is on this computer only", a.Name)
}

// printResults prints what each account did; it fails when anything failed.
func (c *call) printResults(results []mail.PassResult, asJSON bool) error {
	enc := jsonLines(c.Stdout)
	failed := false
	for _, r := range results {
		if asJSON {
			if err := enc.Encode(r); err != nil {
				return err
			}
		} else {
			fmt.Fprintf(c.Stdout, "%s (%s): %d new, %d updated, %d removed, %d removed on the server, %d sent, %s in %.1f s\n", r.Account,
				strings.ToUpper(r.Protocol), r.New, r.Updated, r.Removed, r.RemovedOnServer, r.Sent, bytesText(r.BytesIn), float64(r.DurationMS)/1000)
		}
		if !asJSON {
			c.printNews(r)
		}
		for _, f := range r.Failed {
			failed = true
			fmt.Fprintln(c.Stderr, "peyk: "+oneLine(f))
		}
	}
	if failed {
		return errTold
	}
	return nil
}

// printNews tells what the counts of a pass do not say, and what a window tells, too.
func (c *call) printNews(r mail.PassResult) {
	for _, l := range r.Late {
		fmt.Fprintf(c.Stdout, "“%s” was sent at %s; it was to go at %s\n", plain(l.Subject), minute(l.Sent), minute(l.Planned))
	}
	for _, d := range r.Discarded {
		fmt.Fprintf(c.Stdout, "the draft “%s” is gone: another device has discarded or sent it\n", plain(d.Subject))
	}
}

func bytesText(n int64) string {
	switch {
	case n < 10<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 10<<20:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d MB", n>>20)
}
