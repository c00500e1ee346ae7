package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// attachmentBar is the foot of a message: a card for each attached file.
type attachmentBar struct {
	env     *env
	files   *files
	message mail.MessageID
	list    []mail.Attachment
	all     bool    // show every card, not only the first row
	most    float32 // the height of the cards within a place
	cards   *fyne.Container
	save    *kit.Button
	content fyne.CanvasObject
	frame   fyne.CanvasObject // around content, hidden when there is no file

	openMail func(a mail.Attachment) // opens a message that is attached
	// withRest does something with a file once it is here.
	withRest func(a mail.Attachment, do func())
	found    func() string // the words of the search that the message was opened from
	changed  func()        // called when the height became another
}

// shownCards is how many cards are shown before "all": a mail with a hundred files must leave room for its text.
const shownCards = 6

func newAttachmentBar(e *env, reading mail.Opener) *attachmentBar {
	b := &attachmentBar{env: e, files: &files{env: e, reading: reading}, cards: kit.Flow(10, 10), most: cardsHeight, changed: func() {}, found: func() string { return "" },
		withRest: func(_ mail.Attachment, do func()) { do() }}
	b.save = kit.NewIconButton(icons.Download, lang.T("attach.save.all"), b.saveAll).Tinted(theme.Muted)
	b.content = kit.HBox(8, kit.Grow(b.cards), b.save)
	b.frame = b.content
	return b
}

// within is the content for a place below a text, which it must leave room: what is higher than most is scrolled.
func (b *attachmentBar) within() fyne.CanvasObject {
	return kit.HBoxTop(8, kit.Grow(kit.ScrollWithin(func() float32 { return b.most }, kit.Pad(0, 10, 0, 0, b.cards))), b.save)
}

// Show shows the attachments of a message; pictures that are part of the text are not among them.
func (b *attachmentBar) Show(id mail.MessageID, as []mail.Attachment) {
	b.message, b.list, b.all = id, nil, false
	for _, a := range as {
		if !a.Inline {
			b.list = append(b.list, a)
		}
	}
	b.fill()
}

// Without leaves out the parts that are shown in another way, by number.
func (b *attachmentBar) Without(parts map[string]bool) {
	kept := b.list[:0:0]
	for _, a := range b.list {
		if !parts[a.Part] {
			kept = append(kept, a)
		}
	}
	if len(kept) != len(b.list) {
		b.list = kept
		b.fill()
	}
}

func (b *attachmentBar) fill() {
	b.cards.RemoveAll()
	for i, a := range b.list {
		if i == shownCards && !b.all && len(b.list) > shownCards+1 {
			b.cards.Add(kit.Fixed(0, cardHeight, kit.NewButton(kit.Plain, lang.N("attach.more", len(b.list)-i), icons.ChevronDown, func() {
				b.all = true
				b.fill()
				b.changed()
			})))
			break
		}
		b.cards.Add(newAttachmentCard(a, b.found(), func() { b.withRest(a, func() { b.open(a) }) }, func(pos fyne.Position) { b.menu(a, pos) }))
	}
	b.save.Hidden = len(b.list) < 2
	if len(b.list) == 0 {
		b.frame.Hide()
	} else {
		b.frame.Show()
	}
	b.cards.Refresh()
}

// Count is the number of attached files.
func (b *attachmentBar) Count() int { return len(b.list) }

func (b *attachmentBar) open(a mail.Attachment) {
	switch {
	case a.ContentType == rfc822 && b.openMail != nil:
		b.openMail(a)
	case canPreview(a):
		b.files.Preview(b.message, a, b.list)
	default:
		b.files.Open(b.message, a)
	}
}

// rfc822 is the type of a message within a message (RFC 2046 §5.2.1).
const rfc822 = "message/rfc822"

func (b *attachmentBar) menu(a mail.Attachment, pos fyne.Position) {
	item := func(id string, icon icons.Name, do func()) *kit.MenuItem {
		return kit.Item(lang.T(id), icon, func() { b.withRest(a, do) })
	}
	items := []*kit.MenuItem{
		item("attach.open", icons.ExternalLink, func() { b.files.Open(b.message, a) }),
		item("attach.save", icons.Save, func() { b.files.Save(b.message, a) }),
	}
	if canPreview(a) {
		items = append(items, item("attach.preview", icons.Eye, func() { b.files.Preview(b.message, a, b.list) }))
	}
	if len(b.list) > 1 {
		items = append(items, kit.MenuLine(), kit.Item(lang.T("attach.save.all"), icons.Download, b.saveAll))
	}
	kit.ShowMenu(b.env.win.Canvas(), pos, items...)
}

func (b *attachmentBar) saveAll() {
	b.withRest(b.list[0], func() { b.files.SaveAll(b.message, b.list) })
}

