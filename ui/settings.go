package ui

import (
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// markReadChoices are the seconds offered; -1 is "never by itself".
var markReadChoices = []int{0, 1, 2, 5, 10, -1}

// undoSendChoices are the seconds offered in which sending can be taken back; the first is "not at all".
var undoSendChoices = []int{0, 5, 10, 30}

// showSettings is the dialog of what belongs to the window. Every choice takes effect at once.
func showSettings(e *env, change func(p model.Prefs)) *kit.Dialog {
	p := e.prefs
	set := func(f func(p *model.Prefs)) {
		now := e.prefs // the zoom of messages, for one, may be another by now
		f(&now)
		change(now)
	}
	languages, codes := []string{lang.T("settings.system")}, []string{""}
	for _, l := range lang.Available() {
		languages, codes = append(languages, l.Name), append(codes, l.Code)
	}
	var d *kit.Dialog
	language := kit.NewSelect(languages, func(i int) {
		was := lang.Current().Code
		set(func(p *model.Prefs) { p.Language = codes[i] })
		if lang.Current().Code != was { // the dialog, too, speaks the new language
			d.Close()
			showSettings(e, change)
		}
	})
	language.Choose(indexOf(codes, p.Language))

	themes := []string{"", "light", "dark"}
	look := kit.NewSelect([]string{lang.T("settings.system"), lang.T("settings.light"), lang.T("settings.dark")}, func(i int) { set(func(p *model.Prefs) { p.Theme = themes[i] }) })
	look.Choose(indexOf(themes, p.Theme))

	density := kit.NewSelect([]string{lang.T("settings.comfortable"), lang.T("settings.compact")}, func(i int) { set(func(p *model.Prefs) { p.Compact = i == 1 }) })
	density.Choose(pick(p.Compact, 1, 0))

	notify := kit.NewCheck(lang.T("settings.notify"), func(on bool) { set(func(p *model.Prefs) { p.Notify = on }) })
	notify.Set(p.Notify)

	form := kit.Form(150,
		kit.FormItem{Label: lang.T("settings.language"), Field: language},
		kit.FormItem{Label: lang.T("settings.theme"), Field: look},
		kit.FormItem{Label: lang.T("settings.density"), Field: density},
		kit.FormItem{Label: lang.T("settings.read"), Field: readChoice(p, set)},
		kit.FormItem{Label: lang.T("settings.remote"), Field: remoteChoice(e, p, set)},
		kit.FormItem{Label: lang.T("settings.undosend"), Field: undoChoice(p, set)},
	)
	for _, c := range readingChoices(p, set) {
		form.Add(kit.Pad(4, 0, 0, 0, c))
	}
	form.Add(kit.Pad(4, 0, 0, 0, notify))
	d = &kit.Dialog{Title: lang.T("cmd.settings"), Width: 460, Height: kit.HeightFor(form, 412) + settingsFrame, Content: kit.NewScroll(kit.Pad(5, 8, 5, 0, form)), Buttons: []kit.DialogButton{{Text: lang.T("kit.close"), Kind: kit.Primary}}}
	d.Show(e.win)
	return d
}

// readChoice is after how long an open message counts as read.
func readChoice(p model.Prefs, set func(func(p *model.Prefs))) *kit.Select {
	var words []string
	for _, n := range markReadChoices {
		switch n {
		case -1:
			words = append(words, lang.T("settings.read.never"))
		case 0:
			words = append(words, lang.T("settings.read.once"))
		default:
			words = append(words, lang.N("settings.read.after", n))
		}
	}
	read := kit.NewSelect(words, func(i int) { set(func(p *model.Prefs) { p.MarkRead = markReadChoices[i] }) })
	read.Choose(indexOf(markReadChoices, p.MarkRead))
	return read
}

// undoChoice is how long sending can be taken back.
func undoChoice(p model.Prefs, set func(func(p *model.Prefs))) *kit.Select {
	waits := []string{lang.T("settings.undosend.off")}
	for _, n := range undoSendChoices[1:] {
		waits = append(waits, lang.N("settings.undosend.seconds", n))
	}
	undo := kit.NewSelect(waits, func(i int) { set(func(p *model.Prefs) { p.UndoSend = undoSendChoices[i] }) })
	undo.Choose(indexOf(undoSendChoices, p.UndoSend))
	return undo
}

// settingsFrame is the height of what is around the settings: title, button, space.
const settingsFrame = 152

// readingChoices are how messages are shown.
func readingChoices(p model.Prefs, set func(func(p *model.Prefs))) []*kit.Check {
	check := func(id string, on bool, take func(p *model.Prefs, on bool)) *kit.Check {
		c := kit.NewCheck(lang.T(id), func(on bool) { set(func(p *model.Prefs) { take(p, on) }) })
		c.Set(on)
		return c
	}
	return []*kit.Check{
		check("settings.threads", p.Conversations(), func(p *model.Prefs, on bool) { p.Alone = !on }),
		check("settings.grouped", p.Grouped, func(p *model.Prefs, on bool) { p.Grouped = on }),
		check("settings.textonly", p.TextOnly, func(p *model.Prefs, on bool) { p.TextOnly = on }),
		check("settings.colors", p.OriginalColors, func(p *model.Prefs, on bool) { p.OriginalColors = on }),
	}
}

func indexOf[T comparable](list []T, v T) int {
	for i, x := range list {
		if x == v {
			return i
		}
	}
	return 0
}

// applyPrefs brings theme and language to what the user chose. It reports whether the language changed: then the window
// builds its content anew.
func applyPrefs(p model.Prefs) (languageChanged bool) {
	switch p.Theme {
	case "light":
		setMode(theme.ForceLight)
	case "dark":
		setMode(theme.ForceDark)
	default:
		setMode(theme.System)
	}
	was := lang.Current().Code
	lang.Set(p.Language)
	return lang.Current().Code != was
}

func setMode(m theme.Mode) {
	if theme.CurrentMode() != m {
		theme.SetMode(m)
	}
}
