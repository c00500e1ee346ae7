package kit

import (
	"time"

	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/lang"
)

// MenuItem is a line of a menu.
type MenuItem struct {
	Text     string
	Icon     icons.Name
	Shortcut string // shown at the trailing side: "Ctrl+R"
	Do       func()
	Disabled bool
	Checked  bool
	Danger   bool
	Sub      []*MenuItem
	line     bool
	begin    bool // where the keyboard begins
}

// Item is a menu line with an action.
func Item(text string, icon icons.Name, do func()) *MenuItem {
	return &MenuItem{Text: text, Icon: icon, Do: do}
}

// SubMenu is a menu line that opens further lines.
func SubMenu(text string, icon icons.Name, items ...*MenuItem) *MenuItem {
	return &MenuItem{Text: text, Icon: icon, Sub: items}
}

// MenuLine separates groups of a menu.
func MenuLine() *MenuItem { return &MenuItem{line: true} }

// With sets the shortcut shown.
func (m *MenuItem) With(shortcut string) *MenuItem { m.Shortcut = lang.Keys(shortcut); return m }

// Enabled enables or disables the item.
func (m *MenuItem) Enabled(on bool) *MenuItem { m.Disabled = !on; return m }

// usable reports whether the keyboard may stop at the item.
func (m *MenuItem) usable() bool { return !m.line && !m.Disabled }

// ShowMenu opens a menu at an absolute position; it takes the keyboard until it closes.
func ShowMenu(c fyne.Canvas, pos fyne.Position, items ...*MenuItem) {
	if c == nil || len(items) == 0 {
		return
	}
	m := &openMenu{canvas: c}
	m.over = newOverlay(c, Stack(), func(fyne.Size) {}, func(fyne.Position) { m.close() })
	m.over.dismiss = m.close
	top := newMenuPanel(m, items, nil)
	m.over.open(nil)
	w := top.MinSize().Width
	if lang.RTL() {
		pos.X -= w
	}
	m.show(top, pos)
}

// ShowMenuBelow opens a menu below an object (a button), aligned with its leading side.
func ShowMenuBelow(o fyne.CanvasObject, items ...*MenuItem) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	pos := absolute(o).AddXY(0, o.Size().Height+4)
	if lang.RTL() {
		pos.X += o.Size().Width
	}
	ShowMenu(c, pos, items...)
}

// openMenu is a menu on the screen with the sub-menus that are open.
type openMenu struct {
	canvas fyne.Canvas
	over   *overlay
	panels []*menuPanel
	timer  *time.Timer
}

// show puts a panel on the screen where it fits and gives it the keyboard.
func (m *openMenu) show(p *menuPanel, pos fyne.Position) {
	size := p.MinSize()
	size.Height = min(size.Height, m.canvas.Size().Height-8)
	m.panels = append(m.panels, p)
	float(m.over.layer, p.box, pos, size)
	float(m.over.layer, p, pos, size)
	m.canvas.Focus(p)
}

// openSub opens the sub-menu of an item beside it, in place of those open deeper than its panel.
func (m *openMenu) openSub(p *menuPanel, i int) {
	m.cut(p)
	sub := newMenuPanel(m, p.items[i].Sub, p)
	at := absolute(p)
	y := at.Y + p.rowTop(i) - menuPad
	x := at.X + p.Size().Width - 4
	w := sub.MinSize().Width
	if lang.RTL() {
		x = at.X - w + 4
	}
	if x+w > m.canvas.Size().Width {
		x = at.X - w + 4
	} else if x < 0 {
		x = at.X + p.Size().Width - 4
	}
	m.show(sub, fyne.NewPos(x, y))
}

// cut closes the panels deeper than p.
func (m *openMenu) cut(p *menuPanel) {
	for len(m.panels) > 0 && m.panels[len(m.panels)-1] != p {
		last := m.panels[len(m.panels)-1]
		m.panels = m.panels[:len(m.panels)-1]
		unfloat(m.over.layer, last)
		unfloat(m.over.layer, last.box)
	}
	m.canvas.Focus(p)
}

// close takes the whole menu away.
func (m *openMenu) close() {
	m.stop()
	m.over.shut()
}

func (m *openMenu) stop() {
	if m.timer != nil {
		m.timer.Stop()
	}
}

// later runs f on the UI goroutine in a moment, unless the pointer moves on.
func (m *openMenu) later(f func()) {
	m.stop()
	m.timer = later(180*time.Millisecond, f)
}

// run closes the menu and does what an item is for.
func (m *openMenu) run(it *MenuItem) {
	m.close()
	if it.Do != nil {
		it.Do()
	}
}
