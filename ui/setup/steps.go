package setup

import (
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// steps is the list of lines that tell how a connection test goes: a check or a cross, and a sentence. Of one server only
// the last good line stays, so that success reads "Signed in to …" and a failure names the step that failed.
type steps struct {
	box    *fyne.Container
	scroll *kit.Scroll
	// good is the line of a side that the next good line replaces.
	good map[mail.ServerSide]fyne.CanvasObject
	wait fyne.CanvasObject
}

func newSteps() *steps {
	s := &steps{box: kit.VBox(11), good: map[mail.ServerSide]fyne.CanvasObject{}}
	s.scroll = kit.NewScroll(s.box)
	return s
}

func (s *steps) clear() {
	s.box.RemoveAll()
	s.good, s.wait = map[mail.ServerSide]fyne.CanvasObject{}, nil
	s.scroll.SetContent(s.box)
}

func stepLine(icon icons.Name, tint theme.Role, text string) fyne.CanvasObject {
	return kit.HBoxTop(10, kit.NewIcon(icon, tint, theme.Icon), kit.Grow(kit.NewLabel(text, kit.Body).Wrapped().Selectable()))
}

func (s *steps) add(o fyne.CanvasObject) {
	if s.wait != nil {
		s.box.Remove(s.wait)
		s.wait = nil
	}
	s.box.Add(o)
	s.scroll.SetContent(s.box)
}

// note adds a good line that stays.
func (s *steps) note(text string) { s.add(stepLine(icons.CircleCheck, theme.Accent, text)) }

// waiting shows what is being done; the next line takes its place.
func (s *steps) waiting(text string) {
	o := stepLine(icons.LoaderCircle, theme.Muted, text)
	s.add(o)
	s.wait = o
}

// hint adds what has to be known about a provider, if there is something.
func (s *steps) hint(from mail.Source) {
	if from.Hint != "" && lang.Has("setup.hint."+string(from.Hint)) {
		s.add(stepLine(icons.CircleAlert, theme.Muted, lang.T("setup.hint."+string(from.Hint), from.Arg)))
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
func (s *steps) fail(text string) { s.add(stepLine(icons.CircleX, theme.Danger, text)) }

// remedy adds a way out under the line before.
func (s *steps) remedy(text string, do func()) {
	s.add(kit.Pad(0, 0, 0, 17, kit.HBox(0, kit.NewButton(kit.Link, text, "", do), kit.Spacer())))
}

// step adds what a test reported.
func (s *steps) step(t mail.TestStep) {
	if t.Problem != nil || !t.OK {
		if old := s.good[t.Side]; old != nil {
			s.box.Remove(old)
			delete(s.good, t.Side)
		}
		s.fail(problemText(place(t), t.Problem))
		return
	}
	if old := s.good[t.Side]; old != nil {
		s.box.Remove(old)
	}
	text := lang.T(stepID(t.Step), place(t))
	if n := note(t); n != "" {
		text = lang.T("problem.with.advice", text, n)
	}
	o := stepLine(icons.CircleCheck, theme.Accent, text)
	s.add(o)
	s.good[t.Side] = o
}

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
