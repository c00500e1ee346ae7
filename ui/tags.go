package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/store/fold"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// tagDialog asks which tags the selected messages shall have: one types a new one or ticks those there are.
type tagDialog struct {
	env    *env
	dialog *kit.Dialog
	entry  *kit.Entry
	checks *fyne.Container
	start  map[string]int // tag → how many of the rows have it
	want   map[string]bool
	rows   int
	apply  func(add, remove []mail.Flag)
}

// askTags shows the dialog. known are the tags there are; apply gets what changed.
func askTags(e *env, known []mail.Flag, rows []mail.Row, apply func(add, remove []mail.Flag)) *tagDialog {
	d := &tagDialog{env: e, entry: kit.NewEntry(), checks: kit.VBox(8), start: map[string]int{}, want: map[string]bool{}, rows: len(rows), apply: apply}
	var names []string
	see := func(f mail.Flag) {
		if !slices.ContainsFunc(names, func(n string) bool { return sameTag(mail.Flag(n), f) }) {
			names = append(names, string(f))
		}
	}
	for _, f := range known {
		see(f)
	}
	for _, r := range rows {
		for _, f := range r.Flags {
			if f.IsTag() {
				see(f)
			}
		}
	}
	for _, n := range names {
		for _, r := range rows {
			if slices.ContainsFunc(r.Flags, func(f mail.Flag) bool { return f.IsTag() && sameTag(mail.Flag(n), f) }) {
				d.start[n]++
			}
		}
		d.add(n, d.start[n] == len(rows) && len(rows) > 0)
	}
	d.entry.SetPlaceholder(lang.T("tag.placeholder"))
	d.entry.OnSubmit = d.submit
	d.entry.OnEscape = func() bool { d.dialog.Close(); return true }
	content := kit.VBox(12, d.entry)
	if store.TagsLeftOut(known) {
		content.Add(kit.NewLabel(lang.T("tag.more"), kit.Meta).Wrapped())
	}
	content.Add(kit.Grow(kit.NewScroll(d.checks)))
	d.dialog = &kit.Dialog{
		Title: lang.T("cmd.tag"), Width: 380, Height: 380, Content: content, Focus: d.entry,
		Buttons: []kit.DialogButton{{Text: lang.T("kit.cancel"), Kind: kit.Plain}, {Text: lang.T("tag.apply"), Kind: kit.Primary, Stay: true, Do: func() { d.submit(d.entry.Text()) }}},
	}
	d.dialog.Show(e.win)
	return d
}

func (d *tagDialog) add(name string, on bool) {
	d.want[name] = on
	c := kit.NewCheck(model.VisibleName(mail.Flag(name).TagName()), func(on bool) { d.want[name] = on })
	c.Set(on)
	d.checks.Add(c)
}

// sameTag reports whether two tags are one, whatever case and forms of letters they are written in.
func sameTag(a, b mail.Flag) bool { return fold.Name(a.TagName()) == fold.Name(b.TagName()) }

// submit takes a typed tag with those ticked and ends the dialog.
func (d *tagDialog) submit(typed string) {
	if tag := string(mail.TagNamed(typed)); tag != "" {
		for name := range d.want {
			if sameTag(mail.Flag(name), mail.Flag(tag)) {
				tag = name // it is among those there are
			}
		}
		d.want[tag] = true
	}
	var add, remove []mail.Flag
	for n, on := range d.want {
		switch had := d.start[n]; {
		case on && had < d.rows:
			add = append(add, mail.Flag(n))
		case !on && had == d.rows && had > 0:
			remove = append(remove, mail.Flag(n))
		}
	}
	d.dialog.Close()
	d.apply(add, remove)
}
