package ui

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"mime"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
	mailsync "peyk/sync"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
	"peyk/ui/uitest"
)

// today is the day of the tests.
var today = time.Date(2025, 11, 25, 11, 0, 0, 0, time.UTC)

// offlineEngine is the real engine without its workers: actions, drafts and reading are real and local, what would need a
// server is only noted.
type offlineEngine struct {
	*mailsync.Engine
	progress chan mail.Progress

	mu      sync.Mutex
	checked []mail.AccountID
	wanted  []mail.MessageID
	saved   []mail.Secrets
	stored  []mail.Account
	online  bool
	wantErr error
	waiting map[mail.MessageID]waiting
	// servers answers searches on servers.
	servers func(ctx context.Context, query string, tell func(mail.ServerFound)) error
}

func (e *offlineEngine) SearchServers(ctx context.Context, query string, tell func(mail.ServerFound)) error {
	return e.servers(ctx, query, tell)
}

func (e *offlineEngine) Progress() (<-chan mail.Progress, func()) { return e.progress, func() {} }
func (e *offlineEngine) GetMail(ids ...mail.AccountID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.checked = append(e.checked, append(ids, 0)...)
}
func (e *offlineEngine) SetOnline(on bool) { e.online = on }
func (e *offlineEngine) CancelSync()       {}
func (e *offlineEngine) Want(ctx context.Context, id mail.MessageID, tell func(mail.Arrival)) error {
	e.mu.Lock()
	e.wanted = append(e.wanted, id)
	err, given := e.wantErr, make(chan error, 1)
	if e.waiting == nil {
		e.waiting = map[mail.MessageID]waiting{}
	}
	e.waiting[id] = waiting{tell, given}
	e.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case err = <-given:
	case <-ctx.Done():
		err = ctx.Err()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.waiting[id].given == given {
		delete(e.waiting, id)
	}
	return err
}

// waiting is somebody who waits for a message.
type waiting struct {
	tell  func(mail.Arrival)
	given chan error
}

// telling is how to tell whoever waits for a message how far it is; nil while nobody waits.
func (e *offlineEngine) telling(id mail.MessageID) func(mail.Arrival) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.waiting[id].tell
}

// give answers whoever waits for a message.
func (e *offlineEngine) give(id mail.MessageID, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.waiting[id].given <- err
}

func (e *offlineEngine) SaveAccount(_ context.Context, a mail.Account, s mail.Secrets) (mail.AccountID, error) {
	e.saved, e.stored = append(e.saved, s), append(e.stored, a)
	return a.ID, nil
}
func (e *offlineEngine) SecretStore() mail.SecretStoreInfo {
	return mail.SecretStoreInfo{Kind: "memory"}
}

// bench is a window over a real store in a test.
type bench struct {
	*testing.T
	w      *MainWindow
	store  *store.Store
	engine *offlineEngine
	jobs   chan func()
	drafts []mail.Draft
	imap   mail.AccountID
	pop    mail.AccountID
	ids    map[string]mail.MessageID // by subject
	app    fyne.App
	// transfer is what imports and exports; nil mostly.
	transfer Transfer
}

// newBench fills a profile with the mail of the mockups and opens the window on it. prepare may change the profile before.
func newBench(t *testing.T, prepare ...func(b *bench)) *bench {
	t.Helper()
	b := bareBench(t)
	b.sample(t.Context())
	for _, f := range prepare {
		f(b)
	}
	b.open()
	return b
}

// bareBench has an empty profile, and no window yet.
func bareBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{T: t, jobs: make(chan func(), 100000), ids: map[string]mail.MessageID{}}
	ctx := t.Context()
	var err error
	b.store, err = store.Open(ctx, t.TempDir(), store.Options{
		Now:   func() time.Time { return today },
		Parse: nil,
	})
	b.ok(err)
	t.Cleanup(func() { b.store.Close() })
	b.engine = &offlineEngine{Engine: mailsync.New(b.store, mailsync.Options{}), progress: make(chan mail.Progress, 10), online: true}
	t.Cleanup(b.engine.Engine.Close)
	b.app = uitest.NewApp(t, func(f func()) { b.jobs <- f })
	lang.Set("en")
	theme.Install(b.app)
	theme.SetMode(theme.ForceLight)
	t.Cleanup(func() { lang.Set("en"); theme.SetMode(theme.System) })
	return b
}

