package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/store/fold"
)

func listCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	account := fs.String("account", "", "only this account's `NAME`")
	folder := fs.String("folder", "", "only this `FOLDER`: its path, last name or role")
	var limit numberFlag
	fs.Var(&limit, "limit", "at most `N` messages")
	asJSON := fs.Bool("json", false, "one JSON object a line")
	if _, err := c.wants(fs, 0, 0); err != nil {
		return err
	}
	if err := checkLimit(int(limit)); err != nil {
		return err
	}
	return c.withStore(ctx, func(st *store.Store) error {
		n, err := loadNames(ctx, st)
		if err != nil {
			return err
		}
		qs, err := queries(ctx, st, *account, *folder)
		if err != nil {
			return err
		}
		p := newRowPrinter(c.Stdout, *asJSON, n)
		var lists []pages
		for _, q := range qs {
			lists = append(lists, func(offset, limit int) ([]mail.Row, error) { return st.Page(ctx, q, offset, limit) })
		}
		if err := eachRow(int(limit), newestFirst(lists, int(limit)), p.print); err != nil {
			return err
		}
		return p.flush()
	})
}

// queries turns --account and --folder into store queries: one, unless the folder's name exists in several accounts.
func queries(ctx context.Context, st *store.Store, account, folder string) ([]store.Query, error) {
	var q store.Query
	if account != "" {
		a, err := accountNamed(ctx, st, account)
		if err != nil {
			return nil, err
		}
		q.Account = a.ID
	}
	if folder == "" {
		return []store.Query{q}, nil
	}
	fs, err := findFolders(ctx, st, q.Account, folder)
	if err != nil {
		return nil, err
	}
	if len(fs) > 1 && fs[0].Role != mail.RoleNone && strings.EqualFold(folder, string(fs[0].Role)) {
		q.Role = fs[0].Role
		return []store.Query{q}, nil
	}
	var qs []store.Query
	for _, f := range fs {
		qs = append(qs, store.Query{Folder: f.ID})
	}
	return qs, nil
}

func accountNamed(ctx context.Context, st *store.Store, name string) (mail.Account, error) {
	a, err := st.AccountByName(ctx, name)
	if err == nil {
		return a, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return a, err
	}
	accts, lerr := st.Accounts(ctx)
	if lerr != nil {
		return a, lerr
	}
	var have []string
	for _, x := range accts {
		if strings.EqualFold(x.Name, name) || strings.EqualFold(x.Email, name) {
			return x, nil
		}
		have = append(have, x.Name)
	}
	if len(have) == 0 {
		return a, fmt.Errorf("there is no account %q; add one with: peyk account add FILE.toml", name)
	}
	return a, fmt.Errorf("there is no account %q; there are: %s", name, strings.Join(have, ", "))
}

// alike reports whether names differ in forms of letters, marks, half-spaces and the kind of digits only, as in search.
func alike(a, b string) bool {
	key := fold.String(b)
	return key != "" && strings.ReplaceAll(fold.String(a), " ", "") == strings.ReplaceAll(key, " ", "")
}

