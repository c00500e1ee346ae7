package ui

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// TestADraftIsShownAsItIsWritten: with its formatting, the pictures in its text, and its files, which can be opened.
func TestADraftIsShownAsItIsWritten(t *testing.T) {
	b := newBench(t)
	red := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range red.Pix {
		red.Pix[i] = []uint8{200, 10, 10, 255}[i%4]
	}
	var shot bytes.Buffer
	b.ok(png.Encode(&shot, red))
	refs, err := b.store.PutBlobs(b.Context(), [][]byte{shot.Bytes(), []byte("the plan")})
	b.ok(err)
	d := mail.Draft{Account: b.imap, Subject: "نیمه", Text: "سلام [logo.png]", HTML: `<p dir="rtl"><b>سلام</b></p><p><img src="cid:logo@peyk" width="40" height="30"></p>`,
		Attachments: []mail.DraftAttachment{{Name: "logo.png", ContentType: "image/png", Size: int64(shot.Len()), Blob: &refs[0], Inline: true, ContentID: "logo@peyk"},
			{Name: "گزارش.txt", ContentType: "text/plain", Size: 8, Blob: &refs[1]}}}
	b.ok(b.store.SaveDraft(b.Context(), &d))
	for _, l := range []string{"fa", "en"} {
		lang.Set(l)
		b.drain()
		b.w.Go(model.Place{Kind: model.PlaceDrafts})
		b.until("the draft", func() bool { return b.w.list.pager.Total() == 1 })
		b.w.list.Step(1)
		b.until("its text and its file", func() bool {
			return strings.Contains(b.bodySays(), "سلام") && !strings.Contains(b.bodySays(), "logo.png") && strings.Contains(b.windowSays(), "گزارش")
		})
		b.until("its picture", func() bool {
			b.drain()
			return hasColor(b.w.Window().Canvas().Capture(), color.RGBA{200, 10, 10, 255})
		})
		b.shot("draft-shown-" + l)
	}
	reading := draftReading{d, b.engine}
	r, err := reading.Part(b.Context(), 0, "1")
	b.ok(err)
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != "the plan" {
		t.Errorf("the file says %q, %v", got, err)
	}
	if _, err := reading.Part(b.Context(), 0, "2"); err == nil {
		t.Error("a part that is not there opens")
	}
}

// hasColor reports whether a color is in a picture.
func hasColor(img image.Image, want color.RGBA) bool {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 5 {
		for x := b.Min.X; x < b.Max.X; x += 5 {
			if r, g, bl, _ := img.At(x, y).RGBA(); uint8(r>>8) == want.R && uint8(g>>8) == want.G && uint8(bl>>8) == want.B {
				return true
			}
		}
	}
	return false
}