// open opens the window, as at the start of the program.
func (b *bench) open() {
	if p, err := model.LoadPrefs(b.Context(), b.store); err == nil && reflect.DeepEqual(p, model.DefaultPrefs()) {
		b.ok(model.SavePrefs(b.Context(), b.store, benchPrefs()))
	}
	b.w = NewMainWindow(b.Context(), b.app, Deps{
		Transfer: b.transfer, Store: b.store, Engine: b.engine, Now: func() time.Time { return today },
		Open: Openers{Compose: func(d mail.Draft) { b.drafts = append(b.drafts, d) }},
		Post: func(f func()) { b.jobs <- f },
	})
	closed := false
	b.Cleanup(func() {
		if !closed {
			b.w.Close()
		}
	})
	b.w.Window().Resize(fyne.NewSize(1360, 860))
	b.w.Show()
	shown := false
	b.w.Start(func() { shown = true })
	b.until("the first list", func() bool { return shown && (b.imap == 0 || len(b.w.env.tree.Accounts()) > 0) })
}

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// until does the work of the UI thread until cond holds.
func (b *bench) until(what string, cond func() bool) {
	b.Helper()
	end := time.After(2 * time.Minute)
	for !cond() {
		select {
		case f := <-b.jobs:
			f()
		case <-time.After(5 * time.Millisecond):
		case <-end:
			b.Fatalf("never came: %s", what)
		}
	}
}

// drain does what is waiting and what follows from it, until nothing is under way any more. What other goroutines tell by themselves
// (the store's changes, timers) gets a moment to come.
func (b *bench) drain() {
	b.Helper()
	end := time.After(2 * time.Minute)
	for {
		select {
		case f := <-b.jobs:
			f()
		case <-time.After(60 * time.Millisecond):
			if b.w == nil || b.w.env.loop.idle() {
				return
			}
		case <-end:
			b.Fatal("something is under way without end")
		}
	}
}

type sampleMail struct {
	from, subject, text string
	at                  time.Time
	flags               mail.Flags
	extra               string // more parts: "pdf", "png", "html"
	to                  string
	headers             string
	html                string // instead of a text
	calendar, method    string // a calendar part beside the text
	visit               string // a business card
	file                []byte // of the "realpdf"
}

// raw writes the message as it would arrive.
func (m sampleMail) raw() []byte {
	var b bytes.Buffer
	to := m.to
	if to == "" {
		to = "maryam@example.org"
	}
	name, addr, _ := strings.Cut(m.from, "<")
	fmt.Fprintf(&b, "From: %s <%s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%x@example.org>\r\nMIME-Version: 1.0\r\n%s",
		mime.QEncoding.Encode("utf-8", strings.TrimSpace(name)), addr, to, mime.QEncoding.Encode("utf-8", m.subject), m.at.Format(time.RFC1123Z), m.subject+m.at.String(), m.headers)
	plain := "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + strings.ReplaceAll(m.text, "\n", "\r\n") + "\r\n"
	if m.html != "" {
		plain = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + m.html + "\r\n"
	}
	if m.calendar != "" {
		plain = "Content-Type: multipart/alternative; boundary=YY\r\n\r\n--YY\r\n" + plain + "--YY\r\nContent-Type: text/calendar; charset=utf-8; method=" + m.method + "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + m.calendar + "\r\n--YY--\r\n"
	}
	if m.visit != "" {
		m.extra += " vcf"
	}
	if m.extra == "" {
		b.WriteString(plain)
		return b.Bytes()
	}
	b.WriteString("Content-Type: multipart/mixed; boundary=XX\r\n\r\n--XX\r\n" + plain)
	file := func(ctype, name, disposition string, data []byte) {
		fmt.Fprintf(&b, "--XX\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: %s; filename*=UTF-8''%s\r\nContent-ID: <%s>\r\n\r\n", ctype, disposition, urlEscape(name), "img1")
		e := base64.StdEncoding.EncodeToString(data)
		for len(e) > 76 {
			b.WriteString(e[:76] + "\r\n")
			e = e[76:]
		}
		b.WriteString(e + "\r\n")
	}
	for _, x := range strings.Fields(m.extra) {
		switch x {
		case "pdf":
			file("application/pdf", "Agenda-v2.pdf", "attachment", bytes.Repeat([]byte("%PDF-1.7 sample "), 26368))
		case "png":
			file("image/png", "نمودار بودجه.png", "attachment", samplePNG(200, 120))
		case "inline":
			file("image/png", "chart.png", "inline", samplePNG(320, 120))
		case "realpdf":
			file("application/octet-stream", "two.pdf", "attachment", m.file)
		case "ics":
			file("application/ics", "invite.ics", "attachment", []byte(m.calendar))
		case "vcf":
			file("text/vcard", "sara.vcf", "attachment", []byte(m.visit))
		case "exe":
			file("application/x-msdownload", "invoice.exe", "attachment", []byte("MZ"))
		case "turned":
			file("application/octet-stream", "statement \u202efdp.exe", "attachment", []byte("MZ"))
		case "txt":
			file("text/plain", "notes.txt", "attachment", []byte("first line\nخط دوم"))
		}
	}
	b.WriteString("--XX--\r\n")
	return b.Bytes()
}

