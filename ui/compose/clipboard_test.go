package compose

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"strings"
	"testing"

	"golang.org/x/image/bmp"

	"peyk/internal/clipimage"
	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/theme"
)

// paste opens a draft with this in the clipboard, and pastes.
func paste(t *testing.T, d mail.Draft, raw []byte, err error) *rig {
	t.Helper()
	r := open(t, "en", theme.ForceLight, d)
	r.w.opt.Clipboard = func(context.Context) ([]byte, error) { return raw, err }
	r.w.body.SetCaret(0)
	r.w.body.OnPasteOther("")
	r.loop.run()
	return r
}

func pixels(t *testing.T, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodePNG(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) }
func encodeBMP(b *bytes.Buffer, m image.Image) error { return bmp.Encode(b, m) }

func TestAPictureIsPasted(t *testing.T) {
	for name, raw := range map[string][]byte{"png": pixels(t, encodePNG), "bmp": pixels(t, encodeBMP)} {
		r := paste(t, weekly(), raw, nil)
		d := r.w.Draft()
		if len(d.Attachments) != 1 || !d.Attachments[0].Inline || d.Attachments[0].Name != "image.png" || d.Attachments[0].ContentType != "image/png" {
			t.Fatalf("%s: %+v", name, d.Attachments)
		}
		if !strings.HasPrefix(r.w.body.Text(), richtext.Object) {
			t.Errorf("%s: it stands elsewhere: %q", name, r.w.body.Text())
		}
		stored, err := os.ReadFile(d.Attachments[0].Path)
		if _, kind, derr := image.DecodeConfig(bytes.NewReader(stored)); err != nil || derr != nil || kind != "png" {
			t.Errorf("%s: the file is %s, %v %v", name, kind, err, derr)
		}
		r.w.body.OnPasteOther("") // and once more
		r.loop.run()
		if d := r.w.Draft(); len(d.Attachments) != 2 || d.Attachments[0].Path == d.Attachments[1].Path {
			t.Errorf("%s: two are %+v", name, d.Attachments)
		}
	}
}

func TestAPictureIsAttachedToPlainText(t *testing.T) {
	d := weekly()
	d.Plain = true
	r := paste(t, d, pixels(t, encodePNG), nil)
	if got := r.w.Draft(); len(got.Attachments) != 1 || got.Attachments[0].Inline || got.Text != d.Text {
		t.Errorf("%+v", got)
	}
}

// What is no text and no picture either is pasted as it is.
func TestBytesThatAreNoPicture(t *testing.T) {
	r := open(t, "en", theme.ForceLight, weekly())
	r.w.opt.Clipboard = func(context.Context) ([]byte, error) { return nil, clipimage.ErrNone }
	r.w.body.SetCaret(0)
	r.w.body.OnPasteOther("caf\xe9 ")
	r.loop.run()
	if !strings.HasPrefix(r.w.body.Text(), "caf") {
		t.Errorf("%q", r.w.body.Text())
	}
}

func TestWhatCannotBePasted(t *testing.T) {
	told := (*rig).banner
	if r := paste(t, weekly(), nil, clipimage.ErrNone); told(r) != "" || len(r.w.Draft().Attachments) != 0 {
		t.Error("an empty clipboard:", told(r))
	}
	for want, err := range map[string]error{"too large": clipimage.ErrTooLarge, "does not answer": context.DeadlineExceeded, "odd": errors.New("odd")} {
		if r := paste(t, weekly(), nil, err); !strings.Contains(told(r), want) {
			t.Errorf("%v: %q", err, told(r))
		}
	}
	if r := paste(t, weekly(), []byte("no picture"), nil); !strings.Contains(told(r), "does not know") || len(r.w.Draft().Attachments) != 0 {
		t.Error("bytes that are none:", told(r))
	}
}
