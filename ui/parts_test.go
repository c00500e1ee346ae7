package ui

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/assets"
	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// Every text the window asks for is there in English and in Persian, with the same places for arguments.
func TestEveryTextIsThereInBothLanguages(t *testing.T) {
	read := func(code string) map[string]any {
		b, err := assets.Lang.ReadFile("lang/" + code + "/main.json")
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]any{}
		if err := json.Unmarshal(b, &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	en, fa := read("en"), read("fa")
	args := regexp.MustCompile(`\{\d\}`)
	places := func(v any) map[string]bool {
		out := map[string]bool{}
		s, ok := v.(string)
		if !ok {
			s = v.(map[string]any)["other"].(string)
		}
		for _, a := range args.FindAllString(s, -1) {
			out[a] = true
		}
		return out
	}
	for id, v := range en {
		f, ok := fa[id]
		if !ok {
			t.Errorf("%s has no Persian text", id)
			continue
		}
		if e, p := places(v), places(f); len(e) != len(p) {
			t.Errorf("%s: the arguments differ: %v and %v", id, e, p)
		}
	}
	for id := range fa {
		if _, ok := en[id]; !ok {
			t.Errorf("%s has no English text", id)
		}
	}
	used := regexp.MustCompile(`lang\.[TN]\("([a-z.]+[a-z])"`)
	picked := regexp.MustCompile(`lang\.[TN]\(pick\([^"]*"([a-z.]+)", "([a-z.]+)"\)`)
	files, _ := filepath.Glob("*.go")
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range append(used.FindAllStringSubmatch(string(b), -1), picked.FindAllStringSubmatch(string(b), -1)...) {
			for _, id := range m[1:] {
				if !lang.Has(id) {
					t.Errorf("%s uses %q, which has no text", f, id)
				}
			}
		}
	}
	for _, c := range table() {
		if !lang.Has("cmd." + c.id) {
			t.Errorf("the command %s has no name", c.id)
		}
	}
	for _, w := range warnings {
		if !lang.Has("warning." + w.id) {
			t.Errorf("the remark %s has no text", w.id)
		}
	}
	for _, o := range operators {
		if id := "search.op." + strings.TrimSuffix(strings.ReplaceAll(o, ":", "."), "."); !lang.Has(id) {
			t.Errorf("the operator %s has no words (%s)", o, id)
		}
	}
}

func TestNoKeyMeansTwoThings(t *testing.T) {
	seen := map[chord]string{}
	for _, c := range table() {
		for _, k := range c.keys {
			if other, ok := seen[k]; ok {
				t.Errorf("%s means %s and %s", k, other, c.id)
			}
			seen[k] = c.id
		}
	}
}

func TestDraftsAndOutbox(t *testing.T) {
	b := newBench(t)
	d := mail.Draft{Account: b.imap, To: []mail.Address{{Name: "Anna Keller", Addr: "anna@example.net"}}, Subject: "Plan", Text: "Hello Anna"}
	b.ok(b.engine.SaveDraft(b.Context(), &d))
	b.until("the count", func() bool { return b.w.folders.rows["drafts"].Count == 1 })
	b.w.Go(model.Place{Kind: model.PlaceDrafts})
	b.until("the row", func() bool { return b.w.list.pager.Total() == 1 })
	b.key(fyne.KeyJ)
	b.until("its text", func() bool { return len(b.w.list.Selected()) == 1 })
	b.drain()
	b.shot("draft")
	b.key(fyne.KeyReturn)
	b.until("the draft in a window", func() bool { return len(b.drafts) == 1 && b.drafts[0].ID == d.ID })

	ref, err := b.store.PutBlobs(b.Context(), [][]byte{[]byte("Subject: Refused letter\r\n\r\nx")})
	b.ok(err)
	id, err := b.store.Enqueue(b.Context(), mail.OutboxItem{
		Account: b.imap, Blob: ref[0], From: "maryam@example.org", Rcpt: []string{"reza@example.org", "bad@example.org"}, Subject: "Refused letter",
		State: mail.OutboxFailed, Reason: "550 no such user", Created: today, Refused: map[string]string{"bad@example.org": "550 no such user"},
	})
	b.ok(err)
	it, err := b.store.OutboxItem(b.Context(), id)
	b.ok(err)
	it.State, it.Reason, it.Refused = mail.OutboxFailed, "550 no such user", map[string]string{"bad@example.org": "550 no such user"}
	b.ok(b.store.SetOutbox(b.Context(), it))
	b.w.Go(model.Place{Kind: model.PlaceOutbox})
	b.until("the item", func() bool { return b.w.list.pager.Total() == 1 })
	b.until("why it was not sent", func() bool {
		r, _ := b.w.list.pager.Row(0)
		return strings.Contains(r.Failed, "550 no such user")
	})
	b.w.list.Step(1)
	b.drain()
	b.shot("outbox")
	b.w.unsent.EditOutbox(id)
	b.until("it back as a draft", func() bool { return len(b.drafts) == 2 && b.drafts[1].Subject == "Refused letter" })
	b.until("the outbox empty", func() bool { return b.w.list.pager.Total() == 0 && b.w.list.empty.Visible() })
}

