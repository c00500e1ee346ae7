package imap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

func TestLoginEveryWay(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	for _, sec := range []mail.Security{mail.SecurityTLS, mail.SecuritySTARTTLS, mail.SecurityNone} {
		c, err := Dial(testContext(t), Config{Server: serverOf(d, sec, "ali"), Password: d.Password("ali")})
		if err != nil {
			t.Fatalf("%s: %v", sec, err)
		}
		must(t, c.Noop(testContext(t)))
		caps := c.Capabilities()
		if !caps.Move || !caps.UIDPlus || !caps.QResync || !caps.Push || !caps.ListStatus {
			t.Errorf("%s: capabilities of Dovecot not seen: %+v", sec, caps)
		}
		if c.BytesIn() == 0 {
			t.Error("no bytes counted")
		}
		must(t, c.Close())
		must(t, c.Close())
		refusal(t, c.Noop(testContext(t)), mail.ProblemNetwork, false, true)
	}

	for _, method := range []mail.AuthMethod{mail.AuthPlain, mail.AuthLogin, mail.AuthCRAMMD5, mail.AuthSCRAMSHA256} {
		srv := serverOf(d, mail.SecurityTLS, "ali")
		srv.Auth = method
		c, err := Dial(testContext(t), Config{Server: srv, Password: d.Password("ali")})
		if err != nil {
			t.Errorf("%s: %v", method, err)
			continue
		}
		must(t, c.Close())
	}
	t.Run("wrong password", func(t *testing.T) {
		_, err := Dial(testContext(t), Config{Server: serverOf(d, mail.SecurityTLS, "ali"), Password: "not-it"})
		e := refusal(t, err, mail.ProblemAuth, true, true)
		if strings.Contains(err.Error(), "not-it") || e.Advice == "" {
			t.Errorf("error tells the password or no advice: %v", err)
		}
	})
	t.Run("plaintext not allowed", func(t *testing.T) {
		srv := serverOf(d, mail.SecurityNone, "ali")
		srv.AllowPlaintext = false
		c, err := Dial(testContext(t), Config{Server: srv, Password: d.Password("ali")})
		if err != nil {
			t.Fatalf("a challenge-response mechanism shows no password: %v", err)
		}
		must(t, c.Close())
		srv.Auth = mail.AuthPlain
		_, err = Dial(testContext(t), Config{Server: srv, Password: d.Password("ali")})
		refusal(t, err, mail.ProblemPlaintext, true, true)
	})
	t.Run("a POP3 port", func(t *testing.T) {
		srv := serverOf(d, mail.SecurityTLS, "ali")
		srv.Port = d.POP3SPort
		_, err := Dial(testContext(t), Config{Server: srv, Password: d.Password("ali")})
		e := refusal(t, err, mail.ProblemConfig, true, true)
		if !strings.Contains(e.Advice, "POP3") {
			t.Errorf("advice: %q", e.Advice)
		}
	})
}

func TestListTree(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sep string
		d   func() *mailtest.Server
	}{
		"slash":            {"/", func() *mailtest.Server { return mailtest.StartDovecot(t, mailtest.DovecotOptions{}) }},
		"dot":              {".", func() *mailtest.Server { return mailtest.StartDovecot(t, mailtest.DovecotOptions{Separator: "."}) }},
		"no LIST-STATUS":   {"/", func() *mailtest.Server { return without(t, "LIST-STATUS") }},
		"no LIST-EXTENDED": {"/", func() *mailtest.Server { return without(t, "LIST-EXTENDED") }},
		"nothing but LIST": {"/", func() *mailtest.Server {
			return without(t, "LIST-STATUS", "LIST-EXTENDED", "NAMESPACE", "ID", "ENABLE")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d, sep := tc.d(), tc.sep
			c := dialDovecot(t, d, "ali")
			ctx := testContext(t)
			persian := "پروژه‌ها" + sep + "R&D و فروش"
			must(t, c.CreateFolder(ctx, persian))
			must(t, c.Subscribe(ctx, persian, true))
			d.Deliver("ali", messages(1, 3)...)
			folders, err := c.List(ctx)
			must(t, err)
			by := map[string]mail.RemoteFolder{}
			for _, f := range folders {
				by[f.Path] = f
			}
			for path, role := range map[string]mail.Role{"INBOX": mail.RoleInbox, "Sent": mail.RoleSent, "Drafts": mail.RoleDrafts,
				"Trash": mail.RoleTrash, "Junk": mail.RoleJunk, "Archive": mail.RoleArchive} {
				if f := by[path]; f.Role != role || f.RoleGuessed || !f.Selectable || f.Delimiter != sep {
					t.Errorf("%s: %+v", path, f)
				}
			}
			f := by[persian]
			if !f.Subscribed || !f.Selectable || !f.HasStatus || f.UIDValidity == 0 {
				t.Errorf("%q: %+v (of %v)", persian, f, folders)
			}
			in := by["INBOX"]
			if !in.HasStatus || in.Messages != 3 || in.Unseen != 3 || in.UIDNext != 4 || in.HighestMod == 0 {
				t.Errorf("status of INBOX: %+v", in)
			}
			renamed := "پروژه‌ها" + sep + "更新"
			must(t, c.RenameFolder(ctx, persian, renamed))
			if _, err := c.Select(ctx, renamed); err != nil {
				t.Error(err)
			}
			must(t, c.DeleteFolder(ctx, renamed))
			_, err = c.Select(ctx, renamed)
			refusal(t, err, mail.ProblemServer, true, false)
			err = c.CreateFolder(ctx, "Sent")
			if e := refusal(t, err, mail.ProblemServer, true, false); Code(e) != "ALREADYEXISTS" {
				t.Errorf("code %q", Code(e))
			}
			must(t, c.Noop(ctx)) // refusals leave the connection usable
		})
	}
}

