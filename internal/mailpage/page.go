package mailpage

import (
	"fmt"
	"html"
	"image/color"
	"strings"

	"peyk/internal/htmlview"
	"peyk/internal/text"
)

// Look is how a page looks. Lengths are CSS pixels.
type Look struct {
	FG, Muted, Accent color.NRGBA
	Paper             color.NRGBA // behind everything; alpha 0: not painted
	Quote             [3]color.NRGBA
	RTL               bool    // the side of texts that have no direction of their own
	Margin            float32 // around the page
}

// Light is black on white, for paper and files.
var Light = Look{
	FG: color.NRGBA{0x1c, 0x23, 0x30, 255}, Muted: color.NRGBA{0x68, 0x70, 0x7f, 255}, Accent: color.NRGBA{0x0f, 0x76, 0x6e, 255},
	Paper: color.NRGBA{255, 255, 255, 255},
	Quote: [3]color.NRGBA{{0x68, 0x70, 0x7f, 255}, {0x1d, 0x5f, 0xa8, 255}, {0x8a, 0x4b, 0x08, 255}},
}

// maxBars is how many levels of quotation get a bar of their own; deeper ones would leave no room for the text.
const maxBars = 5

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// writer writes a page.
type writer struct {
	strings.Builder
	look Look
	rtl  bool // direction of the paragraph before
}

func (w *writer) open(look Look) {
	w.look, w.rtl = look, look.RTL
	fmt.Fprintf(w, `<!doctype html><style>body{margin:%.4gpx;color:%s;font:14px/20px "%s"`, look.Margin, hex(look.FG), text.EmbeddedFamily)
	if look.Paper.A > 0 {
		fmt.Fprintf(w, ";background:%s", hex(look.Paper))
	}
	fmt.Fprintf(w, `}div{white-space:pre-wrap;overflow-wrap:anywhere}a{color:%s}.m{color:%s}`, hex(look.Accent), hex(look.Muted))
	for l := 1; l <= 3; l++ {
		c := hex(look.Quote[l-1])
		fmt.Fprintf(w, ".l%d{border-left:3px solid %s;padding-left:8px}.r%d{border-right:3px solid %s;padding-right:8px}.q%d{color:%s}", l, c, l, c, l, c)
	}
	w.WriteString("</style><body>")
}

// Text is the text of a message as a page. Quoted lines keep their marks as bars; a long quotation at the end is marked so
// that htmlview can fold it.
func Text(body string, look Look) string {
	var w writer
	w.open(look)
	ss := split(body)
	for i, s := range ss {
		if s.Folded {
			ps, tail := ss[i-1].Paragraphs, 0
			for tail < len(ps) && ps[len(ps)-1-tail].Kind == attribution {
				tail++
			}
			w.fold(ps[len(ps)-tail:], ss[i:])
			break
		}
		ps := s.Paragraphs
		if i+1 < len(ss) && ss[i+1].Folded { // the attribution goes with the quotation
			for len(ps) > 0 && ps[len(ps)-1].Kind == attribution {
				ps = ps[:len(ps)-1]
			}
		}
		w.section(ps)
	}
	return w.String()
}

func (w *writer) fold(attribution []paragraph, ss []section) {
	fmt.Fprintf(w, `<section class="%s">`, htmlview.QuoteClass)
	w.section(attribution)
	for _, s := range ss {
		w.section(s.Paragraphs)
	}
	w.WriteString("</section>")
}

// section writes paragraphs, those of one level of quotation together behind their bars.
func (w *writer) section(ps []paragraph) {
	for i := 0; i < len(ps); {
		j := i
		for j < len(ps) && ps[j].Level == ps[i].Level {
			j++
		}
		w.level(ps[i:j])
		i = j
	}
}

func (w *writer) level(ps []paragraph) {
	n, side := min(ps[0].Level, maxBars), "l"
	if w.direction(ps[0]) {
		side = "r"
	}
	if ps[0].Gap > 0 && n > 0 {
		w.WriteString(gap(ps[0].Gap))
		ps[0].Gap = 0
	}
	for l := 1; l <= n; l++ {
		fmt.Fprintf(w, `<section class="%s%d">`, side, (l-1)%3+1)
	}
	for _, p := range ps {
		w.paragraph(p)
	}
	w.WriteString(strings.Repeat("</section>", n))
}

func gap(lines int) string {
	return fmt.Sprintf(`<section style="height:%dpx"></section>`, 12*min(lines, 2))
}

// direction is that of a paragraph: its own, or that of the sentence it goes on with.
func (w *writer) direction(p paragraph) (rtl bool) {
	d := text.BaseDirection(p.Text)
	if p.Continues || d == text.Auto {
		return w.rtl
	}
	return d == text.RTL
}

func (w *writer) paragraph(p paragraph) {
	w.rtl = w.direction(p)
	if p.Gap > 0 {
		w.WriteString(gap(p.Gap))
	}
	w.WriteString("<div")
	if w.rtl {
		w.WriteString(" dir=rtl")
	}
	switch {
	case p.Level > 0:
		fmt.Fprintf(w, " class=q%d", (p.Level-1)%3+1)
	case p.Kind != plain:
		w.WriteString(" class=m")
	}
	w.WriteString(">")
	at := 0
	for _, l := range findLinks(p.Text) {
		w.words(p.Text[at:l.Start])
		fmt.Fprintf(w, `<a href="%s">`, html.EscapeString(l.URL))
		w.words(p.Text[l.Start:l.End])
		w.WriteString("</a>")
		at = l.End
	}
	w.words(p.Text[at:])
	w.WriteString("</div>")
}

func (w *writer) words(s string) { w.WriteString(html.EscapeString(s)) }