func TestProblemsAreToldWithAWayOut(t *testing.T) {
	b := newBench(t)
	p := &mail.Problem{Account: b.imap, Summary: "imap.example.org did not accept the password of maryam@example.org.", Advice: "Enter it again.", Detail: "NO [AUTHENTICATIONFAILED]", Kind: mail.ProblemAuth,
		Where: "imap.example.org:993", Said: "[AUTHENTICATIONFAILED] Invalid credentials", Held: b.w.env.now().Add(2 * time.Hour)}
	b.engine.progress <- mail.Progress{Account: b.imap, Phase: mail.PhaseError, Problem: p}
	b.until("the problem", func() bool { return len(b.w.status.Problems()) == 1 })
	b.shot("problem")
	b.w.status.tapped()
	if b.w.Window().Canvas().Overlays().Top() == nil {
		t.Fatal("no dialog tells the details")
	}
	b.shot("problem-dialog")
	if dialog := says(b.w.Window().Canvas().Overlays().Top()); !strings.Contains(dialog, lang.T("problem.held", lang.Time(p.Held), lang.T("problem.again"))) {
		t.Errorf("when it is tried again is not told: %s", dialog)
	}
	ways := b.w.problems.ways(p)
	if last := ways[len(ways)-1]; last.Text != lang.T("problem.password") {
		t.Errorf("the main button is %q", last.Text)
	}
	ways[len(ways)-2].Do()
	if b.until("Try again", func() bool { return len(b.engine.checked) > 0 }); b.engine.checked[0] != b.imap {
		t.Errorf("it checks %v", b.engine.checked)
	}
	b.engine.progress <- mail.Progress{Account: b.imap, Phase: mail.PhaseWaiting}
	b.until("all well again", func() bool { return len(b.w.status.Problems()) == 0 })
}

// TestWhatAServerWantsToBeReadIsPutAway: it is no problem that would be tried again, and once read it is gone everywhere.
func TestWhatAServerWantsToBeReadIsPutAway(t *testing.T) {
	b := newBench(t)
	p := &mail.Problem{Account: b.imap, Summary: "x", Kind: mail.ProblemServer, Code: mail.CodeAlert, Where: "imap.example", Said: "Maintenance at ten"}
	b.engine.progress <- mail.Progress{Account: b.imap, Phase: mail.PhaseWaiting, Problem: p}
	b.until("the notice", func() bool { return len(b.w.status.Problems()) == 1 })
	if b.w.status.Busy() {
		t.Error("a notice looks like work")
	}
	b.w.activity.Show()
	b.drain()
	b.wantSaid("Maintenance at ten")
	ways := b.w.problems.ways(p)
	last := ways[len(ways)-1]
	if last.Text != lang.T("problem.read") || b.w.problems.title(p) != lang.T("problem.title.notice", "maryam@example.org") {
		t.Fatalf("the main button is %q under %q", last.Text, b.w.problems.title(p))
	}
	last.Do()
	b.drain()
	if have, _ := b.activitySays(); len(b.w.status.Problems()) != 0 || strings.Contains(have, "Maintenance") {
		t.Errorf("it is still told: %s", have)
	}
	b.w.activity.Close()
}

