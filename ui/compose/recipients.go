package compose

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// recipients is a field of addresses: each that is complete is a chip, the rest is being typed.
type recipients struct {
	people  *people
	changed func()
	list    []mail.Address
	box     *fyne.Container
	area    fyne.CanvasObject // shows box, or as much of it as there is room for
	height  float32           // of area, as it is laid out
	resized func()            // lays the window out anew
	entry   *kit.Entry
	// others are the fields an address can be moved to, this one among them.
	others []*recipients
	row    fyne.CanvasObject
	reveal func() // shows the row
	title  string // the id of its name
}

func newRecipients(p *people, placeholder string, most func() float32, changed func()) *recipients {
	r := &recipients{people: p, changed: changed, entry: kit.NewEntry().Borderless().Width(120).AtSide()}
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
	r.entry.OnPaste = r.pasted
	r.box = kit.FlowInto(6, 6)
	r.area = kit.ScrollWithin(most, r.box)
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

// pasted takes a list of addresses out of the clipboard, however it is separated; anything else is text to type on.
func (r *recipients) pasted(s string) bool {
	list := parseAddresses(s)
	if len(list) < 2 && !strings.ContainsAny(s, "\n<") {
		return false
	}
	good := 0
	for _, a := range list {
		if a.Addr != "" {
			good++
		}
	}
	if good == 0 {
		return false
	}
	r.commit()
	for _, a := range list {
		r.add(a)
	}
	r.entry.Focus()
	return true
}

// move takes an address over to another field.
func (r *recipients) move(a mail.Address, to *recipients) {
	if to == r {
		return
	}
	r.remove(a)
	to.add(a)
}

// dropped moves an address to the field under a point.
func (r *recipients) dropped(a mail.Address, at fyne.Position) {
	for _, o := range r.others {
		p := at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(o.area))
		if o.row.Visible() && p.Y >= -6 && p.Y <= o.area.Size().Height+6 && p.X >= -100 && p.X <= o.area.Size().Width+60 {
			r.move(a, o)
			return
		}
	}
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
	kit.KeepInView(r.entry)
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
			chip = kit.NewRecipientChip(model.Visible(a.Name), func() { r.remove(a) })
			chip.SetError()
		} else {
			chip = kit.NewRecipientChip(model.Visible(a.Display()), func() { r.remove(a) }).Tip(model.VisibleName(a.String()))
			if words := r.risk(a); words != "" {
				chip.SetWarning(true)
				chip.Tip(model.VisibleName(a.String()) + "\n" + words)
			}
		}
		chip.OnDrop = func(at fyne.Position) { r.dropped(a, at) }
		chip.OnMenu = func(pos fyne.Position) { r.menu(a, pos) }
		r.box.Add(chip)
	}
	r.box.Add(r.entry)
	r.area.Refresh()
	if h := kit.HeightFor(r.area, r.area.Size().Width); h != r.height && r.resized != nil {
		r.height = h
		r.resized()
	}
}

// risk says what looks wrong with an address, "" for nothing.
func (r *recipients) risk(a mail.Address) string {
	f, ok := r.people.judge(a)
	if !ok {
		return ""
	}
	return lang.T("compose.risk."+string(f.Why), f.What)
}

func (r *recipients) menu(a mail.Address, pos fyne.Position) {
	app := fyne.CurrentApp()
	c := app.Driver().CanvasForObject(r.box)
	var items []*kit.MenuItem
	if f, ok := r.people.judge(a); ok && f.What != "" && (f.Why == model.SuspectTypo || f.Why == model.SuspectLookalike) {
		right := a
		right.Addr = a.Addr[:strings.LastIndexByte(a.Addr, '@')+1] + f.What
		items = append(items, kit.Item(lang.T("compose.chip.correct", right.Addr), icons.Check, func() { r.remove(a); r.add(right) }), kit.MenuLine())
	}
	for _, o := range r.others {
		if o != r {
			items = append(items, kit.Item(lang.T("compose.chip.move", lang.T(o.title)), icons.ArrowRight, func() { r.move(a, o); o.reveal() }))
		}
	}
	items = append(items, kit.MenuLine(),
		kit.Item(lang.T("compose.chip.edit"), icons.Pencil, func() { r.remove(a); r.entry.SetText(a.String()); r.entry.Focus() }),
		kit.Item(lang.T("compose.chip.copy"), icons.Copy, func() { app.Clipboard().SetContent(a.Addr) }),
		kit.MenuLine(),
		kit.Item(lang.T("compose.chip.remove"), icons.X, func() { r.remove(a) }))
	kit.ShowMenu(c, pos, items...)
}

// people keeps the addresses the store suggested, so that completion answers within the key press; each press asks the
// store for more in the background.
type people struct {
	loop  Loop
	src   People
	known []mail.Address
	asked map[string]bool
	// learned is called when more people became known.
	learned func()
	trusted []string // domains of the user and of those written to
	seen    []string // domains of known
}

// judge tells what looks wrong with an address.
func (p *people) judge(a mail.Address) (model.Finding, bool) {
	return model.RecipientRisk(a, p.trusted, p.seen)
}

// trust adds the domains of addresses that are surely right: the user's own, and those written to.
func (p *people) trust(list []mail.Address) {
	p.trusted = domains(p.trusted, list)
	if p.learned != nil {
		p.learned()
	}
}

// domains adds the domains of addresses to a list, each once.
func domains(have []string, list []mail.Address) []string {
	for _, a := range list {
		if d := model.Domain(a.Addr); d != "" && !slices.Contains(have, d) {
			have = append(have, d)
		}
	}
	return have
}

// maxCorrespondents bounds how many people written to are looked at for their domains.
const maxCorrespondents = 2000

// suggestions is how many lines a completion shows.
const suggestions = 6

func newPeople(loop Loop, src People) *people {
	p := &people{loop: loop, src: src, asked: map[string]bool{}}
	p.ask("", 400)
	if src != nil {
		loop.Go(func(ctx context.Context) func() {
			list, err := src.Correspondents(ctx, maxCorrespondents)
			if err != nil {
				return nil // without them fewer addresses are warned of
			}
			return func() { p.trust(list) }
		})
	}
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
	if n := len(p.seen); len(domains(p.seen, list)) > n {
		p.seen = domains(p.seen, list)
		if p.learned != nil {
			p.learned()
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
