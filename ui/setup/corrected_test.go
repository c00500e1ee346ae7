package setup

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// typed is a field that a user types into.
type typed interface {
	fyne.Focusable
	Text() string
	SelectAll()
	Insert(text string)
}

// typeInto replaces the text of the last field below o that holds was.
func typeInto(t *testing.T, o fyne.CanvasObject, was, text string) {
	t.Helper()
	var hit typed
	walk(o, func(o fyne.CanvasObject) bool {
		if f, is := o.(typed); is && f.Text() == was {
			hit = f
		}
		return true
	})
	if hit == nil {
		t.Fatalf("there is no field with %q", was)
	}
	hit.SelectAll()
	hit.Insert(text)
}

// What was wrong with a field is not told any longer once something else is entered there, be it what it was at first.
func TestWhatIsCorrectedIsNotTold(t *testing.T) {
	a := pop3Account()
	a.Incoming.Proxy, a.Outgoing.Proxy = "socks5://127.0.0.1:9050", "socks5://127.0.0.1:9050"
	for _, c := range []struct{ name, was, bad, said string }{
		{"address", a.Email, "nobody", lang.T("setup.email.bad")},
		{"server", a.Incoming.Host, "http://x", lang.T("setup.host.bad")},
		{"proxy", a.Incoming.Proxy, "x", lang.T("setup.proxy.bad")},
		{"port", "995", "70000", lang.T("setup.number.bad", 1, 65535)},
		{"days", "14", "0", lang.T("setup.number.bad", 1, 3650)},
	} {
		f, _ := settings(t, window(t, "en", theme.ForceLight, 820, 700), a, &engine{})
		typeInto(t, f.Content(), c.was, c.bad)
		f.Save()
		f.opt.Loop.(*queue).run()
		if got := textOf(f.problem); got != c.said+"\n" {
			t.Fatalf("%s: told is %q", c.name, got)
		}
		typeInto(t, f.Content(), c.bad, c.was)
		if got := textOf(f.problem); got != "" {
			t.Errorf("%s: corrected, and told is still %q", c.name, got)
		}
	}
}

// What is wrong stays told, and its field marked, as long as it is wrong, whatever else is entered meanwhile, be that wrong, too.
func TestWhatIsStillWrongIsToldFurther(t *testing.T) {
	a := pop3Account()
	for _, c := range []struct{ name, was, bad, worse, said string }{
		{"address", a.Email, "nobody", "nobody at home", lang.T("setup.email.bad")},
		{"server", a.Incoming.Host, "http://x", "http://xy", lang.T("setup.host.bad")},
		{"port", "995", "70000", "700001", lang.T("setup.number.bad", 1, 65535)},
	} {
		f, _ := settings(t, window(t, "en", theme.ForceLight, 820, 700), a, &engine{})
		typeInto(t, f.Content(), c.was, c.bad)
		f.Save()
		f.opt.Loop.(*queue).run()
		wrong := f.wrong
		told := func(when string) {
			t.Helper()
			if got := textOf(f.problem); got != c.said+"\n" || f.wrong != wrong {
				t.Errorf("%s, %s: told is %q of %v", c.name, when, got, f.wrong)
			}
		}
		typeInto(t, f.Content(), a.DisplayName, "Somebody Else")
		told("another field edited")
		if c.name != "server" { // looked at before this one
			typeInto(t, f.Content(), a.Incoming.Host, "http://z")
			told("another field made wrong")
		}
		typeInto(t, f.Content(), c.bad, c.worse)
		told("edited")
		typeInto(t, f.Content(), c.worse, c.was)
		if got := textOf(f.problem); got != "" {
			t.Errorf("%s: corrected, and told is still %q", c.name, got)
		}
	}
}

// A number that is none stays marked when another page is shown.
func TestAWrongNumberStaysMarked(t *testing.T) {
	f, _ := settings(t, window(t, "en", theme.ForceLight, 820, 700), pop3Account(), &engine{})
	typeInto(t, f.Content(), "995", "70000")
	f.Save()
	f.opt.Loop.(*queue).run()
	n, is := f.wrong.(*kit.NumberField)
	if !is || !n.Failed() {
		t.Fatalf("what is wrong is %v", f.wrong)
	}
	f.Choose(TabGeneral)
	if !n.Failed() {
		t.Error("on another page it is not marked any longer")
	}
}