// TestPassesInARowAreToldTogether: what a check brought is not forgotten by the look that follows it.
func TestPassesInARowAreToldTogether(t *testing.T) {
	b := newBench(t)
	now := today
	b.w.env.now = func() time.Time { return now }
	s := b.w.status
	for _, c := range []struct {
		after time.Duration
		new   int
		want  int
	}{{0, 3, 3}, {2 * time.Second, 0, 3}, {30 * time.Second, 1, 4}, {40 * time.Second, 0, 0}, {10 * time.Minute, 0, 0}, {-time.Hour, 2, 2}} {
		now = now.Add(c.after)
		s.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseWaiting, Result: &mail.PassResult{Mail: c.new, New: c.new}})
		if got := s.results[b.imap].result.Mail; got != c.want || !strings.Contains(s.last.Text(), lang.N("status.new", c.want)) {
			t.Errorf("after %v: %d new, want %d: %q", c.after, got, c.want, s.last.Text())
		}
	}
}

func TestStatusWords(t *testing.T) {
	b := newBench(t)
	s := b.w.status
	s.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseReceiving, Done: 6400, Total: 10000})
	if s.doing != "Syncing maryam@example.org — 6,400 of 10,000" || !s.Busy() {
		t.Errorf("it says %q", s.doing)
	}
	s.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseWaiting})
	s.Progress(mail.Progress{Account: b.pop, Phase: mail.PhaseIdle, Result: &mail.PassResult{Mail: 2, New: 2}})
	if got := s.last.Text(); got != "POP3 checked 11:00 · 2 new, copies stay on the server for 14 days" || s.Busy() {
		t.Errorf("it says %q", got)
	}
}

// A check that failed before it brought anything has checked nothing; and what went wrong has the room before what went well.
func TestAFailedCheckIsNoCheck(t *testing.T) {
	b := newBench(t)
	b.w.Window().Resize(fyne.NewSize(760, 600))
	s := b.w.status
	refused := &mail.Problem{Account: b.pop, Code: mail.CodeNoPassword, Summary: "no"}
	s.Progress(mail.Progress{Account: b.pop, Phase: mail.PhaseWaiting, Result: &mail.PassResult{Failed: []string{"no"}}, Problem: refused})
	if got := s.last.Text(); got != "" {
		t.Errorf("at the end it says %q", got)
	}
	s.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseWaiting, Result: &mail.PassResult{Mail: 1, New: 1}})
	if s.last.Text() == "" {
		t.Error("the other account was checked")
	}
	b.drain()
	if need, has := kit.NewLabel(s.problem.Text(), kit.Meta).MinSize().Width, s.boxes.problem.Size().Width; has < need && s.last.Size().Width > 0 {
		t.Errorf("%q has %v of the %v that it needs", s.problem.Text(), has, need)
	}
	b.shot("status-problem-small")
	s.Progress(mail.Progress{Account: b.pop, Phase: mail.PhaseWaiting, Result: &mail.PassResult{Mail: 3, New: 3, Failed: []string{"one message"}}, Problem: refused})
	if got := s.results[b.pop].result.Mail; got != 3 {
		t.Errorf("%d that came all the same", got)
	}
}

func TestABodyThatIsNotHere(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }), func(b *bench) {
		raw := sampleMail{from: "Big <big@example.org>", subject: "Large", at: today, text: "x"}.raw()
		head := raw[:strings.Index(string(raw), "\r\n\r\n")+4]
		ids, err := b.store.Ingest(b.Context(), b.folder(b.imap, "INBOX"), []mail.Incoming{{UID: 77, Received: today, Size: 4 << 20, Header: head, Summary: mail.Summary{Subject: "Large", From: []mail.Address{{Addr: "big@example.org"}}, Date: today}}})
		b.ok(err)
		b.ids["Large"] = ids[0]
	})
	b.engine.wantErr = errors.New("imap.example.org does not answer")
	b.w.list.SelectMessage(b.ids["Large"])
	b.until("the want", func() bool {
		b.engine.mu.Lock()
		defer b.engine.mu.Unlock()
		return contains(b.engine.wanted, b.ids["Large"])
	})
	b.until("the reason", func() bool {
		return b.w.reader.Content().Partial && strings.Contains(b.bannerWords(), "does not answer")
	})
	b.shot("partial")
}

