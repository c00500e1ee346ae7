package mailsync_test

import (
	"context"
	"fmt"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// The number of round trips is what a pass costs on a far server, so it is held here as a count, which no busy machine changes.
func TestRoundTripsIMAP(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 60)...)
	p := mailtest.StartTurnProxy(t, r.box.IMAPSPort)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = p.Port() })
	r.sync(a)
	p.Turns()
	r.sync(a)
	// TCP, TLS, greeting, and everything of a pass that finds nothing in one flight.
	if n := p.Turns(); n != 4 {
		t.Errorf("%d round trips with nothing new, want 4", n)
	}
	r.dove.Deliver("ali", letters(60, 10)...)
	r.dove.Doveadm("flags", "add", "-u", "ali", "\\Seen", "mailbox", "INBOX", "uid", "1:40")
	res := r.sync(a)
	// SELECT and FETCH go together.
	if n := p.Turns(); n != 5 || res.New != 10 || res.Updated != 40 {
		t.Errorf("%d round trips for %d new messages and %d flags, want 5 for 10 and 40", n, res.New, res.Updated)
	}
	r.sameMail(a, "ali", "INBOX")
}

// The first download logs in at a Dovecot and lists the folders in one flight, opens the inbox and asks for its newest headers and
// messages in another, and for the next folders in a third, before what came of the inbox is read.
func TestRoundTripsFirstDownload(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ inbox, others string }{ // what is deleted
		"no gaps":                                {"", ""},
		"gaps everywhere":                        {"2,3,17,61:69", "1,4:6,15"},
		"the newest are gone":                    {"61:70", "11:15"},
		"all but one are gone of the others":     {"1:9,11,21,31,41,51,61,63", "2:15"},
		"an inbox that is no larger than a page": {"2:40", "3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 70)...)
			others := []string{"Home", "Other", "Work"}
			for _, box := range others {
				r.dove.Doveadm("mailbox", "create", "-u", "ali", box)
				r.dove.Doveadm("copy", "-u", "ali", box, "mailbox", "INBOX", "uid", "1:15")
				if c.others != "" {
					r.dove.Doveadm("expunge", "-u", "ali", "mailbox", box, "uid", c.others)
				}
			}
			if c.inbox != "" {
				r.dove.Doveadm("expunge", "-u", "ali", "mailbox", "INBOX", "uid", c.inbox)
			}
			p := mailtest.StartTurnProxy(t, r.box.IMAPSPort)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = p.Port() })
			res := r.sync(a)
			// TCP, TLS, greeting, login and listing, the inbox, the others.
			if n := p.Turns(); n != 6 {
				t.Errorf("%d round trips for %d messages, want 6", n, res.New)
			}
			for _, box := range append(others, "INBOX") {
				r.sameMail(a, "ali", box)
			}
			r.sync(a)
			if n := p.Turns(); n != 4 {
				t.Errorf("%d round trips with nothing new, want 4", n)
			}
		})
	}
}

// Of a large folder with gaps, too, the newest messages are asked for before it was seen, and the others with the next command.
func TestRoundTripsOfALargeFolder(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]string{"the newest are gone": "101:260", "gaps": "3:120,171:180,200:229,251:252"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 5)...)
			r.dove.Doveadm("mailbox", "create", "-u", "ali", "Large")
			r.box.Append(t, "ali", "Large", letters(1000, 260)...)
			r.dove.Doveadm("expunge", "-u", "ali", "mailbox", "Large", "uid", gone)
			p := mailtest.StartTurnProxy(t, r.box.IMAPSPort)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = p.Port() })
			res := r.sync(a)
			// TCP, TLS, greeting, login and listing, the inbox, the newest of the large folder, the others of it.
			if n := p.Turns(); n > 7 || res.New != 105 {
				t.Errorf("%d round trips for %d messages, want at most 7 for 105", n, res.New)
			}
			r.sameMail(a, "ali", "Large")
			r.sameMail(a, "ali", "INBOX")
		})
	}
}

// meddler lets something happen to a folder before it is opened: before that is asked for, or when it has been asked for already.
type meddler struct {
	remote.Mailboxes
	change func(path string)
	late   bool
}

func (m meddler) SelectNext(ctx context.Context, path string, ask remote.Since) (remote.MailboxState, error) {
	m.change(path)
	return m.Mailboxes.(remote.Nexter).SelectNext(ctx, path, ask)
}

func (m meddler) FetchNext(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, then func() []remote.Visit, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
	next := then
	if then != nil {
		next = func() []remote.Visit {
			visits := then()
			for _, v := range visits {
				if !m.late {
					m.change(v.Path)
				}
			}
			return visits
		}
	}
	return m.Mailboxes.(remote.Nexter).FetchNext(ctx, path, sets, want, more, next, fn)
}

