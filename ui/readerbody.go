package ui

import (
	"context"
	"image"
	"io"
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/internal/mailpage"
	"peyk/internal/text"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// bodyMode is which form of a message is shown.
type bodyMode uint8

const (
	asDesigned bodyMode = iota // its HTML where it has any that is more than text
	asText
	asSource // the bytes as received
)

// readerLook is how messages are shown; the messages of a reader share it.
type readerLook struct {
	textOnly bool    // texts rather than HTML
	zoom     float32 // 1: 100 %
	original bool    // HTML in the colours of its sender also in a dark window
}

// readerBody is the body of one message: a page of HTML, or its source. The quotation at the end folds.
type readerBody struct {
	env  *env
	look *readerLook
	// changed is called when the height became another; width is the room there is.
	changed func()
	width   func() float32
	// pictures gives the pictures that belong to a message.
	pictures func(c mail.Content) pictureSource
	// source gives what opens the bytes of the message as received, elsewhere.
	source func() func(ctx context.Context) (io.ReadCloser, error)

	content  mail.Content
	mode     bodyMode
	unfolded bool   // the quotation at the end is shown
	stop     func() // gives up what is being made ready to be shown
	ready    bool   // what is to be shown is shown

	html  *htmlBody
	plain *kit.RichText // the source, and texts that the engine cannot draw
	quote *kit.Chip
	notes *fyne.Container
	box   *fyne.Container
}

func newReaderBody(e *env, look *readerLook) *readerBody {
	b := &readerBody{env: e, look: look, stop: func() {}, html: newHTMLBody(e.loop), plain: kit.NewRichText(), notes: kit.VBox(8)}
	b.notes.Hide()
	b.html.changed = func() { b.changed() }
	b.html.themed = b.draw
	b.plain.FoldQuotes(true)
	b.plain.OnFold = func() { b.changed() }
	b.plain.Hide()
	b.quote = kit.NewToggleChip("•••", b.toggleQuote).Tip(lang.T("reader.quote.show"))
	b.quote.Hide()
	b.box = kit.VBox(10, b.notes, b.html, b.plain, kit.Start(b.quote))
	return b
}

// Show shows a message.
func (b *readerBody) Show(c mail.Content) {
	b.Clear()
	b.content = c
	b.draw()
}

// Clear shows nothing.
func (b *readerBody) Clear() {
	b.stop()
	b.content, b.mode, b.unfolded, b.ready = mail.Content{}, asDesigned, false, false
	b.html.Clear()
	b.plain.Hide()
	b.plain.SetText("", nil)
	b.quote.Hide()
	b.note("")
}

// Designed reports whether the message has HTML that is more than its text.
func (b *readerBody) Designed() bool { return designed(b.content) }

func designed(c mail.Content) bool { return c.HTML != "" && rich().MatchString(c.HTML) }

// Mode is what is shown now.
func (b *readerBody) Mode() bodyMode {
	switch {
	case b.mode == asSource:
		return asSource
	case b.Designed() && !b.look.textOnly:
		return asDesigned
	}
	return asText
}

// ShowSource switches to the source and back.
func (b *readerBody) ShowSource(on bool) {
	b.mode = pick(on, asSource, asDesigned)
	b.draw()
}

// draw shows the message in the form that is asked for. What was there stays until the new form is ready.
func (b *readerBody) draw() {
	b.stop()
	b.note("")
	switch b.Mode() {
	case asSource:
		b.drawSource()
	case asText:
		b.drawPage(mailpage.Text(b.content.Text, pageColors(b.dark())), nil)
	default:
		b.drawPage(b.content.HTML, b.pictures(b.content))
	}
}

// dark reports whether pages are drawn for a dark window.
func (b *readerBody) dark() bool { return isDark() && !(b.look.original && b.Mode() == asDesigned) }

func (b *readerBody) pageLook() pageLook {
	text := b.Mode() == asText
	return pageLook{dark: b.dark() && !text, zoom: b.look.zoom, fold: !b.unfolded, text: text}
}

// pageColors are the colours of pages of our own, which need no adapting.
func pageColors(dark bool) mailpage.Look {
	t := pick(dark, &theme.Dark, &theme.Light)
	return mailpage.Look{FG: t.FG, Muted: t.Muted, Accent: t.Accent, Paper: t.BG, Quote: t.Quote, RTL: lang.RTL()}
}

func (b *readerBody) drawPage(src string, pictures pictureSource) {
	look, width := b.pageLook(), b.width()
	b.stop = b.env.loop.Cancellable(func(ctx context.Context) func() {
		var images func(string) image.Image
		if pictures != nil {
			images = pictures(ctx)
		}
		p, err := preparePage(ctx, src, images, width, look)
		return func() {
			if err != nil || p.doc.Cut() && look.text {
				b.drawPlain(b.content.Text)
				return
			}
			if p.doc.Cut() {
				b.note(lang.T("reader.cut", lang.T("reader.as.text")))
			}
			b.plain.Hide()
			b.html.Set(p)
			b.quote.Hidden = !p.doc.HasQuote()
			b.quote.Tip(lang.T(pick(b.unfolded, "reader.quote.hide", "reader.quote.show")))
			b.settle()
		}
	})
}

// drawPlain shows a text as it is.
func (b *readerBody) drawPlain(text string) {
	b.html.Clear()
	b.quote.Hide()
	b.plain.SetMono(b.mode == asSource)
	b.plain.SetZoom(b.look.zoom)
	b.plain.SetText(text, nil)
	b.plain.Show()
	b.settle()
}

// note says something above the body, "" nothing.
func (b *readerBody) note(words string) {
	b.notes.RemoveAll()
	b.notes.Hidden = words == ""
	if words != "" {
		b.notes.Add(kit.NewLabel(words, kit.Muted).Wrapped())
	}
}

func (b *readerBody) settle() {
	b.ready = true
	b.changed()
}

// maxSource is how much of a message's source is shown; the whole can be saved.
const maxSource = 1 << 20

func (b *readerBody) drawSource() {
	open := b.source()
	b.stop = b.env.loop.Cancellable(func(ctx context.Context) func() {
		in, err := open(ctx)
		var raw []byte
		if err == nil {
			raw, err = io.ReadAll(io.LimitReader(in, maxSource+1))
			in.Close()
		}
		return func() {
			switch {
			case err != nil:
				b.mode = asDesigned
				b.env.fail(lang.T("fail.source"), err)
				b.draw()
				return
			case len(raw) > maxSource:
				raw = raw[:maxSource]
				b.note(lang.T("reader.source.cut", lang.Size(maxSource)))
			}
			b.drawPlain(sourceText(raw))
		}
	})
}

// sourceText makes bytes of any charset into lines that can be shown, with all that is hidden in them: the source is where
// one looks for a trick.
func sourceText(raw []byte) string {
	s := strings.ToValidUTF8(string(raw), "�")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "    ").Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = text.Visible(l)
	}
	return strings.Join(lines, "\n")
}