func TestListWithinRootAndSubscribed(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	c := dialDovecot(t, d, "ali")
	ctx := testContext(t)
	for _, p := range []string{"Work/Sent", "Work/Plans", "Workshop", "Private"} {
		must(t, c.CreateFolder(ctx, p))
	}
	must(t, c.Subscribe(ctx, "Private", true))
	paths := func(o mail.IMAPOptions) []string {
		c := dialDovecot(t, d, "ali", func(cfg *Config) { cfg.Options = o })
		fs, err := c.List(testContext(t))
		must(t, err)
		var out []string
		for _, f := range fs {
			out = append(out, f.Path)
			if f.Path == "Work/Sent" && f.Role != mail.RoleSent {
				t.Errorf("Work/Sent below the root has role %q", f.Role)
			}
		}
		slices.Sort(out)
		return out
	}
	if got, want := paths(mail.IMAPOptions{RootFolder: "Work"}), []string{"INBOX", "Work", "Work/Plans", "Work/Sent"}; !slices.Equal(got, want) {
		t.Errorf("below Work: %v", got)
	}
	if got := paths(mail.IMAPOptions{SubscribedOnly: true}); slices.Contains(got, "Workshop") || !slices.Contains(got, "Private") {
		t.Errorf("subscribed: %v", got)
	}
}

// without is a Dovecot that lacks some capabilities.
func without(t testing.TB, gone ...string) *mailtest.Server {
	t.Helper()
	all := strings.Fields("IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS " +
		"THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE " +
		"QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE SPECIAL-USE")
	all = slices.DeleteFunc(all, func(c string) bool { return slices.Contains(gone, c) })
	return mailtest.StartDovecot(t, mailtest.DovecotOptions{Extra: "protocol imap {\n  imap_capability = " + strings.Join(all, " ") + "\n}"})
}

func TestFetchExactBytes(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{Compress: true})
	big := append(message(3), bytes.Repeat([]byte("0123456789abcdef 0123456789abcdef\r\n"), 150_000)...) // 5 MB
	d.Deliver("ali", message(1), message(2), big)
	for _, noCompress := range []bool{true, false} {
		c := dialDovecot(t, d, "ali", func(cfg *Config) { cfg.NoCompress = noCompress; cfg.ForceCompress = !noCompress })
		if c.Capabilities().Compress == noCompress {
			t.Fatalf("compression on: %v, wanted off: %v", c.Capabilities().Compress, noCompress)
		}
		all, bad := fetchAll(t, c, "INBOX", everything, remote.WantBody)
		if len(all) != 3 || len(bad) != 0 {
			t.Fatalf("%d messages, poisoned %v", len(all), bad)
		}
		for uid, want := range [][]byte{nil, message(1), message(2), big} {
			if uid > 0 && all[mail.UID(uid)].body != string(want) {
				t.Errorf("UID %d differs", uid)
			}
		}
		heads, _ := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 2, Last: 3}}, remote.WantHeader)
		if h := heads[2]; !strings.HasPrefix(string(h.Header), "From: Ali") || !strings.HasSuffix(string(h.Header), "\r\n\r\n") ||
			h.Size != int64(len(message(2))) || h.Received.IsZero() || h.ModSeq == 0 || len(heads) != 2 {
			t.Errorf("header: %+v", h)
		}
		flags, _ := fetchAll(t, c, "INBOX", everything, remote.WantFlags)
		if len(flags) != 3 || len(flags[1].Flags) != 0 {
			t.Errorf("flags: %+v", flags)
		}
		if !noCompress && c.BytesIn() > int64(len(big)) {
			t.Errorf("compressed, yet %d bytes came in", c.BytesIn())
		}
	}
}

