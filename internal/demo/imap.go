package demo

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// imapService is the mailbox of the IMAP account, in memory.
type imapService struct {
	mem  *imapmemserver.Server
	user *imapmemserver.User
}

// literal makes bytes an imap.LiteralReader.
type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return int64(l.Len()) }

var demoFolders = []struct {
	name string
	use  imap.MailboxAttr
}{
	{"INBOX", ""}, {"Sent", imap.MailboxAttrSent}, {"Drafts", imap.MailboxAttrDrafts}, {"Archive", imap.MailboxAttrArchive},
	{"Projects", ""}, {"Projects/Server", ""}, {"Newsletters", ""},
	{"Junk", imap.MailboxAttrJunk}, {"Trash", imap.MailboxAttrTrash},
}

func newIMAPService(samples []sample) (*imapService, error) {
	s := &imapService{mem: imapmemserver.New(), user: imapmemserver.NewUser(IMAPUser, Password)}
	s.mem.AddUser(s.user)
	for _, f := range demoFolders {
		opts := &imap.CreateOptions{}
		if f.use != "" {
			opts.SpecialUse = []imap.MailboxAttr{f.use}
		}
		if err := s.user.Create(f.name, opts); err != nil {
			return nil, fmt.Errorf("demo: folder %s: %w", f.name, err)
		}
		if err := s.user.Subscribe(f.name); err != nil {
			return nil, fmt.Errorf("demo: folder %s: %w", f.name, err)
		}
	}
	for _, m := range samples {
		if m.account != IMAPUser {
			continue
		}
		var flags []imap.Flag
		for _, f := range m.flags {
			flags = append(flags, imap.Flag(f))
		}
		if err := s.append(m.folder, m.raw, m.date, flags); err != nil {
			return nil, fmt.Errorf("demo: sample %s: %w", m.key, err)
		}
	}
	return s, nil
}

func (s *imapService) append(folder string, raw []byte, date time.Time, flags []imap.Flag) error {
	_, err := s.user.Append(folder, literal{bytes.NewReader(raw)}, &imap.AppendOptions{Flags: flags, Time: date})
	return err
}

func (s *imapService) deliver(folder string, raw []byte) error {
	return s.append(folder, raw, time.Now(), nil)
}

func (s *Servers) serveIMAP(l net.Listener) (serve, end func() error) {
	caps := imap.CapSet{}
	for _, c := range []imap.Cap{imap.CapIMAP4rev1, imap.CapNamespace, imap.CapUIDPlus, imap.CapESearch, imap.CapListExtended,
		imap.CapListStatus, imap.CapMove, imap.CapStatusSize, imap.CapIdle, imap.CapSpecialUse, imap.CapCreateSpecialUse} {
		caps[c] = struct{}{}
	}
	srv := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return s.imap.mem.NewSession(), nil, nil
		},
		Caps:      caps,
		TLSConfig: s.tls,
		Logger:    log.New(io.Discard, "", 0),
		// Tools that try the demo over its plain port may do so: it is loopback and the password is public.
		InsecureAuth: true,
	})
	return func() error { return srv.Serve(l) }, closeBoth(srv, l)
}
