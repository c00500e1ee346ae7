package mailsync_test

import (
	"fmt"
	"slices"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// Two clients do things with the same message at the same time: ours offline, the other on the server. What becomes of it follows
// the rules that docs/architecture.md states, and afterwards both sides show the same.
func TestConflictsWithAnotherClient(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]mailtest.DovecotOptions{"MOVE": {}, "COPY": offers("ENABLE CONDSTORE QRESYNC LIST-EXTENDED LIST-STATUS SPECIAL-USE ESEARCH")} {
		t.Run(name, func(t *testing.T) { conflicts(t, server) })
	}
}

func conflicts(t *testing.T, server mailtest.DovecotOptions) {
	r := newRig(t, server, false)
	for _, box := range []string{"Work", "Home"} {
		r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", box)
	}
	other := func(args ...string) func(string) {
		return func(subject string) {
			r.dove.Doveadm(append(slices.Clone(args), "mailbox", "INBOX", "subject", subject)...)
		}
	}
	on := func(flag string) func(string) { return other("flags", "add", "-u", "ali", flag) }
	off := func(flag string) func(string) { return other("flags", "remove", "-u", "ali", flag) }
	moves := func(to string) func(string) { return other("move", "-u", "ali", to) }
	expunges := other("expunge", "-u", "ali")
	type conflict struct {
		name   string
		ours   mail.ActionKind
		to     string // of a move
		theirs func(subject string)
		in     string // where the message is in the end; "" for nowhere
		has    []string
		hasNot []string
	}
	cases := []conflict{
		{name: "different flags", ours: mail.ActStar, theirs: on(`\Answered`), in: "INBOX", has: []string{`\Flagged`, `\Answered`}},
		{name: "the same flag, added by both", ours: mail.ActStar, theirs: on(`\Flagged`), in: "INBOX", has: []string{`\Flagged`}},
		{name: "the same flag against each other", ours: mail.ActRead, theirs: off(`\Seen`), in: "INBOX", has: []string{`\Seen`}},
		{name: "flagged here, deleted there", ours: mail.ActStar, theirs: expunges, in: ""},
		{name: "flagged here, moved there", ours: mail.ActStar, theirs: moves("Home"), in: "Home", hasNot: []string{`\Flagged`}},
		{name: "moved here, flagged there", ours: mail.ActMove, to: "Work", theirs: on(`\Flagged`), in: "Work", has: []string{`\Flagged`}},
		{name: "moved to two places", ours: mail.ActMove, to: "Work", theirs: moves("Home"), in: "Home"},
		{name: "moved here, deleted there", ours: mail.ActMove, to: "Work", theirs: expunges, in: ""},
		{name: "deleted here, moved there", ours: mail.ActDelete, theirs: moves("Home"), in: "Home"},
		{name: "deleted by both", ours: mail.ActDelete, theirs: expunges, in: ""},
		{name: "archived by both", ours: mail.ActArchive, theirs: moves("Archive"), in: "Archive"},
		{name: "copied there, moved here", ours: mail.ActMove, to: "Work", theirs: other("copy", "-u", "ali", "Home"), in: "Work"},
	}
	for i := range cases {
		r.dove.Deliver("ali", letter(i, fmt.Sprintf("case%02d", i), "text"))
	}
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	for i, c := range cases {
		act := mail.Action{Kind: c.ours, Messages: []mail.MessageID{r.find(r.inbox(a), fmt.Sprintf("case%02d", i)).ID}}
		if c.to != "" {
			act.Folder = r.folder(a, c.to).ID
		}
		r.do(act)
	}
	for i, c := range cases {
		c.theirs(fmt.Sprintf("case%02d", i))
	}
	r.sync(a)
	r.sync(a)
	boxes := []string{"INBOX", "Work", "Home", "Archive", "Trash"}
	for _, box := range boxes {
		r.sameMail(a, "ali", box)
	}
	for i, c := range cases {
		subject := fmt.Sprintf("case%02d", i)
		found := ""
		for _, box := range boxes {
			for _, row := range r.rows(r.folder(a, box)) {
				if row.Subject != subject || box == "Home" && c.in != "Home" { // the copy
					continue
				}
				if found != "" {
					t.Errorf("%s: in %s and in %s", c.name, found, box)
				}
				found = box
				for _, f := range c.has {
					if !row.Flags.Has(mail.Flag(f)) {
						t.Errorf("%s: has %v, without %s", c.name, row.Flags, f)
					}
				}
				for _, f := range c.hasNot {
					if row.Flags.Has(mail.Flag(f)) {
						t.Errorf("%s: has %s", c.name, f)
					}
				}
			}
		}
		if found != c.in {
			t.Errorf("%s: in the folder %q, want %q", c.name, found, c.in)
		}
	}
	ops, err := r.st.Ops(r.ctx, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range ops {
		if op.State != mail.OpDone {
			t.Errorf("%s is %s: %s", op.Title, op.State, op.Error)
		}
	}
}

// A folder is renamed by another client while an operation that names it waits: the operation is taken back and told, and no
// message is lost or left where nobody sees it.
// A folder that another client renames stays the same folder here: its messages are not fetched again, and the window that shows it
// goes on showing it.
func TestFolderRenamedElsewhere(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	for _, box := range []string{"Work", "Work/Old"} {
		r.dove.DeliverTo("ali", box, letter(1, "kept in "+box, "text"))
	}
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	before := map[string]mail.FolderID{}
	for _, box := range []string{"Work", "Work/Old"} {
		before[box] = r.folder(a, box).ID
	}
	row := r.find(r.folder(a, "Work"), "kept in Work")
	r.dove.Doveadm("mailbox", "rename", "-u", "ali", "Work", "Projects 2026")
	res := r.sync(a)
	if res.New != 0 || res.Removed != 0 {
		t.Errorf("%+v", res)
	}
	for old, now := range map[string]string{"Work": "Projects 2026", "Work/Old": "Projects 2026/Old"} {
		if r.folder(a, now).ID != before[old] {
			t.Errorf("%s is another folder than %s was", now, old)
		}
		r.sameMail(a, "ali", now)
	}
	if r.find(r.folder(a, "Projects 2026"), "kept in Work").ID != row.ID {
		t.Error("the message is another one")
	}
}

// What the user did with a folder that another client renamed meanwhile, or with a message in it, is done under its new name.
func TestFolderRenamedUnderAnOperation(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	r.dove.DeliverTo("ali", "Old", letter(3, "to be read", "text"))
	r.dove.Deliver("ali", letter(1, "to be moved", "text"), letter(2, "stays", "text"))
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.find(r.inbox(a), "to be moved").ID}, Folder: r.folder(a, "Work").ID})
	r.do(mail.Action{Kind: mail.ActRead, Messages: []mail.MessageID{r.find(r.folder(a, "Old"), "to be read").ID}})
	r.dove.Doveadm("mailbox", "rename", "-u", "ali", "Work", "Projects")
	r.dove.Doveadm("mailbox", "rename", "-u", "ali", "Old", "Older")
	r.sync(a)
	for _, box := range []string{"INBOX", "Projects", "Older"} {
		r.sameMail(a, "ali", box)
	}
	r.find(r.folder(a, "Projects"), "to be moved")
	if row := r.find(r.folder(a, "Older"), "to be read"); row.Unread() {
		t.Error("the message is unread")
	}
	folders, err := r.st.Folders(r.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(folders, func(f mail.Folder) bool { return f.Path == "Work" || f.Path == "Old" }) {
		t.Error("the old folder is still there")
	}
}

// A move into a folder that another client deleted is refused and told; the message is where it was.
func TestFolderDeletedUnderAnOperation(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	r.dove.Deliver("ali", letter(1, "to be moved", "text"), letter(2, "stays", "text"))
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.find(r.inbox(a), "to be moved").ID}, Folder: r.folder(a, "Work").ID})
	r.dove.Doveadm("mailbox", "delete", "-u", "ali", "Work")
	if res := r.pass(a); len(res.Failed) == 0 {
		t.Error("nobody was told")
	}
	r.sync(a)
	r.sameMail(a, "ali", "INBOX")
	r.find(r.inbox(a), "to be moved")
}