// findFolders finds folders by path, else by role, else by the last name of the path, without regard to case; where none is written so, those
// that are alike. The inbox has one name in any case (RFC 9051 §5.1): that an IMAP account has INBOX and a POP3 account Inbox is no difference.
func findFolders(ctx context.Context, st *store.Store, account mail.AccountID, name string) ([]mail.Folder, error) {
	all, err := st.Folders(ctx, account)
	if err != nil {
		return nil, err
	}
	for _, match := range []func(mail.Folder) bool{
		func(f mail.Folder) bool { return f.Path == name && !strings.EqualFold(name, "INBOX") },
		func(f mail.Folder) bool { return strings.EqualFold(f.Path, name) },
		func(f mail.Folder) bool { return f.Role != mail.RoleNone && strings.EqualFold(string(f.Role), name) },
		func(f mail.Folder) bool { return strings.EqualFold(f.Name(), name) },
		func(f mail.Folder) bool { return alike(f.Path, name) },
		func(f mail.Folder) bool { return alike(f.Name(), name) },
	} {
		var found []mail.Folder
		for _, f := range all {
			if match(f) {
				found = append(found, f)
			}
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	var have []string // each once: several accounts have a Sent
	for _, f := range all {
		if !slices.Contains(have, f.Path) {
			have = append(have, f.Path)
		}
	}
	if len(have) == 0 {
		return nil, fmt.Errorf("there is no folder %q; the account has none yet: run peyk sync", name)
	}
	return nil, fmt.Errorf("there is no folder %q; there are: %s", name, strings.Join(have, ", "))
}

func loadNames(ctx context.Context, st *store.Store) (names, error) {
	n := names{accounts: map[mail.AccountID]string{}, folders: map[mail.FolderID]string{}}
	accts, err := st.Accounts(ctx)
	if err != nil {
		return n, err
	}
	for _, a := range accts {
		n.accounts[a.ID] = a.Name
	}
	folders, err := st.Folders(ctx, 0)
	for _, f := range folders {
		n.folders[f.ID] = f.Path
	}
	return n, err
}

func foldersCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	account := fs.String("account", "", "only this account's `NAME`")
	asJSON := fs.Bool("json", false, "one JSON object a line")
	if _, err := c.wants(fs, 0, 0); err != nil {
		return err
	}
	return c.withStore(ctx, func(st *store.Store) error {
		n, err := loadNames(ctx, st)
		if err != nil {
			return err
		}
		var id mail.AccountID
		if *account != "" {
			a, err := accountNamed(ctx, st, *account)
			if err != nil {
				return err
			}
			id = a.ID
		}
		folders, err := st.Folders(ctx, id)
		if err != nil {
			return err
		}
		w := bufio.NewWriter(c.Stdout)
		enc := jsonLines(w)
		for _, f := range folders {
			if *asJSON {
				err = enc.Encode(struct {
					Account string    `json:"account"`
					Name    string    `json:"name"`
					Role    mail.Role `json:"role"`
					Total   int       `json:"total"`
					Unread  int       `json:"unread"`
					Size    int64     `json:"size"`
					Local   bool      `json:"local"`
				}{n.accounts[f.Account], f.Path, f.Role, f.Total, f.Unread, f.Size, f.Local})
			} else {
				_, err = fmt.Fprintf(w, "%-16s %-32s %7d %7d unread\n", cut(n.accounts[f.Account], 16), plain(f.Path), f.Total, f.Unread)
			}
			if err != nil {
				return err
			}
		}
		return w.Flush()
	})
}

func searchCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	var limit numberFlag
	fs.Var(&limit, "limit", "at most `N` messages")
	newest := fs.Bool("newest", false, "newest first instead of best first")
	count := fs.Bool("count", false, "print only how many messages match")
	asJSON := fs.Bool("json", false, "one JSON object a line")
	c.dashWords = true
	rest, err := c.wants(fs, 1, -1)
	if err != nil {
		return err
	}
	if err := checkLimit(int(limit)); err != nil {
		return err
	}
	q := store.Query{Search: strings.Join(rest, " "), Sort: store.SortRank}
	if *newest {
		q.Sort = store.SortDate
	}
	return c.withStore(ctx, func(st *store.Store) error {
		if *count {
			return c.printCount(ctx, st, q, *asJSON)
		}
		n, err := loadNames(ctx, st)
		if err != nil {
			return err
		}
		p := newRowPrinter(c.Stdout, *asJSON, n)
		found := func(offset, limit int) ([]mail.Row, error) { return st.Page(ctx, q, offset, limit) }
		if err := eachRow(int(limit), inOrder(found, int(limit)), p.print); err != nil {
			return err
		}
		return p.flush()
	})
}

// printCount prints how many messages a query has.
func (c *call) printCount(ctx context.Context, st *store.Store, q store.Query, asJSON bool) error {
	total, err := st.Total(ctx, q)
	if err != nil {
		return err
	}
	if asJSON {
		return jsonLines(c.Stdout).Encode(map[string]int{"count": total})
	}
	_, err = fmt.Fprintln(c.Stdout, total)
	return err
}
