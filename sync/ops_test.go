package mailsync_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// Operations made offline are carried out later, in order, as a second client sees them.
func TestOperationsReachTheServerInOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 10)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	in := r.inbox(a)
	id := func(s string) []mail.MessageID { return []mail.MessageID{r.find(in, s).ID} }
	r.dove.Stop()
	read, del, arch, tag, junk := id("message 1"), id("message 2"), id("message 3"), id("message 4"), id("message 5")
	r.do(mail.Action{Kind: mail.ActRead, Messages: read})
	r.do(mail.Action{Kind: mail.ActStar, Messages: read})
	r.do(mail.Action{Kind: mail.ActDelete, Messages: del})
	r.do(mail.Action{Kind: mail.ActArchive, Messages: arch})
	r.do(mail.Action{Kind: mail.ActTag, Messages: tag, Tags: []mail.Flag{"Work", "todo", mail.TagNamed("کار")}})
	r.do(mail.Action{Kind: mail.ActTag, Messages: tag, Tags: []mail.Flag{mail.TagNamed("كار"), "todo2"}}) // the same in other letters
	r.do(mail.Action{Kind: mail.ActUntag, Messages: tag, Tags: []mail.Flag{"TODO2"}})
	r.do(mail.Action{Kind: mail.ActJunk, Messages: junk})
	r.do(mail.Action{Kind: mail.ActNewFolder, Account: a.ID, Name: "Projekte"})
	proj := r.folder(a, "Projekte")
	r.do(mail.Action{Kind: mail.ActMove, Messages: tag, Folder: proj.ID})
	r.do(mail.Action{Kind: mail.ActStar, Messages: tag})
	r.do(mail.Action{Kind: mail.ActCopy, Messages: read, Folder: proj.ID})
	if res := r.pass(a); len(res.Failed) == 0 {
		t.Error("a pass without server did not fail")
	}
	r.restart()
	r.dove.Start()
	r.sync(a)
	r.sync(a)
	for box, want := range map[string]int{"INBOX": 6, "Trash": 1, "Archive": 1, "Junk": 1, "Projekte": 2} {
		if got := len(r.dove.Messages("ali", box)); got != want {
			t.Errorf("%s holds %d messages on the server, want %d", box, got, want)
		}
		r.sameMail(a, "ali", box)
	}
	flags := r.dove.Flags("ali", "Projekte")
	slices.SortFunc(flags, func(x, y []string) int { return len(y) - len(x) })
	for _, f := range []string{"Work", "todo", string(mail.TagNamed("کار")), `\Flagged`} {
		if !slices.Contains(flags[0], f) {
			t.Errorf("flags %v in Projekte lack %s", flags, f)
		}
	}
	if slices.Contains(flags[0], string(mail.TagNamed("كار"))) || slices.Contains(flags[0], "todo2") {
		t.Errorf("flags %v hold a tag twice, or one that was taken off", flags[0])
	}
	seen := 0
	for _, f := range r.dove.Flags("ali", "INBOX") {
		if slices.Contains(f, `\Seen`) && slices.Contains(f, `\Flagged`) {
			seen++
		}
	}
	if seen != 1 {
		t.Errorf("%d messages of the inbox are read and starred, want 1", seen)
	}
	if row, err := r.st.Row(r.ctx, arch[0]); err != nil || row.UID == 0 {
		t.Errorf("the archived message kept neither its id nor learned its UID: %+v, %v", row, err)
	}
	// Deleting from Trash is for good.
	r.do(mail.Action{Kind: mail.ActDelete, Messages: del})
	r.sync(a)
	if n := len(r.dove.Messages("ali", "Trash")); n != 0 {
		t.Errorf("%d messages left in Trash", n)
	}
}

func TestUndoBeforeAndAfterTheServerKnows(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 3)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	ids := []mail.MessageID{r.find(r.inbox(a), "message 1").ID}
	for _, synced := range []bool{false, true} {
		r.do(mail.Action{Kind: mail.ActDelete, Messages: ids})
		if synced {
			r.sync(a)
		}
		r.restart()
		kind, err := r.e.Undo(r.ctx)
		if err != nil || kind != mail.ActDelete {
			t.Fatalf("undo: %q, %v", kind, err)
		}
		r.sync(a)
		if n := len(r.dove.Messages("ali", "INBOX")); n != 3 {
			t.Errorf("synced %v: %d messages in the inbox after undo, want 3", synced, n)
		}
		r.sync(a)
		r.sameMail(a, "ali", "INBOX")
		r.sameMail(a, "ali", "Trash")
	}
}