// What the listing said of a folder may no longer be so when it is opened, and its newest messages are asked for.
func TestFolderChangesBeforeItIsOpened(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ late, gaps bool }{
		"before it is asked about": {false, false}, "after": {true, false}, "before, with gaps": {false, true}, "after, with gaps": {true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 70)...)
			copyTo := func(folder, uids string) {
				r.dove.Doveadm("copy", "-u", "ali", folder, "mailbox", "INBOX", "uid", uids)
			}
			changes := map[string]func(path string){
				"More": func(path string) { copyTo(path, "61:64") },
				"Gone": func(path string) { r.dove.Doveadm("expunge", "-u", "ali", "mailbox", path, "uid", "30:35") },
				"Anew": func(path string) {
					r.dove.Doveadm("mailbox", "delete", "-u", "ali", path)
					r.dove.Doveadm("mailbox", "create", "-u", "ali", path)
					copyTo(path, "1:3")
				},
			}
			for path := range changes {
				r.dove.Doveadm("mailbox", "create", "-u", "ali", path)
				copyTo(path, "1:60")
				if c.gaps {
					r.dove.Doveadm("expunge", "-u", "ali", "mailbox", path, "uid", "1,7,11:20,58")
				}
			}
			opened := 0
			r.wrap = func(s remote.Remote) remote.Remote {
				return meddler{s.(remote.Mailboxes), func(path string) {
					if change := changes[path]; change != nil {
						change(path)
						delete(changes, path)
						opened++
					}
				}, c.late}
			}
			a := r.account("ali", mail.IMAP, nil)
			r.pass(a) // a folder that is made anew while it is open may end it
			r.sync(a)
			r.sync(a) // what came after the answer was given
			if opened != 3 {
				t.Errorf("%d folders were opened with their newest messages asked for", opened)
			}
			for _, path := range []string{"INBOX", "More", "Gone", "Anew"} {
				r.sameMail(a, "ali", path)
				if q, err := r.st.Quarantined(r.ctx, r.folder(a, path).ID); err != nil || len(q) > 0 {
					t.Errorf("%s: set aside: %v, %v", path, q, err)
				}
			}
			if res := r.sync(a); res.New != 0 || res.Removed != 0 {
				t.Errorf("the next pass: %+v", res)
			}
		})
	}
}

// Hundreds of folders cost no round trips of their own either where the server cannot tell of them along with the listing.
func TestRoundTripsOfManyFolders(t *testing.T) {
	t.Parallel()
	r := newRig(t, offers("ENABLE CONDSTORE QRESYNC LIST-EXTENDED SPECIAL-USE"), false)
	var create []string
	for i := range 330 {
		create = append(create, fmt.Sprintf("CREATE Many/%d", i))
	}
	r.box.Command(t, "ali", create...)
	r.box.Append(t, "ali", "Many/329", letters(0, 3)...)
	p := mailtest.StartTurnProxy(t, r.box.IMAPSPort)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = p.Port() })
	r.sync(a)
	r.sync(a)
	p.Turns()
	r.sync(a)
	// TCP, TLS, greeting, login and listing, and few for all the folders.
	if n := p.Turns(); n > 15 {
		t.Errorf("%d round trips with nothing new in 330 folders, want at most 15", n)
	}
	r.sameMail(a, "ali", "Many/329")
}

// Several folders that have changed cost no more than one.
func TestRoundTripsOfSeveralFolders(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	boxes := []string{"INBOX", "Sent", "Work", "Home", "Lists"}
	for i, box := range boxes {
		r.box.Command(t, "ali", "CREATE "+box, "SUBSCRIBE "+box)
		r.box.Append(t, "ali", box, letters(100*i, 12)...)
	}
	p := mailtest.StartTurnProxy(t, r.box.IMAPSPort)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = p.Port() })
	r.sync(a)
	p.Turns()
	for i, box := range boxes {
		switch i {
		case 2: // flags only
			r.dove.Doveadm("flags", "add", "-u", "ali", "\\Seen", "mailbox", box, "uid", "3:5")
		case 3: // something went, something came
			r.dove.Doveadm("expunge", "-u", "ali", "mailbox", box, "uid", "2:4")
			fallthrough
		default:
			r.box.Append(t, "ali", box, letters(100*i+50, 3)...)
		}
	}
	res := r.sync(a)
	if n := p.Turns(); n != 5 || res.New != 12 || res.Updated != 3 || res.Removed != 3 {
		t.Errorf("%d round trips for %d new messages, %d flags and %d removed in five folders, want 5 for 12, 3 and 3", n, res.New, res.Updated, res.Removed)
	}
	for _, box := range boxes {
		r.sameMail(a, "ali", box)
	}
	if n := r.sync(a).New; n != 0 {
		t.Errorf("%d new afterwards", n)
	}
	if n := p.Turns(); n != 4 {
		t.Errorf("%d round trips with nothing new, want 4", n)
	}
}

// Where changes are not counted every flag is compared, and a few messages are looked at to see that the folder is still the same one: in
// the same flight.
func TestRoundTripsWithoutCountedChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		can   string
		turns int
	}{"no changes are counted": {"", 15}, "changes are counted": {"ENABLE CONDSTORE LIST-EXTENDED LIST-STATUS", 10}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, offers(c.can), false)
			r.dove.Deliver("ali", letters(0, 20)...)
			p := mailtest.StartTurnProxy(t, r.box.IMAPSPort)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = p.Port() })
			r.sync(a)
			r.dove.Deliver("ali", letters(20, 5)...)
			r.dove.Doveadm("flags", "add", "-u", "ali", "\\Seen", "mailbox", "INBOX", "uid", "1:4")
			p.Turns()
			res := r.sync(a)
			if n := p.Turns(); n != c.turns || res.New != 5 || res.Updated != 4 {
				t.Errorf("%d round trips for %d new messages and %d flags, want %d for 5 and 4", n, res.New, res.Updated, c.turns)
			}
			r.sameMail(a, "ali", "INBOX")
		})
	}
}

func TestRoundTripsPOP3(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 60)...)
	p := mailtest.StartTurnProxy(t, r.box.POP3SPort)
	a := r.account("ali", mail.POP3, func(a *mail.Account) { a.Incoming.Port = p.Port() })
	if res := r.sync(a); res.New != 60 {
		t.Fatalf("%d new", res.New)
	}
	p.Turns()
	r.sync(a)
	// TCP, TLS, greeting, and login, CAPA and listing together.
	if n := p.Turns(); n != 4 {
		t.Errorf("%d round trips with nothing new, want 4", n)
	}
}
