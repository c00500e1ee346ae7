package setup

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// steps is the list of lines that tell how a connection test goes: a check or a cross, and a sentence. Of one server only
// the last good line stays, so that success reads "Signed in to …" and a failure names the step that failed. What a line says
// is kept as what makes it, so that the lines follow a change of the language.
type steps struct {
	box    *fyne.Container
	scroll *kit.Scroll // what the box is in, and goes to the newest line
	lines  []stepEntry
}

// stepEntry is a line.
type stepEntry struct {
	make func() fyne.CanvasObject
	// good is the side whose next line takes this one's place; "": it stays.
	good mail.ServerSide
	// wait marks what is being done: the next line takes its place.
	wait bool
}

func newSteps() *steps {
	s := &steps{box: kit.VBox(11)}
	s.scroll = kit.NewScroll(kit.Pad(0, 12, 0, 0, s.box)) // the bar stands over nothing
	return s
}

func (s *steps) clear() {
	s.lines = nil
	s.show()
}

// show makes the lines in the language of the moment.
func (s *steps) show() {
	s.box.RemoveAll()
	for _, l := range s.lines {
		s.box.Add(l.make())
	}
	s.scroll.ToEnd()
}

func stepLine(icon icons.Name, tint theme.Role, text string) fyne.CanvasObject {
	return kit.HBoxTop(10, kit.NewIcon(icon, tint, theme.Icon), kit.Grow(kit.NewLabel(text, kit.Body).Wrapped().Selectable()))
}

func (s *steps) add(e stepEntry) {
	s.lines = append(slices.DeleteFunc(s.lines, func(old stepEntry) bool { return old.wait }), e)
	s.show()
}

func (s *steps) say(icon icons.Name, tint theme.Role, text func() string) stepEntry {
	return stepEntry{make: func() fyne.CanvasObject { return stepLine(icon, tint, text()) }}
}

// note adds a good line that stays.
func (s *steps) note(text func() string) { s.add(s.say(icons.CircleCheck, theme.Accent, text)) }

// waiting shows what is being done; the next line takes its place.
func (s *steps) waiting(text func() string) {
	e := s.say(icons.LoaderCircle, theme.Muted, text)
	e.wait = true
	s.add(e)
}

// hint adds what has to be known about a provider, if there is something.
func (s *steps) hint(from mail.Source) {
	if from.Hint != "" && lang.Has("setup.hint."+string(from.Hint)) {
		s.add(s.say(icons.CircleAlert, theme.Muted, func() string { return lang.T("setup.hint."+string(from.Hint), from.Arg) }))
	}
}

// sourceWords say where servers were found.
func sourceWords(from mail.Source) string {
	if id := "setup.source." + string(from.Kind); from.Kind != "" && lang.Has(id) {
		return lang.T(id, from.Name)
	}
	return from.Text
}

// fail adds a bad line with advice.
func (s *steps) fail(text func() string) { s.add(s.say(icons.CircleX, theme.Danger, text)) }

// remedy adds a way out under the line before.
func (s *steps) remedy(text func() string, do func()) {
	s.add(stepEntry{make: func() fyne.CanvasObject {
		return kit.Pad(0, 0, 0, 17, kit.HBox(0, kit.NewButton(kit.Link, text(), "", do), kit.Spacer()))
	}})
}

// step adds what a test reported.
func (s *steps) step(t mail.TestStep) {
	s.lines = slices.DeleteFunc(s.lines, func(old stepEntry) bool { return old.good != "" && old.good == t.Side })
	if t.Problem != nil || !t.OK {
		s.fail(func() string { return problemText(place(t), t.Problem) })
		return
	}
	e := s.say(icons.CircleCheck, theme.Accent, func() string {
		text := lang.T(stepID(t.Step), place(t))
		if n := note(t); n != "" {
			text = lang.T("problem.with.advice", text, n)
		}
		return text
	})
	e.good = t.Side
	s.add(e)
}

// says is a text that is said in the language of the moment.
func says(id string, args ...any) func() string { return func() string { return lang.T(id, args...) } }

func stepID(step string) string {
	switch step {
	case "login":
		return "setup.step.login"
	case "tls":
		return "setup.step.tls"
	case "find":
		return "setup.step.find"
	}
	return "setup.step.connect"
}

// problemText is one sentence about what failed and one about what to do, in the language of the window; the server's own
// words stay as they are. Where there are none and nothing is known but the kind, the engine's English says more.
func problemText(where string, p *mail.Problem) string {
	if p == nil {
		p = &mail.Problem{Kind: mail.ProblemProtocol}
	}
	told := *p
	told.Where = where
	if told.Code == "" && told.Said == "" && told.Certificate == nil {
		told.Said = strings.TrimSpace(told.Detail)
	}
	s := lang.ProblemWords(&told, "")
	if advice := lang.ProblemAdvice(&told); advice != "" {
		s = lang.T("problem.with.advice", s, advice)
	}
	return s
}

// place is the place of a step: what stands in parentheses is in the language of the window.
func place(t mail.TestStep) string {
	if host, ok := strings.CutSuffix(t.Where, " ("+mail.NoEncryption+")"); ok {
		return lang.T("setup.where.plain", host)
	}
	return t.Where
}

// note is what is worth knowing about a step that went well.
func note(t mail.TestStep) string {
	switch t.Found {
	case "messages":
		return lang.N("setup.note.messages", t.N)
	case "folders":
		return lang.N("setup.note.folders", t.N)
	case "nologin":
		return lang.T("setup.note.nologin")
	}
	return t.Note
}

// busy reports whether the last line tells what is being done.
func (s *steps) busy() bool { return len(s.lines) > 0 && s.lines[len(s.lines)-1].wait }