func TestDeleteModels(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		model         mail.DeleteModel
		inbox, marked int
	}{{mail.DeleteMark, 2, 1}, {mail.DeleteExpunge, 1, 0}} {
		t.Run(string(tc.model), func(t *testing.T) {
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 2)...)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.DeleteModel = tc.model })
			r.sync(a)
			r.do(mail.Action{Kind: mail.ActDelete, Messages: []mail.MessageID{r.find(r.inbox(a), "message 0").ID}})
			if n := len(r.rows(r.inbox(a))); n != 1 {
				t.Errorf("%d messages shown, want 1", n)
			}
			r.sync(a)
			marked := 0
			flags := r.dove.Flags("ali", "INBOX")
			for _, f := range flags {
				if slices.Contains(f, `\Deleted`) {
					marked++
				}
			}
			if len(flags) != tc.inbox || marked != tc.marked {
				t.Errorf("%d in the inbox, %d marked; want %d, %d", len(flags), marked, tc.inbox, tc.marked)
			}
		})
	}
}

// lossy is a session that loses the answer to chosen verbs: the server has done what it was asked, and nobody heard.
type lossy struct {
	remote.Mailboxes
	lose func(verb string) bool
	caps *mail.Capabilities
}

func (l *lossy) Capabilities() mail.Capabilities {
	if l.caps != nil {
		return *l.caps
	}
	return l.Mailboxes.Capabilities()
}

func (l *lossy) cut(verb string, err error) error {
	if err == nil && l.lose(verb) {
		l.Mailboxes.Close()
		return errCut
	}
	return err
}

func (l *lossy) Move(ctx context.Context, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	m, err := l.Mailboxes.Move(ctx, path, uids, dest)
	if err = l.cut("move", err); err != nil {
		return nil, err
	}
	return m, nil
}

func (l *lossy) Copy(ctx context.Context, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	m, err := l.Mailboxes.Copy(ctx, path, uids, dest)
	if err = l.cut("copy", err); err != nil {
		return nil, err
	}
	return m, nil
}

func (l *lossy) Expunge(ctx context.Context, path string, uids []mail.UID) (bool, error) {
	done, err := l.Mailboxes.Expunge(ctx, path, uids)
	return done, l.cut("expunge", err)
}

func (l *lossy) Append(ctx context.Context, path string, flags mail.Flags, date time.Time, size int64, body io.Reader) (mail.UID, error) {
	uid, err := l.Mailboxes.Append(ctx, path, flags, date, size, body)
	return uid, l.cut("append", err)
}

func (l *lossy) StoreFlags(ctx context.Context, path string, uids []mail.UID, add, remove mail.Flags) error {
	return l.cut("flags", l.Mailboxes.StoreFlags(ctx, path, uids, add, remove))
}

func (l *lossy) CreateFolder(ctx context.Context, path string) error {
	return l.cut("create", l.Mailboxes.CreateFolder(ctx, path))
}

func (l *lossy) RenameFolder(ctx context.Context, from, to string) error {
	return l.cut("rename", l.Mailboxes.RenameFolder(ctx, from, to))
}

func (l *lossy) DeleteFolder(ctx context.Context, path string) error {
	return l.cut("delete", l.Mailboxes.DeleteFolder(ctx, path))
}

