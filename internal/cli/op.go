package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"peyk/internal/mail"
	"peyk/store"
	mailsync "peyk/sync"
)

// opNames are the actions of `peyk op`.
var opNames = map[string]mail.ActionKind{
	"read": mail.ActRead, "unread": mail.ActUnread, "star": mail.ActStar, "unstar": mail.ActUnstar, "archive": mail.ActArchive,
	"delete": mail.ActDelete, "destroy": mail.ActDestroy, "junk": mail.ActJunk, "notjunk": mail.ActNotJunk, "move": mail.ActMove,
	"copy": mail.ActCopy, "tag": mail.ActTag, "untag": mail.ActUntag,
}

func opCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	to := fs.String("to", "", "the destination `FOLDER` of move and copy")
	var add, remove listFlag
	fs.Var(&add, "add", "with tag: add this `TAG` (may be repeated)")
	fs.Var(&remove, "remove", "with tag: remove this `TAG` (may be repeated)")
	rest, err := c.wants(fs, 1, -1)
	if err != nil {
		return err
	}
	if rest[0] == "undo" {
		if len(rest) > 1 {
			return usage("peyk op undo takes no arguments: it takes back the newest action")
		}
		return c.undo(ctx)
	}
	kind, ok := opNames[rest[0]]
	if !ok {
		return usage("peyk op: there is no action %q; there are: %s, undo", rest[0], strings.Join(sortedKeys(opNames), ", "))
	}
	words := rest[1:]
	if kind == mail.ActTag || kind == mail.ActUntag {
		var tags []string
		tags, words = leadingTags(words)
		if kind == mail.ActTag {
			add = append(add, tags...)
		} else {
			remove = append(remove, tags...)
		}
	}
	ids, err := messageIDs(words)
	if err != nil {
		return err
	}
	o := &opRequest{kind: kind, ids: ids, to: *to, add: add, remove: remove}
	if err := o.check(); err != nil {
		return err
	}
	return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error {
		group, err := o.submit(ctx, st, e)
		if err == nil && group == 0 { // what changes nothing is no step for undo, and who would expect one is told here
			_, err = fmt.Fprintln(c.Stdout, "nothing to change: it is so already")
		}
		return err
	})
}

// listFlag is a flag that may be repeated, or hold several values between commas.
type listFlag []string

func (l *listFlag) String() string { return strings.Join(*l, ",") }
func (l *listFlag) Set(s string) error {
	*l = append(*l, strings.Split(s, ",")...)
	return nil
}

// leadingTags takes the words before the first id.
func leadingTags(words []string) (tags, rest []string) {
	for i, w := range words {
		if _, err := strconv.ParseInt(latinDigits(w), 10, 64); err == nil {
			return words[:i], words[i:]
		}
	}
	return words, nil
}

func messageIDs(words []string) ([]mail.MessageID, error) {
	if len(words) == 0 {
		return nil, usage("peyk op: name at least one message by its id; peyk list shows them")
	}
	var ids []mail.MessageID
	for _, w := range words {
		id, err := messageID(w)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// opRequest is one `peyk op`.
type opRequest struct {
	kind        mail.ActionKind
	ids         []mail.MessageID
	to          string
	add, remove []string
}

func (o *opRequest) check() error {
	moves := o.kind == mail.ActMove || o.kind == mail.ActCopy
	tags := o.kind == mail.ActTag || o.kind == mail.ActUntag
	switch {
	case moves && o.to == "":
		return usage("peyk op %s: say where with --to FOLDER", o.kind)
	case !moves && o.to != "":
		return usage("peyk op %s: --to belongs to move and copy", o.kind)
	case tags && len(o.add)+len(o.remove) == 0:
		return usage("peyk op %s: name a tag before the ids: peyk op %s TAG ID…", o.kind, o.kind)
	case !tags && len(o.add)+len(o.remove) > 0:
		return usage("peyk op %s: --add and --remove belong to tag", o.kind)
	}
	return nil
}

// submit returns 0 where nothing was to be done.
func (o *opRequest) submit(ctx context.Context, st *store.Store, e *mailsync.Engine) (mail.GroupID, error) {
	switch o.kind {
	case mail.ActMove, mail.ActCopy:
		return o.move(ctx, st, e)
	case mail.ActTag, mail.ActUntag:
		return do(ctx, e, slices.Concat(o.tagged(mail.ActTag, o.add), o.tagged(mail.ActUntag, o.remove))...)
	}
	return do(ctx, e, mail.Action{Kind: o.kind, Messages: o.ids})
}

// tagged is the action that adds or removes tags; none without tags.
func (o *opRequest) tagged(kind mail.ActionKind, tags []string) []mail.Action {
	if len(tags) == 0 {
		return nil
	}
	a := mail.Action{Kind: kind, Messages: o.ids}
	for _, t := range tags {
		a.Tags = append(a.Tags, tagNamed(t))
	}
	return []mail.Action{a}
}

// tagNamed is a tag as it was written: what cannot be one in ASCII is told, not changed.
func tagNamed(name string) mail.Flag {
	if strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return mail.TagNamed(name)
	}
	return mail.Flag(name)
}

// do carries out the actions of one command, which one undo takes back.
func do(ctx context.Context, e *mailsync.Engine, actions ...mail.Action) (mail.GroupID, error) {
	group, err := e.DoAll(ctx, actions...)
	if errors.Is(err, store.ErrNotFound) {
		return 0, fmt.Errorf("%s; peyk list shows the ids", strings.TrimSuffix(err.Error(), ": "+store.ErrNotFound.Error()))
	}
	return group, err
}

// move finds the destination within each message's account.
func (o *opRequest) move(ctx context.Context, st *store.Store, e *mailsync.Engine) (mail.GroupID, error) {
	rows, err := st.Rows(ctx, o.ids)
	if err != nil {
		return 0, err
	}
	if len(rows) < len(o.ids) {
		return do(ctx, e, mail.Action{Kind: mail.ActRead, Messages: o.ids}) // tells which one is missing, and does nothing
	}
	byAccount := map[mail.AccountID][]mail.MessageID{}
	var order []mail.AccountID
	for _, r := range rows {
		if byAccount[r.Account] == nil {
			order = append(order, r.Account)
		}
		byAccount[r.Account] = append(byAccount[r.Account], r.ID)
	}
	var actions []mail.Action
	for _, a := range order {
		fs, err := findFolders(ctx, st, a, o.to)
		if err != nil {
			return 0, err
		}
		actions = append(actions, mail.Action{Kind: o.kind, Messages: byAccount[a], Folder: fs[0].ID})
	}
	return do(ctx, e, actions...)
}

func sortedKeys[V any](m map[string]V) []string {
	var ks []string
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}