// bannerWords is what the banners over the open message say.
func (b *bench) bannerWords() string {
	var words []string
	for _, o := range b.w.reader.Current().banners.Objects {
		if n, ok := o.(*kit.Banner); ok {
			words = append(words, n.Text())
		}
	}
	return strings.Join(words, "\n")
}

// arrivingReader gives a message as it is while it arrives.
type arrivingReader struct {
	mail.Opener
	id      mail.MessageID
	content mail.Content
}

func (r *arrivingReader) Content(ctx context.Context, id mail.MessageID) (mail.Content, error) {
	if id != r.id {
		return r.Opener.Content(ctx, id)
	}
	return r.content, nil
}

// The text of a large message is there before its files, with how far they are; a file that was clicked opens when all is here, and
// Cancel leaves the text.
func TestALargeMessageArrives(t *testing.T) {
	for _, code := range []string{"en", "fa"} {
		t.Run(code, func(t *testing.T) {
			b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
			lang.Set(code)
			b.drain() // the window is made anew
			id := b.ids[sara]
			whole, err := b.engine.Content(b.Context(), id)
			b.ok(err)
			head := whole
			head.Partial, head.Text, head.HTML, head.Attachments = true, "", "", nil
			readable := whole
			readable.Partial = true
			r := &arrivingReader{b.engine, id, head}
			b.w.reader.reading = r
			b.w.list.SelectMessage(id)
			b.until("the want", func() bool { return b.engine.telling(id) != nil })
			tell := b.engine.telling(id)
			tell(mail.Arrival{Total: 25 << 20})
			r.content = readable
			tell(mail.Arrival{Total: 25 << 20, Readable: 1})
			tell(mail.Arrival{Done: 3 << 20, Total: 25 << 20, Readable: 1})
			want := lang.T("reader.arriving.files", lang.Size(3<<20), lang.Size(25<<20))
			b.until("the text", func() bool { return b.w.reader.Content().Text != "" && strings.Contains(b.bannerWords(), want) })
			b.shot("arriving-" + code)
			m := b.w.reader.Current()
			opened := 0
			m.withRest(readable.Attachments[0], func() { opened++ })
			if got := b.bannerWords(); opened != 0 || !strings.Contains(got, readable.Attachments[0].Filename) {
				t.Errorf("opened %d times before it was here; it says %q", opened, got)
			}
			// Cancel, and think again.
			m.stopFetching()
			m.showContent(m.content, false)
			b.until("the end of the first want", func() bool { return b.engine.telling(id) == nil })
			if got := b.bannerWords(); b.w.reader.Content().Text == "" || !strings.Contains(got, lang.T("reader.partial.files", lang.Size(readable.Row.Size))) {
				t.Errorf("after Cancel it says %q", got)
			}
			m.withRest(readable.Attachments[0], func() { opened++ })
			b.until("the second want", func() bool { return b.engine.telling(id) != nil })
			r.content = whole
			b.engine.give(id, nil)
			b.until("the file", func() bool { return opened == 1 && !b.w.reader.Content().Partial })
			if got := b.bannerWords(); strings.Contains(got, lang.Size(25<<20)) {
				t.Errorf("in the end it says %q", got)
			}
		})
	}
}

