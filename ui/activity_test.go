package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// said collects the words of an object's labels and the buttons by their words.
func said(o fyne.CanvasObject, words *[]string, buttons map[string][]*kit.Button) {
	switch x := o.(type) {
	case *kit.Label:
		if x.Visible() && x.Text() != "" {
			*words = append(*words, x.Text())
		}
	case *kit.Button:
		if x.Visible() {
			buttons[x.Text()] = append(buttons[x.Text()], x)
		}
	case *fyne.Container:
		if !x.Visible() {
			return
		}
		for _, c := range x.Objects {
			said(c, words, buttons)
		}
	}
}

func (b *bench) activitySays() (string, map[string][]*kit.Button) {
	b.Helper()
	var words []string
	buttons := map[string][]*kit.Button{}
	said(b.w.activity.box, &words, buttons)
	return strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "").Replace(strings.Join(words, "\n")), buttons
}

func (b *bench) wantSaid(want ...string) {
	b.Helper()
	have, _ := b.activitySays()
	for _, w := range want {
		if !strings.Contains(have, w) {
			b.Errorf("the activity does not say %q:\n%s", w, have)
		}
	}
}

// troubled makes a profile with something in every part of the activity.
func troubled(b *bench) {
	ctx := b.Context()
	fail := &mail.Problem{Kind: mail.ProblemServer, Summary: "office: the server refused to move the message", Said: "Over quota", Where: "imap.example"}
	rows, err := b.store.Page(ctx, store.Query{Folder: b.folder(b.imap, "INBOX")}, 0, 2)
	b.ok(err)
	for i, row := range rows {
		_, err := b.engine.Engine.Do(ctx, mail.Action{Kind: mail.ActArchive, Messages: []mail.MessageID{row.ID}})
		b.ok(err)
		op, _, err := b.store.NextOp(ctx, b.imap)
		b.ok(err)
		if i == 0 {
			b.ok(b.store.FailOp(ctx, op.ID, fail.Store()))
		}
	}
	b.ok(b.store.NotePass(ctx, store.Pass{Account: b.imap, Result: mail.PassResult{New: 3, Updated: 2, DurationMS: 900}}))
	for range 3 {
		b.ok(b.store.NotePass(ctx, store.Pass{Account: b.pop, Problems: []string{(&mail.Problem{Kind: mail.ProblemNetwork, Summary: "the server does not answer", Where: "pop.example"}).Store()}}))
	}
}

func TestActivityShowsAllThatGoesOn(t *testing.T) {
	b := newBench(t)
	b.w.activity.Show()
	b.drain()
	b.wantSaid("Accounts", lang.T("activity.unchecked"), lang.T("activity.empty"), lang.T("activity.history.empty"))
	b.w.activity.dialog.Close()

	troubled(b)
	b.w.activity.Show()
	b.drain()
	b.wantSaid("Archive 1 message", "failed and was taken back", "3 new, 2 changed", "3 times in a row")
	// Progress is shown in the account's line while it comes.
	b.w.status.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseReceiving, Done: 12, Total: 400})
	b.w.activity.Progress(mail.Progress{Account: b.imap})
	if s := b.w.activity.states[b.imap]; !s.progress.Visible() || s.words.Visible() {
		t.Error("a pass that runs is not shown")
	}
	b.w.status.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseIdle, Result: &mail.PassResult{New: 7}})
	b.w.activity.Progress(mail.Progress{Account: b.imap})
	b.wantSaid("Checked ", "7 new")

	// Giving up a failed operation takes its line away; retrying puts it among those that wait.
	_, buttons := b.activitySays()
	if len(buttons[lang.T("op.retry")]) == 0 {
		t.Fatal("a failed operation has no button")
	}
	buttons[lang.T("op.retry")][0].Tapped(nil)
	b.drain()
	have, _ := b.activitySays()
	if strings.Contains(have, "failed and was taken back") {
		t.Errorf("after the retry:\n%s", have)
	}
	b.w.activity.states[b.pop].check.Tapped(nil)
	b.drain()
	if len(b.engine.checked) == 0 || b.engine.checked[0] != b.pop {
		t.Errorf("checked %v", b.engine.checked)
	}
	b.w.activity.dialog.Close()
	b.w.activity.Progress(mail.Progress{Account: b.imap}) // nothing to show it in any more
}

func TestActivityPictures(t *testing.T) {
	b := newBench(t)
	troubled(b)
	for _, c := range []struct {
		name, lang string
		mode       theme.Mode
		w, h       float32
	}{{"activity-light", "en", theme.ForceLight, 1280, 800}, {"activity-dark", "en", theme.ForceDark, 1280, 800}, {"activity-persian", "fa", theme.ForceLight, 1280, 800}, {"activity-small-persian", "fa", theme.ForceDark, 900, 600}} {
		lang.Set(c.lang)
		theme.SetMode(c.mode)
		b.w.Window().Resize(fyne.NewSize(c.w, c.h))
		b.w.activity.Show()
		b.drain()
		b.w.status.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseReceiving, Done: 12, Total: 400})
		b.w.activity.Progress(mail.Progress{Account: b.imap})
		b.w.status.results[b.pop] = checked{b.w.env.now().Add(-time.Hour), mail.PassResult{New: 2}}
		b.w.activity.Read()
		b.drain()
		b.shot(c.name)
		b.w.activity.dialog.Close()
	}
}
