package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/text"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// readerBody is the text of a message: its own words, quotations with bars and colours that fold, links.
type readerBody struct {
	onLink func(url string)
	onOver func(url string)
	onMenu func(url string, pos fyne.Position)
	zoom   float32
	// changed is called after a quotation was folded or unfolded: the height is another.
	changed func()

	box   *fyne.Container
	texts []*kit.RichText
}

func newReaderBody() *readerBody { return &readerBody{box: kit.VBox(10), zoom: 1} }

// Show shows the text of a message.
func (b *readerBody) Show(body string) {
	b.box.RemoveAll()
	b.texts = nil
	for _, s := range model.Split(body) {
		if s.Quote {
			b.box.Add(b.quotation(s))
			continue
		}
		b.box.Add(b.text(s.Paragraphs))
	}
	b.box.Refresh()
}

// Zoom scales the text by steps of a tenth; 0 goes back to 100 %.
func (b *readerBody) Zoom(step int) {
	if step == 0 {
		b.zoom = 1
	} else {
		b.zoom = min(max(b.zoom+float32(step)*0.1, 0.6), 3)
	}
	for _, t := range b.texts {
		t.SetZoom(b.zoom)
	}
	b.changed()
}

// SelectedText is what is selected in any part of the text.
func (b *readerBody) SelectedText() string {
	for _, t := range b.texts {
		if s := t.SelectedText(); s != "" {
			return s
		}
	}
	return ""
}

// text makes one selectable text of paragraphs of one level.
func (b *readerBody) text(ps []model.Paragraph) *kit.RichText {
	t := kit.NewRichText()
	t.OnLink, t.OnLinkHover, t.OnMenu = b.onLink, b.onOver, b.onMenu
	t.SetText(richText(ps))
	t.SetZoom(b.zoom)
	b.texts = append(b.texts, t)
	return t
}

// richText joins paragraphs and marks what is coloured and what is a link.
func richText(ps []model.Paragraph) (string, []kit.Span) {
	var out strings.Builder
	var spans []kit.Span
	rtl := false
	for i, p := range ps {
		if i > 0 {
			out.WriteString("\n")
			for range min(p.Gap, 2) {
				out.WriteString("\n")
			}
		}
		own := text.BaseDirection(p.Text) == text.RTL
		if p.Continues && own != rtl {
			// The rest of a sentence that a program broke: it goes on in the sentence's direction.
			out.WriteString(pick(rtl, "\u200f", "\u200e"))
		} else {
			rtl = own
		}
		start := out.Len()
		out.WriteString(p.Text)
		if c := colorOf(p); c != theme.None {
			spans = append(spans, kit.Span{Start: start, End: out.Len(), Color: c})
		}
		for _, l := range model.Links(p.Text) {
			spans = append(spans, kit.Span{Start: start + l.Start, End: start + l.End, Color: theme.Accent, Underline: true, Link: l.URL})
		}
	}
	return out.String(), spans
}

func colorOf(p model.Paragraph) theme.Role {
	switch {
	case p.Level > 0:
		return [...]theme.Role{theme.Quote1, theme.Quote2, theme.Quote3}[(p.Level-1)%3]
	case p.Kind != model.Plain:
		return theme.Muted
	}
	return theme.None
}

// quotation is a run of quoted paragraphs behind a button that folds it.
func (b *readerBody) quotation(s model.Section) fyne.CanvasObject {
	inner := kit.VBox(6)
	var button *kit.Button
	folded := s.Folded
	show := func() {
		if !folded && len(inner.Objects) == 0 {
			for i := 0; i < len(s.Paragraphs); {
				j := i
				for j < len(s.Paragraphs) && s.Paragraphs[j].Level == s.Paragraphs[i].Level {
					j++
				}
				inner.Add(b.barred(s.Paragraphs[i:j]))
				i = j
			}
		}
		inner.Hidden = folded
		button.SetText(pick(folded, lang.N("reader.quote.show", len(s.Paragraphs)), lang.T("reader.quote.hide")))
		button.SetIcon(pick(folded, icons.Ellipsis, icons.ChevronUp))
	}
	button = kit.NewButton(kit.Plain, "", icons.Ellipsis, func() {
		folded = !folded
		show()
		b.changed()
	}).Small().Tinted(theme.Muted)
	show()
	if !s.Folded && len(s.Paragraphs) <= 3 {
		return inner
	}
	return kit.VBox(4, kit.Start(button), inner)
}

// maxBars is how many levels get a bar of their own; deeper ones would leave no room for the text.
const maxBars = 5

// barred puts a bar for each level beside the text, at the side where its lines begin.
func (b *readerBody) barred(ps []model.Paragraph) fyne.CanvasObject {
	t := kit.Grow(b.text(ps))
	var row []fyne.CanvasObject
	for l := 1; l <= min(ps[0].Level, maxBars); l++ {
		row = append(row, kit.Fixed(3, 0, kit.NewSurface(colorOf(model.Paragraph{Level: l}), nil)), kit.Gap(7))
	}
	if first := text.BaseDirection(ps[0].Text) == text.RTL; first != lang.RTL() {
		for i, j := 0, len(row)-1; i < j; i, j = i+1, j-1 {
			row[i], row[j] = row[j], row[i]
		}
		return newBars(append([]fyne.CanvasObject{t}, row...), 0)
	}
	return newBars(append(row, t), len(row))
}
