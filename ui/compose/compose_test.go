package compose

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

func TestLooks(t *testing.T) {
	for _, c := range []struct {
		name, code string
		mode       theme.Mode
	}{{"compose", "en", theme.ForceLight}, {"compose-persian", "fa", theme.ForceLight}, {"compose-dark", "en", theme.ForceDark}} {
		r := open(t, c.code, c.mode, weekly())
		r.w.files.set([]mail.DraftAttachment{{Name: "Agenda-v2.pdf", ContentType: "application/pdf", Size: 421888}, {Name: "نمودار بودجه.png", ContentType: "image/png", Size: 98304}})
		r.w.changed()
		r.loop.tick()
		r.w.changed()
		r.loop.tick()
		r.shot(c.name)
		if got := lang.Plain(r.w.saved.Text()); !strings.Contains(got, lang.Digits("09:41")) {
			t.Errorf("%s: the draft says %q", c.name, got)
		}
	}
}

// Closing puts what was written into the Drafts folder of the server, also when a save is still on its way or the program ends
// with the window; what was only looked at stays as it was.
func TestClosingKeepsADraftOnTheServer(t *testing.T) {
	r := open(t, "en", theme.ForceLight, weekly())
	r.w.changed()
	r.w.save(nil) // not carried out yet
	r.w.body.SetText("more")
	r.w.changed()
	r.w.Close()
	r.loop.run()
	if v := r.engine.drafts[1]; len(r.engine.drafts) != 1 || len(v) != 2 || v[1].Text != "more" {
		t.Errorf("stored %+v", r.engine.drafts)
	}
	if !reflect.DeepEqual(r.engine.kept, []mail.DraftID{1}) || r.closed != 1 {
		t.Errorf("kept %v, closed %d", r.engine.kept, r.closed)
	}
	read := weekly()
	read.ID = 7
	r = open(t, "en", theme.ForceLight, read)
	r.w.Close()
	r.loop.run()
	if len(r.engine.kept) != 0 || r.closed != 1 {
		t.Errorf("kept %v without a change, closed %d", r.engine.kept, r.closed)
	}
}

func TestEmptyMessageLeavesNothing(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1})
	r.w.Close()
	r.loop.run()
	if r.closed != 1 || len(r.engine.drafts) != 0 {
		t.Errorf("closed %d, drafts %d", r.closed, len(r.engine.drafts))
	}
	r = open(t, "en", theme.ForceLight, mail.Draft{ID: 5, Account: 1})
	r.w.Close()
	r.loop.run()
	if !reflect.DeepEqual(r.engine.gone, []mail.DraftID{5}) {
		t.Errorf("discarded %v", r.engine.gone)
	}
}

func TestSending(t *testing.T) {
	r := open(t, "en", theme.ForceLight, weekly())
	r.w.Send()
	r.loop.run()
	if r.sent != 1 || r.closed != 1 || len(r.engine.drafts[1]) != 1 {
		t.Fatalf("sent %d, closed %d, drafts %d", r.sent, r.closed, len(r.engine.drafts[1]))
	}
	if got := r.engine.at[0]; !got.Equal(clock.Add(8 * time.Second)) {
		t.Errorf("to be sent at %v", got)
	}
	if got := r.engine.sent[0]; got.Subject != weekly().Subject || len(got.To) != 2 || got.ID != 1 {
		t.Errorf("sent %+v", got)
	}
}

// Nothing is sent with an account that is switched off or has no servers: it is not offered, and who has no other is told before much is written.
func TestOnlyWhatSendsIsOffered(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{})
	off := mail.Account{ID: 3, Name: "off", Disabled: true, Identities: []mail.Identity{{Addr: "off@example.org"}}}
	told := func(accounts ...mail.Account) (*Window, string) {
		w := New(r.win, mail.Draft{Account: off.ID, To: []mail.Address{{Addr: "a@example.org"}}, Subject: "x", Text: "x"}, Options{Engine: r.engine, People: seen, Loop: r.loop,
			Accounts: accounts, Now: func() time.Time { return clock }})
		r.loop.run()
		words := ""
		for _, o := range w.banner.Objects {
			words += o.(*kit.Banner).Text()
		}
		return w, words
	}
	w, words := told(off)
	if words != lang.T("compose.noaccount") {
		t.Errorf("the window says %q", words)
	}
	w.Send()
	r.loop.run()
	if len(r.engine.sent) != 0 {
		t.Error("it was sent with an account that is switched off")
	}
	if w, words = told(off, r.w.opt.Accounts[1]); words != "" || w.Draft().Account != 2 {
		t.Errorf("written with account %d, and told %q", w.Draft().Account, words)
	}
}

