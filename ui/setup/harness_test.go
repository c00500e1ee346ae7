package setup

import (
	"cmp"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
	"peyk/ui/uitest"
)

// engine answers as a test says. What the real one does is tested where it lives.
type engine struct {
	found     mail.Account
	findErr   error
	hint      mail.Hint
	steps     []mail.TestStep
	testErr   error
	saved     []mail.Account
	secrets   []mail.Secrets
	saveErr   error
	removed   []mail.AccountID
	removal   mail.Removal
	rules     []mail.POP3Options
	store     mail.SecretStoreInfo
	phrases   []string
	unlockErr error
	tested    []mail.Account
	proto     mail.Protocol
	discover  int
}

func (e *engine) Discover(_ context.Context, email string, p mail.Protocol) (mail.Account, mail.Source, error) {
	e.discover++
	e.proto = p
	return e.found, mail.Source{Kind: mail.SourceConfig, Name: "autoconfig.example.org", Hint: cmp.Or(e.hint, "turn_on")}, e.findErr
}

func (e *engine) TestAccount(_ context.Context, a mail.Account, _ mail.Secrets, step func(mail.TestStep)) error {

	e.tested = append(e.tested, a)
	for _, s := range e.steps {
		step(s)
	}
	return e.testErr
}

func (e *engine) SaveAccount(_ context.Context, a mail.Account, s mail.Secrets) (mail.AccountID, error) {
	if e.saveErr != nil {
		return 0, e.saveErr
	}
	e.saved, e.secrets = append(e.saved, a), append(e.secrets, s)
	return 7, nil
}

func (e *engine) RemoveAccount(_ context.Context, id mail.AccountID) error {
	e.removed = append(e.removed, id)
	return nil
}

func (e *engine) Quota(context.Context, mail.AccountID) (mail.Quota, error) {
	return mail.Quota{Used: 3 << 30, Limit: 15 << 30}, nil
}

func (e *engine) PreviewRemoval(_ context.Context, _ mail.AccountID, r mail.POP3Options) (mail.Removal, error) {
	e.rules = append(e.rules, r)
	return e.removal, nil
}

func (e *engine) SecretStore() mail.SecretStoreInfo { return e.store }

func (e *engine) UnlockSecrets(_ context.Context, p string) error {
	e.phrases = append(e.phrases, p)
	if e.unlockErr != nil {
		return e.unlockErr
	}
	if p != "open sesame" {
		return mail.ErrPassphrase
	}
	e.store.Locked = false
	return nil
}

// queue keeps what is given to it until run: the test is the UI thread.
type queue struct{ jobs []func() }

func (q *queue) Go(work func(context.Context) func()) { q.Cancellable(work) }

func (q *queue) Cancellable(work func(context.Context) func()) (cancel func()) {
	ctx, cancel := context.WithCancel(context.Background())
	q.jobs = append(q.jobs, func() {
		if f := work(ctx); f != nil && ctx.Err() == nil {
			f()
		}
	})
	return cancel
}

func (q *queue) Post(f func()) { f() }

// run does everything that was given, and what that gives.
func (q *queue) run() {
	for len(q.jobs) > 0 {
		job := q.jobs[0]
		q.jobs = q.jobs[1:]
		job()
	}
}

// window makes a window of the test driver in a language and a theme.
func window(t *testing.T, code string, mode theme.Mode, w, h float32) fyne.Window {
	t.Helper()
	app := uitest.NewApp(t, nil)
	theme.Install(app)
	theme.SetMode(mode)
	lang.Set(code)
	t.Cleanup(func() { lang.Set("en"); theme.SetMode(theme.ForceLight) })
	win := app.NewWindow("")
	win.Resize(fyne.NewSize(w, h))
	return win
}

// shot writes what a window shows when PEYK_SHOTS names a folder.
func shot(t *testing.T, w fyne.Window, name string) {
	t.Helper()
	dir := os.Getenv("PEYK_SHOTS")
	img := w.Canvas().Capture()
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

// walk calls visit with o and all below it, and goes no deeper where visit says no.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject) bool) {
	if !visit(o) {
		return
	}
	var below []fyne.CanvasObject
	switch v := o.(type) {
	case *fyne.Container:
		below = v.Objects
	case fyne.Widget:
		below = test.WidgetRenderer(v).Objects()
	}
	for _, c := range below {
		walk(c, visit)
	}
}

// last is the last object of a type below o.
func last[T fyne.CanvasObject](o fyne.CanvasObject, is func(T) bool) (hit T, ok bool) {
	walk(o, func(o fyne.CanvasObject) bool {
		v, match := o.(T)
		if match && is(v) {
			hit, ok = v, true
		}
		return !match
	})
	return hit, ok
}

// textOf joins the texts of labels and buttons below o.
func textOf(o fyne.CanvasObject) string {
	var b strings.Builder
	walk(o, func(o fyne.CanvasObject) bool {
		v, says := o.(interface{ Text() string })
		if says {
			b.WriteString(v.Text() + "\n")
		}
		return !says
	})
	return lang.Plain(b.String())
}

// tapText taps the button with this text below o.
func tapText(t *testing.T, o fyne.CanvasObject, text string) {
	t.Helper()
	hit, ok := last(o, func(b *kit.Button) bool { return b.Text() == text })
	if !ok {
		t.Fatalf("there is no button %q", text)
	}
	hit.Tapped(nil)
}
