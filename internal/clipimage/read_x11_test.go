//go:build unix && !darwin

package clipimage

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// display starts a display of its own for the test.
func display(t *testing.T) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "320x200x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line := make([]byte, 16)
	n, err := r.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(strings.TrimSpace(string(line[:n])))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISPLAY", ":"+strconv.Itoa(number))
}

func noise(t *testing.T, w, h int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	rnd := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			v := rnd.Uint32()
			img.SetRGBA(x, y, color.RGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// owner is a program that has the clipboard.
type owner struct {
	offers map[string][]byte
	piece  int  // what is larger comes in pieces of so many bytes; 0: nothing does
	silent bool // it never answers
}

// own takes the clipboard of the display and answers until the test ends.
func (o *owner) own(t *testing.T) {
	t.Helper()
	c, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{c: c, atoms: map[string]xproto.Atom{}}
	win, err := xproto.NewWindowId(c)
	if err != nil {
		t.Fatal(err)
	}
	xproto.CreateWindow(c, 0, win, xproto.Setup(c).DefaultScreen(c).Root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0, 0, nil)
	names := map[xproto.Atom]string{}
	atom := func(name string) xproto.Atom {
		a, err := r.atom(name)
		if err != nil {
			t.Error(err)
		}
		names[a] = name
		return a
	}
	for name := range o.offers {
		atom(name)
	}
	targets, incr := atom("TARGETS"), atom("INCR")
	xproto.SetSelectionOwner(c, win, atom("CLIPBOARD"), xproto.TimeCurrentTime)
	if _, err := xproto.GetInputFocus(c).Reply(); err != nil { // it is done
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() {
		c.Close()
		<-done
	})
	go func() {
		defer close(done)
		left := map[xproto.Window][]byte{} // to be sent in pieces
		kinds := map[xproto.Window]xproto.Atom{}
		for {
			e, xerr := c.WaitForEvent()
			if e == nil && xerr == nil {
				return
			}
			switch e := e.(type) {
			case xproto.SelectionRequestEvent:
				if o.silent {
					continue
				}
				o.answer(c, e, names, targets, incr, left, kinds)
			case xproto.PropertyNotifyEvent:
				data, ok := left[e.Window]
				if !ok || e.State != xproto.PropertyDelete {
					continue
				}
				n := min(o.piece, len(data))
				xproto.ChangeProperty(c, xproto.PropModeReplace, e.Window, e.Atom, kinds[e.Window], 8, uint32(n), data[:n])
				if left[e.Window] = data[n:]; n == 0 {
					delete(left, e.Window)
				}
			}
		}
	}()
}

func (o *owner) answer(c *xgb.Conn, e xproto.SelectionRequestEvent, names map[xproto.Atom]string, targets, incr xproto.Atom, left map[xproto.Window][]byte, kinds map[xproto.Window]xproto.Atom) {
	prop := e.Property
	data, ok := o.offers[names[e.Target]]
	switch {
	case e.Target == targets:
		var list []byte
		for a, name := range names {
			if _, offered := o.offers[name]; offered {
				list = append(list, 0, 0, 0, 0)
				xgb.Put32(list[len(list)-4:], uint32(a))
			}
		}
		xproto.ChangeProperty(c, xproto.PropModeReplace, e.Requestor, prop, xproto.AtomAtom, 32, uint32(len(list)/4), list)
	case !ok:
		prop = 0
	case o.piece > 0 && len(data) > o.piece:
		xproto.ChangeWindowAttributes(c, e.Requestor, xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange})
		left[e.Requestor], kinds[e.Requestor] = data, e.Target
		size := make([]byte, 4)
		xgb.Put32(size, uint32(len(data)))
		xproto.ChangeProperty(c, xproto.PropModeReplace, e.Requestor, prop, incr, 32, 1, size)
	default:
		xproto.ChangeProperty(c, xproto.PropModeReplace, e.Requestor, prop, e.Target, 8, uint32(len(data)), data)
	}
	xproto.SendEvent(c, false, e.Requestor, 0, string(xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: prop}.Bytes()))
}

func TestPicturesOfTheClipboard(t *testing.T) {
	display(t)
	if _, err := Read(context.Background()); !errors.Is(err, ErrNone) {
		t.Error("of nobody:", err)
	}
	small, large := noise(t, 20, 10), noise(t, 900, 700)
	for name, tc := range map[string]struct {
		o    owner
		want []byte
	}{
		"png":             {owner{offers: map[string][]byte{"image/png": small, "text/html": []byte("<img>")}}, small},
		"best":            {owner{offers: map[string][]byte{"image/bmp": []byte("BM"), "image/jpeg": []byte("jpeg"), "image/png": small}}, small},
		"jpeg":            {owner{offers: map[string][]byte{"image/jpeg": []byte("jpeg")}}, []byte("jpeg")},
		"in pieces":       {owner{offers: map[string][]byte{"image/png": large}, piece: 60000}, large},
		"in small pieces": {owner{offers: map[string][]byte{"image/png": small}, piece: 7}, small},
		"text":            {owner{offers: map[string][]byte{"UTF8_STRING": []byte("hello")}}, nil},
		"nothing":         {owner{offers: map[string][]byte{"image/png": nil}}, nil},
	} {
		tc.o.own(t)
		got, err := Read(context.Background())
		if !bytes.Equal(got, tc.want) || (tc.want == nil) != errors.Is(err, ErrNone) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

func TestFormattedTextOfTheClipboard(t *testing.T) {
	display(t)
	large := "<p>" + strings.Repeat("long ", 100_000) + "</p>"
	for name, tc := range map[string]struct {
		o    owner
		want string
	}{
		"html":      {owner{offers: map[string][]byte{"text/html": []byte("<b>سلام</b>"), "UTF8_STRING": []byte("سلام")}}, "<b>سلام</b>"},
		"in pieces": {owner{offers: map[string][]byte{"text/html": []byte(large)}, piece: 60000}, large},
		"words":     {owner{offers: map[string][]byte{"UTF8_STRING": []byte("hello")}}, ""},
	} {
		tc.o.own(t)
		raw, err := readHTML(context.Background())
		if got := string(raw); got != tc.want || (tc.want == "") != errors.Is(err, ErrNone) {
			t.Errorf("%s: %d bytes, %v", name, len(raw), err)
		}
	}
}

func TestWhoDoesNotAnswerIsNotWaitedForEver(t *testing.T) {
	display(t)
	(&owner{offers: map[string][]byte{"image/png": {1}}, silent: true}).own(t)
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if _, err := Read(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestNoDisplay(t *testing.T) {
	t.Setenv("DISPLAY", ":4242")
	if _, err := Read(context.Background()); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
}
