package compose

import (
	"fyne.io/fyne/v2"

	"peyk/internal/richtext"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// formatBar is the row of buttons over the text. They show what stands at the caret.
type formatBar struct {
	box                           fyne.CanvasObject
	bold, italic, underline       *kit.Button
	bullets, numbers, quote, link *kit.Button
	picture, rtl, ltr             *kit.Button
}

func newFormatBar(w *Window) *formatBar {
	f := &formatBar{}
	mark := func(icon icons.Name, id, keys string, m richtext.Mark) *kit.Button {
		return toolButton(icon, id, keys, func() { w.body.ToggleMark(m); w.body.Focus() })
	}
	f.bold = mark(icons.Bold, "compose.tool.bold", "Ctrl+B", richtext.Bold)
	f.italic = mark(icons.Italic, "compose.tool.italic", "Ctrl+I", richtext.Italic)
	f.underline = mark(icons.Underline, "compose.tool.underline", "Ctrl+U", richtext.Underline)
	f.bullets = toolButton(icons.List, "compose.tool.list", "Ctrl+Shift+8", func() { w.list(richtext.Bullets) })
	f.numbers = toolButton(icons.ListOrdered, "compose.tool.numbers", "Ctrl+Shift+7", func() { w.list(richtext.Numbers) })
	f.quote = toolButton(icons.Quote, "compose.tool.quote", "Ctrl+Shift+9", w.quote)
	f.link = toolButton(icons.Link, "compose.tool.link", "Ctrl+K", w.editLink)
	f.picture = toolButton(icons.Image, "compose.tool.image", "", w.insertPicture)
	f.rtl = toolButton(icons.PilcrowLeft, "compose.tool.rtl", "Ctrl+Shift+X", func() { w.direct(true) })
	f.ltr = toolButton(icons.PilcrowRight, "compose.tool.ltr", "Ctrl+Shift+X", func() { w.direct(false) })
	f.box = kit.HBox(2, f.bold, f.italic, f.underline, f.bullets, f.numbers, f.quote, f.link, f.picture, f.rtl, f.ltr,
		toolButton(icons.Paperclip, "compose.attach", "Ctrl+Shift+A", w.attach), kit.Spacer())
	return f
}

// toolButton is a button with an icon; its tooltip says what it does and which keys do the same.
func toolButton(icon icons.Name, id, keys string, do func()) *kit.Button {
	tip := lang.T(id)
	if keys != "" {
		tip += " (" + keys + ")"
	}
	return kit.NewIconButton(icon, tip, do)
}

// show brings the buttons to what stands at the caret.
func (f *formatBar) show(at kit.Format) {
	f.bold.SetOn(at.Marks&richtext.Bold != 0)
	f.italic.SetOn(at.Marks&richtext.Italic != 0)
	f.underline.SetOn(at.Marks&richtext.Underline != 0)
	f.bullets.SetOn(at.List == richtext.Bullets)
	f.numbers.SetOn(at.List == richtext.Numbers)
	f.quote.SetOn(at.Quote)
	f.link.SetOn(at.Link != "")
	f.rtl.SetOn(at.RTL)
	f.ltr.SetOn(!at.RTL)
}

// enable switches the buttons that only formatted text has.
func (f *formatBar) enable(rich bool) {
	for _, b := range []*kit.Button{f.bold, f.italic, f.underline, f.link, f.picture} {
		b.SetEnabled(rich)
	}
}

func (w *Window) list(l richtext.List) {
	if w.plain {
		w.prefixLines(func(i int) string { return richtext.Marker(l, i+1, w.body.Format().RTL && lang.Current().Code == "fa") })
		return
	}
	w.body.ToggleList(l)
	w.body.Focus()
}

func (w *Window) quote() {
	if w.plain {
		w.prefixLines(func(int) string { return "> " })
		return
	}
	w.body.ToggleQuote()
	w.body.Focus()
}

// direct makes the paragraphs of the selection run from right to left or from left to right.
func (w *Window) direct(rtl bool) {
	if w.body.Format().RTL != rtl {
		w.body.ToggleDirection()
	}
	w.body.Focus()
}

// editLink asks for the address of a link, and for its words where none are selected.
func (w *Window) editLink() {
	if w.plain {
		return
	}
	had := w.body.Format().Link
	words, address := kit.NewEntry(), kit.NewEntry().LTR()
	words.SetText(w.body.LinkWords())
	address.SetText(had)
	if had == "" && richtext.SafeLink(words.Text()) != "" {
		address.SetText(words.Text())
	}
	d := &kit.Dialog{Title: lang.T("compose.link.title"), Width: 440, Focus: address}
	d.OnClose = w.body.Focus
	set := func() {
		link := richtext.SafeLink(address.Text())
		if address.SetError(link == ""); link == "" {
			address.Focus()
			return
		}
		text := words.Text()
		if text == "" {
			text = address.Text()
		}
		d.Close()
		w.body.SetLink(link, text)
	}
	words.OnSubmit = func(string) { set() }
	address.OnSubmit = func(string) { set() }
	d.Content = kit.Form(110, kit.FormItem{Label: lang.T("compose.link.address"), Field: address}, kit.FormItem{Label: lang.T("compose.link.words"), Field: words})
	d.Buttons = []kit.DialogButton{{Text: lang.T("kit.cancel"), Kind: kit.Plain}}
	if had != "" {
		d.Buttons = append(d.Buttons, kit.DialogButton{Text: lang.T("compose.link.remove"), Kind: kit.Danger, Do: func() { w.body.SetLink("", "") }})
	}
	d.Buttons = append(d.Buttons, kit.DialogButton{Text: lang.T("compose.link.ok"), Kind: kit.Primary, Stay: true, Do: set})
	d.Show(w.win)
}

// moreMenu are the things that have no button.
func (w *Window) moreMenu() []*kit.MenuItem {
	discard := &kit.MenuItem{Text: lang.T("compose.discard"), Icon: icons.Trash2, Do: w.Discard, Danger: true}
	if w.draft.Resend {
		return []*kit.MenuItem{discard}
	}
	rich := !w.plain
	check := func(i *kit.MenuItem, on bool) *kit.MenuItem { i.Checked = on; return i }
	now := w.body.Format()
	heading := func(id string, n int) *kit.MenuItem {
		return check(kit.Item(lang.T(id), "", func() { w.body.SetHeading(n); w.body.Focus() }), now.Heading == n)
	}
	return []*kit.MenuItem{
		kit.SubMenu(lang.T("compose.heading"), icons.Type, heading("compose.heading.none", 0), heading("compose.heading.1", 1), heading("compose.heading.2", 2), heading("compose.heading.3", 3)).Enabled(rich),
		check(kit.Item(lang.T("compose.tool.strike"), icons.Strikethrough, func() { w.body.ToggleMark(richtext.Strike); w.body.Focus() }), now.Marks&richtext.Strike != 0).With("Ctrl+Shift+S").Enabled(rich),
		check(kit.Item(lang.T("compose.tool.code"), icons.Code, func() { w.body.ToggleMark(richtext.Code); w.body.Focus() }), now.Marks&richtext.Code != 0).Enabled(rich),
		kit.Item(lang.T("compose.tool.clear"), icons.RemoveFormatting, func() { w.body.ClearFormat(); w.body.Focus() }).With("Ctrl+\\").Enabled(rich),
		kit.MenuLine(),
		kit.Item(lang.T("compose.tool.undo"), icons.Undo2, func() { w.body.Undo(); w.body.Focus() }).With("Ctrl+Z").Enabled(w.body.CanUndo()),
		kit.Item(lang.T("compose.tool.redo"), icons.Redo2, func() { w.body.Redo(); w.body.Focus() }).With("Ctrl+Shift+Z").Enabled(w.body.CanRedo()),
		kit.MenuLine(),
		check(kit.Item(lang.T("compose.rich"), "", func() { w.SetPlain(false) }), rich),
		check(kit.Item(lang.T("compose.plain"), "", func() { w.SetPlain(true) }), !rich),
		kit.MenuLine(),
		discard,
	}
}

// linkMenu is what the context menu of the text has for the link, the picture or the page at the caret.
func (w *Window) linkMenu() []*kit.MenuItem {
	if w.plain {
		return nil
	}
	if m, ok := w.body.PictureAt(); ok {
		if m.Page != "" {
			return w.pageMenu(m)
		}
		size := func(id string, width int) *kit.MenuItem {
			return kit.Item(lang.T(id), "", func() { w.body.ResizePicture(width) })
		}
		return []*kit.MenuItem{kit.SubMenu(lang.T("compose.image.size"), icons.Image, size("compose.image.small", 240), size("compose.image.medium", 480), size("compose.image.original", 0))}
	}
	if w.body.Format().Link == "" {
		return []*kit.MenuItem{kit.Item(lang.T("compose.link.title"), icons.Link, w.editLink).With("Ctrl+K")}
	}
	return []*kit.MenuItem{
		kit.Item(lang.T("compose.link.edit"), icons.Link, w.editLink).With("Ctrl+K"),
		kit.Item(lang.T("compose.link.remove"), icons.Unlink, func() { w.body.SetLink("", "") }),
	}
}
