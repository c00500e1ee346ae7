package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"peyk/internal/mail"
	"peyk/store"
	mailsync "peyk/sync"
)

// outboxActions are the actions of `peyk outbox` on items, with what is printed when they are done.
var outboxActions = map[string]struct {
	done string
	do   func(ctx context.Context, e *mailsync.Engine, id mail.OutboxID) error
}{
	"retry":   {"goes with the next sync", func(ctx context.Context, e *mailsync.Engine, id mail.OutboxID) error { return e.RetryOutbox(ctx, id) }},
	"arrived": {"is put into Sent with the next sync", func(ctx context.Context, e *mailsync.Engine, id mail.OutboxID) error { return e.Arrived(ctx, id) }},
	"discard": {"discarded", func(ctx context.Context, e *mailsync.Engine, id mail.OutboxID) error { return e.DiscardOutbox(ctx, id) }},
	"edit":    {"is a draft again; the window opens it", takeBack},
}

func takeBack(ctx context.Context, e *mailsync.Engine, id mail.OutboxID) error {
	_, err := e.OutboxToDraft(ctx, id)
	return err
}

func outboxCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	account := fs.String("account", "", "with list: only this account's `NAME`")
	asJSON := fs.Bool("json", false, "with list: one JSON object a line")
	at := fs.String("at", "", "with later: the `TIME` to send at, RFC 3339, or a duration from now (90m, 24h)")
	rest, err := c.wants(fs, 0, -1)
	if err != nil {
		return err
	}
	verb := "list"
	if len(rest) > 0 {
		verb, rest = rest[0], rest[1:]
	}
	if verb == "list" {
		if len(rest) > 0 {
			return usage("peyk outbox list takes no arguments")
		}
		return c.withStore(ctx, func(st *store.Store) error { return c.listOutbox(ctx, st, *account, *asJSON) })
	}
	action, known := outboxActions[verb]
	if !known && verb != "later" && verb != "show" {
		return usage("peyk outbox: there is no action %q; there are: list, show, retry, arrived, later, edit, discard", verb)
	}
	ids, err := outboxIDs(verb, rest)
	if err != nil {
		return err
	}
	return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error {
		switch verb {
		case "show":
			return c.showOutbox(ctx, st, ids[0])
		case "later":
			when, err := moment(*at, Now())
			if err != nil {
				return err
			}
			action.done = "goes at " + when.Format(time.RFC3339)
			action.do = func(ctx context.Context, e *mailsync.Engine, id mail.OutboxID) error {
				return e.RescheduleOutbox(ctx, id, when)
			}
		}
		for _, id := range ids {
			if err := action.do(ctx, e, id); err != nil {
				return outboxError(id, err)
			}
			fmt.Fprintf(c.Stdout, "%d: %s\n", id, action.done)
		}
		return nil
	})
}

func outboxError(id mail.OutboxID, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("the outbox holds no message %d; peyk outbox list shows the ids", id)
	}
	return err
}

func outboxIDs(verb string, words []string) ([]mail.OutboxID, error) {
	if len(words) == 0 {
		return nil, usage("peyk outbox %s: name a message by its id; peyk outbox list shows them", verb)
	}
	if verb == "show" && len(words) > 1 {
		return nil, usage("peyk outbox show takes one id")
	}
	var ids []mail.OutboxID
	for _, w := range words {
		n, ok := parseID(w)
		if !ok {
			return nil, usage("peyk outbox %s: %q is no id; peyk outbox list shows them", verb, w)
		}
		ids = append(ids, mail.OutboxID(n))
	}
	return ids, nil
}

// moment reads a time: RFC 3339, or a duration from now.
func moment(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, usage("say when with --at TIME: 2026-01-31T08:00:00+03:30, or 90m, 24h from now")
	}
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return now.Add(d), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, usage("--at %q is neither a time as 2026-01-31T08:00:00+03:30 nor a duration as 90m", s)
	}
	return t, nil
}

// jsonOutbox is an item of the outbox as list prints it.
type jsonOutbox struct {
	ID        mail.OutboxID     `json:"id"`
	Account   string            `json:"account"`
	State     string            `json:"state"`
	Subject   string            `json:"subject"`
	From      string            `json:"from"`
	To        []string          `json:"to"`
	Bcc       []string          `json:"bcc"` // those of To whom no field names
	MessageID string            `json:"message_id"`
	Size      int64             `json:"size"`
	Created   string            `json:"created"`
	NotBefore string            `json:"not_before"` // "": as soon as possible
	Planned   string            `json:"planned"`    // the time that the user chose; "": at once
	Attempts  int               `json:"attempts"`
	Reason    string            `json:"reason"`
	Refused   map[string]string `json:"refused"`
}

func (c *call) listOutbox(ctx context.Context, st *store.Store, account string, asJSON bool) error {
	n, err := loadNames(ctx, st)
	if err != nil {
		return err
	}
	var only mail.AccountID
	if account != "" {
		a, err := accountNamed(ctx, st, account)
		if err != nil {
			return err
		}
		only = a.ID
	}
	items, err := st.OutboxItems(ctx)
	if err != nil {
		return err
	}
	enc := jsonLines(c.Stdout)
	tw := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	for _, it := range items {
		if only != 0 && it.Account != only {
			continue
		}
		o := jsonOutbox{ID: it.ID, Account: n.accounts[it.Account], State: string(it.State), Subject: it.Subject, From: it.From, To: append([]string{}, it.Rcpt...),
			MessageID: it.HeaderID, Size: it.Blob.Size, Created: rfc3339(it.Created), NotBefore: rfc3339(it.NotBefore), Attempts: it.Attempts,
			Planned: rfc3339(it.Chosen), Reason: mail.StoredProblem(it.Reason).Summary, Refused: map[string]string{}, Bcc: []string{}}
		for _, a := range it.Bcc {
			o.Bcc = append(o.Bcc, a.Addr)
		}
		for addr, why := range it.Refused {
			o.Refused[addr] = mail.StoredProblem(why).Summary
		}
		if asJSON {
			if err := enc.Encode(o); err != nil {
				return err
			}
			continue
		}
		state := o.State
		if it.State == mail.OutboxQueued && it.NotBefore.After(Now()) {
			state += " until " + minute(it.NotBefore)
		}
		if !it.Chosen.IsZero() && it.Chosen.Before(Now()) && it.State != mail.OutboxSent {
			state += ", was to go " + minute(it.Chosen)
		}
		fmt.Fprintf(tw, "%d\t%s\t%s\t%s\t%s\n", o.ID, o.Account, state, plain(o.Subject), plain(o.Reason))
		for _, addr := range sortedKeys(o.Refused) {
			fmt.Fprintf(tw, "\t\t\t%s\t%s\n", plain(addr), plain(o.Refused[addr]))
		}
	}
	return tw.Flush()
}

// showOutbox prints the message as it will be sent.
func (c *call) showOutbox(ctx context.Context, st *store.Store, id mail.OutboxID) error {
	it, err := st.OutboxItem(ctx, id)
	if err != nil {
		return outboxError(id, err)
	}
	b, err := st.OpenBlob(ctx, it.Blob.Hash)
	if err != nil {
		return err
	}
	defer b.Close()
	_, err = io.Copy(c.Stdout, io.NewSectionReader(b, 0, b.Size()))
	return err
}