// However often the answer to an operation is lost, nothing is lost and nothing doubled; with and without MOVE, whether or not new mail is looked
// for before the next try, and also where messages have no Message-ID or are equal.
func TestLostAnswersNeitherLoseNorDouble(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		move, only := i%2 == 0, i > 1
		t.Run(map[bool]string{true: "MOVE", false: "COPY"}[move]+map[bool]string{true: ", operations only"}[only], func(t *testing.T) {
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 6)...)
			nameless := bytes.Replace(letter(9, "nameless", "x"), []byte("Message-ID: <m9@peyk.test>\r\n"), nil, 1)
			r.dove.Deliver("ali", nameless, nameless, letter(10, "twin", "x"), letter(10, "twin", "x"))
			for _, box := range []string{"Old", "Doomed"} {
				r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", box)
			}
			r.dove.DeliverTo("ali", "Side", letter(11, "elsewhere", "x"))
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			lost := map[string]int{}
			r.wrap = func(s remote.Remote) remote.Remote {
				mb := s.(remote.Mailboxes)
				caps := mb.Capabilities()
				caps.Move = caps.Move && move
				return &lossy{mb, func(verb string) bool { lost[verb]++; return lost[verb] <= 2 }, &caps}
			}
			in := r.inbox(a)
			id := func(n string) []mail.MessageID { return []mail.MessageID{r.find(in, n).ID} }
			m1, m2, m3 := id("message 1"), id("message 2"), id("message 3")
			r.do(mail.Action{Kind: mail.ActNewFolder, Account: a.ID, Name: "New"})
			f := r.folder(a, "New")
			r.do(mail.Action{Kind: mail.ActMove, Messages: m1, Folder: f.ID})
			r.do(mail.Action{Kind: mail.ActCopy, Messages: m2, Folder: f.ID})
			r.do(mail.Action{Kind: mail.ActStar, Messages: m1})
			r.do(mail.Action{Kind: mail.ActDestroy, Messages: m3})
			equal := map[string][]mail.MessageID{}
			for _, row := range r.rows(in) {
				equal[row.Subject] = append(equal[row.Subject], row.ID)
			}
			r.do(mail.Action{Kind: mail.ActMove, Messages: equal["nameless"], Folder: f.ID})
			r.do(mail.Action{Kind: mail.ActCopy, Messages: equal["twin"], Folder: f.ID})
			side := r.find(r.folder(a, "Side"), "elsewhere").ID // a folder that is received after the operations
			r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{side}, Folder: f.ID})
			r.do(mail.Action{Kind: mail.ActRename, Folder: r.folder(a, "Old").ID, Name: "Older"})
			ref, err := r.st.PutBlobs(r.ctx, [][]byte{letter(77, "appended", "x")})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.st.Submit(r.ctx, []mail.Op{{Account: a.ID, Kind: mail.OpAppend, Folder: f.ID, Blob: &ref[0], Date: r.clock(), Add: mail.Flags{mail.FlagSeen}},
				{Account: a.ID, Kind: mail.OpDropFolder, Folder: r.folder(a, "Doomed").ID}}); err != nil {
				t.Fatal(err)
			}
			for range 40 {
				if only && r.e.Operations(r.ctx, a) == 0 || !only && len(r.pass(a).Failed) == 0 {
					break
				}
			}
			r.sync(a)
			if in, nf := len(r.dove.Messages("ali", "INBOX")), len(r.dove.Messages("ali", "New")); in != 6 || nf != 8 {
				t.Errorf("on the server: inbox %d, New %d; want 6, 8 (lost answers: %v)", in, nf, lost)
			}
			if ops, err := r.st.Ops(r.ctx, 100); err != nil || slices.ContainsFunc(ops, func(op mail.Op) bool { return op.State != mail.OpDone }) {
				t.Errorf("the operations: %+v, %v", ops, err)
			}
			for _, id := range append(equal["nameless"], side) {
				if row, err := r.st.Row(r.ctx, id); err != nil || row.UID == 0 || row.Folder != f.ID {
					t.Errorf("a message is another one now: %+v, %v", row, err)
				}
			}
			if folders, err := r.st.Folders(r.ctx, a.ID); err != nil || slices.ContainsFunc(folders, func(f mail.Folder) bool { return f.Path == "Old" || f.Path == "Doomed" }) {
				t.Errorf("the folders: %+v, %v", folders, err)
			}
			r.sameMail(a, "ali", "INBOX")
			r.sameMail(a, "ali", "New")
			if len(lost) < 6 {
				t.Errorf("the test lost answers to %v only", lost)
			}
		})
	}
}

// A permanent refusal is undone here and told; what comes after it is carried out.
func TestPermanentRefusalIsUndone(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 3)...)
	r.dove.Doveadm("mailbox", "create", "-u", "ali", "Doomed")
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	in := r.inbox(a)
	m := []mail.MessageID{r.find(in, "message 1").ID}
	doomed := r.folder(a, "Doomed")
	r.dove.Doveadm("mailbox", "delete", "-u", "ali", "Doomed")
	r.do(mail.Action{Kind: mail.ActMove, Messages: m, Folder: doomed.ID})
	r.do(mail.Action{Kind: mail.ActStar, Messages: m})
	res := r.pass(a)
	if len(res.Failed) == 0 {
		t.Error("the refusal was not told")
	}
	r.pass(a)
	if n := len(r.dove.Messages("ali", "INBOX")); n != 3 {
		t.Fatalf("%d messages in the inbox, want 3", n)
	}
	row := r.find(r.inbox(a), "message 1")
	if !row.Starred() || row.ID != m[0] {
		t.Errorf("after the refusal: %+v", row)
	}
	r.sameMail(a, "ali", "INBOX")
}

// busy is a session to a server that cannot move anything just now.
type busy struct {
	remote.Mailboxes
	left *int
}

func (b busy) Move(ctx context.Context, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	if *b.left--; *b.left >= 0 {
		return nil, &remote.Error{Step: "move", Kind: mail.ProblemServer, Why: mail.CodeLater, Text: "[UNAVAILABLE] try later"}
	}
	return b.Mailboxes.Move(ctx, path, uids, dest)
}

