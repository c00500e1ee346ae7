package htmlview

import (
	"bytes"
	"encoding/xml"
	"image"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
	"golang.org/x/net/html"
)

// Bounds of SVG pictures.
const (
	maxSVGBytes    = 512 << 10
	maxSVGElements = 5000
	maxSVGPixels   = 4 << 20 // a larger one is enlarged from so many
)

// vectorPicture is a static SVG picture, drawn for the size it is wanted in.
type vectorPicture struct {
	mu   sync.Mutex
	icon *oksvg.SvgIcon
	last *image.RGBA
}

// isSVG recognises SVG by its beginning.
func isSVG(raw []byte) bool {
	head := bytes.ToLower(raw[:min(len(raw), 1024)])
	return bytes.Contains(head, []byte("<svg"))
}

// decodeSVG reads an SVG picture; nil when it is none, or asks for too much. Nothing that it refers to is loaded.
func decodeSVG(raw []byte, currentColor string) (p *picture) {
	defer func() {
		if recover() != nil {
			p = nil
		}
	}()
	if len(raw) > maxSVGBytes {
		return nil
	}
	// References to other parts may go in circles, which the library would follow.
	raw = bytes.ReplaceAll(raw, []byte("<use"), []byte("<g data-use"))
	raw = bytes.ReplaceAll(raw, []byte("</use>"), []byte("</g>"))
	raw = rootStyle(roundRects(raw))
	w, h, ok := svgSize(raw)
	if !ok {
		return nil
	}
	icon, err := oksvg.ReadReplacingCurrentColor(bytes.NewReader(raw), currentColor, oksvg.IgnoreErrorMode)
	if err != nil || icon == nil {
		return nil
	}
	if icon.ViewBox.W <= 0 || icon.ViewBox.H <= 0 {
		icon.ViewBox.W, icon.ViewBox.H = float64(w), float64(h)
	}
	return &picture{w: w, h: h, vector: &vectorPicture{icon: icon}}
}

// rootStyle moves how the root element is painted to a group within it, where the library looks; lines that say nothing else are one unit
// wide, with pointed corners.
func rootStyle(raw []byte) []byte {
	start := bytes.Index(raw, []byte("<svg"))
	if start < 0 {
		return raw
	}
	end := start
	for quote := byte(0); end < len(raw) && (raw[end] != '>' || quote != 0); end++ {
		switch c := raw[end]; {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	last := bytes.LastIndex(raw, []byte("</svg"))
	if end >= len(raw) || raw[end-1] == '/' || last < end {
		return raw
	}
	var look strings.Builder
	d := xml.NewDecoder(bytes.NewReader(append(append([]byte(nil), raw[start:end]...), "/>"...)))
	d.Strict = false
	t, err := d.Token()
	e, ok := t.(xml.StartElement)
	if err != nil || !ok {
		return raw
	}
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "fill-opacity", "stroke-opacity", "opacity", "style":
			look.WriteString(" " + a.Name.Local + `="` + html.EscapeString(a.Value) + `"`)
		}
	}
	for name, initial := range map[string]string{"stroke-width": "1", "stroke-linejoin": "miter"} {
		if !strings.Contains(look.String(), name) {
			look.WriteString(" " + name + `="` + initial + `"`)
		}
	}
	out := append([]byte(nil), raw[:end+1]...)
	out = append(out, "<g"+look.String()+">"...)
	out = append(out, raw[end+1:last]...)
	return append(append(out, "</g>"...), raw[last:]...)
}

var (
	svgRect = regexp.MustCompile(`(?s)<rect\s[^<>]*`)
	svgRx   = regexp.MustCompile(`\srx\s*=\s*("[^"]*"|'[^']*')`)
	svgRy   = regexp.MustCompile(`\sry\s*=\s*("[^"]*"|'[^']*')`)
)

// roundRects gives rectangles with one radius the other, which is the same (SVG 2 section 10.3), and which the library takes for none.
func roundRects(raw []byte) []byte {
	return svgRect.ReplaceAllFunc(raw, func(el []byte) []byte {
		rx, ry := svgRx.FindSubmatch(el), svgRy.FindSubmatch(el)
		switch {
		case rx != nil && ry == nil:
			return append(append([]byte("<rect ry="), rx[1]...), el[len("<rect"):]...)
		case ry != nil && rx == nil:
			return append(append([]byte("<rect rx="), ry[1]...), el[len("<rect"):]...)
		}
		return el
	})
}

// svgSize finds the natural size by width, height and viewBox, and counts the elements.
func svgSize(raw []byte) (w, h float32, ok bool) {
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.Strict = false
	count := 0
	zoom := 1.0 // of all transformations together
	for {
		t, err := d.Token()
		if err == io.EOF || err != nil && count > 0 {
			return w, h, ok
		}
		if err != nil {
			return 0, 0, false
		}
		e, start := t.(xml.StartElement)
		if !start {
			continue
		}
		if count++; count > maxSVGElements {
			return 0, 0, false
		}
		for _, a := range e.Attr {
			if a.Name.Local == "transform" || a.Name.Local == "gradientTransform" {
				if zoom *= enlargement(a.Value); zoom > 1e4 {
					return 0, 0, false
				}
			}
		}
		if count > 1 {
			continue
		}
		if e.Name.Local != "svg" {
			return 0, 0, false
		}
		w, h, ok = svgRoot(e.Attr)
	}
}