// iconOf picks the icon of a kind of file.
func iconOf(a mail.Attachment) icons.Name {
	t := a.ContentType
	switch {
	case model.JudgeFile(a).Runs():
		return icons.ShieldAlert
	case strings.HasPrefix(t, "image/"):
		return icons.Image
	case strings.HasPrefix(t, "audio/"):
		return icons.FileAudio
	case strings.HasPrefix(t, "video/"):
		return icons.FileVideoCamera
	case t == "text/calendar":
		return icons.Calendar
	case t == rfc822:
		return icons.Mail
	case t == "text/html", strings.HasSuffix(t, "json"), strings.HasSuffix(t, "xml") && !strings.Contains(t, "officedocument"):
		return icons.FileCode
	case strings.Contains(t, "zip"), strings.Contains(t, "compressed"), strings.Contains(t, "x-tar"), strings.Contains(t, "x-7z"):
		return icons.FileArchive
	case strings.Contains(t, "spreadsheet"), strings.Contains(t, "excel"), t == "text/csv":
		return icons.FileSpreadsheet
	}
	return icons.FileText
}

// attachmentCard is one file: its icon, name and size.
type attachmentCard struct {
	widget.BaseWidget
	tap     func()
	menu    func(pos fyne.Position)
	bg      *canvas.Rectangle
	hover   bool
	focused bool
	inner   fyne.CanvasObject
	width   float32 // that shows all of its texts; in a narrower place they are shortened
}

// cardName is the most room a file name gets; the whole name is in the menu and the dialogs.
const cardName = 220

// cardHeight is the height of a card with its two lines, cardsHeight that of two rows and the top of a third, which shows that there is more.
const (
	cardHeight  = 53
	cardsHeight = 2*(cardHeight+10) + 16
)

// What stands around and before the texts of a card.
const (
	cardPad  = 12
	cardIcon = 20
	cardGap  = 10
	// cardLines is between the two lines: their own heights have more than enough.
	cardLines = -1
)

func newAttachmentCard(a mail.Attachment, found string, tap func(), menu func(fyne.Position)) *attachmentCard {
	c := &attachmentCard{tap: tap, menu: menu, bg: canvas.NewRectangle(nil)}
	c.bg.CornerRadius = theme.RadiusCard
	name, size := kit.NewLabel(model.VisibleName(a.Filename), kit.ListText).Ellipsized(), kit.NewLabel(lang.Size(a.Size), kit.Small).Ellipsized()
	name.Mark(foundSpans(name.Text(), found, store.InFileName))
	c.width = 2*cardPad + cardIcon + cardGap + max(min(name.Natural().Width+1, cardName), size.Natural().Width+1)
	tint := pick(model.JudgeFile(a).Runs(), theme.Danger, theme.FG)
	c.inner = kit.PadXY(cardPad, 9, kit.HBox(cardGap, kit.NewIcon(iconOf(a), tint, cardIcon), kit.Grow(kit.VBox(cardLines, name, size))))
	c.ExtendBaseWidget(c)
	return c
}

// Tapped implements fyne.Tappable.
func (c *attachmentCard) Tapped(*fyne.PointEvent) { c.tap() }

// TappedSecondary implements fyne.SecondaryTappable.
func (c *attachmentCard) TappedSecondary(e *fyne.PointEvent) { c.menu(e.AbsolutePosition) }

// MouseIn implements desktop.Hoverable.
func (c *attachmentCard) MouseIn(*desktop.MouseEvent) { c.hover = true; c.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (c *attachmentCard) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *attachmentCard) MouseOut() { c.hover = false; c.Refresh() }

// FocusGained implements fyne.Focusable.
func (c *attachmentCard) FocusGained() { c.focused = true; c.Refresh(); kit.KeepInView(c) }

// FocusLost implements fyne.Focusable.
func (c *attachmentCard) FocusLost() { c.focused = false; c.Refresh() }

// TypedRune implements fyne.Focusable.
func (c *attachmentCard) TypedRune(r rune) { kit.ForwardRune(c, r) }

// TypedKey implements fyne.Focusable.
func (c *attachmentCard) TypedKey(e *fyne.KeyEvent) {
	if presses(e) {
		c.tap()
		return
	}
	kit.ForwardKey(c, e)
}

// CreateRenderer implements fyne.Widget.
func (c *attachmentCard) CreateRenderer() fyne.WidgetRenderer {
	r := &cardRenderer{c}
	r.paint()
	return r
}

type cardRenderer struct{ c *attachmentCard }

func (r *cardRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.c.bg, r.c.inner} }
func (r *cardRenderer) Destroy()                     {}
func (r *cardRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.c.width, r.c.inner.MinSize().Height)
}
func (r *cardRenderer) Layout(s fyne.Size) { r.c.bg.Resize(s); r.c.inner.Resize(s) }
func (r *cardRenderer) Refresh()           { r.paint(); r.c.inner.Refresh() }

func (r *cardRenderer) paint() {
	t := theme.Current()
	r.c.bg.FillColor = pick(r.c.hover, t.Chip, t.BG)
	r.c.bg.StrokeColor, r.c.bg.StrokeWidth = t.Line, 1
	if r.c.focused {
		r.c.bg.StrokeColor, r.c.bg.StrokeWidth = t.Accent, 2
	}
	r.c.bg.Refresh()
}
