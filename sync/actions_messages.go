package mailsync

import (
	"context"
	"fmt"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/store/fold"
)

// messages plans an action on messages of one folder.
func (pl *planner) messages(ctx context.Context, g *group) error {
	switch pl.action.Kind {
	case mail.ActRead:
		pl.flags(g, mail.Flags{mail.FlagSeen}, nil)
	case mail.ActUnread:
		pl.flags(g, nil, mail.Flags{mail.FlagSeen})
	case mail.ActStar:
		pl.flags(g, mail.Flags{mail.FlagFlagged}, nil)
	case mail.ActUnstar:
		pl.flags(g, nil, mail.Flags{mail.FlagFlagged})
	case mail.ActAnswered:
		pl.flags(g, mail.Flags{mail.FlagAnswered}, nil)
	case mail.ActForwarded:
		pl.flags(g, mail.Flags{mail.FlagForwarded}, nil)
	case mail.ActTag, mail.ActUntag:
		return pl.tag(ctx, g)
	case mail.ActSnooze, mail.ActUnsnooze:
		return pl.snooze(g)
	case mail.ActArchive:
		return pl.moveToRole(ctx, g, mail.RoleArchive)
	case mail.ActJunk:
		pl.flags(g, mail.Flags{mail.FlagJunk}, mail.Flags{mail.FlagNotJunk})
		return pl.moveToRole(ctx, g, mail.RoleJunk)
	case mail.ActNotJunk:
		pl.flags(g, mail.Flags{mail.FlagNotJunk}, mail.Flags{mail.FlagJunk})
		if g.folder.Role == mail.RoleJunk {
			return pl.moveToRole(ctx, g, mail.RoleInbox)
		}
	case mail.ActDelete:
		return pl.deletion(ctx, g)
	case mail.ActDestroy:
		pl.expunge(g)
	case mail.ActMove, mail.ActCopy:
		return pl.moveOrCopy(ctx, g)
	default:
		return fmt.Errorf("unknown action %q", pl.action.Kind)
	}
	return nil
}

func (pl *planner) flags(g *group, add, remove mail.Flags) {
	pl.add(mail.Op{Account: g.account.ID, Kind: mail.OpFlags, Messages: g.ids, Add: add, Remove: remove})
}

func (pl *planner) tag(ctx context.Context, g *group) error {
	if len(pl.action.Tags) == 0 {
		return fmt.Errorf("name a tag")
	}
	for _, t := range pl.action.Tags {
		if err := validKeyword(t); err != nil {
			return err
		}
	}
	same, err := pl.sameTags(ctx)
	if err != nil {
		return err
	}
	var tags mail.Flags
	for _, t := range pl.action.Tags {
		switch known := same[tagKey(t)]; {
		case len(known) == 0:
			tags = tags.With(t)
		case pl.action.Kind == mail.ActTag:
			tags = tags.With(known[0])
		default:
			tags = tags.With(append(known, t)...)
		}
	}
	if pl.action.Kind == mail.ActTag {
		pl.flags(g, tags, nil)
	} else {
		pl.flags(g, nil, tags)
	}
	return nil
}

// sameTags are the tags that there are by what they are the same in: one that is typed in other forms of its letters (ي for ی, ك for ک) is no other
// tag. The most used comes first.
func (pl *planner) sameTags(ctx context.Context) (map[string][]mail.Flag, error) {
	known, err := pl.st.Tags(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string][]mail.Flag{}
	for _, f := range known {
		out[tagKey(f)] = append(out[tagKey(f)], f)
	}
	return out, nil
}

func tagKey(f mail.Flag) string { return fold.Name(f.TagName()) }

// validKeyword holds a tag to what a server can keep: an atom (RFC 9051 §9, flag-keyword).
func validKeyword(f mail.Flag) error {
	if f == "" {
		return badTag(f, "a tag must not be empty")
	}
	if len(f) > store.MaxKeyword {
		return badTag(f, "the tag that begins with %q is too long: use at most %d bytes", f[:20], store.MaxKeyword)
	}
	for _, c := range []byte(f) {
		switch {
		case c <= ' ', c >= 0x7f:
			return badTag(f, "the tag %q cannot be kept on a mail server: use ASCII letters, digits, - and _", f)
		}
		switch c {
		case '(', ')', '{', '%', '*', '"', '\\', ']':
			return badTag(f, "the tag %q must not contain %q", f, string(rune(c)))
		}
	}
	return nil
}

func badTag(f mail.Flag, text string, args ...any) error {
	return &mail.Refusal{Code: mail.CodeTagName, Args: []string{f.TagName()}, Text: fmt.Sprintf(text, args...)}
}

