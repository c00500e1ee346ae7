package mailsync_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

// withFile is a message with a text, a picture in it, and a file of so many bytes.
func withFile(n, size int) (raw, picture []byte) {
	picture = bytes.Repeat([]byte{0x89, 'P', 'N', 'G', byte(n)}, 4000)
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	file := make([]byte, size)
	for i := range file {
		file[i] = byte(rng.Uint32())
	}
	lines := func(b []byte) string {
		var out strings.Builder
		text := base64.StdEncoding.EncodeToString(b)
		for len(text) > 76 {
			out.WriteString(text[:76] + "\r\n")
			text = text[76:]
		}
		return out.String() + text + "\r\n"
	}
	return fmt.Appendf(nil, "Date: Mon, 02 Mar 2026 10:00:%02d +0000\r\nFrom: sara@peyk.test\r\nTo: ali@peyk.test\r\nSubject: file %d\r\nMessage-ID: <file%d@peyk.test>\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\nfor old readers\r\n--outer\r\nContent-Type: multipart/related; boundary=\"in ner\"\r\n\r\n"+
		"--in ner\r\nContent-Type: multipart/alternative; boundary=alt\r\n\r\n--alt\r\nContent-Type: text/plain; charset=windows-1256; format=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nnumber %d =D3=E1=C7=E3=20\r\nflows\r\n"+
		"--alt\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n%s--alt--\r\n"+
		"--in ner\r\nContent-Type: image/png\r\nContent-ID: <pic>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n%s--in ner--\r\n"+
		"--outer\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*0*=utf-8''%%D9%%86%%D9%%82; filename*1*=%%D8%%B4%%D9%%87.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n%s--outer--\r\n",
		n%60, n, n, n, lines([]byte(`<p>number `+fmt.Sprint(n)+`</p><img src="cid:pic">`)), lines(picture), lines(file)), picture
}

// wirelog notes what is asked of a session, in order, and can stop pieces on their way.
type wirelog struct {
	mu    sync.Mutex
	asked []string
	// piece, when set, is called before each piece that Range delivers; it may wait.
	piece func(uid mail.UID, off int64)
	// body, when set, is called before each whole body that is delivered; it may wait.
	body func(path string, uid mail.UID)
	lies bool // Range finds that the sizes are wrong
	deaf bool // BODYSTRUCTURE cannot be read
}

func (l *wirelog) note(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, fmt.Sprintf(format, args...))
}

func (l *wirelog) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.asked)
}

type logged struct {
	remote.Mailboxes
	pieces remote.Pieces
	log    *wirelog
}

func (l *wirelog) wrap(s remote.Remote) remote.Remote {
	return logged{s.(remote.Mailboxes), s.(remote.Pieces), l}
}

func (g logged) Fetch(ctx context.Context, path string, set []remote.UIDRange, want remote.Want, fn func(remote.Fetched) error) ([]remote.Poisoned, error) {
	if want == remote.WantBody {
		g.log.note("whole %s %v", path, set)
	}
	return g.Mailboxes.Fetch(ctx, path, set, want, fn)
}

func (g logged) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
	n := 0
	ask := func() {
		if want == remote.WantBody {
			g.log.note("whole %s %v", path, sets[n])
		}
		n++
	}
	ask()
	return g.Mailboxes.FetchEach(ctx, path, sets, want, func() bool {
		ok := more()
		if ok {
			ask()
		}
		return ok
	}, func(f remote.Fetched) error {
		if g.log.body != nil && want == remote.WantBody {
			g.log.body(path, f.UID)
		}
		return fn(f)
	})
}

func (g logged) Structure(ctx context.Context, path string, uid mail.UID) (*mail.Structure, error) {
	g.log.note("structure %s %d", path, uid)
	if g.log.deaf {
		return nil, &remote.Error{Step: "test", Kind: mail.ProblemServer, Permanent: true}
	}
	return g.pieces.Structure(ctx, path, uid)
}

func (g logged) Sections(ctx context.Context, path string, uid mail.UID, want []remote.Section) ([]remote.SectionData, error) {
	for _, w := range want {
		g.log.note("section %s %d %s", path, uid, w.Number)
	}
	return g.pieces.Sections(ctx, path, uid, want)
}

