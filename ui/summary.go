package ui

import (
	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// summaryPane stands in place of the reader while several messages are selected: how many, and what can be done with them.
func summaryPane(n int, commands []*command, run func(c *command)) fyne.CanvasObject {
	grid := kit.Grid(2, 8)
	for _, c := range commands {
		b := kit.NewButton(kit.Outline, c.title(), c.icon, func() { run(c) })
		b.Tip(c.tip())
		grid.Add(b)
	}
	return kit.Middle(340, kit.VBox(14,
		kit.Center(kit.NewIcon(icons.ListChecks, theme.Muted, 36)),
		kit.NewLabel(lang.N("summary.title", n), kit.Title).Aligned(kit.AlignCenter),
		kit.NewLabel(lang.T("summary.text"), kit.Muted).Wrapped().Aligned(kit.AlignCenter),
		grid,
	))
}
