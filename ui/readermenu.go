package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// moreMenu is the menu behind the dots of a message: what can be done with it, then how it is shown.
func (r *readerPane) moreMenu(m *messageView, below fyne.CanvasObject) {
	items := r.OnMore(m.content.Row)
	if len(items) > 0 {
		items = append(items, kit.MenuLine())
	}
	kit.ShowMenuBelow(below, append(items, r.lookItems(m)...)...)
}

// lookItems choose the form in which messages are shown.
func (r *readerPane) lookItems(m *messageView) []*kit.MenuItem {
	mode := m.body.Mode()
	var items []*kit.MenuItem
	item := func(id string, icon icons.Name, on bool, do func()) *kit.MenuItem {
		it := kit.Item(lang.T(id), icon, do)
		it.Checked = on
		items = append(items, it)
		return it
	}
	form := func(want bodyMode) func() { return func() { r.showAs(m, want) } }
	if m.body.Designed() {
		item("reader.as.html", icons.FileText, mode == asDesigned, form(asDesigned))
	}
	item("reader.as.text", icons.AlignLeft, mode == asText, form(asText))
	item("reader.as.source", icons.Code, mode == asSource, form(asSource)).With("Ctrl+U")
	if isDark() && m.body.Designed() {
		items = append(items, kit.MenuLine())
		item("reader.original.colors", icons.Sun, r.look.original, r.toggleColors)
	}
	if r.thread != nil {
		items = append(items, kit.MenuLine(),
			kit.Item(lang.T("reader.thread.unfold"), icons.ChevronDown, func() { r.thread.OpenAll(true) }),
			kit.Item(lang.T("reader.thread.fold"), icons.ChevronUp, func() { r.thread.OpenAll(false) }))
	}
	return items
}

// showAs shows a message in one of the forms. Text or design hold for all messages, the source is for this one.
func (r *readerPane) showAs(m *messageView, want bodyMode) {
	if want == asSource || m.body.Mode() == asSource {
		m.body.ShowSource(want == asSource)
	}
	if text := want == asText; want != asSource && m.body.Designed() && text != r.look.textOnly {
		r.toggleText()
	}
	m.readLinks()
	m.showImages()
}

// toggleSource shows the source of the current message, or the message again.
func (r *readerPane) toggleSource() {
	if m := r.Current(); m != nil {
		m.body.ShowSource(m.body.Mode() != asSource)
		m.showImages()
	}
}

// bodyMenu is the context menu of the text of a message.
func (r *readerPane) bodyMenu(m *messageView, raw string, pos fyne.Position) {
	sel := m.body.selection()
	words := sel.Text()
	items := m.links.Menu(raw)
	if len(items) > 0 {
		items = append(items, kit.MenuLine())
	}
	items = append(items,
		kit.Item(lang.T("kit.copy"), icons.Copy, r.copier(words)).With("Ctrl+C").Enabled(words != ""),
		kit.Item(lang.T("reader.copy.all"), icons.Copy, r.copier(m.wholeText())),
		kit.Item(lang.T("kit.select.all"), "", sel.All).With("Ctrl+A"))
	items = append(items, r.searchItems(words)...)
	items = append(items, kit.MenuLine())
	items = append(items, r.lookItems(m)...)
	kit.ShowMenu(r.env.win.Canvas(), pos, items...)
}

// longestQuery is how much of a selection makes a search.
const longestQuery = 80

func (r *readerPane) searchItems(words string) []*kit.MenuItem {
	query := strings.Join(strings.Fields(words), " ")
	if rs := []rune(query); len(rs) > longestQuery {
		query = string(rs[:longestQuery])
	}
	items := []*kit.MenuItem{kit.MenuLine(), kit.Item(lang.T("cmd.find"), icons.Search, func() { r.find.Open(query) }).With("Ctrl+F")}
	if query != "" && r.OnSearch != nil {
		items = append(items, kit.Item(lang.T("reader.search", clipped(query, 24)), icons.Mail, func() { r.OnSearch(`"` + strings.ReplaceAll(query, `"`, " ") + `"`) }))
	}
	return items
}

// clipped cuts words for a menu.
func clipped(s string, n int) string {
	if rs := []rune(s); len(rs) > n {
		return string(rs[:n]) + "…"
	}
	return s
}

// copier copies a text, and says so in the status bar by its length.
func (r *readerPane) copier(s string) func() {
	return func() { r.env.app.Clipboard().SetContent(s) }
}

// wholeText is the text of the message in the form that is shown.
func (m *messageView) wholeText() string {
	if m.body.Mode() == asSource {
		return m.body.plain.Text()
	}
	return m.content.Text
}

// SelectedText is what is selected in an open message.
func (r *readerPane) SelectedText() string {
	for _, m := range r.views() {
		if s := m.body.selection().Text(); s != "" {
			return s
		}
	}
	return ""
}

// SelectAll selects the text of the current message.
func (r *readerPane) SelectAll() {
	if m := r.Current(); m != nil {
		m.body.selection().All()
	}
}

// reveal brings a place of a body into view.
func (r *readerPane) reveal(b *readerBody, y, height float32) {
	d := r.env.app.Driver()
	at := d.AbsolutePositionForObject(b.box).Y - d.AbsolutePositionForObject(r.scroll).Y + r.scroll.Offset()
	if top := at + y - r.scroll.Offset(); top < 24 || top+height+24 > r.scroll.Size().Height {
		r.scroll.ScrollTo(at + y - r.scroll.Size().Height/3) // with what stands around it
	}
	r.scrolled()
}
