package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// searchBox is the field in the toolbar. Results come as one types; commands and folders are offered below it.
type searchBox struct {
	env   *env
	entry *kit.Entry
	stop  func() // the clock that waits for the next letter

	// OnSearch is called with the words to search; OnClear when there are none any more.
	OnSearch func(words string)
	OnClear  func()
	// OnDone is called when the user is through with typing: the list takes the keyboard.
	OnDone func()
	// OnCommand and OnPlace carry out what was chosen from the list below the field.
	OnCommand func(c *command)
	OnPlace   func(p model.Place)
	// Commands are those that can be done now.
	Commands func() []*command
}

// searchDelay is how long the field waits for the next letter before it searches: as long as the letters of a word take that somebody
// types fast. A search that takes longer is given up for the next.
const searchDelay = 90 * time.Millisecond

// operators are the words of the query language that a value follows.
var operators = []string{"from:", "to:", "subject:", "has:attachment", "is:unread", "is:starred", "in:", "account:", "before:", "after:", "tag:"}

func newSearchBox(e *env) *searchBox {
	s := &searchBox{env: e, entry: kit.NewSearchEntry()}
	s.entry.AtSide().SetPlaceholder(lang.T("search.placeholder"))
	s.entry.OnChanged = s.typed
	s.entry.OnSubmit = func(t string) {
		s.now(t)
		s.OnDone()
	}
	s.entry.OnEscape = func() bool {
		s.Clear()
		s.OnDone()
		return true
	}
	s.entry.OnKey = func(k *fyne.KeyEvent) bool {
		if k.Name == fyne.KeyDown && s.entry.Suggest == nil {
			s.OnDone()
			return true
		}
		return false
	}
	s.entry.Decorate(operatorPills)
	s.entry.Suggest = s.suggest
	s.entry.Offers = func(t string) bool { return !strings.HasPrefix(t, ">") } // Enter searches for the word, though a command or a folder has its name
	s.entry.OnSuggestion = s.take
	return s
}

// operatorPills are the operators of a query that are understood.
func operatorPills(query string) (out []kit.Span) {
	if len(query) > maxPilled {
		return nil
	}
	for _, o := range store.Operators(query) {
		words := o.Name + ":" + pick(o.Flag, "", " ") + model.Visible(o.Value)
		out = append(out, kit.Span{Start: o.Start, End: o.End, Pill: words})
	}
	return out
}

// maxPilled bounds the queries, in bytes, whose operators are looked for with each key: nobody looks at those of a text pasted by mistake.
const maxPilled = 2000

// Focus puts the caret into the field.
func (s *searchBox) Focus() {
	s.entry.Focus()
	s.entry.SelectAll()
}

// Show writes words into the field, as when a search is shown again.
func (s *searchBox) Show(words string) {
	if s.entry.Text() != words {
		s.entry.SetText(words)
	}
}

// Clear empties the field and ends the search.
func (s *searchBox) Clear() {
	s.wait(nil)
	s.Show("")
	s.OnClear()
}

func (s *searchBox) typed(t string) {
	s.wait(s.env.loop.After(searchDelay, func() {
		// "from:" and a quotation mark say nothing yet: what is shown stays until there is something to look for.
		if strings.TrimSpace(t) == "" || !store.SaysNothing(t) {
			s.now(t)
		}
	}))
}

func (s *searchBox) wait(stop func()) {
	if s.stop != nil {
		s.stop()
	}
	s.stop = stop
}

func (s *searchBox) now(t string) {
	s.wait(nil)
	t = strings.TrimSpace(t)
	switch {
	case t == "":
		s.OnClear()
	case strings.HasPrefix(t, ">"): // only commands
	default:
		s.OnSearch(t)
	}
}

// suggest offers operators for the word being typed, then commands, saved searches and folders whose names begin with it.
func (s *searchBox) suggest(t string) []kit.Suggestion {
	var out []kit.Suggestion
	word := t[strings.LastIndexByte(t, ' ')+1:]
	if len(word) > 0 {
		for _, o := range operators {
			// In the user's own words, too: nobody has to know the operators by heart.
			means := lang.Everywhere("search.op." + strings.TrimSuffix(strings.ReplaceAll(o, ":", "."), "."))
			if o != strings.ToLower(word) && (strings.HasPrefix(o, strings.ToLower(word)) || len(word) > 2 && model.CalledSo(means, word)) {
				out = append(out, kit.Suggestion{Text: o, Detail: means[0], Value: o})
			}
		}
	}
	name := strings.TrimSpace(strings.TrimPrefix(t, ">"))
	if name == "" && !strings.HasPrefix(t, ">") {
		return nil
	}
	var foreign []kit.Suggestion // called so in another language
	for _, c := range s.Commands() {
		switch g := (kit.Suggestion{Text: c.title(), Detail: c.keyText(), Value: c}); {
		case model.Begins(c.title(), name):
			out = append(out, g)
		case model.CalledSo(c.names(), name):
			foreign = append(foreign, g)
		}
	}
	for _, a := range s.env.tree.Accounts() {
		if words := settingsWords(a); name != "" && s.env.open.EditAccount != nil && model.Begins(words, name) {
			out = append(out, kit.Suggestion{Text: words, Value: a.ID})
		}
	}
	if name != "" {
		for _, k := range s.env.tree.Searches {
			if model.Begins(k.Name, name) && k.Query != strings.TrimSpace(t) {
				out = append(out, kit.Suggestion{Text: model.Visible(k.Name), Detail: model.Visible(k.Query), Value: k.Place()})
			}
		}
		for _, f := range s.env.tree.Folders(0) {
			if f.Selectable && model.Begins(folderTitle(f), name) {
				a, _ := s.env.tree.Account(f.Account)
				out = append(out, kit.Suggestion{Text: folderTitle(f), Detail: accountWords(a), Value: model.Place{Kind: model.PlaceFolder, Folder: f.ID}})
			}
		}
	}
	out = append(out, foreign...)
	return out[:min(len(out), 8)]
}

func (s *searchBox) take(g kit.Suggestion) {
	switch v := g.Value.(type) {
	case *command:
		s.wait(nil)
		s.OnCommand(v)
	case mail.AccountID:
		s.Clear()
		s.env.open.EditAccount(v)
	case model.Place:
		s.Clear()
		s.OnPlace(v)
	case string:
		t := s.entry.Text()
		if !strings.HasSuffix(v, ":") {
			v += " " // it is whole: what is typed next is another word
		}
		s.entry.SetText(t[:strings.LastIndexByte(t, ' ')+1] + v)
		s.entry.SetCaret(len(s.entry.Text()))
		s.typed(s.entry.Text())
	}
}
