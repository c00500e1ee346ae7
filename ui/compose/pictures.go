package compose

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"image"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"peyk/internal/htmlview"
	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// Bounds of pictures in the text.
const (
	maxPictureBytes  = 25 << 20
	maxPicturePixels = 50 << 20
	shownWidth       = 600 // pixels a large picture is shown at, also by those who get it
)

// pictures are the pictures of the text: what they are attached as, and their pixels once they are read.
type pictures struct {
	engine  Engine
	loop    Loop
	list    []mail.DraftAttachment
	pixels  map[string]image.Image
	asked   map[string]bool
	arrived func()
	remote  func(url string) image.Image // those that were shown to the user already; nil: none
	scale   func() float32               // pixels of the window to a unit
}

func newPictures(w *Window) *pictures {
	return &pictures{engine: w.opt.Engine, loop: w.opt.Loop, pixels: map[string]image.Image{}, asked: map[string]bool{}, arrived: w.body.PicturesChanged,
		remote: w.opt.Shown, scale: func() float32 { return w.win.Canvas().Scale() }}
}

// take sorts out the pictures of the text from the attachments of a draft.
func (p *pictures) take(all []mail.DraftAttachment, doc richtext.Doc) (files []mail.DraftAttachment) {
	shown := map[string]bool{}
	for _, id := range doc.Images() {
		shown[id] = true
	}
	p.list = nil
	for _, a := range all {
		if a.Inline && shown[a.ContentID] {
			p.list = append(p.list, a)
		} else {
			files = append(files, a)
		}
	}
	return files
}

// used are those of all pictures that stand in a document.
func used(all []mail.DraftAttachment, doc richtext.Doc) []mail.DraftAttachment {
	var out []mail.DraftAttachment
	for _, id := range doc.Images() {
		for _, a := range all {
			if a.ContentID == id {
				out = append(out, a)
				break
			}
		}
	}
	return out
}

// refresh takes over what became of the pictures when the draft was stored.
func (p *pictures) refresh(stored []mail.DraftAttachment) {
	for _, s := range stored {
		for i := range p.list {
			if s.Inline && p.list[i].ContentID == s.ContentID {
				p.list[i] = s
			}
		}
	}
}

// get is a picture, or a page as one; it is read when it is first asked for, and arrived is called then.
func (p *pictures) get(m *richtext.Image) image.Image {
	id := m.ID
	if p.asked[id] {
		return p.pixels[id]
	}
	if m.Page != "" {
		p.asked[id] = true
		p.loop.Go(pageWork(p.engine, m.Page, slices.Clone(p.list), p.remote, p.scale(), func(img image.Image) {
			p.pixels[id] = img
			p.arrived()
		}))
		return nil
	}
	for _, a := range p.list {
		if a.ContentID != id {
			continue
		}
		p.asked[id] = true
		p.loop.Go(pictureWork(p.engine, a, func(img image.Image, err error) {
			if err == nil { // else its words are shown in its place
				p.pixels[id] = img
				p.arrived()
			}
		}))
		break
	}
	return nil
}

// put keeps a picture that was just read.
func (p *pictures) put(a mail.DraftAttachment, img image.Image) {
	p.list = append(p.list, a)
	p.asked[a.ContentID], p.pixels[a.ContentID] = true, img
}

var errNoPicture = errors.New("it is no picture that can be shown")

// pictureWork reads the pixels of an attachment.
func pictureWork(e Engine, a mail.DraftAttachment, then func(image.Image, error)) work {
	return func(ctx context.Context) func() {
		img, err := readPicture(ctx, e, a)
		return func() { then(img, err) }
	}
}

func readPicture(ctx context.Context, e Engine, a mail.DraftAttachment) (image.Image, error) {
	r, err := e.OpenAttachment(ctx, a)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxPictureBytes+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxPictureBytes {
		return nil, errNoPicture
	}
	img := htmlview.DecodeImage(raw, maxPicturePixels)
	if img == nil {
		return nil, errNoPicture
	}
	return img, nil
}

// newContentID names a picture; it tells nothing about this computer.
func newContentID() string {
	var b [12]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:]) + "@peyk"
}

// insertPicture asks for pictures and puts them into the text.
func (w *Window) insertPicture() {
	w.opt.Files.Files(w.win, lang.T("compose.tool.image"), w.insertPictures)
}

// insertPictures puts files into the text at the caret; those that are no pictures are attached.
func (w *Window) insertPictures(paths []string) {
	if w.plain {
		w.files.addFiles(paths)
		return
	}
	for _, path := range paths {
		done := w.coming.begin()
		w.opt.Loop.Go(insertWork(w.opt.Engine, path, func(a mail.DraftAttachment, img image.Image, err error) {
			defer func() { done(err == nil) }()
			if err != nil {
				w.files.addFiles([]string{path})
				w.tell(kit.LevelWarning, lang.T("compose.image.failed", filepath.Base(path)))
				return
			}
			w.pictures.put(a, img)
			w.body.InsertPicture(pictureOf(a, img))
			w.weigh()
			w.body.Focus()
		}))
	}
}

// pictureOf is a picture as it stands in the text: a large one is shown smaller.
func pictureOf(a mail.DraftAttachment, img image.Image) richtext.Image {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if w > shownWidth {
		w, h = shownWidth, max(1, h*shownWidth/w)
	}
	return richtext.Image{ID: a.ContentID, Alt: a.Name, Width: w, Height: h}
}

func insertWork(e Engine, path string, then func(mail.DraftAttachment, image.Image, error)) work {
	return func(ctx context.Context) func() {
		a, err := describe(path)
		if err != nil {
			return func() { then(a, nil, err) }
		}
		a.Inline, a.ContentID = true, newContentID()
		img, err := readPicture(ctx, e, a)
		return func() { then(a, img, err) }
	}
}

// isPicture reports whether a file is one that mail programs show in a text, by its name.
func isPicture(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp":
		return true
	}
	return false
}