// Keys pressed again while the outbox takes the message over neither send it again nor throw it away.
func TestSendingTwiceSendsOnce(t *testing.T) {
	r := open(t, "en", theme.ForceLight, weekly())
	r.w.Send()
	r.w.Send()
	r.loop.step() // the draft is stored, the message not handed over yet
	r.w.Send()
	r.w.Discard()
	r.w.Close()
	r.loop.run()
	if n := len(r.engine.sent); n != 1 || r.sent != 1 || r.closed != 1 || len(r.engine.gone) != 0 {
		t.Errorf("sent %d times, told %d, closed %d, discarded %v", n, r.sent, r.closed, r.engine.gone)
	}
}

func TestFailedSendKeepsTheText(t *testing.T) {
	r := open(t, "en", theme.ForceLight, weekly())
	r.engine.sendErr = errors.New("no room")
	r.w.Send()
	r.loop.run()
	defer func() { // and it can be tried again
		r.engine.sendErr = nil
		r.w.Send()
		if r.loop.run(); r.sent != 1 {
			t.Errorf("sent %d once there is room", r.sent)
		}
	}()
	if r.sent != 0 || r.closed != 0 || len(r.engine.drafts[1]) != 1 || len(r.w.banner.Objects) == 0 {
		t.Errorf("sent %d, closed %d, drafts %d", r.sent, r.closed, len(r.engine.drafts[1]))
	}
}

func TestSendAsksAboutWhatIsForgotten(t *testing.T) {
	for name, change := range map[string]func(d *mail.Draft){
		"recipient": func(d *mail.Draft) { d.To = nil },
		"address":   func(d *mail.Draft) { d.Cc = []mail.Address{{Name: "nonsense"}} },
		"subject":   func(d *mail.Draft) { d.Subject = "" },
		"file":      func(d *mail.Draft) { d.Text = "فایل را پیوست کردم." },
	} {
		d := weekly()
		change(&d)
		r := open(t, "en", theme.ForceLight, d)
		r.w.Send()
		r.loop.run()
		if r.sent != 0 {
			t.Errorf("%s: sent without a word", name)
		}
		asked := r.win.Canvas().Overlays().Top() != nil
		if wantsDialog := name == "subject" || name == "file"; asked != wantsDialog {
			t.Errorf("%s: a question: %v, want %v", name, asked, wantsDialog)
		}
		if !asked && len(r.w.banner.Objects) == 0 {
			t.Errorf("%s: nothing was said", name)
		}
		if !asked {
			continue
		}
		r.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) // the button: on to the dialog, which closes
		if got, want := r.win.Canvas().Focused(), map[string]fyne.Focusable{"subject": r.w.subject, "file": r.w.body}[name]; got != want {
			t.Errorf("%s: after a no the keyboard is at %T, want %T", name, got, want)
		}
	}
}

