package compose

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// recipients is a field of addresses: each that is complete is a chip, the rest is being typed.
type recipients struct {
	people  *people
	changed func()
	list    []mail.Address
	box     *fyne.Container
	entry   *kit.Entry
}

func newRecipients(p *people, placeholder string, changed func()) *recipients {
	r := &recipients{people: p, changed: changed, entry: kit.NewEntry().Borderless().Width(120)}
	r.entry.SetPlaceholder(placeholder)
	r.entry.OnChanged = r.typed
	r.entry.OnSubmit = func(string) { r.commit() }
	r.entry.OnFocus = func(gained bool) {
		if !gained {
			r.commit()
		}
	}
	r.entry.Suggest = func(text string) []kit.Suggestion { return r.people.suggest(text, r.list) }
	r.entry.OnSuggestion = func(s kit.Suggestion) {
		if a, ok := s.Value.(mail.Address); ok {
			r.entry.SetText("")
			r.add(a)
			r.entry.Focus()
		}
	}
	r.entry.OnKey = r.key
	r.box = kit.Flow(6, 6)
	r.rebuild()
	return r
}

// key takes Backspace at the start of the field: the last chip turns into text again.
func (r *recipients) key(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyBackspace || r.entry.Text() != "" || len(r.list) == 0 {
		return false
	}
	last := r.list[len(r.list)-1]
	r.remove(last)
	r.entry.SetText(last.String())
	r.entry.Focus()
	return true
}

// typed makes chips of what is complete: everything before a separator.
func (r *recipients) typed(s string) {
	r.people.look(s)
	parts := splitOutside(s)
	if len(parts) > 1 {
		rest := strings.TrimLeft(parts[len(parts)-1], " ")
		r.entry.SetText(rest)
		for _, a := range parseAddresses(strings.Join(parts[:len(parts)-1], ",")) {
			r.add(a)
		}
		r.entry.Focus()
		return
	}
	r.changed()
}

// commit makes a chip of what is typed.
func (r *recipients) commit() {
	text := strings.TrimSpace(r.entry.Text())
	if text == "" {
		return
	}
	r.entry.SetText("")
	for _, a := range parseAddresses(text) {
		r.add(a)
	}
}

func (r *recipients) add(a mail.Address) {
	for _, old := range r.list {
		if a.Addr != "" && strings.EqualFold(old.Addr, a.Addr) {
			return
		}
	}
	r.list = append(r.list, a)
	r.rebuild()
	r.changed()
}

func (r *recipients) remove(a mail.Address) {
	for i, old := range r.list {
		if old == a {
			r.list = append(r.list[:i:i], r.list[i+1:]...)
			break
		}
	}
	r.rebuild()
	r.changed()
}

func (r *recipients) set(list []mail.Address) {
	r.list = append([]mail.Address(nil), list...)
	r.rebuild()
}

// addresses is what the field holds, the text still being typed included.
func (r *recipients) addresses() []mail.Address {
	return append(append([]mail.Address(nil), r.list...), parseAddresses(r.entry.Text())...)
}

// firstBad is the first entry that is no address.
func (r *recipients) firstBad() (string, bool) {
	for _, a := range r.addresses() {
		if a.Addr == "" {
			return a.Name, true
		}
	}
	return "", false
}

func (r *recipients) rebuild() {
	r.box.RemoveAll()
	for _, a := range r.list {
		var chip *kit.Chip
		if a.Addr == "" { // no address: shown as it is, in the colour of an error, so that it can be put right
			chip = kit.NewPill(model.Visible(a.Name), theme.Danger)
			chip.OnRemove = func() { r.remove(a) }
		} else {
			chip = kit.NewRecipientChip(model.Visible(a.Display()), func() { r.remove(a) }).Tip(model.VisibleName(a.String()))
		}
		chip.OnMenu = func(pos fyne.Position) { r.menu(a, pos) }
		r.box.Add(chip)
	}
	r.box.Add(r.entry)
	r.box.Refresh()
}

func (r *recipients) menu(a mail.Address, pos fyne.Position) {
	app := fyne.CurrentApp()
	c := app.Driver().CanvasForObject(r.box)
	kit.ShowMenu(c, pos,
		kit.Item(lang.T("compose.chip.edit"), icons.Pencil, func() { r.remove(a); r.entry.SetText(a.String()); r.entry.Focus() }),
		kit.Item(lang.T("compose.chip.copy"), icons.Copy, func() { app.Clipboard().SetContent(a.Addr) }),
		kit.MenuLine(),
		kit.Item(lang.T("compose.chip.remove"), icons.X, func() { r.remove(a) }))
}

// people keeps the addresses the store suggested, so that completion answers within the key press; each press asks the
// store for more in the background.
type people struct {
	loop  Loop
	src   People
	known []mail.Address
	asked map[string]bool
}

// suggestions is how many lines a completion shows.
const suggestions = 6

func newPeople(loop Loop, src People) *people {
	p := &people{loop: loop, src: src, asked: map[string]bool{}}
	p.ask("", 400)
	return p
}

func (p *people) look(text string) {
	if text = strings.ToLower(strings.TrimSpace(text)); text != "" {
		p.ask(text, 20)
	}
}

func (p *people) ask(prefix string, limit int) {
	if p.src == nil || p.asked[prefix] || len(p.asked) > 2000 {
		return
	}
	p.asked[prefix] = true
	p.loop.Go(func(ctx context.Context) func() {
		list, err := p.src.Suggest(ctx, prefix, limit)
		if err != nil {
			return nil // completion is a help; without it the address is typed
		}
		return func() { p.learn(list) }
	})
}

func (p *people) learn(list []mail.Address) {
	have := map[string]bool{}
	for _, a := range p.known {
		have[strings.ToLower(a.Addr)] = true
	}
	for _, a := range list {
		if key := strings.ToLower(a.Addr); key != "" && !have[key] {
			have[key] = true
			p.known = append(p.known, a)
		}
	}
}

// suggest finds people whose name or address has a word that begins with text; those already in the field are left out.
func (p *people) suggest(text string, without []mail.Address) []kit.Suggestion {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	skip := map[string]bool{}
	for _, a := range without {
		skip[strings.ToLower(a.Addr)] = true
	}
	var out []kit.Suggestion
	for _, a := range p.known {
		if skip[strings.ToLower(a.Addr)] || !matches(a, text) {
			continue
		}
		s := kit.Suggestion{Text: model.Visible(a.Display()), Value: a}
		if a.Name != "" {
			s.Detail = model.VisibleName(a.Addr)
		}
		if out = append(out, s); len(out) == suggestions {
			break
		}
	}
	return out
}

// matches reports whether a word of the name or of the address begins with what was typed.
func matches(a mail.Address, typed string) bool { return model.Begins(a.Name+" "+a.Addr, typed) }
