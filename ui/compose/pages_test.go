package compose

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/theme"
)

const orderPage = `<div dir="rtl" style="margin:0;color:#000;font-size:16px;font-weight:normal;font-style:normal;line-height:normal;text-align:start;white-space:normal"><div style="background:#eef;font-family:Tahoma">` +
	`<table width="100%"><tr><td align="center"><table width="520" style="background:#fff;border:1px solid #ccd;border-radius:8px;padding:16px"><tr><td>` +
	`<h2 style="color:#0a7">سفارش شما رسید</h2><p>سلام سارا، بستهٔ شمارهٔ ۱۴۰۲ امروز فرستاده شد.</p><img src="cid:box@shop" width="160" height="90">` +
	`<img src="https://shop.example/logo.png" width="120" height="40" alt="Shop"><p><a href="https://shop.example/t" style="background:#0a7;color:#fff;padding:8px 20px;border-radius:6px;display:inline-block;text-decoration:none">پیگیری بسته</a></p>` +
	`</td></tr></table></td></tr></table></div></div>`

// forwarded is a draft that sends a laid out message on.
func forwarded(t *testing.T) mail.Draft {
	d := weekly()
	d.Subject, d.Forwarded = "Fwd: سفارش شما", true
	path := writePicture(t, "box.png", 160, 90)
	a, err := describe(path)
	if err != nil {
		t.Fatal(err)
	}
	a.Inline, a.ContentID = true, "box@shop"
	d.Attachments = []mail.DraftAttachment{a}
	d.HTML = richtext.Doc{{Text: "آنا، این را ببین."}, {}, {Text: "---------- نامهٔ بازارسال‌شده ----------"}, {Text: "از: فروشگاه <shop@shop.example>", Block: richtext.Block{Tight: true}}, richtext.NewPage(orderPage)}.HTML()
	return d
}

func TestAForwardedPageIsShownAndStays(t *testing.T) {
	for _, c := range []struct {
		name, code string
		mode       theme.Mode
		w, h       float32
	}{{"compose-page", "en", theme.ForceLight, 820, 760}, {"compose-page-dark-persian", "fa", theme.ForceDark, 820, 760}, {"compose-page-small", "fa", theme.ForceLight, 520, 640}} {
		r := open(t, c.code, c.mode, forwarded(t))
		r.win.Resize(fyne.NewSize(c.w, c.h))
		r.loop.tick()
		r.shot(c.name)
		d := r.w.Draft()
		doc := richtext.FromDraft(d.HTML)
		if pages := doc.Pages(); len(pages) != 1 || pages[0].Page != orderPage {
			t.Errorf("%s: the page is another one: %#v", c.name, pages)
		}
		if len(d.Attachments) != 1 || !d.Attachments[0].Inline || d.Attachments[0].ContentID != "box@shop" {
			t.Errorf("%s: its picture: %+v", c.name, d.Attachments)
		}
		if !strings.Contains(d.Text, "پیگیری بسته") {
			t.Errorf("%s: its words are not in the text: %q", c.name, d.Text)
		}
		if green := colored(r.win.Canvas().Capture(), color.NRGBA{0, 0xaa, 0x77, 255}); green < 500 {
			t.Errorf("%s: its button is not drawn", c.name)
		}
	}
}

func colored(img image.Image, want color.NRGBA) (n int) {
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if r, g, b, _ := img.At(x, y).RGBA(); near(r>>8, want.R) && near(g>>8, want.G) && near(b>>8, want.B) {
				n++
			}
		}
	}
	return n
}

func near(a uint32, b uint8) bool { return int(a)-int(b) <= 4 && int(b)-int(a) <= 4 }

func TestWhatCanBeDoneWithAForwardedPage(t *testing.T) {
	r := open(t, "en", theme.ForceLight, forwarded(t))
	r.loop.tick()
	before := r.w.Draft().HTML
	at := strings.Index(r.w.body.Text(), richtext.Object)
	r.w.body.SetCaret(at)
	menu := r.w.linkMenu()
	if len(menu) != 2 {
		t.Fatal("the menu of a page:", len(menu))
	}
	menu[0].Do()
	doc := r.w.body.Document()
	if len(doc.Pages()) != 0 || !strings.Contains(doc.Plain(), "سلام سارا") {
		t.Errorf("as text: %q", doc.Plain())
	}
	if got := r.w.Draft().Attachments; len(got) != 1 || !got[0].Inline {
		t.Errorf("the picture in the text: %+v", got)
	}
	r.w.body.Undo()
	if r.w.Draft().HTML != before {
		t.Error("undo does not bring it back")
	}
	r.w.body.SetCaret(at)
	r.w.linkMenu()[1].Do()
	if doc := r.w.body.Document(); len(doc.Pages()) != 0 || strings.Contains(doc.Plain(), "سلام") || len(r.w.Draft().Attachments) != 0 {
		t.Errorf("removed: %q", doc.Plain())
	}
}

// What the user has not been shown is not fetched while he writes, and what he has seen is there.
func TestPicturesOfAForwardedPage(t *testing.T) {
	var asked []string
	red := image.NewUniform(color.NRGBA{220, 20, 20, 255})
	for _, seen := range []bool{false, true} {
		var shown func(string) image.Image
		if seen {
			shown = func(url string) image.Image {
				asked = append(asked, url)
				img := image.NewNRGBA(image.Rect(0, 0, 120, 40))
				draw.Draw(img, img.Rect, red, image.Point{}, draw.Src)
				return img
			}
		}
		r := openWith(t, "en", theme.ForceLight, forwarded(t), shown)
		r.win.Resize(fyne.NewSize(820, 760))
		r.loop.tick()
		n := colored(r.win.Canvas().Capture(), red.C.(color.NRGBA))
		if seen != (n > 2000) {
			t.Errorf("seen %v: %d pixels of the picture", seen, n)
		}
	}
	if len(asked) != 1 || asked[0] != "https://shop.example/logo.png" {
		t.Error(asked)
	}
}
