package compose

import (
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/theme"
	"peyk/ui/uitest"
)

// engine keeps drafts in memory. What the real one does is tested where it lives.
type engine struct {
	drafts  map[mail.DraftID][]mail.Draft
	next    mail.DraftID
	gone    []mail.DraftID
	kept    []mail.DraftID
	sent    []mail.Draft
	at      []time.Time
	most    map[mail.AccountID]int64
	take    func(*mail.Draft) // what is done with its files when a draft is stored
	saveErr error
	sendErr error
}

func (e *engine) SaveDraft(_ context.Context, d *mail.Draft) error {
	var unread *mail.UnreadFiles
	if e.saveErr != nil && !errors.As(e.saveErr, &unread) {
		return e.saveErr
	}
	if d.ID == 0 {
		e.next++
		d.ID = e.next
	}
	if e.take != nil {
		e.take(d)
	}
	if e.drafts == nil {
		e.drafts = map[mail.DraftID][]mail.Draft{}
	}
	e.drafts[d.ID] = append(e.drafts[d.ID], *d)
	d.Versions = len(e.drafts[d.ID])
	return e.saveErr
}
func (e *engine) DraftVersions(_ context.Context, id mail.DraftID) ([]mail.Draft, error) {
	return e.drafts[id], nil
}
func (e *engine) KeepDraft(_ context.Context, id mail.DraftID) error {
	e.kept = append(e.kept, id)
	return nil
}
func (e *engine) DiscardDraft(_ context.Context, id mail.DraftID) error {
	e.gone = append(e.gone, id)
	return nil
}
func (e *engine) MaxMessage(_ context.Context, id mail.AccountID) (int64, error) {
	return e.most[id], nil
}
func (e *engine) OpenAttachment(_ context.Context, a mail.DraftAttachment) (io.ReadCloser, error) {
	return os.Open(a.Path)
}
func (e *engine) Send(_ context.Context, d mail.Draft, at time.Time) (mail.OutboxID, error) {
	if e.sendErr != nil {
		return 0, e.sendErr
	}
	e.sent, e.at = append(e.sent, d), append(e.at, at)
	return 1, nil
}

// queue keeps what is given to it until run: the test is the UI thread. Timers fire when the test says so.
type queue struct {
	jobs   []func()
	timers []*timer
}

type timer struct {
	after   time.Duration
	f       func()
	stopped bool
}

func (q *queue) Go(work func(context.Context) func()) {
	q.jobs = append(q.jobs, func() {
		if f := work(context.Background()); f != nil {
			f()
		}
	})
}
func (q *queue) Serial(work func(context.Context) func()) { q.Go(work) }
func (q *queue) After(d time.Duration, f func()) func() {
	t := &timer{after: d, f: f}
	q.timers = append(q.timers, t)
	return func() { t.stopped = true }
}
func (q *queue) run() {
	for len(q.jobs) > 0 {
		job := q.jobs[0]
		q.jobs = q.jobs[1:]
		job()
	}
}

// step does what waits the longest.
func (q *queue) step() {
	if len(q.jobs) > 0 {
		job := q.jobs[0]
		q.jobs = q.jobs[1:]
		job()
	}
}

// tick lets every timer that waits fire.
func (q *queue) tick() {
	ts := q.timers
	q.timers = nil
	for _, t := range ts {
		if !t.stopped {
			t.f()
		}
	}
	q.run()
}

type peopleSeen []mail.Address

func (p peopleSeen) Suggest(_ context.Context, prefix string, limit int) ([]mail.Address, error) {
	var out []mail.Address
	for _, a := range p {
		if len(out) < limit && (prefix == "" || matches(a, prefix)) {
			out = append(out, a)
		}
	}
	return out, nil
}

var seen = peopleSeen{{Name: "سارا محمدی", Addr: "sara@example.org"}, {Name: "Anna Keller", Addr: "anna@example.net"}, {Name: "علي كريمي", Addr: "ali@example.org"}, {Addr: "list@example.net"}}

func (p peopleSeen) Correspondents(context.Context, int) ([]mail.Address, error) { return p[:1], nil }

type rig struct {
	*testing.T
	w         *Window
	win       fyne.Window
	engine    *engine
	loop      *queue
	sent      int
	closed    int
	discarded []mail.DraftID
}

var clock = time.Date(2025, 11, 25, 9, 41, 0, 0, time.UTC)

func open(t *testing.T, code string, mode theme.Mode, d mail.Draft) *rig {
	t.Helper()
	return openWith(t, code, mode, d, nil)
}

// openWith is open with other options; shown are the pictures that the reader has.
func openWith(t *testing.T, code string, mode theme.Mode, d mail.Draft, shown func(string) image.Image) *rig {
	t.Helper()
	app := uitest.NewApp(t, nil)
	theme.Install(app)
	theme.SetMode(mode)
	lang.Set(code)
	t.Cleanup(func() { lang.Set("en"); theme.SetMode(theme.ForceLight) })
	r := &rig{T: t, engine: &engine{}, loop: &queue{}, win: app.NewWindow("")}
	r.win.Resize(fyne.NewSize(820, 640))
	accounts := []mail.Account{{ID: 1, Name: "a", Identities: []mail.Identity{{Name: "مریم نوری", Addr: "maryam@example.org"}, {Name: "Maryam Nouri", Addr: "maryam@example.org", Signature: "Maryam\nShomal"}}},
		{ID: 2, Name: "b", Identities: []mail.Identity{{Name: "Office", Addr: "office@shomal.example", Signature: "The office"}}}}
	r.w = New(r.win, d, Options{Engine: r.engine, People: seen, Loop: r.loop, Accounts: accounts, Now: func() time.Time { return clock },
		UndoSend: 8 * time.Second, Shown: shown, Folder: func() (string, error) { return os.MkdirTemp(t.TempDir(), "") }, Sent: func(mail.OutboxID, time.Time) { r.sent++ },
		Discarded: func(id mail.DraftID) { r.discarded = append(r.discarded, id) }, Closed: func() { r.closed++ }})
	r.loop.run()
	return r
}

// shot holds that the window has room for its content and can be painted, and writes a picture of it when PEYK_SHOTS names a folder.
func (r *rig) shot(name string) {
	r.Helper()
	r.win.Canvas().Content().Refresh()
	if need, has := r.win.Content().MinSize(), r.win.Canvas().Size(); need.Width > has.Width+0.5 || need.Height > has.Height+0.5 {
		r.Errorf("%s: the content needs %v, the window has %v", name, need, has)
	}
	img := r.win.Canvas().Capture()
	if dir := os.Getenv("PEYK_SHOTS"); dir != "" {
		f, err := os.Create(filepath.Join(dir, name+".png"))
		if err != nil {
			r.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, img); err != nil {
			r.Fatal(err)
		}
	}
}

func weekly() mail.Draft {
	return mail.Draft{Account: 1, To: []mail.Address{seen[0], seen[1]}, Subject: "گزارش هفتگی — Weekly report 48",
		Text: "سلام سارا،\n\nگزارش هفتهٔ ۴۸ را آماده کردم؛ نسخهٔ v2.1 (final) است.\n\nAnna, the English part starts on page 3.\n\n> سارا در ۴ آذر نوشت:\n> لطفاً عدد Q3 را دوباره بررسی کن.\n"}
}