// A server that cannot now is asked again, and what was done after that waits. One that never can is given up: the message is where it
// was, and what comes after it is carried out.
func TestServerThatCannotNow(t *testing.T) {
	t.Parallel()
	for _, refusals := range []int{2, 1 << 30} {
		r := newRig(t, mailtest.DovecotOptions{}, false)
		r.dove.Deliver("ali", letters(0, 2)...)
		a := r.account("ali", mail.IMAP, nil)
		r.sync(a)
		left := refusals
		r.wrap = func(s remote.Remote) remote.Remote { return busy{s.(remote.Mailboxes), &left} }
		in := r.inbox(a)
		m := []mail.MessageID{r.find(in, "message 1").ID}
		r.do(mail.Action{Kind: mail.ActArchive, Messages: m})
		r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{r.find(in, "message 0").ID}})
		passes := 0
		for waits := true; waits && passes < 50; passes++ {
			r.pass(a)
			ops, err := r.st.Ops(r.ctx, 10)
			if err != nil {
				t.Fatal(err)
			}
			waits = ops[1].State == mail.OpPending
			if waits && (ops[0].State != mail.OpPending || ops[1].Error == "") {
				t.Errorf("%d refusals: what waits: %+v", refusals, ops)
			}
			if len(r.dove.Messages("ali", "Archive"))+len(r.dove.Messages("ali", "INBOX")) != 2 {
				t.Fatal("a message is lost or doubled")
			}
		}
		box := map[bool]string{true: "Archive", false: "INBOX"}[refusals == 2]
		if row := r.find(r.folder(a, box), "message 1"); row.ID != m[0] || refusals == 2 && passes != 3 || passes == 50 {
			t.Errorf("%d refusals: after %d passes %+v", refusals, passes, row)
		}
		r.sync(a)
		if !r.find(r.inbox(a), "message 0").Starred() {
			t.Errorf("%d refusals: what was done after it was not carried out", refusals)
		}
		r.sameMail(a, "ali", box)
	}
}

// unreadable is a session in which messages cannot be looked at.
type unreadable struct{ remote.Mailboxes }

func (u unreadable) Fetch(ctx context.Context, path string, set []remote.UIDRange, want remote.Want, fn func(remote.Fetched) error) ([]remote.Poisoned, error) {
	if want != remote.WantFlags {
		return u.Mailboxes.Fetch(ctx, path, set, want, fn)
	}
	var odd []remote.Poisoned
	_, err := u.Mailboxes.Fetch(ctx, path, set, want, func(f remote.Fetched) error {
		odd = append(odd, remote.Poisoned{UID: f.UID, Err: errCut})
		return nil
	})
	return odd, err
}

// A message of which the server says nothing that can be read is there all the same, and is moved.
func TestWhatCannotBeReadIsNotGone(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 1)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	r.wrap = func(s remote.Remote) remote.Remote { return unreadable{s.(remote.Mailboxes)} }
	id := r.find(r.inbox(a), "message 0").ID
	r.do(mail.Action{Kind: mail.ActArchive, Messages: []mail.MessageID{id}})
	r.pass(a)
	if row, err := r.st.Row(r.ctx, id); err != nil || row.UID == 0 || len(r.dove.Messages("ali", "Archive")) != 1 {
		t.Errorf("%+v, %v", row, err)
	}
}

// copier is a session to a server without MOVE that copies in a way of its own.
type copier struct {
	remote.Mailboxes
	uidplus bool
	copy    func(in remote.Mailboxes, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error)
}

func (c copier) Capabilities() mail.Capabilities {
	caps := c.Mailboxes.Capabilities()
	caps.Move, caps.UIDPlus = false, c.uidplus
	return caps
}

func (c copier) Copy(_ context.Context, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	return c.copy(c.Mailboxes, path, uids, dest)
}

var noRoom = &remote.Error{Host: "127.0.0.1", Step: "copy", Kind: mail.ProblemServer, Permanent: true, Why: mail.CodeMailboxFull, Text: "Quota exceeded"}