func (g logged) Range(ctx context.Context, path string, uid mail.UID, off, size, piece int64, more func() bool, fn func([]byte) error) (int64, error) {
	g.log.note("range %s %d from %d", path, uid, off)
	if g.log.lies {
		return off, remote.ErrNotWhole
	}
	at := off
	return g.pieces.Range(ctx, path, uid, off, size, piece, more, func(b []byte) error {
		if g.log.piece != nil {
			g.log.piece(uid, at)
		}
		at += int64(len(b))
		return fn(b)
	})
}

// A large message can be read, with its pictures, before its file has come; and what is stored in the end are the server's bytes.
func TestTextBeforeTheFile(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]mailtest.DovecotOptions{
		"with BINARY": {}, "without": {Extra: "protocol imap {\n  imap_capability = IMAP4rev1 UIDPLUS\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, o, false)
			raw, picture := withFile(1, 1_500_000)
			r.dove.Deliver("ali", raw)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.OfflineDays = -1 })
			log := &wirelog{}
			r.wrap = log.wrap
			r.sync(a)
			row := r.rows(r.inbox(a))[0]
			held, looked := make(chan struct{}), make(chan struct{})
			log.piece = func(_ mail.UID, off int64) {
				if off == 0 {
					close(held)
					<-looked
				}
			}
			var told []mail.Arrival
			done := make(chan error, 1)
			go func() { done <- r.e.Want(r.ctx, row.ID, func(a mail.Arrival) { told = append(told, a) }) }()
			<-held
			c, err := r.e.Content(r.ctx, row.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !c.Partial || c.Text != "number 1 سلام flows" || c.HTML != `<p>number 1</p><img src="cid:pic">` || len(c.Attachments) != 2 {
				t.Errorf("what can be read: partial %v, %q, %q, %+v", c.Partial, c.Text, c.HTML, c.Attachments)
			}
			in, err := r.e.Part(r.ctx, row.ID, c.Attachments[0].Part)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := io.ReadAll(in); !bytes.Equal(got, picture) {
				t.Errorf("a picture of %d bytes, not %d", len(got), len(picture))
			}
			if f := c.Attachments[1]; f.Filename != "نقشه.bin" || f.Size < 1_490_000 || f.Size > 1_510_000 {
				t.Errorf("the file: %+v", f)
			}
			// Whoever wants the file waits for it.
			type opened struct {
				n   int
				err error
			}
			file := make(chan opened, 1)
			go func() {
				in, err := r.e.Part(r.ctx, row.ID, c.Attachments[1].Part)
				if err != nil {
					file <- opened{0, err}
					return
				}
				b, err := io.ReadAll(in)
				file <- opened{len(b), err}
			}()
			close(looked)
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if got := <-file; got.err != nil || got.n != 1_500_000 {
				t.Errorf("the file: %+v", got)
			}
			whole, err := r.e.Content(r.ctx, row.ID)
			if err != nil || whole.Partial || whole.Text != c.Text || whole.HTML != c.HTML || whole.Attachments[0].Part != c.Attachments[0].Part ||
				whole.Attachments[1].Part != c.Attachments[1].Part || whole.Attachments[1].Size != 1_500_000 {
				t.Errorf("in the end: %+v, %v", whole, err)
			}
			r.sameMail(a, "ali", "INBOX")
			if last := told[len(told)-1]; last.Done != last.Total || last.Readable != 2 || told[0].Readable != 1 {
				t.Errorf("what was told: %+v … %+v", told[0], last)
			}
			r.sound()
		})
	}
}

