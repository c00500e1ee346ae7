package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"peyk/ui/kit"
	"peyk/ui/lang"
)

// writingKeys are the keys of the window in which mail is written.
var writingKeys = []struct{ id, keys string }{
	{"compose.send", "Ctrl+Enter"}, {"compose.attach", "Ctrl+Shift+A"}, {"compose.tool.link", "Ctrl+K"}, {"kit.direction", "Ctrl+Shift+X"},
	{"compose.tool.bold", "Ctrl+B"}, {"compose.tool.italic", "Ctrl+I"}, {"compose.tool.underline", "Ctrl+U"}, {"compose.tool.clear", "Ctrl+\\"},
	{"compose.tool.numbers", "Ctrl+Shift+7"}, {"compose.tool.list", "Ctrl+Shift+8"}, {"compose.tool.quote", "Ctrl+Shift+9"}, {"compose.tool.strike", "Ctrl+Shift+S"},
}

// helpFrame is the height of what stands around the list: title, button, margins.
const helpFrame = 130

// keyLine says what keys do.
func keyLine(what, keys string) fyne.CanvasObject {
	return kit.HBox(10, kit.Grow(kit.NewLabel(what, kit.Body)), kit.NewLabel(keys, kit.MetaStrong).Directed(kit.DirLTR))
}

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
			col.Add(keyLine(c.title(), strings.Join(keys, "  ")))
		}
		columns.Add(kit.Grow(col))
	}
	writing := kit.HBoxTop(28)
	for i := 0; i < len(writingKeys); i += 4 {
		col := kit.VBox(7)
		for _, k := range writingKeys[i:min(i+4, len(writingKeys))] {
			col.Add(keyLine(lang.T(k.id), lang.Keys(k.keys)))
		}
		writing.Add(kit.Grow(col))
	}
	width := min(win.Canvas().Size().Width-60, 880)
	all := kit.VBox(14, columns, kit.VBox(7, kit.NewLabel(lang.T("help.write"), kit.Heading), writing), kit.NewLabel(lang.T("help.note"), kit.Meta).Wrapped())
	d := &kit.Dialog{
		Title: lang.T("cmd.help"), Width: width, Height: kit.HeightFor(all, width-60) + helpFrame, Content: kit.NewScroll(kit.Pad(0, 16, 0, 0, all)),
		Buttons: []kit.DialogButton{{Text: lang.T("kit.close"), Kind: kit.Primary}},
	}
	d.Show(win)
	return d
}