// TestFetchStops: the callback's error comes back, and the connection goes on when little was left.
func TestFetchStops(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	d.Deliver("ali", messages(1, 20)...)
	c := dialDovecot(t, d, "ali")
	enough := errors.New("enough")
	n := 0
	_, err := c.Fetch(testContext(t), "INBOX", everything, remote.WantBody, func(remote.Fetched) error {
		if n++; n == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 3 {
		t.Fatalf("after %d: %v", n, err)
	}
	must(t, c.Noop(testContext(t)))
}

func TestFlagsSeenByASecondClient(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	d.Deliver("ali", messages(1, 3)...)
	c := dialDovecot(t, d, "ali")
	ctx := testContext(t)
	must(t, c.StoreFlags(ctx, "INBOX", []mail.UID{1, 3}, mail.Flags{mail.FlagSeen, "$Forwarded", "work"}, nil))
	must(t, c.StoreFlags(ctx, "INBOX", []mail.UID{3}, mail.Flags{mail.FlagFlagged}, mail.Flags{mail.FlagSeen}))
	want := "[[$Forwarded \\Seen work] [] [$Forwarded \\Flagged work]]"
	if got := fmt.Sprint(d.Flags("ali", "INBOX")); got != want {
		t.Errorf("second client sees %s, want %s", got, want)
	}
	refusal(t, c.StoreFlags(ctx, "INBOX", []mail.UID{1}, mail.Flags{"two words"}, nil), mail.ProblemConfig, true, false)
	must(t, c.Noop(ctx))
	got, err := c.FindByHeaderID(ctx, "INBOX", "<m2@example.org>")
	if must(t, err); !slices.Equal(got, []mail.UID{2}) {
		t.Errorf("FindByHeaderID: %v", got)
	}
	uids, err := c.UIDs(ctx, "INBOX")
	if must(t, err); !slices.Equal(uids, []mail.UID{1, 2, 3}) {
		t.Errorf("UIDs: %v", uids)
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	for _, gone := range [][]string{nil, {"MOVE"}, {"MOVE", "UIDPLUS"}} {
		t.Run("without "+strings.Join(gone, " "), func(t *testing.T) {
			d := without(t, gone...)
			d.Deliver("ali", messages(1, 4)...)
			c := dialDovecot(t, d, "ali")
			ctx := testContext(t)
			// Somebody else marked a message: a move must never expunge it.
			must(t, c.StoreFlags(ctx, "INBOX", []mail.UID{4}, mail.Flags{mail.FlagDeleted}, nil))

			_, err := moveSafely(ctx, c, "INBOX", []mail.UID{1, 2}, "No such folder")
			if e := refusal(t, err, mail.ProblemServer, true, false); Code(e) != "TRYCREATE" {
				t.Errorf("code %q: %v", Code(e), err)
			}
			if n := len(d.Messages("ali", "INBOX")); n != 4 {
				t.Fatalf("a refused move left %d of 4", n)
			}

			m, err := moveSafely(ctx, c, "INBOX", []mail.UID{3, 1}, "Archive")
			must(t, err)
			plus := !slices.Contains(gone, "UIDPLUS")
			if plus && fmt.Sprint(m) != "map[1:1 3:2]" {
				t.Errorf("new UIDs: %v", m)
			}
			if got := d.Messages("ali", "Archive"); len(got) != 2 || !bytes.Equal(got[0], message(1)) || !bytes.Equal(got[1], message(3)) {
				t.Errorf("Archive has %d messages", len(got))
			}
			left := fmt.Sprint(d.UIDs("ali", "INBOX"))
			if plus && left != "[2 4]" {
				t.Errorf("INBOX has %s", left)
			}
			if !plus && fmt.Sprint(d.Flags("ali", "INBOX")) != `[[\Deleted] [] [\Deleted] [\Deleted]]` {
				t.Errorf("without UIDPLUS: %v", d.Flags("ali", "INBOX"))
			}

			cp, err := c.Copy(ctx, "INBOX", []mail.UID{2}, "Sent")
			must(t, err)
			if plus && cp[2] != 1 {
				t.Errorf("copy: %v", cp)
			}
			done, err := c.Expunge(ctx, "INBOX", []mail.UID{2})
			must(t, err)
			if done != plus {
				t.Errorf("expunge done %v", done)
			}
			if plus && fmt.Sprint(d.UIDs("ali", "INBOX")) != "[4]" {
				t.Errorf("INBOX has %v: the mark of another was expunged, or nothing", d.UIDs("ali", "INBOX"))
			}
		})
	}
}

func TestAppend(t *testing.T) {
	t.Parallel()
	for _, gone := range [][]string{nil, {"LITERAL+", "UIDPLUS"}} {
		d := without(t, gone...)
		c := dialDovecot(t, d, "ali")
		ctx := testContext(t)
		date := time.Date(2024, 2, 3, 4, 5, 6, 0, time.FixedZone("", 12600))
		uid, err := c.Append(ctx, "Sent", mail.Flags{mail.FlagSeen, "bad flag"}, date, int64(len(message(1))), bytes.NewReader(message(1)))
		must(t, err)
		if gone == nil && uid != 1 {
			t.Errorf("UID %d", uid)
		}
		large := append(message(2), bytes.Repeat([]byte("x\r\n"), 200_000)...)
		_, err = c.Append(ctx, "Sent", nil, time.Time{}, int64(len(large)), bytes.NewReader(large))
		must(t, err)
		all, _ := fetchAll(t, c, "Sent", everything, remote.WantBody)
		if all[1].body != string(message(1)) || all[2].body != string(large) || !all[1].Received.Equal(date) || !all[1].Flags.Has(mail.FlagSeen) {
			t.Errorf("what came back differs: %+v", all[1].Fetched)
		}
		_, err = c.Append(ctx, "nowhere", nil, date, int64(len(large)), bytes.NewReader(large))
		if e := refusal(t, err, mail.ProblemServer, true, false); Code(e) != "TRYCREATE" {
			t.Errorf("append to nowhere: %v", err)
		}
		must(t, c.Noop(ctx))
		// A body shorter than announced can only be taken back by hanging up; nothing may be stored.
		_, err = c.Append(ctx, "Sent", nil, date, 5000, bytes.NewReader(message(3)))
		refusal(t, err, mail.ProblemDisk, false, true)
		if !c.session().w.isClosed() {
			t.Error("the connection stands, and what is said next would be taken for the rest of the message")
		}
		// What a longer one has too much would be taken for commands.
		_, err = dialDovecot(t, d, "ali").Append(ctx, "Sent", nil, date, int64(len(message(3))-9), bytes.NewReader(message(3)))
		refusal(t, err, mail.ProblemDisk, false, true)
		if n := len(d.Messages("ali", "Sent")); n != 2 {
			t.Errorf("%d messages in Sent", n)
		}
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	for _, gone := range [][]string{nil, {"QRESYNC"}, {"QRESYNC", "CONDSTORE", "ENABLE"}} {
		t.Run("without "+strings.Join(gone, " "), func(t *testing.T) {
			d := without(t, gone...)
			d.Deliver("ali", messages(1, 6)...)
			c, other := dialDovecot(t, d, "ali"), dialDovecot(t, d, "ali")
			ctx := testContext(t)
			for _, selected := range []bool{false, true} {
				st, err := other.Select(ctx, "INBOX")
				must(t, err)
				if selected {
					_, err = c.Select(ctx, "INBOX")
				} else {
					_, err = c.Select(ctx, "Sent")
				}
				must(t, err)
				all, _ := fetchAll(t, other, "INBOX", everything, remote.WantFlags)
				uids := []mail.UID{}
				for u := range all {
					uids = append(uids, u)
				}
				slices.Sort(uids)
				must(t, other.StoreFlags(ctx, "INBOX", uids[1:2], mail.Flags{"work"}, mail.Flags{mail.FlagSeen}))
				_, err = other.Expunge(ctx, "INBOX", uids[:1])
				must(t, err)
				var changed []mail.FlagState
				vanished, ok, err := c.Changes(ctx, "INBOX", remote.Since{UIDValidity: st.UIDValidity, ModSeq: st.HighestMod}, func(f mail.FlagState) error {
					changed = append(changed, f)
					return nil
				})
				must(t, err)
				switch len(gone) {
				case 0:
					if !ok || len(vanished) != 1 || vanished[0] != (remote.UIDRange{First: uids[0], Last: uids[0]}) {
						t.Errorf("vanished: %v %v", ok, vanished)
					}
					fallthrough
				case 1:
					if !ok || len(changed) != 1 || changed[0].UID != uids[1] || !changed[0].Flags.Has("work") {
						t.Errorf("changed: %v %+v", ok, changed)
					}
					if now, known := c.State("INBOX"); !known || now.HighestMod <= st.HighestMod {
						t.Errorf("state after Changes: %+v", now)
					}
				default:
					if ok || changed != nil {
						t.Errorf("no CONDSTORE, yet ok %v, %v", ok, changed)
					}
				}
			}
			if _, ok, err := c.Changes(ctx, "INBOX", remote.Since{UIDValidity: 12345, ModSeq: 1}, nil); ok || err != nil {
				t.Errorf("another UIDVALIDITY: ok %v, %v", ok, err)
			}
		})
	}
}

func TestIdle(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	d.Deliver("ali", messages(1, 2)...)
	c, other := dialDovecot(t, d, "ali"), dialDovecot(t, d, "ali")
	ctx := testContext(t)
	_, err := c.Select(ctx, "INBOX")
	must(t, err)

	wake := func(do func()) {
		t.Helper()
		result := make(chan error, 1)
		go func() {
			changed, err := c.Idle(ctx, "INBOX", time.Minute)
			if err == nil && !changed {
				err = errors.New("no change reported")
			}
			result <- err
		}()
		do()
		must(t, <-result)
		_, err := c.Select(ctx, "INBOX")
		must(t, err)
	}
	wake(func() { d.Deliver("ali", message(3)) })
	wake(func() { must(t, other.StoreFlags(ctx, "INBOX", []mail.UID{1}, mail.Flags{mail.FlagSeen}, nil)) })
	wake(func() { _, err := moveSafely(ctx, other, "INBOX", []mail.UID{2}, "Trash"); must(t, err) })

	changed, err := c.Idle(ctx, "INBOX", 50*time.Millisecond)
	if changed || err != nil {
		t.Errorf("nothing happened: %v %v", changed, err)
	}
	short, cancel := context.WithCancel(ctx)
	go func() { time.Sleep(50 * time.Millisecond); cancel() }()
	if changed, err := c.Idle(short, "INBOX", time.Minute); changed || err != nil {
		t.Errorf("cancelled: %v %v", changed, err)
	}
	must(t, c.Noop(ctx)) // still usable
	if all, _ := fetchAll(t, c, "INBOX", everything, remote.WantFlags); len(all) != 2 {
		t.Errorf("%d messages", len(all))
	}

	t.Run("seen before it was called", func(t *testing.T) {
		d.Deliver("ali", message(4))
		must(t, c.Noop(ctx))
		if changed, err := c.Idle(ctx, "INBOX", time.Minute); !changed || err != nil {
			t.Errorf("%v %v", changed, err)
		}
	})
}

func TestCancelClosesPromptly(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	large := append(message(1), bytes.Repeat([]byte("more than any buffer on the way holds\r\n"), 200_000)...) // 8 MB
	d.Deliver("ali", large, large, large)
	c := dialDovecot(t, d, "ali")
	ctx, cancel := context.WithCancel(testContext(t))
	_, err := c.Fetch(ctx, "INBOX", everything, remote.WantBody, func(f remote.Fetched) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("after cancel: %v", err)
	}
	if err := c.Noop(testContext(t)); err == nil || !remote.As(err).Closed {
		t.Fatalf("the connection should be gone: %v", err)
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	d.Deliver("ali", messages(1, 2)...)
	c := dialDovecot(t, d, "ali")
	ctx := testContext(t)
	st, err := c.Select(ctx, "INBOX")
	must(t, err)
	if st.Exists != 2 || st.UIDNext != 3 || st.UIDValidity == 0 || st.ReadOnly || !st.Keywords || st.HighestMod == 0 {
		t.Errorf("state: %+v", st)
	}
	e, err := c.Select(ctx, "Sent")
	must(t, err)
	if e.Exists != 0 || e.Path != "Sent" {
		t.Errorf("state of Sent: %+v", e)
	}
}