// The wizard does the same with its fields.
func TestTheWizardTakesBackWhatIsCorrected(t *testing.T) {
	z := wizard(t, window(t, "en", theme.ForceLight, 760, 690), &engine{}, WizardOptions{})
	z.email.SetText("maryam")
	z.Continue()
	z.name.SelectAll()
	z.name.Insert("Maryam N.")
	if len(z.steps.lines) != 1 {
		t.Fatalf("told is %q", textOf(z.steps.box))
	}
	z.email.Insert("@example.org")
	if len(z.steps.lines) != 0 {
		t.Errorf("corrected, and told is still %q", textOf(z.steps.box))
	}
}

// Arrows go from one kind of account to the other and choose it, in the wizard and in the settings of a new account, whose form is then another.
func TestArrowsChooseTheProtocol(t *testing.T) {
	for _, code := range []string{"en", "fa"} {
		w := window(t, code, theme.ForceLight, 760, 690)
		forth, back := fyne.KeyRight, fyne.KeyLeft
		if code == "fa" {
			forth, back = back, forth
		}
		press := func(k fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k}) }
		z := wizard(t, w, &engine{}, WizardOptions{})
		w.Canvas().Focus(z.imap)
		for i, step := range []struct {
			key  fyne.KeyName
			want mail.Protocol
		}{{back, mail.IMAP}, {forth, mail.POP3}, {forth, mail.POP3}, {back, mail.IMAP}, {fyne.KeyDown, mail.POP3}, {fyne.KeyUp, mail.IMAP}} {
			press(step.key)
			if z.proto != step.want || z.pop.Chosen() != (step.want == mail.POP3) || w.Canvas().Focused() != map[mail.Protocol]fyne.Focusable{mail.IMAP: z.imap, mail.POP3: z.pop}[step.want] {
				t.Errorf("%s: key %d chose %s, want %s; the keyboard is at %T", code, i, z.proto, step.want, w.Canvas().Focused())
			}
		}
		var f *Settings
		show := func(next *Settings) { f = next; kit.SetContent(w, f.Content()) }
		show(NewSettings(w, fresh("", "maryam@example.org", mail.IMAP), mail.Secrets{}, SettingsOptions{Engine: &engine{}, Loop: &queue{}, Replaced: show}))
		f.kinds.Option(0).Focus()
		for _, want := range []mail.Protocol{mail.POP3, mail.IMAP, mail.POP3} {
			if want == mail.POP3 {
				press(fyne.KeyDown)
			} else {
				press(fyne.KeyUp)
			}
			if f.account.Protocol != want || w.Canvas().Focused() == nil {
				t.Fatalf("%s: the form is for %s, want %s; the keyboard is at %T", code, f.account.Protocol, want, w.Canvas().Focused())
			}
		}
	}
}

// One field that makes no sense does not cost what was entered into the others when the kind of account is chosen, or the language.
func TestAWrongFieldCostsNoOthers(t *testing.T) {
	w := window(t, "en", theme.ForceLight, 820, 700)
	a := fresh("", "maryam@example.org", mail.IMAP)
	a.Incoming.Host, a.Outgoing.Host = "imap.example.org", "smtp.example.org"
	var f *Settings
	show := func(next *Settings) { f = next; kit.SetContent(w, f.Content()) }
	for name, c := range map[string]struct {
		again func()
		host  string
	}{
		"another language": {func() { show(f.Again(f.opt)) }, "imap.other.example"},
		"another kind":     {func() { f.kinds.Option(1).TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace}) }, "pop.other.example"},
	} {
		show(NewSettings(w, a, mail.Secrets{}, SettingsOptions{Engine: &engine{}, Loop: &queue{}, Replaced: show}))
		typeInto(t, f.Content(), a.Incoming.Host, "imap.other.example")
		typeInto(t, f.Content(), a.Outgoing.Host, "http://x")
		typeInto(t, f.Content(), "10", "25")
		if _, _, err := f.Account(); err == nil {
			t.Fatal("no field is wrong")
		}
		c.again()
		if got := f.account; got.Incoming.Host != c.host || got.Outgoing.Host != a.Outgoing.Host || got.Check.EveryMinutes != 25 {
			t.Errorf("%s: %q, %q, every %d minutes", name, got.Incoming.Host, got.Outgoing.Host, got.Check.EveryMinutes)
		}
	}
}
