package mailsync_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// allow says what ali may do with a folder of his on a Dovecot that looks at such rights: "l" lists it and no more.
func allow(t *testing.T, d *mailtest.Server, folder, rights string) {
	t.Helper()
	file := filepath.Join(d.Dir, "mail", "ali", "Maildir", "."+folder, "dovecot-acl")
	if err := os.WriteFile(file, []byte("owner "+rights+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A folder that the server lists and does not open is told once and named by the doctor; the passes after that are no failures, everything else
// comes, and it comes, too, as soon as it may be read.
func TestFolderThatIsListedAndNotOpened(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{Extra: "mail_plugins = acl\nplugin {\n  acl = vfile\n}\n"}, false)
	boxes := []string{"INBOX", "Drafts", "Sent", "Work", "Zoo"}
	add := func(first int) {
		for i, box := range boxes {
			r.box.Append(t, "ali", box, letters(first+10*i, 2)...)
		}
	}
	for _, box := range boxes {
		r.box.Command(t, "ali", "CREATE "+box, "SUBSCRIBE "+box)
	}
	add(0)
	allow(t, r.dove, "Work", "l")
	allow(t, r.dove, "Drafts", "l")
	a := r.account("ali", mail.IMAP, nil)
	for n := range 4 {
		res := r.pass(a)
		told := strings.Join(res.Failed, "\n")
		if n == 0 && (len(res.Failed) != 2 || !strings.Contains(told, "Work") || !strings.Contains(told, "Drafts")) || n > 0 && told != "" {
			t.Errorf("pass %d: told %q", n, told)
		}
		r.restart() // a command line is a new process each time
	}
	for _, box := range []string{"INBOX", "Sent", "Zoo"} {
		r.sameMail(a, "ali", box)
	}
	list, err := r.st.RefusedFolders(r.ctx, a.ID)
	if err != nil || len(list) != 2 || list[0].Path != "Drafts" || list[1].Path != "Work" || list[1].Tries != 4 || !list[1].Due.After(r.clock()) {
		t.Errorf("%+v, %v", list, err)
	}
	allow(t, r.dove, "Work", "lrwstipekxa")
	if res := r.pass(a); len(res.Failed) != 0 {
		t.Errorf("told %q", res.Failed)
	}
	r.sameMail(a, "ali", "Work")
	// The other way round: what is here stays here, and is told once. There is something new in it: of a folder that it does not open Dovecot may
	// know from its index that it has not changed, and then nobody asks for it.
	allow(t, r.dove, "Drafts", "lrwstipekxa")
	add(100)
	allow(t, r.dove, "Zoo", "l")
	before := len(r.rows(r.folder(a, "Zoo")))
	boxes = boxes[:4]
	for n := range 3 {
		if res := r.pass(a); n == 0 && (len(res.Failed) != 1 || !strings.Contains(res.Failed[0], "Zoo")) || n > 0 && len(res.Failed) != 0 {
			t.Errorf("pass %d: told %q", n, res.Failed)
		}
	}
	for _, box := range boxes {
		r.sameMail(a, "ali", box)
	}
	if n := len(r.rows(r.folder(a, "Zoo"))); n != before || n == 0 {
		t.Errorf("%d messages of a folder that the server does not open any more, %d before", n, before)
	}
	r.sound()
}

// refuser is a session of a server that does not open one folder, for a reason.
type refuser struct {
	remote.Mailboxes
	*refusing
}

// refusing counts what all sessions of it are asked for.
type refusing struct {
	path          string
	why           remote.Error
	listed, asked atomic.Int32
	meanwhile     func() // called when a pass has begun; nil: nothing
}

func (r refuser) List(ctx context.Context) ([]mail.RemoteFolder, error) {
	defer r.listed.Add(1)
	if r.meanwhile != nil {
		r.meanwhile()
	}
	return r.Mailboxes.List(ctx)
}

func (r refuser) Select(ctx context.Context, path string) (remote.MailboxState, error) {
	if path == r.path {
		r.asked.Add(1)
		why := r.why
		return remote.MailboxState{}, &why
	}
	return r.Mailboxes.Select(ctx, path)
}

// Who asks for mail while a pass runs has such a folder tried again, too, although the pass does a part of what he asks for itself.
func TestRefusedFolderIsTriedForWhoAsksDuringAPass(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	for i, box := range []string{"INBOX", "Work", "Zoo"} {
		r.box.Command(t, "ali", "CREATE "+box)
		r.box.Append(t, "ali", box, letters(10*i, 2)...)
	}
	f := &refusing{path: "Work", why: remote.Error{Permanent: true, Why: mail.CodeNotAllowed, Kind: mail.ProblemServer, Step: "select Work", Host: "127.0.0.1"}}
	var a mail.Account
	ask := make(chan struct{}, 1)
	f.meanwhile = func() {
		select {
		case <-ask:
			r.e.GetMail(a.ID)
		default:
		}
	}
	r.wrap = func(s remote.Remote) remote.Remote { return refuser{s.(remote.Mailboxes), f} }
	a = r.account("ali", mail.IMAP, nil)
	r.live()
	look := func() { // nobody asks
		r.e.SetOnline(false)
		r.e.SetOnline(true)
	}
	look()
	eventually(t, "the first refusal", func() bool {
		list, err := r.st.RefusedFolders(r.ctx, a.ID)
		return err == nil && len(list) == 1
	})
	for range 3 {
		before := f.asked.Load()
		r.box.Append(t, "ali", "Zoo", letters(50+int(before), 1)...) // so that there is something to do
		ask <- struct{}{}
		look()
		eventually(t, "the question", func() bool { return len(ask) == 0 })
		eventually(t, "a try where the user asks", func() bool { return f.asked.Load() > before })
	}
}

// In the window such a folder is left alone for longer and longer; what the server says of one folder that will pass keeps none of the
// others from coming, and is told only when it comes again.
func TestRefusedFolderRests(t *testing.T) {
	for name, tc := range map[string]struct {
		why   remote.Error
		first int // how often it is told at first
	}{
		"for ever": {remote.Error{Permanent: true, Why: mail.CodeNotAllowed}, 1},
		"for now":  {remote.Error{Why: mail.CodeBusy}, 0},
		"gone":     {remote.Error{Permanent: true, Why: mail.CodeGone}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			for i, box := range []string{"INBOX", "Work", "Zoo"} {
				r.box.Command(t, "ali", "CREATE "+box)
				r.box.Append(t, "ali", box, letters(10*i, 2)...)
			}
			f := &refusing{path: "Work", why: tc.why}
			f.why.Kind, f.why.Step, f.why.Host = mail.ProblemServer, "select Work", "127.0.0.1"
			r.wrap = func(s remote.Remote) remote.Remote { return refuser{s.(remote.Mailboxes), f} }
			a := r.account("ali", mail.IMAP, nil)
			r.live()
			told := func() (n int) {
				list, err := r.st.Passes(r.ctx, 100)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range list {
					n += len(p.Problems)
				}
				return n
			}
			look := func() {
				before := f.listed.Load()
				r.e.SetOnline(false) // nobody asks
				r.e.SetOnline(true)
				eventually(t, "a pass", func() bool { return f.listed.Load() > before })
			}
			look()
			eventually(t, "the folder behind it", func() bool {
				z, err := r.st.FolderByPath(r.ctx, a.ID, "Zoo")
				return err == nil && z.Total == 2
			})
			for range 3 {
				look()
			}
			if n, m := f.asked.Load(), told(); n != 1 || m != tc.first {
				t.Errorf("within a minute it was asked for %d times and told %d times", n, m)
			}
			for n := range int32(3) {
				r.days(2)
				look()
				eventually(t, "another try", func() bool { return f.asked.Load() == 2+n })
				eventually(t, "its note", func() bool { // the next days come after that, or its time of rest begins with them
					list, err := r.st.RefusedFolders(r.ctx, a.ID)
					return err == nil && len(list) == 1 && list[0].Tries == int(2+n)
				})
			}
			before := f.asked.Load()
			r.e.GetMail(a.ID)
			eventually(t, "a try where the user asks", func() bool { return f.asked.Load() > before })
			r.live() // waits for what is being told
			if n := told(); n != 1 {
				t.Errorf("in the end it was told %d times", n)
			}
		})
	}
}

// A server that opens no folder has a trouble of its own: that is told as such, and not of each folder.
func TestServerThatOpensNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	for i, box := range []string{"Drafts", "Sent", "Junk", "Archive", "Trash"} {
		r.box.Append(t, "sara", box, letters(10*i, 1)...)
	}
	f := &refusing{why: remote.Error{Kind: mail.ProblemServer, Step: "select", Why: mail.CodeLater}}
	a := r.account("sara", mail.IMAP, nil)
	r.wrap = func(s remote.Remote) remote.Remote { return refusingAll{refuser{s.(remote.Mailboxes), f}} }
	for range 3 {
		before := f.asked.Load()
		if res := r.pass(a); len(res.Failed) != 1 {
			t.Errorf("told %q", res.Failed)
		}
		if n := f.asked.Load() - before; n > 4 {
			t.Errorf("%d folders were asked for", n)
		}
	}
	r.wrap = nil
	r.sync(a)
	r.sync(a)
	if list, err := r.st.RefusedFolders(r.ctx, a.ID); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

// refusingAll opens the inbox only.
type refusingAll struct{ refuser }

func (r refusingAll) Select(ctx context.Context, path string) (remote.MailboxState, error) {
	if path == "INBOX" {
		return r.Mailboxes.Select(ctx, path)
	}
	r.asked.Add(1)
	why := r.why
	return remote.MailboxState{}, &why
}
