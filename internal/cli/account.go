package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"peyk/accounts"
	"peyk/internal/mail"
	"peyk/store"
	mailsync "peyk/sync"
)

func accountCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	asJSON := fs.Bool("json", false, "with list and test: one JSON object a line")
	rest, err := c.wants(fs, 1, 2)
	if err != nil {
		return err
	}
	verb, arg := rest[0], ""
	if len(rest) == 2 {
		arg = rest[1]
	}
	if (verb == "list") != (arg == "") {
		return usage("peyk account %s: wrong arguments; usage: %s", verb, c.cmd.line())
	}
	c.existing = verb != "add"
	switch verb {
	case "list":
		return c.withStore(ctx, func(st *store.Store) error { return c.listAccounts(ctx, st, *asJSON) })
	case "add":
		return c.addAccounts(ctx, arg)
	case "test":
		return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error { return c.testAccount(ctx, st, e, arg, *asJSON) })
	case "remove":
		return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error {
			a, err := accountNamed(ctx, st, arg)
			if err != nil {
				return err
			}
			lost, err := st.OnlyHere(ctx, a.ID)
			if err != nil {
				return err
			}
			if err := e.RemoveAccount(ctx, a.ID); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.Stdout, "removed %s from this computer%s; nothing was changed on its servers\n", a.Name, lostWords(lost))
			return err
		})
	case "forget-encryption":
		return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error {
			a, err := accountNamed(ctx, st, arg)
			if err != nil {
				return err
			}
			if err := e.ForgetEncryption(ctx, a.ID); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.Stdout, "%s: that its servers once offered encryption is forgotten\n", a.Name)
			return err
		})
	}
	return usage("peyk account: there is no %q; there are: add FILE.toml, list, test NAME, remove NAME, forget-encryption NAME", verb)
}

// lostWords say what went with an account that was nowhere else.
func lostWords(o mail.OnlyHere) string {
	var out []string
	for _, x := range []struct {
		n         int
		one, many string
	}{{o.Waiting, "unsent message", "unsent messages"}, {o.Drafts, "draft", "drafts"}, {o.Messages, "message that only this computer had", "messages that only this computer had"},
		{o.Changes, "change that its server does not know", "changes that its server does not know"}} {
		switch {
		case x.n == 1:
			out = append(out, "1 "+x.one)
		case x.n > 1:
			out = append(out, fmt.Sprintf("%d %s", x.n, x.many))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return ", with " + strings.Join(out, ", ")
}

func (c *call) listAccounts(ctx context.Context, st *store.Store, asJSON bool) error {
	accts, err := st.Accounts(ctx)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(c.Stdout)
	enc := jsonLines(w)
	for _, a := range accts {
		if asJSON {
			err = enc.Encode(a)
		} else {
			_, err = fmt.Fprintf(w, "%-16s %-32s %-5s %s:%d → %s:%d\n", a.Name, a.Email, a.Protocol, a.Incoming.Host, a.Incoming.Port, a.Outgoing.Host, a.Outgoing.Port)
		}
		if err != nil {
			return err
		}
	}
	return w.Flush()
}

// addAccounts adds the accounts of a file; one of the same name gets the file's settings and keeps its mail.
func (c *call) addAccounts(ctx context.Context, path string) error {
	list, err := accounts.Load(path)
	if err != nil {
		return err
	}
	return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error {
		have, err := st.Accounts(ctx)
		if err != nil {
			return err
		}
		for _, a := range list {
			done := "added"
			for _, h := range have {
				if h.Name != a.Name {
					continue
				}
				if h.Protocol != a.Protocol {
					return fmt.Errorf("account %s exists and receives by %s: remove it first, or choose another name", a.Name, h.Protocol)
				}
				a.ID, done = h.ID, "updated"
			}
			secrets, err := c.askPasswords(a, done == "updated")
			if err != nil {
				return err
			}
			_, err = e.SaveAccount(ctx, a, secrets)
			if errors.Is(err, accounts.ErrLocked) {
				err = fmt.Errorf("%w; set %s to its passphrase, or to a new one where there is no such file yet", err, accounts.EnvPassphrase)
			}
			if err != nil {
				return fmt.Errorf("account %s: %w", a.Name, err)
			}
			fmt.Fprintf(c.Stdout, "%s %s\n", done, a.Name)
		}
		return nil
	})
}

// askPasswords asks on a terminal for passwords that the file gives no way to get; they go to the keyring. Elsewhere nothing is
// asked: the keyring may have them already.
func (c *call) askPasswords(a mail.Account, known bool) (mail.Secrets, error) {
	in, ok := c.Stdin.(*os.File)
	if !ok || known || !term.IsTerminal(int(in.Fd())) {
		return mail.Secrets{}, nil
	}
	ask := func(s mail.Server, what string) (string, error) {
		if len(s.PasswordCommand) > 0 || s.PasswordEnv != "" || s.Auth == mail.AuthNone || s.Host == "" {
			return "", nil
		}
		fmt.Fprintf(c.Stderr, "%s password of %s at %s: ", what, s.Username, s.Host)
		b, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(c.Stderr)
		return string(b), err
	}
	var s mail.Secrets
	var err error
	if s.Incoming, err = ask(a.Incoming, "Incoming"); err != nil {
		return s, err
	}
	if a.Outgoing.Username == a.Incoming.Username && s.Incoming != "" {
		return s, nil // the outgoing side falls back to the incoming password
	}
	s.Outgoing, err = ask(a.Outgoing.Server, "Outgoing")
	return s, err
}

// jsonStep is a line of `account test --json`.
type jsonStep struct {
	Account string          `json:"account"`
	Side    mail.ServerSide `json:"side"`
	Step    string          `json:"step"`
	Where   string          `json:"where"`
	OK      bool            `json:"ok"`
	Note    string          `json:"note,omitempty"`
	Error   string          `json:"error,omitempty"`
	Advice  string          `json:"advice,omitempty"`
	Kind    string          `json:"kind,omitempty"`
}

func (c *call) testAccount(ctx context.Context, st *store.Store, e *mailsync.Engine, name string, asJSON bool) error {
	a, err := accountNamed(ctx, st, name)
	if err != nil {
		return err
	}
	if !hasServer(a) {
		return noServer(a)
	}
	enc := jsonLines(c.Stdout)
	var failed []string
	err = e.TestAccount(ctx, a, mail.Secrets{}, func(s mail.TestStep) {
		j := jsonStep{Account: a.Name, Side: s.Side, Step: s.Step, Where: s.Where, OK: s.OK, Note: s.Note}
		if s.Problem != nil {
			j.Error, j.Advice, j.Kind = s.Problem.Summary, s.Problem.Advice, string(s.Problem.Kind)
		}
		if !s.OK {
			said := fmt.Sprintf("%s %s at %s: %s", s.Side, s.Step, s.Where, strings.TrimSuffix(j.Error, "."))
			if j.Advice != "" {
				said += ". " + strings.TrimSuffix(j.Advice, ".")
			}
			failed = append(failed, said)
		}
		if asJSON {
			_ = enc.Encode(j)
			return
		}
		mark := "ok  "
		if !s.OK {
			mark = "FAIL"
		}
		fmt.Fprintf(c.Stdout, "%s  %-8s %-8s %s %s\n", mark, s.Side, s.Step, s.Where, plain(strings.TrimSpace(s.Note+" "+j.Error)))
	})
	if len(failed) > 0 {
		return fmt.Errorf("account %s: %s", a.Name, strings.Join(failed, "; "))
	}
	return err
}
