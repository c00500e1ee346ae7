package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"peyk/ui/kit"
	"peyk/ui/lang"
)

// showHelp lists the shortcuts, by group.
func showHelp(win fyne.Window, commands []*command) *kit.Dialog {
	columns := kit.HBoxTop(28)
	for _, group := range []string{"mail", "move", "window"} {
		col := kit.VBox(7, kit.NewLabel(lang.T("help."+group), kit.Heading))
		for _, c := range commands {
			if c.group != group || len(c.keys) == 0 {
				continue
			}
			var keys []string
			for _, k := range c.keys {
				if s := lang.Keys(k.String()); k.r != '؟' && !contains(keys, s) && len(keys) < 2 {
					keys = append(keys, s)
				}
			}
			col.Add(kit.HBox(10, kit.Grow(kit.NewLabel(c.title(), kit.Body)), kit.NewLabel(strings.Join(keys, "  "), kit.MetaStrong).Directed(kit.DirLTR)))
		}
		columns.Add(kit.Grow(col))
	}
	d := &kit.Dialog{
		Title: lang.T("cmd.help"), Width: min(win.Canvas().Size().Width-60, 880), Content: kit.VBox(14, columns, kit.NewLabel(lang.T("help.note"), kit.Meta).Wrapped()),
		Buttons: []kit.DialogButton{{Text: lang.T("kit.close"), Kind: kit.Primary}},
	}
	d.Show(win)
	return d
}