func urlEscape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c > 0x20 && c < 0x7f && c != '%' && c != '\'' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func samplePNG(w, h int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y * 2), 120, 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

// put stores messages in a folder.
func (b *bench) put(folder mail.FolderID, uid mail.UID, ms ...sampleMail) {
	b.Helper()
	var in []mail.Incoming
	for i, m := range ms {
		raw := m.raw()
		refs, err := b.store.PutBlobs(b.Context(), [][]byte{raw})
		b.ok(err)
		in = append(in, mail.Incoming{
			UID: uid + mail.UID(i), Flags: m.flags, Received: m.at, Size: int64(len(raw)), Summary: message.ParseBytes(raw).Summary(), Blob: &refs[0],
		})
	}
	ids, err := b.store.Ingest(b.Context(), folder, in)
	b.ok(err)
	for i, id := range ids {
		b.ids[ms[i].subject] = id
	}
}

func (b *bench) folder(acc mail.AccountID, path string) mail.FolderID {
	b.Helper()
	f, err := b.store.FolderByPath(b.Context(), acc, path)
	b.ok(err)
	return f.ID
}

const persianMail = `سلام مریم جان،

فایل نهایی را پیوست کردم. لطفاً قبل از جلسه نگاهی به بخش «بودجه» بینداز؛ عدد Q3 از 12,400 به ۱۲٬۹۵۰ تغییر کرده است.

چند نکته دربارهٔ سرور تازه:

• دریافت با POP3 روی پورت 995 (SSL) انجام می‌شود و رونوشت‌ها ۱۴ روز روی سرور می‌مانند.
• ارسال فقط با SMTP روی پورت 465 مجاز است.

Hi Maryam — the English summary for Anna is on page 4 (see “Next steps”).

با احترام،
سارا`

// sample is the mail of the mockups.
func (b *bench) sample(ctx context.Context) {
	b.Helper()
	server := func(h string) mail.Server { return mail.Server{Host: h, Username: "u"} }
	acc := func(email string, p mail.Protocol) mail.AccountID {
		host := email[strings.IndexByte(email, '@')+1:]
		id, err := b.store.SaveAccount(ctx, mail.Account{
			Name: email, Email: email, DisplayName: "Maryam Noori", Protocol: p, Incoming: server("imap." + host), Outgoing: mail.Outgoing{Server: server("smtp." + host)},
			POP3:       mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 14},
			Identities: []mail.Identity{{Name: "Maryam Noori", Addr: email}},
		})
		b.ok(err)
		return id
	}
	b.imap, b.pop = acc("maryam@example.org", mail.IMAP), acc("office@shomal.example", mail.POP3)
	var remote []mail.RemoteFolder
	for _, f := range []struct {
		path string
		role mail.Role
	}{{"INBOX", mail.RoleInbox}, {"Sent", mail.RoleSent}, {"Archive", mail.RoleArchive}, {"Projects", ""}, {"Projects/Tehran", ""}, {"Junk", mail.RoleJunk}, {"Trash", mail.RoleTrash}} {
		remote = append(remote, mail.RemoteFolder{Path: f.path, Delimiter: "/", Role: f.role, Selectable: true, Subscribed: true, UIDValidity: 1})
	}
	b.ok(b.store.ApplyFolders(ctx, b.imap, remote))
	for _, f := range []struct {
		path string
		role mail.Role
	}{{"Inbox", mail.RoleInbox}, {"Sent", mail.RoleSent}, {"Trash", mail.RoleTrash}} {
		_, err := b.store.EnsureLocalFolder(ctx, b.pop, f.path, f.role)
		b.ok(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2025, 11, day, hour, minute, 0, 0, time.UTC) }
	seen := mail.Flags{mail.FlagSeen}
	inbox := b.folder(b.imap, "INBOX")
	for _, id := range []mail.FolderID{inbox, b.folder(b.imap, "Projects"), b.folder(b.imap, "Archive")} {
		b.ok(b.store.SetFolderSync(ctx, id, 1, 1000, 0))
	}
	b.put(inbox, 1,
		sampleMail{from: "Reza Ahmadi <reza@example.org>", subject: "Re: Minutes of the Tehran meeting", at: at(25, 10, 42), extra: "pdf",
			text: "I have attached the final figures. Two open questions remain, both on page 3.\n\nSee https://example.org/minutes for the rest.\n\nReza\n\nOn Mon, 24 Nov 2025, Maryam Noori wrote:\n> Thank you for the draft.\n>\n> The numbers of Q3 look too low to me.\n> Could you ask Anna?\n>> I will send the table tomorrow.\n>> It is almost done.\n> Best,\n> Maryam"},
		sampleMail{from: "سارا محمدی <sara@example.org>", subject: "جلسهٔ فردا ساعت ۱۰ — Agenda v2 (PDF)", at: at(25, 9, 15), text: persianMail, extra: "pdf png", headers: "Authentication-Results: mx.example.org; dkim=pass header.d=example.org\r\n", to: "maryam@example.org, Anna Keller <anna@example.net>, Reza <reza@example.org>"},
		sampleMail{from: "GitHub <noreply@github.example>", subject: "[peyk/peyk] Release v1.4.0", at: at(25, 8, 3), flags: mail.Flags{mail.FlagSeen, mail.FlagFlagged}, text: "Faster first synchronisation, Persian search folding, and a new reader."},
		sampleMail{from: "Delta Airlines <info@delta.example>", subject: "Your itinerary DL 1187", at: at(24, 15, 3), flags: seen, text: "Check in opens 24 hours before departure. Seat 14C is yours."},
		sampleMail{from: "Anna Keller <anna@example.net>", subject: "Photos from the trip (12)", at: at(22, 15, 3), flags: seen, text: "The light on the second day was unbelievable, have a look at these.", extra: "inline txt"},
		sampleMail{from: "Weekly Go <weekly@go.example>", subject: "Issue 562: iterators in practice", at: at(21, 15, 3), flags: seen, text: "Range-over-func a year later, a tour of the new GC, and more."},
		sampleMail{from: "Postmaster <postmaster@example.net>", subject: "Delivery status: delayed", at: at(21, 8, 3), flags: seen, text: "Your message to list@example.net has not been delivered yet."},
	)
	b.put(b.folder(b.imap, "Projects"), 1, sampleMail{from: "Reza Ahmadi <reza@example.org>", subject: "Project plan", at: at(20, 9, 0), text: "plan"})
	b.put(b.folder(b.pop, "Inbox"), 0, sampleMail{from: "حسابداری شمال <hesab@shomal.example>", subject: "صورتحساب شمارهٔ ۱۴۰۴/۲۳۱", at: at(24, 12, 0), text: "مبلغ ۱۲٬۵۰۰٬۰۰۰ ریال تا پایان آبان قابل پرداخت است.", extra: "pdf"})
}