func (b *readerBody) toggleQuote() {
	b.unfolded = !b.unfolded
	b.html.SetLook(b.pageLook())
	b.quote.Tip(lang.T(pick(b.unfolded, "reader.quote.hide", "reader.quote.show")))
}

// LookChanged draws anew after zoom, colours or the form were changed.
func (b *readerBody) LookChanged() {
	if b.ready {
		b.plain.SetZoom(b.look.zoom)
		b.draw()
	}
}

// selection is that of what is shown.
func (b *readerBody) selection() *kit.Selection {
	if b.plain.Visible() {
		return b.plain.Selection()
	}
	return b.html.sel
}

// selections are those of everything that may be shown, to be connected.
func (b *readerBody) selections() []*kit.Selection {
	return []*kit.Selection{b.html.sel, b.plain.Selection()}
}

// Find marks where a query stands and returns how many places there are.
func (b *readerBody) Find(query string) int {
	if b.plain.Visible() {
		return b.plain.Mark(findIn(b.plain.Text(), query))
	}
	return b.html.Mark(query)
}

// LookAt turns to a place that was found and tells where it is in the body; -1 is none.
func (b *readerBody) LookAt(i int) (y, height float32) {
	if b.plain.Visible() {
		y, height = b.plain.LookAt(i)
		return y + b.plain.Position().Y, height
	}
	y, height = b.html.LookAt(i)
	return y + b.html.Position().Y, height
}
