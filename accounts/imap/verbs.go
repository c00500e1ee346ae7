package imap

import (
	"context"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

func (s *session) noop(ctx context.Context) error {
	return s.lib.call(ctx, libCall{step: "noop", run: func(c *imapclient.Client, _ []string) error {
		return c.Noop().Wait()
	}})
}

// uidSet makes the library's set of ours.
func uidSet(rs []remote.UIDRange) imap.UIDSet {
	var set imap.UIDSet
	for _, r := range rs {
		set = append(set, imap.UIDRange{Start: imap.UID(max(r.First, 1)), Stop: imap.UID(r.Last)})
	}
	return set
}

// UIDs implements remote.Mailboxes.
func (c *Client) UIDs(ctx context.Context, path string) ([]mail.UID, error) {
	s, end, err := c.take(ctx, "list "+path)
	if err != nil {
		return nil, err
	}
	if uids := c.listed; uids != nil && s.selected == path {
		end()
		return uids, nil
	}
	end()
	s, end, err = c.begin(ctx, "list "+path)
	if err != nil {
		return nil, err
	}
	defer end()
	if err := c.ensure(ctx, s, path); err != nil {
		return nil, err
	}
	return s.everything(ctx, "list "+path)
}

// search runs UID SEARCH, with a compact answer where the server has ESEARCH (RFC 4731). Where something before the server offers that and
// the server does not understand it, it is asked in the old way.
func (s *session) search(ctx context.Context, step string, criteria *imap.SearchCriteria) ([]mail.UID, error) {
	if !s.has("ESEARCH") {
		return s.searchBy(ctx, step, criteria, nil)
	}
	uids, err := s.searchBy(ctx, step, criteria, &imap.SearchOptions{ReturnAll: true})
	if notUnderstood(err) || Code(err) == "SERVERBUG" {
		delete(s.caps, "ESEARCH")
		if uids, err = s.searchBy(ctx, step, criteria, nil); notUnderstood(err) {
			s.caps["ESEARCH"] = true // it was not for that
		}
	}
	return uids, err
}

func (s *session) searchBy(ctx context.Context, step string, criteria *imap.SearchCriteria, opts *imap.SearchOptions) ([]mail.UID, error) {
	var data *imap.SearchData
	err := s.lib.call(ctx, libCall{step: step, pass: []string{"SEARCH", "ESEARCH"}, slow: true, run: func(c *imapclient.Client, _ []string) (err error) {
		data, err = c.UIDSearch(criteria, opts).Wait()
		return err
	}})
	if err != nil {
		return nil, err
	}
	set, _ := data.All.(imap.UIDSet)
	var rs []remote.UIDRange
	for _, r := range set {
		rs = append(rs, remote.UIDRange{First: mail.UID(r.Start), Last: mail.UID(r.Stop)})
	}
	uids, err := expand(rs)
	if err != nil {
		return nil, s.failed(step, err)
	}
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// StoreFlags implements remote.Mailboxes.
func (c *Client) StoreFlags(ctx context.Context, path string, uids []mail.UID, add, remove mail.Flags) error {
	s, end, err := c.begin(ctx, "set flags in "+path)
	if err != nil {
		return err
	}
	defer end()
	if len(uids) == 0 || len(add)+len(remove) == 0 {
		return nil
	}
	for _, ch := range s.chunks(rangesOf(uids)) {
		if err := c.ensureSame(ctx, s, "set flags in "+path, path); err != nil {
			return err
		}
		if err := s.store(ctx, path, ch.ranges, imap.StoreFlagsAdd, add); err != nil {
			return err
		}
		if err := s.store(ctx, path, ch.ranges, imap.StoreFlagsDel, remove); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) store(ctx context.Context, path string, rs []remote.UIDRange, op imap.StoreFlagsOp, flags mail.Flags) error {
	step := "set flags in " + path
	if len(flags) == 0 {
		return nil
	}
	out := make([]imap.Flag, len(flags))
	for i, f := range flags {
		if !validFlag(f) {
			return s.invalid(step, "%q is no flag a server could store", f)
		}
		out[i] = imap.Flag(f)
	}
	return s.lib.call(ctx, libCall{step: step, own: []string{"FETCH"}, run: func(c *imapclient.Client, _ []string) error {
		return c.Store(uidSet(rs), &imap.StoreFlags{Op: op, Silent: true, Flags: out}, nil).Close()
	}})
}

// validFlag checks the grammar of flags (RFC 9051 §9): an atom, or a backslash and an atom; \Recent cannot be set.
func validFlag(f mail.Flag) bool {
	name := strings.TrimPrefix(string(f), `\`)
	if name == "" || len(name) > 200 || f.Equal(`\Recent`) {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return r <= 0x20 || r >= 0x7f || strings.ContainsRune(`(){%*"\]`, r) })
}

// Expunge implements remote.Mailboxes.
func (c *Client) Expunge(ctx context.Context, path string, uids []mail.UID) (done bool, err error) {
	s, end, err := c.begin(ctx, "expunge in "+path)
	if err != nil {
		return false, err
	}
	defer end()
	if len(uids) == 0 {
		return true, nil
	}
	if err := c.ensureSame(ctx, s, "expunge in "+path, path); err != nil {
		return false, err
	}
	return s.remove(ctx, path, rangesOf(uids))
}

// remove marks messages \Deleted and expunges exactly these. Without UIDPLUS only the mark can be had: EXPUNGE would
// take what others marked.
func (s *session) remove(ctx context.Context, path string, rs []remote.UIDRange) (done bool, err error) {
	for _, ch := range s.chunks(rs) {
		if s.selected != path {
			return false, s.replaced("expunge in " + path)
		}
		if err := s.store(ctx, path, ch.ranges, imap.StoreFlagsAdd, mail.Flags{mail.FlagDeleted}); err != nil {
			return false, err
		}
		if !s.has("UIDPLUS") {
			continue
		}
		if s.selected != path {
			return false, s.replaced("expunge in " + path)
		}
		err := s.lib.call(ctx, libCall{step: "expunge in " + path, own: []string{"EXPUNGE", "VANISHED", "FETCH"}, slow: true,
			run: func(c *imapclient.Client, _ []string) error { return c.UIDExpunge(uidSet(ch.ranges)).Close() }})
		if err != nil {
			return false, err
		}
	}
	return s.has("UIDPLUS"), nil
}

// CreateFolder implements remote.Mailboxes.
func (c *Client) CreateFolder(ctx context.Context, path string) error {
	return c.folderVerb(ctx, "create folder "+path, []string{path}, false, func(lc *imapclient.Client, n []string) error {
		return lc.Create(n[0], nil).Wait()
	})
}

// RenameFolder implements remote.Mailboxes.
func (c *Client) RenameFolder(ctx context.Context, from, to string) error {
	// Some servers refuse to rename what is selected, and its name is another one afterwards anyway.
	return c.folderVerb(ctx, "rename folder "+from, []string{from, to}, true, func(lc *imapclient.Client, n []string) error {
		return lc.Rename(n[0], n[1], nil).Wait()
	})
}

// DeleteFolder implements remote.Mailboxes.
func (c *Client) DeleteFolder(ctx context.Context, path string) error {
	return c.folderVerb(ctx, "delete folder "+path, []string{path}, true, func(lc *imapclient.Client, n []string) error {
		return lc.Delete(n[0]).Wait()
	})
}

// Subscribe implements remote.Mailboxes.
func (c *Client) Subscribe(ctx context.Context, path string, on bool) error {
	if !on {
		return c.folderVerb(ctx, "unsubscribe "+path, []string{path}, false, func(lc *imapclient.Client, n []string) error {
			return lc.Unsubscribe(n[0]).Wait()
		})
	}
	return c.folderVerb(ctx, "subscribe "+path, []string{path}, false, func(lc *imapclient.Client, n []string) error {
		return lc.Subscribe(n[0]).Wait()
	})
}

// folderVerb runs a verb about folders; leaves says that the first of them must not be selected meanwhile.
func (c *Client) folderVerb(ctx context.Context, step string, paths []string, leaves bool, run func(*imapclient.Client, []string) error) error {
	s, end, err := c.begin(ctx, step)
	if err != nil {
		return err
	}
	defer end()
	if leaves && strings.HasPrefix(s.selected, paths[0]) {
		s.leave(ctx) // it, or a folder inside it
	}
	return s.lib.call(ctx, libCall{step: step, paths: paths, run: run})
}

// leave deselects without expunging: UNSELECT (RFC 3691), or, on servers without it, by looking at INBOX. Courier refuses to
// delete the folder that is open, and Dovecot ends the connection. Failing is fine.
func (s *session) leave(ctx context.Context) {
	s.selected, s.astray = "", true
	if s.has("UNSELECT") {
		_, err := s.run(ctx, &command{step: "unselect", text: "UNSELECT"})
		s.astray = err != nil
		return
	}
	_, _ = s.run(ctx, &command{step: "unselect", text: "EXAMINE INBOX"})
}