// deletion follows the account's model: to Trash; only marked; or for good. What lies in Trash goes for good, unless the action spares it.
func (pl *planner) deletion(ctx context.Context, g *group) error {
	model := g.account.IMAP.DeleteModel
	if g.account.Protocol == mail.POP3 || model == "" {
		model = mail.DeleteToTrash
	}
	switch {
	case g.folder.Role == mail.RoleTrash && pl.action.Spare:
	case g.folder.Role == mail.RoleTrash, model == mail.DeleteExpunge:
		pl.expunge(g)
	case model == mail.DeleteMark:
		pl.flags(g, mail.Flags{mail.FlagDeleted}, nil)
	default:
		return pl.moveToRole(ctx, g, mail.RoleTrash)
	}
	return nil
}

func (pl *planner) expunge(g *group) {
	pl.add(mail.Op{Account: g.account.ID, Kind: mail.OpExpunge, Messages: g.ids})
}

func (pl *planner) moveToRole(ctx context.Context, g *group, role mail.Role) error {
	if g.folder.Role == role {
		return nil
	}
	f, err := ensureRole(ctx, pl.st, g.account, role)
	if err != nil {
		return err
	}
	if f.ID == g.folder.ID {
		return nil
	}
	pl.add(mail.Op{Account: g.account.ID, Kind: mail.OpMove, Messages: g.ids, Folder: f.ID})
	return nil
}

// moveOrCopy stays within an account as one operation; between accounts a message is appended to the other and, when it is
// moved, then deleted here.
func (pl *planner) moveOrCopy(ctx context.Context, g *group) error {
	dest, err := pl.st.Folder(ctx, pl.action.Folder)
	if err != nil {
		return fmt.Errorf("the destination: %w", err)
	}
	if !dest.Selectable && !dest.Local {
		return fmt.Errorf("the folder %s cannot hold messages", dest.Path)
	}
	move := pl.action.Kind == mail.ActMove
	if dest.Account == g.account.ID {
		kind := mail.OpCopy
		if move {
			kind = mail.OpMove
		}
		if move && dest.ID == g.folder.ID {
			return nil
		}
		pl.add(mail.Op{Account: g.account.ID, Kind: kind, Messages: g.ids, Folder: dest.ID})
		return nil
	}
	for _, id := range g.ids {
		if err := pl.appendTo(ctx, dest, id); err != nil {
			return err
		}
	}
	if move {
		return pl.deletion(ctx, g)
	}
	return nil
}

func (pl *planner) appendTo(ctx context.Context, dest mail.Folder, id mail.MessageID) error {
	d, err := pl.st.Details(ctx, id)
	if err != nil {
		return err
	}
	if d.Blob == nil {
		return &mail.Refusal{Code: mail.CodeNotWhole, Text: fmt.Sprintf("message %d is not here whole yet: open it first, then move it to another account", id)}
	}
	pl.add(mail.Op{Account: dest.Account, Kind: mail.OpAppend, Folder: dest.ID, Blob: d.Blob, Date: d.Received,
		Add: d.Flags.Without(mail.FlagDeleted, `\Recent`)})
	return nil
}

// wholeFolder plans an action on everything in a folder.
func (pl *planner) wholeFolder(ctx context.Context) error {
	f, err := pl.st.Folder(ctx, pl.action.Folder)
	if err != nil {
		return err
	}
	empty := pl.action.Kind == mail.ActEmptyTrash
	if empty && f.Role != mail.RoleTrash && f.Role != mail.RoleJunk {
		return fmt.Errorf("%s is neither Trash nor Junk: its messages are not deleted for good all at once", f.Path)
	}
	a, err := pl.account(ctx, f.Account)
	if err != nil {
		return err
	}
	if empty && f.Role == mail.RoleTrash { // deleted folders go with it
		all, err := pl.st.Folders(ctx, f.Account)
		if err != nil {
			return err
		}
		for _, g := range below(all, f) {
			pl.add(mail.Op{Account: g.Account, Kind: mail.OpDropFolder, Folder: g.ID})
		}
	}
	q := store.Query{Folder: f.ID, Unread: !empty}
	n, _, err := pl.st.Count(ctx, q)
	if err != nil || n == 0 {
		return err
	}
	ids, err := pl.st.IDs(ctx, q, 0, n)
	if err != nil || len(ids) == 0 {
		return err
	}
	g := &group{account: a, folder: f, ids: ids}
	if empty {
		pl.expunge(g)
	} else {
		pl.flags(g, mail.Flags{mail.FlagSeen}, nil)
	}
	return nil
}
