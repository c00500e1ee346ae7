package mailsync_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"peyk/accounts"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailpage"
	"peyk/internal/mailtest"
	"peyk/internal/message"
	"peyk/store"
	mailsync "peyk/sync"
)

// patience is how long a test may take before its calls are given up: it ends a test that hangs, and no test on a busy machine.
const patience = 10 * time.Minute

// rig is an engine over a store of its own, with a real Dovecot and, where asked for, a real Postfix.
type rig struct {
	t    *testing.T
	ctx  context.Context
	dove *mailtest.Server
	box  mailtest.Reach // where accounts receive from: dove, or another server
	mta  *mailtest.MTA
	dir  string
	st   *store.Store
	e    *mailsync.Engine
	now  atomic.Int64 // seconds
	// wrap stands between the engine and every receiving session, wrapSender before every sending one.
	wrap       func(remote.Remote) remote.Remote
	wrapSender func(remote.Sender) remote.Sender
	onNow      atomic.Pointer[func()] // called, when it is set, by whatever asks for the time
	push       bool
	compress   bool // COMPRESS is used
}

type withMTA bool

func newRig(t *testing.T, dove mailtest.DovecotOptions, mta withMTA) *rig {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	r := &rig{t: t, ctx: ctx, dove: mailtest.StartDovecot(t, dove), dir: t.TempDir()}
	r.box = r.dove.Reach()
	if mta {
		r.mta = mailtest.StartPostfix(t, r.dove, mailtest.PostfixOptions{})
	}
	r.now.Store(time.Now().Unix())
	r.open()
	t.Cleanup(r.shut)
	return r
}

// newRigAt is a rig at another server.
func newRigAt(t *testing.T, box mailtest.Reach) *rig {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	r := &rig{t: t, ctx: ctx, box: box, dir: t.TempDir()}
	r.now.Store(time.Now().Unix())
	r.open()
	t.Cleanup(r.shut)
	return r
}

func (r *rig) clock() time.Time { return time.Unix(r.now.Load(), 0) }

// asksTime is the clock of the engine.
func (r *rig) asksTime() time.Time {
	if f := r.onNow.Load(); f != nil {
		(*f)()
	}
	return r.clock()
}

// days lets time pass.
func (r *rig) days(n int) { r.now.Add(int64(n) * 24 * 3600) }

func (r *rig) open() {
	r.t.Helper()
	st, err := store.Open(r.ctx, r.dir, store.Options{Now: r.clock,
		Parse: func(b io.ReaderAt, size int64) mail.Summary { return message.Parse(b, size).Summary() }})
	if err != nil {
		r.t.Fatal(err)
	}
	r.st = st
	r.e = mailsync.New(st, mailsync.Options{OpenerFor: r.opener, Profile: r.dir, Now: r.asksTime, Push: r.push, Page: mailpage.Embed, Log: r.log()})
}

// log writes what the engine says into the test's output, which is shown when the test fails.
func (r *rig) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(testWriter{r.t}, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
			return slog.Attr{}
		}
		return a
	}}))
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Logf("engine: %s", bytes.TrimSpace(b))
	return len(b), nil
}

func (r *rig) shut() {
	if r.st == nil {
		return
	}
	r.e.Close()
	if err := r.st.Close(); err != nil {
		r.t.Error(err)
	}
	r.st = nil
}

// restart is what a new start of the program does.
func (r *rig) restart() {
	r.t.Helper()
	r.shut()
	r.open()
}

// passwords are those of mailtest.
type passwords struct{ s *mailtest.Server }

func (p passwords) Password(_ context.Context, a mail.Account, _ mail.ServerSide) (string, error) {
	return p.s.Password(a.Incoming.Username), nil
}

type wrappedOpener struct {
	remote.Opener
	r *rig
}

func (r *rig) opener(a mail.Account) remote.Opener {
	if r.compress && a.Protocol == mail.IMAP {
		return wrappedOpener{compressing{accounts.NewOpener(a, testPasswords{}), a}, r}
	}
	if r.dove == nil {
		return wrappedOpener{accounts.NewOpener(a, testPasswords{}), r}
	}
	return wrappedOpener{accounts.NewOpener(a, passwords{r.dove}), r}
}

// PasswordMark tells passwords apart, as the opener beneath does.
func (o wrappedOpener) PasswordMark(ctx context.Context, side mail.ServerSide, key []byte) string {
	if m, ok := o.Opener.(interface {
		PasswordMark(context.Context, mail.ServerSide, []byte) string
	}); ok {
		return m.PasswordMark(ctx, side, key)
	}
	return ""
}

func (o wrappedOpener) Receive(ctx context.Context, start remote.Start) (remote.Remote, error) {
	s, err := o.Opener.Receive(ctx, start)
	if err != nil || o.r.wrap == nil {
		return s, err
	}
	return o.r.wrap(s), nil
}

func (o wrappedOpener) Sender(ctx context.Context) (remote.Sender, error) {
	s, err := o.Opener.Sender(ctx)
	if err != nil || o.r.wrapSender == nil {
		return s, err
	}
	return o.r.wrapSender(s), nil
}

