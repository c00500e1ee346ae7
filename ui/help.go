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

// helpGap is between columns.
const helpGap = 28

// keyLine says what keys do.
func keyLine(what, keys string) fyne.CanvasObject {
	return kit.HBox(10, kit.Grow(kit.NewLabel(what, kit.Body).Lines(2)), kit.NewLabel(keys, kit.MetaStrong).Directed(kit.DirLTR))
}

// keyWidth is what a keyLine takes whose words are in one line.
func keyWidth(what, keys string) float32 {
	return kit.NewLabel(what, kit.Body).Natural().Width + 12 + kit.NewLabel(keys, kit.MetaStrong).MinSize().Width
}

// helpColumn is one group of shortcuts.
type helpColumn struct {
	content *fyne.Container
	width   float32 // that it likes to have
}

func (c *helpColumn) add(what, keys string) {
	c.content.Add(keyLine(what, keys))
	c.width = max(c.width, keyWidth(what, keys))
}

// beside puts columns beside each other where there is room for all, else fewer.
func beside(width float32, columns []*helpColumn) fyne.CanvasObject {
	need, widest := float32(-helpGap), float32(0)
	for _, c := range columns {
		need += c.width + helpGap
		widest = max(widest, c.width)
	}
	if need <= width {
		row := kit.HBoxTop(helpGap)
		for _, c := range columns {
			row.Add(kit.Fixed(c.width+(width-need)/float32(len(columns)), 0, c.content))
		}
		return row
	}
	n := max(1, min(len(columns)-1, int((width+helpGap)/(widest+helpGap))))
	grid := kit.Grid(n, helpGap)
	for _, c := range columns {
		grid.Add(c.content)
	}
	return grid
}

// groups are the shortcuts of the main window.
func groups(commands []*command) (columns []*helpColumn) {
	for _, group := range []string{"mail", "move", "window"} {
		col := &helpColumn{content: kit.VBox(7, kit.NewLabel(lang.T("help."+group), kit.Heading))}
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
			col.add(c.title(), strings.Join(keys, "  "))
		}
		columns = append(columns, col)
	}
	return columns
}

// writing are those of the window in which mail is written.
func writing() (columns []*helpColumn) {
	for i := 0; i < len(writingKeys); i += 4 {
		col := &helpColumn{content: kit.VBox(7)}
		for _, k := range writingKeys[i:min(i+4, len(writingKeys))] {
			col.add(lang.T(k.id), lang.Keys(k.keys))
		}
		columns = append(columns, col)
	}
	return columns
}

// showHelp lists the shortcuts, by group.
func showHelp(win fyne.Window, commands []*command) *kit.Dialog {
	width := min(win.Canvas().Size().Width-60, 880)
	room := width - 60
	all := kit.VBox(14, beside(room, groups(commands)), kit.VBox(7, kit.NewLabel(lang.T("help.write"), kit.Heading), beside(room, writing())),
		kit.NewLabel(lang.T("help.note"), kit.Meta).Wrapped())
	d := &kit.Dialog{
		Title: lang.T("cmd.help"), Width: width, Height: kit.HeightFor(all, room) + helpFrame, Content: kit.NewScroll(kit.Pad(0, 16, 0, 0, all)),
		Buttons: []kit.DialogButton{{Text: lang.T("kit.close"), Kind: kit.Primary}},
	}
	d.Show(win)
	return d
}
