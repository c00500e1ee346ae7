package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"peyk/internal/htmlview"
	"peyk/internal/ical"
	"peyk/internal/mail"
	"peyk/internal/weblink"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// maxPhoto bounds the picture in a card, in pixels.
const maxPhoto = 4 << 20

// ltrMark keeps what has no letters, such as a number, from left to right.
const ltrMark = "\u200e"

// newVisitCard shows a business card that came as a file.
func newVisitCard(m *messageView, file mail.Attachment, c ical.Card) fyne.CanvasObject {
	name := model.Visible(c.Name)
	if name == "" {
		name = model.Visible(c.Org)
	}
	head := kit.VBox(1, kit.NewLabel(name, kit.Strong).Wrapped().Lines(2).Selectable())
	if sub := lang.Dots(model.Visible(c.Title), model.Visible(c.Org)); sub != "" && model.Visible(c.Org) != name {
		head.Add(kit.NewLabel(sub, kit.Meta).Wrapped().Selectable())
	}
	var more *kit.Button
	more = kit.NewIconButton(icons.Ellipsis, lang.T("reader.more"), func() {
		kit.ShowMenuBelow(more,
			kit.Item(lang.T("attach.open"), icons.ExternalLink, func() { m.parts.files.Open(m.row.ID, file) }),
			kit.Item(lang.T("attach.save"), icons.Save, func() { m.parts.files.Save(m.row.ID, file) }))
	}).Tinted(theme.Muted)
	box := kit.VBox(8, kit.HBoxTop(10, cardFace(c, name), kit.Grow(head), more))
	lines := visitLines(m, c)
	if len(lines.Objects) > 0 {
		box.Add(lines)
	}
	return kit.MaxWidth(620, kit.NewCard(0, kit.Pad(11, 8, 12, 14, box)))
}

// cardFace is the picture in the card, else an avatar.
func cardFace(c ical.Card, name string) fyne.CanvasObject {
	if img := htmlview.DecodeImage(c.Photo, maxPhoto); img != nil {
		p := canvas.NewImageFromImage(img)
		p.FillMode, p.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleSmooth
		return kit.Fixed(theme.Avatar, theme.Avatar, p)
	}
	a := kit.NewAvatar(theme.Avatar)
	addr := ""
	if len(c.Emails) > 0 {
		addr = c.Emails[0].Value
	}
	a.Set(name, addr)
	return a
}

func visitLines(m *messageView, c ical.Card) *fyne.Container {
	box := kit.VBox(3)
	line := func(label, kind string, value fyne.CanvasObject) {
		words := lang.T(label)
		if id, ok := contactKinds[kind]; ok {
			words = lang.Dots(words, lang.T(id))
		}
		box.Add(kit.HBoxTop(8, kit.Fixed(130, 0, kit.NewLabel(words, kit.MetaStrong).Ellipsized()), kit.Grow(value)))
	}
	link := func(text, url string) fyne.CanvasObject {
		if _, ok := weblink.Judge(url, text); !ok {
			return kit.NewLabel(text, kit.Meta).Directed(kit.DirLTR).Wrapped().Selectable()
		}
		return kit.Start(kit.NewLinkText(ltrMark+text, kit.Meta.With(theme.Accent), func() { m.links.Open(url) }))
	}
	for _, e := range c.Emails {
		line("visit.email", e.Kind, link(model.VisibleName(e.Value), "mailto:"+e.Value))
	}
	for _, p := range c.Phones {
		line("visit.phone", p.Kind, link(model.VisibleName(p.Value), "tel:"+strings.ReplaceAll(p.Value, " ", "-")))
	}
	for _, u := range c.URLs {
		line("visit.url", "", link(model.VisibleName(u), u))
	}
	for _, a := range c.Addrs {
		line("visit.address", a.Kind, kit.NewLabel(model.Visible(a.Value), kit.Meta).Wrapped().Selectable())
	}
	if c.Birthday != "" {
		line("visit.birthday", "", kit.NewLabel(model.Visible(c.Birthday), kit.Meta).Directed(kit.DirLTR).Selectable())
	}
	if c.Note != "" {
		line("visit.note", "", kit.NewLabel(shorten(model.Visible(c.Note)), kit.Meta).Wrapped().Lines(6).Selectable())
	}
	return box
}

var contactKinds = map[string]string{"home": "visit.home", "work": "visit.work", "cell": "visit.cell", "fax": "visit.fax", "pager": "visit.pager"}
