package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
	mailsync "peyk/sync"
)

func showCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	headers := fs.Bool("headers", false, "also From, To, Cc, Date and Subject")
	return c.onMessage(ctx, fs, func(e *mailsync.Engine, id mail.MessageID) error {
		m, err := e.Content(ctx, id)
		if err != nil {
			return err
		}
		var b strings.Builder
		if *headers {
			writeHeaders(&b, m)
		}
		writeMade(&b, m)
		b.WriteString(plainText(m.Text))
		if !strings.HasSuffix(m.Text, "\n") {
			b.WriteByte('\n')
		}
		_, err = io.WriteString(c.Stdout, b.String())
		return err
	})
}

// writeMade writes what a window says in its own words: a delivery report, and where parts are that are not here.
func writeMade(b *strings.Builder, m mail.Content) {
	if m.Report != nil {
		b.WriteString(plainText(message.ReportWords(m.Report)) + "\n\n")
	}
	for _, w := range m.Warnings {
		switch w.Code {
		case mail.WarnExternalBody, mail.WarnPartial, mail.WarnAssembled:
			b.WriteString("[" + plain(w.Text) + "]\n\n")
		}
	}
}

func writeHeaders(b *strings.Builder, m mail.Content) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(b, "%s: %s\n", name, plain(value))
		}
	}
	line("From", addresses(m.Row.From))
	line("To", addresses(m.Row.To))
	line("Cc", addresses(m.Cc))
	line("Bcc", addresses(m.Bcc))
	line("Date", rfc3339(m.Row.Date))
	line("Subject", m.Row.Subject)
	b.WriteByte('\n')
}

func addresses(as []mail.Address) string {
	out := make([]string, len(as))
	for i, a := range as {
		out[i] = a.String()
	}
	return strings.Join(out, ", ")
}

func rawCommand(ctx context.Context, c *call) error {
	return c.onMessage(ctx, c.flags(), func(e *mailsync.Engine, id mail.MessageID) error {
		r, err := e.Raw(ctx, id)
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = io.Copy(c.Stdout, r)
		return err
	})
}

// onMessage runs fn on the message that the one argument names. A message whose body is not here is fetched first.
func (c *call) onMessage(ctx context.Context, fs *flag.FlagSet, fn func(*mailsync.Engine, mail.MessageID) error) error {
	rest, err := c.wants(fs, 1, 1)
	if err != nil {
		return err
	}
	id, err := messageID(rest[0])
	if err != nil {
		return err
	}
	return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error {
		if err := e.Want(ctx, id, nil); err != nil {
			if errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("there is no message %d; peyk list shows the ids", id)
			}
			return fmt.Errorf("message %d is not here whole, and fetching it failed: %w", id, err)
		}
		err := fn(e, id)
		if errors.Is(err, store.ErrNotFound) { // its row says that they are here
			return fmt.Errorf("the bytes of message %d are missing from the profile; run: peyk doctor --repair, then peyk sync", id)
		}
		return err
	})
}

func messageID(s string) (mail.MessageID, error) {
	n, ok := parseID(s)
	if !ok {
		return 0, usage("%q is no message id; peyk list shows the ids", s)
	}
	return mail.MessageID(n), nil
}
