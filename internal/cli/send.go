package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"peyk/store"
	mailsync "peyk/sync"
)

func sendCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	account := fs.String("account", "", "the account's `NAME`; else the one that From names")
	asJSON := fs.Bool("json", false, "print one JSON object")
	at := fs.String("at", "", "not before this `TIME`, RFC 3339, or a duration from now (90m, 24h)")
	rest, err := c.wants(fs, 1, 1)
	if err != nil {
		return err
	}
	var when time.Time
	if *at != "" {
		if when, err = moment(*at, Now()); err != nil {
			return err
		}
	}
	raw, err := c.readFile(rest[0])
	if err != nil {
		return err
	}
	return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error {
		name := *account
		if name != "" {
			a, err := accountNamed(ctx, st, name)
			if err != nil {
				return err
			}
			name = a.Name
		}
		it, err := e.SendRawAt(ctx, name, raw, when)
		if err != nil {
			return fmt.Errorf("%s: %w", rest[0], err)
		}
		if *asJSON {
			return jsonLines(c.Stdout).Encode(struct {
				ID        int64    `json:"id"`
				Account   string   `json:"account"`
				MessageID string   `json:"message_id"`
				From      string   `json:"from"`
				To        []string `json:"to"`
				Subject   string   `json:"subject"`
			}{int64(it.ID), it.Account, it.MessageID, it.From, it.Rcpt, it.Subject})
		}
		_, err = fmt.Fprintf(c.Stdout, "in the outbox of %s for %s; peyk sync sends it\n", it.Account, people(len(it.Rcpt)))
		return err
	})
}

func people(n int) string {
	if n == 1 {
		return "1 recipient"
	}
	return fmt.Sprintf("%d recipients", n)
}

// readFile reads a file, or the standard input for "-".
func (c *call) readFile(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(c.Stdin)
	}
	return os.ReadFile(path)
}