// A server says OK to a copy and has made a part of it only, or refuses a part: what cannot be found where it was to go stays where it is, and that is told.
func TestACopyThatIsNotThere(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	a := r.account("ali", mail.IMAP, nil)
	move := func(caseName string, uidplus, nameless bool, copy func(remote.Mailboxes, string, []mail.UID, string) (map[mail.UID]mail.UID, error)) (mail.PassResult, []mail.MessageID) {
		first, second := letter(1, caseName+" 1", "x"), letter(2, caseName+" 2", "x")
		if nameless {
			second = bytes.Replace(second, []byte("Message-ID: <m2@peyk.test>\r\n"), nil, 1)
		}
		if caseName == "twins" {
			second = bytes.Replace(second, []byte("<m2@"), []byte("<m1@"), 1)
		}
		r.dove.Deliver("ali", first)
		r.dove.Deliver("ali", second)
		r.sync(a)
		ids := []mail.MessageID{r.find(r.inbox(a), caseName+" 1").ID, r.find(r.inbox(a), caseName+" 2").ID}
		r.wrap = func(s remote.Remote) remote.Remote { return copier{s.(remote.Mailboxes), uidplus, copy} }
		r.do(mail.Action{Kind: mail.ActMove, Messages: ids, Folder: r.folder(a, "Work").ID})
		res := r.pass(a)
		r.wrap = nil
		return res, ids
	}
	part := func(in remote.Mailboxes, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
		_, err := in.Copy(r.ctx, path, uids[:1], dest)
		return nil, err
	}
	// A long list goes in several commands, of which the second is refused.
	refused := func(in remote.Mailboxes, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
		m, err := in.Copy(r.ctx, path, uids[:1], dest)
		return m, errors.Join(err, noRoom)
	}
	untold := func(in remote.Mailboxes, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
		_, err := refused(in, path, uids, dest)
		return nil, err
	}
	for _, c := range []struct {
		name              string
		uidplus, nameless bool
		copy              func(remote.Mailboxes, string, []mail.UID, string) (map[mail.UID]mail.UID, error)
	}{
		{"plain", true, false, part}, {"without Message-ID", true, true, part}, {"without UIDPLUS", false, false, part},
		{"the rest is refused", true, false, refused}, {"the rest without Message-ID", true, true, refused}, {"the rest without UIDPLUS", false, false, untold},
		{"the rest without either", false, true, untold},
	} {
		if res, _ := move(c.name, c.uidplus, c.nameless, c.copy); len(res.Failed) != 1 {
			t.Errorf("%s: %+v", c.name, res)
		}
		r.sync(a)
		in, work := subjects(r.dove.Messages("ali", "INBOX")), subjects(r.dove.Messages("ali", "Work"))
		if in[c.name+" 1"] != 0 || in[c.name+" 2"] != 1 || work[c.name+" 1"] != 1 || work[c.name+" 2"] != 0 {
			t.Errorf("%s: in the inbox %v, in Work %v", c.name, in, work)
		}
		for _, flags := range r.dove.Flags("ali", "INBOX") {
			if slices.Contains(flags, `\Deleted`) {
				t.Errorf("%s: what was not copied is marked as deleted", c.name)
			}
		}
		r.sameMail(a, "ali", "INBOX")
		r.sameMail(a, "ali", "Work")
	}
	// COPYUID names some of the copies only: they are not taken for those of equal messages.
	res, ids := move("twins", true, false, func(in remote.Mailboxes, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
		m, err := in.Copy(r.ctx, path, uids, dest)
		delete(m, uids[0])
		return m, err
	})
	x, errx := r.st.Row(r.ctx, ids[0])
	y, erry := r.st.Row(r.ctx, ids[1])
	if len(res.Failed) != 0 || errx != nil || erry != nil || x.UID == 0 || y.UID == 0 || x.UID == y.UID {
		t.Errorf("%+v: %+v, %v; %+v, %v", res, x, errx, y, erry)
	}
	r.sync(a)
	r.sameMail(a, "ali", "Work")
}

// A copy whose connection was lost before the server heard of it is made again: an equal message that lay there before is not taken for it.
func TestAnOlderCopyIsNotTheNewOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.DeliverTo("ali", "Work", letter(1, "equal", "x"))
	r.dove.Deliver("ali", letter(1, "equal", "x"))
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	cut := false
	r.wrap = func(s remote.Remote) remote.Remote {
		return copier{s.(remote.Mailboxes), true, func(in remote.Mailboxes, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
			if !cut {
				cut = true
				in.Close()
				return nil, errCut
			}
			return in.Copy(r.ctx, path, uids, dest)
		}}
	}
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.find(r.inbox(a), "equal").ID}, Folder: r.folder(a, "Work").ID})
	for range 2 {
		r.e.Operations(r.ctx, a)
	}
	if in, work := len(r.dove.Messages("ali", "INBOX")), len(r.dove.Messages("ali", "Work")); !cut || in != 0 || work != 2 {
		t.Errorf("cut %v: %d in the inbox, %d in Work; want 0 and 2", cut, in, work)
	}
	r.sync(a)
	r.sameMail(a, "ali", "Work")
}