// enlargement is by how much a transformation may enlarge, at most.
func enlargement(transform string) float64 {
	k := 1.0
	for _, part := range strings.Split(transform, ")") {
		name, args, _ := strings.Cut(part, "(")
		if n := strings.TrimSpace(name); !strings.HasSuffix(n, "scale") && !strings.HasSuffix(n, "matrix") {
			continue
		}
		most := 1.0
		for i, f := range strings.FieldsFunc(args, func(r rune) bool { return r == ' ' || r == ',' }) {
			if v, err := strconv.ParseFloat(f, 64); err == nil && i < 4 {
				most = max(most, v, -v)
			}
		}
		k *= most
	}
	return k
}

func svgRoot(attrs []xml.Attr) (w, h float32, ok bool) {
	var vw, vh float32
	for _, a := range attrs {
		switch a.Name.Local {
		case "width", "height":
			l, good := attrLength(a.Value)
			if !good || l.percent() {
				continue
			}
			if a.Name.Local == "width" {
				w = l.px
			} else {
				h = l.px
			}
		case "viewBox":
			f := strings.FieldsFunc(a.Value, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\t' })
			if len(f) == 4 {
				x, _ := strconv.ParseFloat(f[2], 32)
				y, _ := strconv.ParseFloat(f[3], 32)
				vw, vh = clampLen(x), clampLen(y)
			}
		}
	}
	ratio := float32(0.5)
	if vw > 0 && vh > 0 {
		ratio = vh / vw
	}
	switch {
	case w > 0 && h > 0:
	case w > 0:
		h = w * ratio
	case h > 0:
		w = h / ratio
	case vw > 0 && vh > 0:
		w, h = 300, 300*ratio
	default:
		w, h = 300, 150
	}
	return w, h, w < 20000 && h < 20000
}

// raster draws the picture w × h pixels large.
func (v *vectorPicture) raster(w, h int) (img *image.RGBA) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if w < 1 || h < 1 {
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	for w*h > maxSVGPixels {
		w, h = max(1, w/2), max(1, h/2)
	}
	if v.last != nil && v.last.Rect.Dx() == w && v.last.Rect.Dy() == h {
		return v.last
	}
	img = image.NewRGBA(image.Rect(0, 0, w, h))
	defer func() {
		_ = recover() // what was drawn so far stays
		v.last = img
	}()
	// The picture keeps its proportions, in the middle (preserveAspectRatio).
	k := min(float64(w)/v.icon.ViewBox.W, float64(h)/v.icon.ViewBox.H)
	dw, dh := v.icon.ViewBox.W*k, v.icon.ViewBox.H*k
	v.icon.SetTarget((float64(w)-dw)/2, (float64(h)-dh)/2, dw, dh)
	d := rasterx.NewDasher(w, h, rasterx.NewScannerGV(w, h, img, img.Bounds()))
	end := time.Now().Add(maxSVGTime)
	for i := range v.icon.SVGPaths {
		path := v.icon.SVGPaths[i] // a copy: the library does not enlarge lines with the rest
		path.LineWidth *= k
		path.DashOffset *= k
		path.Dash = append([]float64(nil), path.Dash...)
		for j := range path.Dash {
			path.Dash[j] *= k
		}
		if time.Now().After(end) {
			break // what was drawn so far must do
		}
		if within(path.Path, v.icon.ViewBox.W, v.icon.ViewBox.H) {
			path.DrawTransformed(d, 1, v.icon.Transform)
		}
	}
	return img
}

// maxSVGTime bounds the drawing of one picture.
const maxSVGTime = 300 * time.Millisecond

// within reports a path that stays near the picture: the cost of drawing grows with the length of its edges, seen or not.
func within(path rasterx.Path, w, h float64) bool {
	limit := fixed.Int26_6(min(1<<30, 64*20*max(w, h, 1)))
	if len(path) > 200000 {
		return false
	}
	for _, v := range path {
		if v > limit || v < -limit {
			return false
		}
	}
	return true
}

// inlineSVG writes an svg element of the document as a picture of its own.
func inlineSVG(n *html.Node) string {
	var b strings.Builder
	w := limitWriter{&b, maxSVGBytes}
	if html.Render(&w, n) != nil {
		return ""
	}
	s := b.String()
	if !strings.Contains(s[:min(len(s), 2000)], "xmlns=") {
		s = strings.Replace(s, "<svg", `<svg xmlns="http://www.w3.org/2000/svg"`, 1)
	}
	return s
}

// svgScheme marks the source of an svg element.
const svgScheme = "\x00svg:"

type limitWriter struct {
	w    io.Writer
	left int
}

func (l *limitWriter) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, io.ErrShortWrite
	}
	return l.w.Write(p)
}