func TestQuotedTextPromisesNothing(t *testing.T) {
	for text, want := range map[string]bool{
		"see the attached file": true, "> I have attached it\nthanks": false, "thanks\n-- \nall attachments are scanned": false, "در پیوست": true, "anbei die Rechnung": true, "hello": false,
	} {
		if got := promisesAttachment(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestSignatureFollowsTheSender(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Text: "hello\n"})
	r.w.from.Choose(1)
	r.w.senderChanged(1)
	if got := r.w.Draft().Text; !strings.Contains(got, "hello\n") || !strings.Contains(got, "\n-- \nMaryam\nShomal") {
		t.Errorf("the text is %q", got)
	}
	r.w.from.Choose(2)
	r.w.senderChanged(2)
	if got := r.w.body.Text(); strings.Contains(got, "Shomal") || !strings.Contains(got, "\n-- \nThe office") {
		t.Errorf("the text is %q", got)
	}
	if d := r.w.Draft(); d.Account != 2 || d.Identity != 0 {
		t.Errorf("from %d/%d", d.Account, d.Identity)
	}
	r.w.from.Choose(0)
	r.w.senderChanged(0)
	if got := r.w.body.Text(); strings.Contains(got, "-- ") || !strings.Contains(got, "hello") {
		t.Errorf("the text is %q", got)
	}
}

func TestRecipients(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1})
	to := r.w.to
	to.entry.SetText("Sara <sara@example.org>, anna@example.net; zo")
	to.typed(to.entry.Text())
	if len(to.list) != 2 || to.entry.Text() != "zo" {
		t.Fatalf("chips %+v, rest %q", to.list, to.entry.Text())
	}
	to.add(mail.Address{Addr: "SARA@example.org"})
	if len(to.list) != 2 {
		t.Error("one address stands twice")
	}
	to.entry.SetText("")
	if !to.key(&fyne.KeyEvent{Name: fyne.KeyBackspace}) || to.entry.Text() != "anna@example.net" || len(to.list) != 1 {
		t.Errorf("after Backspace: %+v, %q", to.list, to.entry.Text())
	}
	to.commit()
	if got := to.addresses(); len(got) != 2 {
		t.Errorf("addresses %+v", got)
	}
}

func TestCompletionFindsPeopleByAnyWord(t *testing.T) {
	p := newPeople(&queue{}, seen)
	p.learn(seen)
	for text, want := range map[string]string{"kel": "Anna Keller", "مح": "سارا محمدی", "کریمی": "علي كريمي", "exam": "سارا محمدی", "list": "list@example.net", "": "", "zzz": ""} {
		got := ""
		if s := p.suggest(text, nil); len(s) > 0 {
			got = s[0].Text
		}
		if got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	if s := p.suggest("anna", []mail.Address{{Addr: "Anna@example.net"}}); len(s) != 0 {
		t.Errorf("somebody who is there already is offered: %+v", s)
	}
}

func TestParseAddresses(t *testing.T) {
	for in, want := range map[string][]mail.Address{
		"a@b.c":                        {{Addr: "a@b.c"}},
		"a@b.c d@e.f":                  {{Addr: "a@b.c"}, {Addr: "d@e.f"}},
		`"Doe, Jane" <j@x.org>, b@c.d`: {{Name: "Doe, Jane", Addr: "j@x.org"}, {Addr: "b@c.d"}},
		"سارا محمدی <sara@example.org>، ب": {{Name: "سارا محمدی", Addr: "sara@example.org"}, {Name: "ب"}},
		"mailto:x@y.z":        {{Addr: "x@y.z"}},
		"x@":                  {{Name: "x@"}},
		"<a@b\r\nBcc: e@f.g>": {{Name: "<a@b"}, {Name: "Bcc: e@f.g>"}},
		" ; , \n":             nil,
		"a@b..c":              {{Name: "a@b..c"}},
		"کاربر@مثال.ایران":    {{Addr: "کاربر@مثال.ایران"}},
		// Copied from a page that runs from right to left: marks of direction, which nobody sees, and spaces that do not break.
		"\u200eali@example.org\u200f":                     {{Addr: "ali@example.org"}},
		"سارا \u202a<\u2066sara@example.org\u2069>\u202c": {{Name: "سارا", Addr: "sara@example.org"}},
		"a@b.c\u00a0d@e.f\u200b":                          {{Addr: "a@b.c"}, {Addr: "d@e.f"}},
		"می\u200cنا <mina@example.org>":                   {{Name: "می\u200cنا", Addr: "mina@example.org"}},
		"\ufeffmailto:x@y.z":                              {{Addr: "x@y.z"}},
	} {
		got := parseAddresses(in)
		if in == "<a@b\r\nBcc: e@f.g>" { // whatever it becomes, no address may hold a line break
			for _, a := range got {
				if strings.ContainsAny(a.Addr, "\r\n") {
					t.Errorf("%q gives %q", in, a.Addr)
				}
			}
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", in, got, want)
		}
	}
}

func TestAttachingFiles(t *testing.T) {
	r := open(t, "en", theme.ForceLight, weekly())
	dir := t.TempDir()
	file := filepath.Join(dir, "گزارش.csv")
	if err := os.WriteFile(file, []byte("a;b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.w.files.addFiles([]string{file, dir, filepath.Join(dir, "missing")})
	r.loop.run()
	if len(r.w.files.list) != 1 || r.w.files.list[0].Name != "گزارش.csv" || r.w.files.list[0].Size != 4 {
		t.Errorf("attached %+v", r.w.files.list)
	}
	if len(r.w.banner.Objects) == 0 {
		t.Error("nothing is said about the files that could not be attached")
	}
	if d := r.w.Draft(); len(d.Attachments) != 1 {
		t.Errorf("the draft has %+v", d.Attachments)
	}
}

func TestLaterTimesLieAhead(t *testing.T) {
	defer lang.Set("en")
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		for day := range 7 {
			for _, hour := range []int{0, 9, 16, 17, 23} {
				at := time.Date(2025, 11, 20+day, hour, 30, 0, 0, time.UTC)
				last := at
				for _, l := range laterTimes(at) {
					if !l.at.After(at) || !lang.Has(l.id) {
						t.Errorf("%s: at %v: %+v", code, at, l)
					}
					if l.id != "compose.later.hour" && l.at.Before(last) {
						t.Errorf("%s: at %v: %s is not in order", code, at, l.id)
					}
					if l.id != "compose.later.hour" {
						last = l.at
					}
				}
			}
		}
	}
}

func TestEarlierVersionComesBack(t *testing.T) {
	r := open(t, "en", theme.ForceLight, weekly())
	r.w.changed()
	r.loop.tick()
	r.w.body.SetText("something else")
	r.w.changed()
	r.loop.tick()
	r.w.restore(r.engine.drafts[1][0])
	r.loop.run()
	if got := r.w.Draft().Text; got != weekly().Text {
		t.Errorf("the text is %q", got)
	}
	r.loop.tick()
	if n := len(r.engine.drafts[1]); n != 4 {
		t.Errorf("%d versions, want 4: nothing may be lost by going back", n)
	}
}

func TestPrefixLines(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Text: "one\ntwo\nthree", Plain: true})
	r.w.body.SetCaret(5)
	r.w.prefixLines(func(int) string { return "> " })
	if got := r.w.body.Text(); got != "one\n> two\nthree" {
		t.Errorf("the text is %q", got)
	}
}

