package ui

import (
	"context"
	"errors"
	"image"
	"path"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"peyk/internal/mail"
	"peyk/internal/pdfview"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// viewer shows attached files over the window, one at a time: pictures, pages of PDF files, texts. Left and right go to the file
// before and after, Page Up and Page Down through pages, + and - zoom, 0 fits.
type viewer struct {
	files *files
	id    mail.MessageID
	list  []mail.Attachment
	at    int // in list

	gen    int    // counts what is shown: what was asked for before is dropped
	stop   func() // ends the reading under way
	doc    *pdfview.Doc
	page   int
	img    image.Image
	text   *kit.RichText
	zoom   float32 // 1: fits
	inked  float32 // the width in units for which the page of a PDF was painted
	closed bool

	name, place, scale *kit.Label
	prev, next         *kit.Button
	up, down           *kit.Button
	area               *viewArea
	dialog             *kit.Dialog
}

// previewable are the files among a list that the viewer shows.
func previewable(as []mail.Attachment) []mail.Attachment {
	var out []mail.Attachment
	for _, a := range as {
		if canPreview(a) {
			out = append(out, a)
		}
	}
	return out
}

// Preview shows a file, and lets the reader go through the others of the list.
func (f *files) Preview(id mail.MessageID, a mail.Attachment, list []mail.Attachment) *viewer {
	v := &viewer{files: f, id: id, list: previewable(list), zoom: 1}
	for i, x := range v.list {
		if x.Part == a.Part {
			v.at = i
		}
	}
	if len(v.list) == 0 {
		v.list = []mail.Attachment{a}
	}
	v.build()
	v.open()
	return v
}

func (v *viewer) file() mail.Attachment { return v.list[v.at] }

func (v *viewer) build() {
	icon := func(i icons.Name, tip string, do func()) *kit.Button {
		return kit.NewIconButton(i, lang.T(tip), do).Tinted(theme.Muted)
	}
	v.name = kit.NewLabel("", kit.Strong).Ellipsized()
	v.place, v.scale = kit.NewLabel("", kit.Meta), kit.NewLabel("", kit.Meta)
	v.prev, v.next = icon(icons.ChevronLeft, "viewer.prev", func() { v.go1(-1) }), icon(icons.ChevronRight, "viewer.next", func() { v.go1(1) })
	v.up, v.down = icon(icons.ChevronUp, "viewer.up", func() { v.turn(-1) }), icon(icons.ChevronDown, "viewer.down", func() { v.turn(1) })
	bar := kit.HBox(4, v.prev, v.next, kit.Gap(6), kit.Grow(v.name), v.place, v.up, v.down, kit.Gap(6),
		icon(icons.ZoomOut, "viewer.smaller", func() { v.Zoom(-1) }), v.scale, icon(icons.ZoomIn, "viewer.larger", func() { v.Zoom(1) }), icon(icons.Maximize2, "viewer.fit", func() { v.Zoom(0) }))
	v.area = newViewArea(v)
	size := v.files.env.win.Canvas().Size()
	v.dialog = &kit.Dialog{Width: min(size.Width-48, 1100), Height: size.Height - 48, Content: kit.Border(kit.Pad(0, 0, 8, 0, bar), nil, nil, nil, v.area), Focus: v.area, OnClose: v.close,
		Buttons: []kit.DialogButton{
			{Text: lang.T("attach.save"), Kind: kit.Plain, Stay: true, Do: func() { v.files.Save(v.id, v.file()) }},
			{Text: lang.T("viewer.open"), Kind: kit.Plain, Stay: true, Do: func() { v.files.Open(v.id, v.file()) }},
			{Text: lang.T("kit.close"), Kind: kit.Primary},
		}}
	v.dialog.Show(v.files.env.win)
}

// close lets go of what is shown.
func (v *viewer) close() {
	v.closed = true
	v.leave()
}

// leave ends the reading under way and closes the file.
func (v *viewer) leave() {
	v.gen++
	if v.stop != nil {
		v.stop()
		v.stop = nil
	}
	if doc := v.doc; doc != nil {
		v.doc = nil
		v.files.env.loop.Go(func(context.Context) func() { doc.Close(); return nil })
	}
}

// open reads the file that is looked at.
func (v *viewer) open() {
	v.leave()
	a, gen := v.file(), v.gen
	v.page, v.img, v.text, v.zoom, v.inked = 0, nil, nil, 1, 0
	v.name.SetText(model.VisibleName(a.Filename))
	v.area.say(lang.T("viewer.loading"))
	v.update()
	ctx, stop := context.WithCancel(v.files.env.loop.ctx)
	v.stop = stop
	v.files.env.loop.Go(func(context.Context) func() { // not Cancellable: what was opened is to be closed, wanted or not
		data, err := v.files.bytes(ctx, v.id, a.Part, maxPreviewBytes+1)
		var img image.Image
		var doc *pdfview.Doc
		switch {
		case err != nil:
		case isPDF(a):
			doc, err = pdfview.Open(ctx, data)
		case strings.HasPrefix(a.ContentType, "image/"):
			img, err = decodeImage(data)
		}
		return func() {
			stop()
			if gen != v.gen { // nobody waits for it any more
				if doc != nil {
					v.files.env.loop.Go(func(context.Context) func() { doc.Close(); return nil })
				}
				return
			}
			v.stop = nil
			switch {
			case err != nil:
				v.fail(err)
			case doc != nil:
				v.doc = doc
				v.paint()
			case img != nil:
				v.img = img
				v.area.picture(img)
			default:
				v.text = kit.NewRichText()
				v.text.SetText(strings.ToValidUTF8(string(data), "�"), nil)
				v.area.words(v.text)
			}
			v.update()
		}
	})
}

func isPDF(a mail.Attachment) bool {
	return a.ContentType == "application/pdf" || a.ContentType == "application/octet-stream" && strings.EqualFold(path.Ext(a.Filename), ".pdf")
}

// fail says why there is nothing to see; the file can still be saved and opened.
func (v *viewer) fail(err error) {
	id := "viewer.failed"
	switch {
	case errors.Is(err, context.Canceled):
		return
	case errors.Is(err, pdfview.ErrLocked):
		id = "viewer.locked"
	case errors.Is(err, pdfview.ErrTooLarge):
		id = "viewer.large"
	case errors.Is(err, pdfview.ErrTooSlow):
		id = "viewer.slow"
	}
	v.area.say(lang.T(id))
}

// paint paints the page of a PDF as large as it is shown.
func (v *viewer) paint() {
	doc, page, gen := v.doc, v.page, v.gen
	width := v.area.room().Width * v.zoom
	if doc == nil || width < 10 {
		return
	}
	if v.stop != nil {
		return // painted again when that one is done, if it is another size
	}
	v.inked = width
	pixels := int(width * v.files.env.win.Canvas().Scale())
	v.stop = v.files.env.loop.Cancellable(func(ctx context.Context) func() {
		img, err := doc.Page(ctx, page, pixels)
		return func() {
			if gen != v.gen {
				return
			}
			v.stop = nil
			if err != nil {
				v.fail(err)
				return
			}
			v.img = img
			v.area.picture(img)
			if v.page != page || v.inked != v.area.room().Width*v.zoom {
				v.paint()
			}
			v.update()
		}
	})
}

// update shows where the reader is.
func (v *viewer) update() {
	pages := 0
	if v.doc != nil {
		pages = v.doc.Pages()
	}
	place := ""
	if pages > 0 {
		place = lang.T("viewer.page", v.page+1, pages)
	} else if len(v.list) > 1 {
		place = lang.T("viewer.file", v.at+1, len(v.list))
	}
	v.place.SetText(place)
	v.scale.SetText(lang.T("viewer.percent", int(v.zoom*100+0.5)))
	v.prev.SetEnabled(v.at > 0)
	v.next.SetEnabled(v.at < len(v.list)-1)
	v.prev.Hidden, v.next.Hidden = len(v.list) < 2, len(v.list) < 2
	v.up.Hidden, v.down.Hidden = pages < 2, pages < 2
	v.up.SetEnabled(v.page > 0)
	v.down.SetEnabled(v.page < pages-1)
	v.dialog.Relayout()
}

// go1 goes to the file before or after.
func (v *viewer) go1(by int) {
	if to := v.at + by; to >= 0 && to < len(v.list) {
		v.at = to
		v.open()
	}
}

// turn goes to another page.
func (v *viewer) turn(by int) {
	if v.doc == nil {
		return
	}
	if to := v.page + by; to >= 0 && to < v.doc.Pages() {
		v.page = to
		v.area.top()
		v.paint()
		v.update()
	}
}

// Zoom makes what is shown larger or smaller by a quarter; 0 fits it.
func (v *viewer) Zoom(step int) {
	switch {
	case step == 0:
		v.zoom = 1
	case step > 0:
		v.zoom = min(v.zoom*1.25, 8)
	default:
		v.zoom = max(v.zoom/1.25, 0.25)
	}
	if v.text != nil {
		v.text.SetZoom(v.zoom)
	}
	v.area.Refresh()
	v.paint()
	v.update()
}

// size is how large a picture is shown in so much room: a page as wide as that, a picture whole but never larger than it is.
func (v *viewer) size(room fyne.Size) fyne.Size {
	if v.img == nil {
		return fyne.Size{}
	}
	b := v.img.Bounds()
	w, h := float32(b.Dx()), float32(b.Dy())
	s := min(room.Width/w, room.Height/h, 1)
	if v.doc != nil {
		s = room.Width / w
	}
	return fyne.NewSize(w*s*v.zoom, h*s*v.zoom)
}

// newImage makes a picture that is drawn as large as it is told.
func newImage(img image.Image) *canvas.Image {
	p := canvas.NewImageFromImage(img)
	p.FillMode, p.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleSmooth
	return p
}

// newScroll scrolls both ways, for what is larger than its room.
func newScroll(o fyne.CanvasObject) *container.Scroll { return container.NewScroll(o) }
