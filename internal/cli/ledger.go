package cli

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strconv"

	"peyk/internal/mail"
	"peyk/store"
)

// jsonLedger is one line of the POP3 ledger as ledger export prints it. Times that have not come yet are empty.
type jsonLedger struct {
	Account  string         `json:"account"`
	UIDL     string         `json:"uidl"`
	SHA256   string         `json:"sha256"`
	Size     int64          `json:"size"`
	Saved    string         `json:"saved"`
	Verified string         `json:"verified"`
	Removed  string         `json:"removed_on_server"`
	Reason   string         `json:"reason"`
	Deleted  string         `json:"deleted_here"`
	ID       mail.MessageID `json:"id"`
}

var ledgerColumns = []string{"account", "uidl", "sha256", "size", "saved", "verified", "removed_on_server", "reason", "deleted_here", "id"}

func (l jsonLedger) columns() []string {
	id := ""
	if l.ID != 0 {
		id = strconv.FormatInt(int64(l.ID), 10)
	}
	return []string{l.Account, l.UIDL, l.SHA256, strconv.FormatInt(l.Size, 10), l.Saved, l.Verified, l.Removed, l.Reason, l.Deleted, id}
}

func ledgerCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	var only listFlag
	fs.Var(&only, "account", "only this account's `NAME` (may be repeated)")
	asCSV := fs.Bool("csv", false, "comma separated values with a line of titles, for a spreadsheet; else one JSON object a line")
	rest, err := c.wants(fs, 1, 2)
	if err != nil {
		return err
	}
	if rest[0] != "export" {
		return usage("peyk ledger: there is no %q; usage: %s", rest[0], c.cmd.line())
	}
	return c.withStore(ctx, func(st *store.Store) error {
		accts, err := ledgerAccounts(ctx, st, only)
		if err != nil {
			return err
		}
		if len(rest) == 1 {
			return exportLedger(ctx, st, accts, c.Stdout, *asCSV)
		}
		f, err := os.OpenFile(rest[1], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("exporting the ledger: %w", err)
		}
		err = exportLedger(ctx, st, accts, f, *asCSV)
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			_ = os.Remove(rest[1])
		}
		return err
	})
}

// ledgerAccounts are the accounts named, else all that have a ledger.
func ledgerAccounts(ctx context.Context, st *store.Store, names []string) ([]mail.Account, error) {
	var out []mail.Account
	for _, n := range names {
		a, err := accountNamed(ctx, st, n)
		if err != nil {
			return nil, err
		}
		if a.Protocol != mail.POP3 {
			return nil, fmt.Errorf("the account %s is no POP3 account: only those have a ledger", a.Name)
		}
		out = append(out, a)
	}
	if len(names) > 0 {
		return out, nil
	}
	all, err := st.Accounts(ctx)
	for _, a := range all {
		if a.Protocol == mail.POP3 {
			out = append(out, a)
		}
	}
	return out, err
}

// exportLedger writes the ledgers of accounts, oldest entry of each first.
func exportLedger(ctx context.Context, st *store.Store, accts []mail.Account, to io.Writer, asCSV bool) error {
	w := bufio.NewWriter(to)
	table, enc := csv.NewWriter(w), jsonLines(w)
	if asCSV {
		if err := table.Write(ledgerColumns); err != nil {
			return fmt.Errorf("exporting the ledger: %w", err)
		}
	}
	for _, a := range accts {
		l, err := st.Ledger(ctx, a.ID)
		if err != nil {
			return err
		}
		for _, e := range l.Entries {
			row := jsonLedger{Account: a.Name, UIDL: e.UIDL, SHA256: e.Hash, Size: e.Size, Saved: rfc3339(e.Saved), Verified: rfc3339(e.Verified),
				Removed: rfc3339(e.Removed), Reason: e.Reason, Deleted: rfc3339(e.Deleted), ID: e.Message}
			if asCSV {
				err = table.Write(row.columns())
			} else {
				err = enc.Encode(row)
			}
			if err != nil {
				return fmt.Errorf("exporting the ledger: %w", err)
			}
		}
	}
	if table.Flush(); table.Error() != nil {
		return fmt.Errorf("exporting the ledger: %w", table.Error())
	}
	return w.Flush()
}
