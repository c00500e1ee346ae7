package ui

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"peyk/internal/mail"
	"peyk/ui/theme"
	"peyk/ui/uitest"
)

// pictureOpener gives every part as the same picture, and counts how many are read at a time.
type pictureOpener struct {
	mail.Opener
	picture []byte
	reading atomic.Int32
	most    atomic.Int32
	opened  atomic.Int32
	wait    func(ctx context.Context) // before each one is given
}

func (o *pictureOpener) Part(ctx context.Context, _ mail.MessageID, _ string) (io.ReadCloser, error) {
	o.opened.Add(1)
	if n := o.reading.Add(1); n > o.most.Load() {
		o.most.Store(n)
	}
	o.wait(ctx)
	return &countedPart{Reader: bytes.NewReader(o.picture), o: o}, ctx.Err()
}

type countedPart struct {
	io.Reader
	o *pictureOpener
}

func (p *countedPart) Close() error { p.o.reading.Add(-1); return nil }

// The pictures below a text are read one after the other, and only as many of their pixels are kept as are seen; what is left is not read on.
func TestPicturesBelowATextTakeLittleMemory(t *testing.T) {
	app := uitest.NewApp(t, nil)
	theme.Install(app)
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4000, 1000))); err != nil {
		t.Fatal(err)
	}
	posts := make(chan func(), 100)
	l := newLoop(context.Background(), func(f func()) { posts <- f })
	defer l.close()
	o := &pictureOpener{picture: b.Bytes(), wait: func(context.Context) {}}
	i := newInlineImages(&env{loop: l}, o)
	changed := 0
	i.changed = func() { changed++ }
	var files []mail.Attachment
	for range 5 {
		files = append(files, mail.Attachment{Inline: true, ContentType: "image/png", Size: int64(b.Len())})
	}
	i.Show(1, files)
	for !l.idle() || changed < len(files) {
		(<-posts)()
	}
	if n := o.most.Load(); n != 1 {
		t.Errorf("%d pictures were read at a time", n)
	}
	for n, place := range i.box.Objects {
		p := pictureIn(place)
		if p == nil {
			t.Fatalf("picture %d is not there", n)
		}
		if w := p.Image.Bounds().Dx(); w > 2*maxPictureWidth {
			t.Errorf("picture %d is kept %d pixels wide", n, w)
		}
		if s := place.MinSize(); s.Width != maxPictureWidth || s.Height != maxPictureWidth/4 {
			t.Errorf("picture %d takes %v", n, s)
		}
	}
	begun := make(chan bool)
	o.opened.Store(0)
	o.wait = func(ctx context.Context) { begun <- true; <-ctx.Done() }
	i.Show(2, files)
	<-begun
	i.Clear()
	for !l.idle() {
	}
	if n := o.opened.Load(); n != 1 || len(i.box.Objects) != 0 {
		t.Errorf("%d pictures were read of what was left, %d places are there", n, len(i.box.Objects))
	}
}

func pictureIn(o fyne.CanvasObject) *canvas.Image {
	switch o := o.(type) {
	case *canvas.Image:
		return o
	case *fyne.Container:
		for _, x := range o.Objects {
			if p := pictureIn(x); p != nil {
				return p
			}
		}
	}
	return nil
}