// TestDirectionsByHandAreInTheDraft: what was turned by hand is kept, and comes back when the draft is opened again; the
// rest stays automatic.
func TestDirectionsByHandAreInTheDraft(t *testing.T) {
	d := weekly()
	d.Text, d.Plain = "سلام\nversion 2\n123\nthe end", true
	r := open(t, "en", theme.ForceLight, d)
	if got := r.w.Draft().Rtl; got != nil {
		t.Errorf("nothing was turned by hand, but the draft says %v", got)
	}
	r.w.body.SetCaret(len("سلام\nver"))
	r.w.direct(true)
	kept := r.w.Draft()
	if want := []int8{0, 1}; !reflect.DeepEqual(kept.Rtl, want) {
		t.Fatalf("the draft says %v, want %v", kept.Rtl, want)
	}
	again := open(t, "en", theme.ForceLight, kept)
	if got := again.w.Draft().Rtl; !reflect.DeepEqual(got, kept.Rtl) {
		t.Errorf("opened again: %v", got)
	}
	if got, want := again.w.body.ParagraphDirections(), []bool{true, true, true, false}; !reflect.DeepEqual(got, want) {
		t.Errorf("shown as %v, want %v", got, want)
	}
	again.w.body.Select(0, len(kept.Text))
	again.w.prefixLines(func(int) string { return "> " })
	if got := again.w.Draft(); !reflect.DeepEqual(got.Rtl, kept.Rtl) || !strings.HasPrefix(got.Text, "> سلام\n> version") {
		t.Errorf("quoted: %q %v", got.Text, got.Rtl)
	}
	again.w.body.Undo()
	if got := again.w.Draft(); got.Text != kept.Text || !reflect.DeepEqual(got.Rtl, kept.Rtl) {
		t.Errorf("undone: %q %v", got.Text, got.Rtl)
	}
}
