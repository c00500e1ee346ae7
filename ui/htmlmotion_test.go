package ui

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/gif"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"peyk/internal/htmlview"
	"peyk/ui/theme"
)

// blinking is an animation that is red for 100 ms and green for 200.
func blinking(t *testing.T, loops int) image.Image {
	t.Helper()
	pal := color.Palette{color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}}
	frame := func(c uint8) *image.Paletted {
		m := image.NewPaletted(image.Rect(0, 0, 40, 40), pal)
		for i := range m.Pix {
			m.Pix[i] = c
		}
		return m
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame(0), frame(1)}, Delay: []int{10, 20}, LoopCount: loops}); err != nil {
		t.Fatal(err)
	}
	return htmlview.DecodeImage(b.Bytes(), maxPicturePixels)
}

// movingPage is a page in a window, whose UI thread the test plays.
type movingPage struct {
	*htmlBody
	t     *testing.T
	posts chan func()
}

func newMovingPage(t *testing.T, src string, loops int) *movingPage {
	t.Helper()
	app := test.NewApp()
	t.Cleanup(app.Quit)
	theme.Install(app)
	theme.SetMode(theme.ForceLight)
	img := blinking(t, loops)
	p, err := preparePage(context.Background(), src, func(string) image.Image { return img }, 700, pageLook{zoom: 1})
	if err != nil {
		t.Fatal(err)
	}
	m := &movingPage{t: t, posts: make(chan func(), 1000)}
	l := newLoop(context.Background(), func(f func()) { m.posts <- f })
	t.Cleanup(l.close)
	m.htmlBody = newHTMLBody(l)
	m.changed = func() {}
	m.Set(p)
	w := test.NewWindow(m.htmlBody)
	t.Cleanup(w.Close)
	w.Resize(fyne.NewSize(700, 500))
	m.paint()
	return m
}

// paint paints what is in view, as a driver does, and does what painting asked for.
func (m *movingPage) paint() {
	for _, tile := range m.tiles {
		if tile.raster.Visible() {
			tile.raster.Generator(700, tileHeight)
		}
	}
	for {
		select {
		case f := <-m.posts:
			f()
		default:
			return
		}
	}
}

// wait lets the clock of the page bring the next step, and paints it.
func (m *movingPage) wait() {
	m.t.Helper()
	for m.tiles[0].at == m.motion.ran { // a step may have come while the last one was painted
		select {
		case f := <-m.posts:
			f()
		case <-time.After(time.Minute):
			m.t.Fatal("the picture stands still")
		}
	}
	m.paint()
}

// colour is what the page shows at a place of its first tile.
func (m *movingPage) colour(x, y int) color.RGBA { return m.tiles[0].base.RGBAAt(x, y) }

func (m *movingPage) click(x, y float32) {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = fyne.NewPos(x, y)
	m.sel.MouseDown(e)
	m.sel.MouseUp(e)
}

const blinkingPage = `<body style="margin:0"><img src="cid:a" style="display:block"><p>text</p>`

func TestMovingPicturesMoveAndEnd(t *testing.T) {
	red, green := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}
	m := newMovingPage(t, blinkingPage, 1) // a loop count of 1: played twice
	before := append([]byte(nil), m.tiles[0].base.Pix...)
	for i, want := range []color.RGBA{red, green, red, green} {
		if i > 0 {
			m.wait()
		}
		if got := m.colour(20, 20); got != want {
			t.Fatalf("picture %d is %v, want %v", i, got, want)
		}
	}
	m.wait() // the end of the last round
	if m.motion.stop != nil || m.colour(20, 20) != green {
		t.Errorf("after its rounds the picture goes on, or is not the last: %v", m.colour(20, 20))
	}
	for y := range tileHeight {
		for x := range 700 {
			if o := m.tiles[0].base.PixOffset(x, y); (x >= 40 || y >= 40) && !bytes.Equal(before[o:o+4], m.tiles[0].base.Pix[o:o+4]) {
				t.Fatalf("the step changed the page beside the picture, at %d, %d", x, y)
			}
		}
	}
}

func TestMovingPicturesPause(t *testing.T) {
	m := newMovingPage(t, blinkingPage, 0)
	if m.motion.stop == nil && m.motion.ran == 0 {
		t.Fatal("the picture does not move")
	}
	m.click(20, 300)
	if m.motion.paused {
		t.Error("a click beside the picture stops it")
	}
	m.click(20, 20)
	if m.paint(); m.motion.stop != nil {
		t.Error("a click does not stop the picture")
	}
	m.pauseAt(fyne.NewPos(20, 20))
	if m.motion.stop == nil {
		t.Error("another click does not let it go on")
	}

	m.motion.halt()
	m.motion.ran = m.motion.touched + movingFor
	if m.paint(); m.motion.stop != nil {
		t.Error("it still moves a minute after the user was seen")
	}
	m.sel.MouseMoved(&desktop.MouseEvent{})
	if m.motion.stop == nil {
		t.Error("the user is back and it stands still")
	}

	m.Clear()
	if m.motion.stop != nil || len(m.motion.pictures) != 0 {
		t.Error("it moves although the message was left")
	}
}

func TestOnlyPicturesInViewMove(t *testing.T) {
	if m := newMovingPage(t, `<table><tr><td>x</td></tr></table>`, 0); m.motion.stop != nil || len(m.motion.pictures) > 0 {
		t.Error("a page without moving pictures has a clock")
	}
	below := strings.Repeat(`<table width="600" bgcolor="#0f766e"><tr><td height="300">x</td></tr></table>`, 4)
	if m := newMovingPage(t, below+`<img src="cid:a">`, 0); m.motion.stop != nil || len(m.motion.pictures) != 1 {
		t.Error("a picture out of view moves")
	}
}

func TestASummaryOpensByAClick(t *testing.T) {
	m := newMovingPage(t, `<body style="margin:0"><details><summary>More</summary>hidden words</details>`, 0)
	if !m.pointedAt(fyne.NewPos(30, 8)) || m.pointedAt(fyne.NewPos(30, 200)) {
		t.Error("the pointer does not tell what can be clicked")
	}
	m.sel.All()
	laid := make(chan bool, 1)
	m.changed = func() { laid <- true }
	for i, want := range []bool{true, false} {
		m.click(float32(30+60*i), 8) // elsewhere, for the second not to be a double click
		for done := false; !done; {
			select {
			case f := <-m.posts:
				f()
			case done = <-laid:
			case <-time.After(time.Minute):
				t.Fatal("nothing is laid out anew")
			}
		}
		if got := strings.Contains(m.Slice(0, m.Length()), "hidden words"); got != want {
			t.Errorf("open: %v, want %v", got, want)
		}
	}
}