// select opens a message of the list.
func (b *bench) selectSubject(subject string) {
	b.Helper()
	id := b.ids[subject]
	if id == 0 {
		b.Fatalf("there is no message %q", subject)
	}
	b.w.list.SelectMessage(id)
	b.until("the message "+subject, func() bool { return b.w.reader.Message() == id && b.w.reader.Content().Text != "" })
}

// subjects lists what the list shows.
func (b *bench) subjects() []string {
	var out []string
	for i := range b.w.list.pager.Total() {
		r, ok := b.w.list.pager.Row(i)
		if !ok {
			b.until("a row", func() bool { r, ok = b.w.list.pager.Row(i); return ok || i >= b.w.list.pager.Total() })
		}
		out = append(out, r.Subject)
	}
	return out
}

func (b *bench) row(subject string) mail.Row {
	b.Helper()
	r, err := b.store.Row(b.Context(), b.ids[subject])
	b.ok(err)
	return r
}

// shot holds that the window has room for its content, and writes a picture of it when PEYK_SHOTS names a folder.
func (b *bench) shot(name string) {
	b.Helper()
	b.shotOf(b.w.Window(), name)
}

// shotOf is shot for another window.
func (b *bench) shotOf(w fyne.Window, name string) {
	b.Helper()
	if need, has := w.Content().MinSize(), w.Canvas().Size(); need.Width > has.Width+0.5 || need.Height > has.Height+0.5 {
		b.Errorf("%s: the content needs %v, the window has %v", name, need, has)
	}
	dir := os.Getenv("PEYK_SHOTS")
	if dir == "" {
		return
	}
	var buf bytes.Buffer
	b.ok(png.Encode(&buf, w.Canvas().Capture()))
	b.ok(os.WriteFile(filepath.Join(dir, name+".png"), buf.Bytes(), 0o644))
}

var _ = model.Inboxes

// putRaw stores a message as it is.
func (b *bench) putRaw(folder mail.FolderID, uid mail.UID, subject, raw string) {
	b.Helper()
	refs, err := b.store.PutBlobs(b.Context(), [][]byte{[]byte(raw)})
	b.ok(err)
	ids, err := b.store.Ingest(b.Context(), folder, []mail.Incoming{{UID: uid, Received: today, Size: int64(len(raw)), Summary: message.ParseBytes([]byte(raw)).Summary(), Blob: &refs[0]}})
	b.ok(err)
	b.ids[subject] = ids[0]
}
