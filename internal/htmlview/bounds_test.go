package htmlview

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
)

// memoryBound is what any input may take, beyond what the process had before.
const memoryBound = 200 << 20

// peak runs f and returns by how much the heap, what is not collected yet included, was larger at most.
func peak(f func()) int64 {
	runtime.GC()
	debug.FreeOSMemory()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() int64 {
		metrics.Read(sample)
		return int64(sample[0].Value.Uint64())
	}
	base, most := read(), int64(0)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			most = max(most, read()-base)
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	f()
	close(stop)
	<-done
	return max(most, read()-base)
}

// draw lays out and paints the first screens of an input; an input may be refused.
func drawHostile(t testing.TB, src string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	d, err := Parse(ctx, src, Options{Engine: engine})
	if err != nil {
		t.Errorf("parse: %v", err)
		return
	}
	v, err := d.Layout(ctx, 800, LayoutOptions{})
	if err != nil {
		return
	}
	img := image.NewRGBA(image.Rect(0, 0, 800, 1200))
	for _, y := range [2]float32{0, max(0, v.Height()-1200)} {
		if err := v.Paint(img, 0, y, 1); err != nil {
			t.Errorf("paint: %v", err)
		}
	}
}

func dataURL(kind string, raw []byte) string {
	return fmt.Sprintf(`<img src="data:image/%s;base64,%s">`, kind, base64.StdEncoding.EncodeToString(raw))
}

// pngHeader is a PNG that claims to be w × h pixels.
func pngHeader(w, h uint32) []byte {
	ihdr := []byte{0, 0, 0, 13, 'I', 'H', 'D', 'R', byte(w >> 24), byte(w >> 16), byte(w >> 8), byte(w), byte(h >> 24), byte(h >> 16), byte(h >> 8), byte(h), 16, 6, 0, 0, 0}
	sum := crc32.ChecksumIEEE(ihdr[4:])
	return append(append([]byte("\x89PNG\r\n\x1a\n"), ihdr...), byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
}

func encoded(t testing.TB, kind string, w, h int) []byte {
	var b bytes.Buffer
	var err error
	pal := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White})
	switch kind {
	case "png":
		err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, pal)
	case "jpeg":
		err = jpeg.Encode(&b, image.NewGray(pal.Rect), &jpeg.Options{Quality: 1})
	case "gif":
		g := &gif.GIF{}
		for range 60 {
			g.Image = append(g.Image, pal)
			g.Delay = append(g.Delay, 0)
		}
		err = gif.EncodeAll(&b, g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bombs are pictures that are small as bytes only.
func bombs(t testing.TB) map[string]string {
	rows := ""
	for i := range 300 {
		rows += fmt.Sprintf(`<circle cx="%d" cy="5" r="400000"/>`, i)
	}
	return map[string]string{
		"claimed size":   dataURL("png", pngHeader(60000, 60000)),
		"overflow":       dataURL("png", pngHeader(1<<31-1, 1<<31-1)),
		"large png":      dataURL("png", encoded(t, "png", 4000, 3900)),
		"tall png":       dataURL("png", encoded(t, "png", 300, 40000)),
		"large jpeg":     dataURL("jpeg", encoded(t, "jpeg", 4000, 3900)),
		"many":           strings.Repeat(dataURL("png", encoded(t, "png", 1500, 1500)), 30) + dataURL("png", encoded(t, "png", 1501, 1500)),
		"animation":      dataURL("gif", encoded(t, "gif", 900, 900)),
		"svg":            `<img width=20000 height=20000 src='data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">` + strings.ReplaceAll(rows, "#", "%23") + `</svg>'>`,
		"svg in circles": `<svg width=100 height=100><g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g><use href="#a"/></svg>`,
		"tiles":          `<body style="background:url(data:image/png;base64,` + base64.StdEncoding.EncodeToString(encoded(t, "png", 1, 1)) + `)"><div style="height:100000px">`,
		"gradients":      strings.Repeat(`<div style="height:4000px;width:4000px;background:repeating-radial-gradient(red,blue 1px)"></div>`, 20),
		"shadows":        strings.Repeat(`<div style="height:900px;border-radius:400px;box-shadow:0 0 200px 200px red,inset 0 0 200px blue,0 0 100px 50px lime;overflow:hidden"><p style="text-shadow:0 0 100px red">x`, 30),
	}
}

func TestAnyInputTakesBoundedMemory(t *testing.T) {
	inputs := bombs(t)
	for name, src := range hostile() {
		inputs[name] = src
	}
	for name, src := range inputs {
		t.Run(name, func(t *testing.T) {
			if got := peak(func() { drawHostile(t, src) }); got > memoryBound {
				t.Errorf("%d MB", got>>20)
			} else {
				t.Logf("%d MB", got>>20)
			}
		})
	}
}

// BenchmarkHostile prints time and peak memory of each hostile input.
func BenchmarkHostile(b *testing.B) {
	inputs := bombs(b)
	for name, src := range hostile() {
		inputs[name] = src
	}
	for name, src := range inputs {
		b.Run(name, func(b *testing.B) {
			var most int64
			for b.Loop() {
				most = max(most, peak(func() { drawHostile(b, src) }))
			}
			b.ReportMetric(float64(most>>20), "peak-MB")
		})
	}
}
