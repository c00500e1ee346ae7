package imap

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestAgainstMemoryServer runs the verbs against another server than Dovecot: the one inside the demo.
func TestAgainstMemoryServer(t *testing.T) {
	t.Parallel()
	for _, caps := range []goimap.CapSet{
		{goimap.CapIMAP4rev1: {}},
		{goimap.CapIMAP4rev1: {}, goimap.CapIMAP4rev2: {}},
		{goimap.CapIMAP4rev1: {}, goimap.CapUIDPlus: {}, goimap.CapMove: {}, goimap.CapIdle: {}, goimap.CapSpecialUse: {}, goimap.CapNamespace: {}, goimap.CapLiteralPlus: {}},
	} {
		user := imapmemserver.NewUser("ali", "secret")
		must(t, user.Create("INBOX", nil))
		must(t, user.Create("Sent", nil))
		mem := imapmemserver.New()
		mem.AddUser(user)
		srv := imapserver.New(&imapserver.Options{
			NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
				return mem.NewSession(), nil, nil
			},
			Caps: caps, InsecureAuth: true,
		})
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		go srv.Serve(tls.NewListener(ln, mailtest.TLSConfig(t, mailtest.Good)))
		t.Cleanup(func() { srv.Close() })

		cfg := Config{Password: "secret", Server: mail.Server{Host: "localhost", Port: ln.Addr().(*net.TCPAddr).Port,
			Security: mail.SecurityTLS, Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 10}}
		c, err := Dial(testContext(t), cfg)
		if err != nil {
			t.Fatalf("%v: %v", caps, err)
		}
		defer c.Close()
		ctx := testContext(t)
		for n := 1; n <= 3; n++ {
			m := message(n)
			_, err := c.Append(ctx, "INBOX", mail.Flags{mail.FlagSeen}, time.Now(), int64(len(m)), bytes.NewReader(m))
			must(t, err)
		}
		must(t, c.CreateFolder(ctx, "Ablage/Größe & Maß"))
		must(t, c.Subscribe(ctx, "Ablage/Größe & Maß", true))
		fs, err := c.List(ctx)
		must(t, err)
		found := false
		for _, f := range fs {
			found = found || f.Path == "Ablage/Größe & Maß" && f.Subscribed
			if f.Path == "INBOX" && (f.Role != mail.RoleInbox || !f.HasStatus || f.Messages != 3) {
				t.Errorf("INBOX: %+v", f)
			}
		}
		if !found {
			t.Errorf("folders: %+v", fs)
		}
		for _, want := range []remote.Want{remote.WantFlags, remote.WantHeader, remote.WantBody} {
			all, bad := fetchAll(t, c, "INBOX", everything, want)
			if len(all) != 3 || len(bad) > 0 || want == remote.WantBody && all[2].body != string(message(2)) || !all[3].Flags.Has(mail.FlagSeen) {
				t.Errorf("fetch %d: %+v, %v", want, all, bad)
			}
		}
		uids, err := c.FindByHeaderID(ctx, "INBOX", "m2@example.org")
		if must(t, err); fmt.Sprint(uids) != "[2]" {
			t.Errorf("found %v", uids)
		}
		must(t, c.StoreFlags(ctx, "INBOX", uids, mail.Flags{mail.FlagFlagged, "work"}, mail.Flags{mail.FlagSeen}))
		_, err = moveSafely(ctx, c, "INBOX", uids, "Ablage/Größe & Maß")
		must(t, err)
		all, _ := fetchAll(t, c, "Ablage/Größe & Maß", everything, remote.WantBody)
		if len(all) != 1 || all[1].body != string(message(2)) || !all[1].Flags.Has("work") || all[1].Flags.Has(mail.FlagSeen) {
			t.Errorf("moved: %+v", all)
		}
		for _, first := range []bool{true, false} {
			if changed, err := c.Idle(ctx, "Sent", 20*time.Millisecond); changed != first || err != nil {
				t.Errorf("idle, first %v: %v, %v", first, changed, err)
			}
		}
		if _, ok, err := c.Changes(ctx, "INBOX", remote.Since{UIDValidity: 1, ModSeq: 1}, nil); ok || err != nil {
			t.Errorf("changes: %v, %v", ok, err)
		}
		must(t, c.Noop(ctx))
	}
}