// account adds an account of a user of the Dovecot.
func (r *rig) account(user string, proto mail.Protocol, change func(*mail.Account)) mail.Account {
	r.t.Helper()
	a := mail.Account{Name: user + "-" + string(proto), Email: user + "@peyk.test", DisplayName: user, Protocol: proto}
	a.Incoming = mail.Server{Host: "127.0.0.1", Port: r.box.IMAPSPort, Security: mail.SecurityTLS, Username: user, CAFile: r.box.CAFile}
	a.POP3.LeaveOnServer = true
	if proto == mail.POP3 {
		a.Incoming.Port = r.box.POP3SPort
	}
	a.Outgoing.Server = mail.Server{Host: "127.0.0.1", Port: 465, Security: mail.SecurityTLS, Username: user, CAFile: r.box.CAFile}
	a.Outgoing.SaveSent = true
	if r.mta != nil {
		a.Outgoing.Port = r.mta.Port465
	}
	if change != nil {
		change(&a)
	}
	a = accounts.Defaults(a)
	id, err := r.e.SaveAccount(r.ctx, a, mail.Secrets{})
	if err != nil {
		r.t.Fatal(err)
	}
	a, err = r.st.Account(r.ctx, id)
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

// pass runs one pass and returns what it did.
func (r *rig) pass(a mail.Account) mail.PassResult {
	r.t.Helper()
	res, err := r.e.SyncAll(r.ctx, a.Name)
	if err != nil {
		r.t.Fatal(err)
	}
	return res[0]
}

// sync runs a pass in which nothing may fail.
func (r *rig) sync(a mail.Account) mail.PassResult {
	r.t.Helper()
	res := r.pass(a)
	if len(res.Failed) > 0 {
		r.t.Fatalf("pass over %s: %v", a.Name, res.Failed)
	}
	return res
}

func (r *rig) folder(a mail.Account, path string) mail.Folder {
	r.t.Helper()
	f, err := r.st.FolderByPath(r.ctx, a.ID, path)
	if err != nil {
		r.t.Fatalf("folder %s: %v", path, err)
	}
	return f
}

func (r *rig) inbox(a mail.Account) mail.Folder {
	r.t.Helper()
	f, err := r.st.FolderByRole(r.ctx, a.ID, mail.RoleInbox)
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

// rows returns the messages of a folder, newest first.
func (r *rig) rows(f mail.Folder) []mail.Row {
	r.t.Helper()
	rows, err := r.st.Page(r.ctx, store.Query{Folder: f.ID}, 0, 10000)
	if err != nil {
		r.t.Fatal(err)
	}
	return rows
}

// find is the message with a subject.
func (r *rig) find(f mail.Folder, subject string) mail.Row {
	r.t.Helper()
	for _, row := range r.rows(f) {
		if row.Subject == subject {
			return row
		}
	}
	r.t.Fatalf("%s holds no message %q", f.Path, subject)
	return mail.Row{}
}

func (r *rig) raw(id mail.MessageID) []byte {
	r.t.Helper()
	rd, err := r.e.Raw(r.ctx, id)
	if err != nil {
		r.t.Fatal(err)
	}
	defer rd.Close()
	b, err := io.ReadAll(rd)
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func (r *rig) do(a mail.Action) mail.GroupID {
	r.t.Helper()
	g, err := r.e.Do(r.ctx, a)
	if err != nil {
		r.t.Fatal(err)
	}
	return g
}

// sameMail compares what the store holds of a folder with what a second client sees on the server, byte for byte.
func (r *rig) sameMail(a mail.Account, user, mailbox string) {
	r.t.Helper()
	want := r.dove.Messages(user, mailbox)
	var got [][]byte
	for _, row := range r.rows(r.folder(a, mailbox)) {
		got = append(got, r.raw(row.ID))
	}
	if extra, missing := diff(got, want); len(extra)+len(missing) > 0 {
		r.t.Fatalf("%s: %d messages here, %d on the server; %d only here, %d missing here", mailbox, len(got), len(want), len(extra), len(missing))
	}
}

// diff compares two heaps of messages without regard to order.
func diff(a, b [][]byte) (onlyA, onlyB [][]byte) {
	left := append([][]byte(nil), b...)
next:
	for _, m := range a {
		for i, n := range left {
			if bytes.Equal(m, n) {
				left = append(left[:i], left[i+1:]...)
				continue next
			}
		}
		onlyA = append(onlyA, m)
	}
	return onlyA, left
}

// letter writes a message with CRLF line ends.
func letter(n int, subject, body string) []byte {
	return fmt.Appendf(nil, "Date: Mon, 02 Mar 2026 10:%02d:%02d +0000\r\nFrom: Sara <sara@peyk.test>\r\nTo: ali@peyk.test\r\nSubject: %s\r\nMessage-ID: <m%d@peyk.test>\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n", n/60%60, n%60, subject, n, body)
}

func letters(from, n int) [][]byte {
	var out [][]byte
	for i := from; i < from+n; i++ {
		out = append(out, letter(i, fmt.Sprintf("message %d", i), fmt.Sprintf("سلام, body of %d\r\n.dot at the start\r\n..two\r\n", i)))
	}
	return out
}

var errCut = &remote.Error{Step: "test", Kind: mail.ProblemNetwork, Closed: true, Err: errors.New("the connection was cut by the test")}

// newEngine is a second engine, as another process on the same profile has.
func newEngine(r *rig, st *store.Store) *mailsync.Engine {
	return mailsync.New(st, mailsync.Options{OpenerFor: r.opener, Profile: r.dir, Now: r.clock})
}