// What the user opens meanwhile does not wait for the large message, which goes on afterwards from where it was; also when nobody
// waited for it any more for a while.
func TestANewerWishGoesFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	large, _ := withFile(1, 3_000_000)
	r.dove.Deliver("ali", large, letter(2, "small", "text"), letter(3, "another", "text"))
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.OfflineDays, a.IMAP.MaxConnections = -1, 1 })
	log := &wirelog{}
	r.wrap = log.wrap
	r.sync(a)
	in := r.inbox(a)
	small, another := r.find(in, "small"), r.find(in, "another")
	r.live()
	big, smallDone := make(chan error, 1), make(chan error, 1)
	ctx, leave := context.WithCancel(r.ctx)
	count := 0
	log.piece = func(uid mail.UID, _ int64) {
		switch count++; count {
		case 1:
			go func() { smallDone <- r.e.Want(r.ctx, small.ID, nil) }()
			eventually(t, "the wish", func() bool { return r.e.Waiting(a.ID) > 0 })
		case 5:
			leave()
		}
	}
	id := r.find(in, "file 1").ID
	go func() { big <- r.e.Want(ctx, id, nil) }()
	if err := <-smallDone; err != nil {
		t.Fatal(err)
	}
	if err := <-big; err == nil {
		t.Fatal("the large message came although nobody waited for it")
	}
	if err := r.e.Want(r.ctx, another.ID, nil); err != nil {
		t.Fatal(err)
	}
	if err := r.e.Want(r.ctx, id, nil); err != nil {
		t.Fatal(err)
	}
	r.sameMail(a, "ali", "INBOX")
	// Pieces are sent for ahead: what was on its way when the wish came is still taken.
	asked := log.all()
	at := func(prefix string, from int) int {
		return slices.IndexFunc(asked[from:], func(s string) bool { return strings.HasPrefix(s, prefix) }) + from
	}
	first, second := at("range INBOX 1 from 0", 0), at("whole INBOX [{2 2}]", 0)
	again := at("range INBOX 1 from", second)
	if first < 0 || second <= first || again <= second || asked[again] == "range INBOX 1 from 0" {
		t.Errorf("asked for %q", asked)
	}
	third := at("whole INBOX [{3 3}]", again)
	if third <= again || at("range INBOX 1 from", third) <= third || strings.HasSuffix(asked[at("range INBOX 1 from", third)], " from 0") {
		t.Errorf("asked for %q", asked)
	}
}

// A server that says wrong sizes, or nothing of use about parts, gives the message all the same.
func TestPiecesThatDoNotFit(t *testing.T) {
	t.Parallel()
	for name, log := range map[string]*wirelog{"sizes": {lies: true}, "parts": {deaf: true}, "both": {lies: true, deaf: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			raw, _ := withFile(1, 300_000)
			r.dove.Deliver("ali", raw)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.OfflineDays = -1 })
			r.wrap = log.wrap
			r.sync(a)
			if err := r.e.Want(r.ctx, r.rows(r.inbox(a))[0].ID, func(mail.Arrival) {}); err != nil {
				t.Fatal(err)
			}
			r.sameMail(a, "ali", "INBOX")
		})
	}
}

// trickling hands over the bodies of large messages slowly: after the first bytes a moment passes, and then nothing comes before shown
// returns.
type trickling struct {
	remote.Mailboxes
	shown func(uid mail.UID)
}

func (l trickling) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
	return l.Mailboxes.FetchEach(ctx, path, sets, want, more, func(f remote.Fetched) error {
		if f.BodySize > 1<<20 {
			f.Body = &trickle{r: f.Body, shown: func() { l.shown(f.UID) }}
		}
		return fn(f)
	})
}

type trickle struct {
	r     io.Reader
	reads int
	shown func()
}

func (t *trickle) Read(p []byte) (int, error) {
	switch t.reads++; t.reads {
	case 2:
		time.Sleep(time.Second) // a slow line
		p = p[:min(len(p), 10)]
	case 3:
		t.shown()
	}
	return t.r.Read(p)
}

// A large message is in the list before it has arrived; it arrives as the same message, and what it turned out not to be is not kept.
func TestALargeNewMessageIsListedBeforeItIsHere(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 3)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	r.dove.Deliver("ali", letter(9, "large", strings.Repeat("a line of a large message\r\n", 60000)), letter(10, "small", "text"))
	listed := mail.Row{}
	r.wrap = func(s remote.Remote) remote.Remote {
		return trickling{s.(remote.Mailboxes), func(mail.UID) {
			eventually(t, "the row of the large message", func() bool {
				rows, err := r.st.Page(r.ctx, store.Query{Folder: r.inbox(a).ID}, 0, 10)
				i := slices.IndexFunc(rows, func(row mail.Row) bool { return row.Subject == "large" })
				if err != nil || i < 0 {
					return false
				}
				listed = rows[i]
				return true
			})
		}}
	}
	res := r.sync(a)
	if listed.ID == 0 || listed.HasBody || listed.Size < 1<<20 {
		t.Fatalf("listed as %+v", listed)
	}
	if res.New != 2 {
		t.Errorf("%d are new, want 2", res.New)
	}
	if row := r.find(r.inbox(a), "large"); row.ID != listed.ID || !row.HasBody {
		t.Errorf("arrived as %+v, listed as %+v", row, listed)
	}
	r.find(r.inbox(a), "small")
	r.sameMail(a, "ali", "INBOX")
	r.sound()
}