func TestAttachmentsAreSavedAndNamesAreSafe(t *testing.T) {
	b := newBench(t)
	c, err := b.engine.Content(b.Context(), b.ids[sara])
	b.ok(err)
	dir := t.TempDir()
	f := &files{env: b.w.env, reading: b.engine}
	b.ok(os.WriteFile(filepath.Join(dir, "Agenda-v2.pdf"), []byte("mine"), 0o600))
	n, err := f.writeAll(b.Context(), b.ids[sara], c.Attachments, dir)
	if err != nil || n != 2 {
		t.Fatalf("%d saved: %v", n, err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "Agenda-v2.pdf")); string(got) != "mine" {
		t.Error("a file that was there is overwritten")
	}
	if got, err := os.ReadFile(filepath.Join(dir, "Agenda-v2 (2).pdf")); err != nil || len(got) != 26368*16 {
		t.Errorf("%d bytes saved: %v", len(got), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "نمودار بودجه.png")); err != nil {
		t.Error(err)
	}
	for in, want := range map[string]string{
		"../../etc/passwd": "_.._etc_passwd", "a:b|c?.txt": "a_b_c_.txt", "": "attachment", " .. ": "attachment", "con.txt": "_con.txt",
		"x\u202egpj.exe": "xgpj.exe", strings.Repeat("ن", 200) + ".pdf": "",
	} {
		got := safeName(in, "attachment")
		if want != "" && got != want || len(got) > 180 || strings.ContainsAny(got, `/\`) {
			t.Errorf("%q is saved as %q, want %q", in, got, want)
		}
	}
}

func TestLinksShowWhereTheyLead(t *testing.T) {
	b := newBench(t)
	b.selectSubject(reza)
	b.w.reader.single.links.Over("https://bank.example@evil.test/x")
	if got := b.w.status.words.Text(); !strings.HasPrefix(got, "https://evil.test/x — ") {
		t.Errorf("the status bar says %q", b.w.status.words.Text())
	}
	b.w.reader.single.links.Over("javascript:alert(1)")
	if b.w.status.words.Text() != lang.T("reader.link.unsafe") {
		t.Errorf("an unsafe link is shown as %q", b.w.status.words.Text())
	}
	b.w.reader.single.links.Over("")
	b.w.reader.single.links.Open("mailto:x@example.org?subject=Hi")
	b.until("a new message", func() bool { return len(b.drafts) == 1 })
	if d := b.drafts[0]; d.Subject != "Hi" || d.To[0].Addr != "x@example.org" {
		t.Errorf("it goes to %v about %q", d.To, d.Subject)
	}
}

func TestFirstStartShowsTheWizardUntilThereIsAnAccount(t *testing.T) {
	b := newBench(t)
	b.ok(b.store.RemoveAccount(b.Context(), b.imap))
	b.ok(b.store.RemoveAccount(b.Context(), b.pop))
	b.until("the wizard", func() bool { return b.w.wizard })
	b.drain()
	b.shot("wizard")
	_, err := b.store.SaveAccount(b.Context(), mail.Account{Name: "n", Email: "n@example.org", Protocol: mail.IMAP, Identities: []mail.Identity{{Addr: "n@example.org"}}})
	b.ok(err)
	b.until("the mail", func() bool { return !b.w.wizard && len(b.w.env.tree.Accounts()) == 1 })
	b.drain()
	b.shot("no-mail")
}

func TestChangesAreJoined(t *testing.T) {
	var got []mail.Change
	now := today
	b := newBench(t)
	f := &changeFeed{loop: b.w.env.loop, now: func() time.Time { return now }, handle: func(c mail.Change) { got = append(got, c) }}
	f.Take(mail.Change{Folders: []mail.FolderID{1}})
	f.Take(mail.Change{Folders: []mail.FolderID{2}, Messages: []mail.MessageID{5}})
	f.Take(mail.Change{Folders: []mail.FolderID{2}, Ops: true})
	if len(got) != 1 {
		t.Fatalf("%d were handled at once", len(got))
	}
	b.until("the rest", func() bool { return len(got) == 2 })
	if c := got[1]; len(c.Folders) != 1 || len(c.Messages) != 1 || !c.Ops {
		t.Errorf("joined: %+v", c)
	}
}

func TestSettingsPictures(t *testing.T) {
	b := newBench(t)
	d := showSettings(b.w.env, b.w.setPrefs)
	b.shot("settings")
	d.Close()
	p := b.w.env.prefs
	p.Compact = true
	b.w.setPrefs(p)
	b.drain()
	b.shot("compact")
	if h := b.w.list.rowHeight(); h != 37 {
		t.Errorf("a compact row is %v high", h)
	}
}
