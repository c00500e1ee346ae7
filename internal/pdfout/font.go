package pdfout

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf16"

	ot "github.com/go-text/typesetting/font/opentype"

	"peyk/internal/text"
)

// font is a font of the PDF. A code stands for a glyph and for what it means, so that one glyph that is written for several
// characters (ی and ي, space and no-break space) can be read back as each of them.
type font struct {
	name  string // of the resource
	obj   ref
	face  text.Face
	file  *sfnt // nil: a Type 3 font
	codes map[meaning]int
	list  []meaning
}

type meaning struct {
	gid  uint32
	text string
	wide int // of noGlyph, in thousandths of the size
}

// most codes of a font: two bytes, or one.
const (
	mostCodes  = 65000
	mostCodes3 = 255
)

// fonts are the fonts in use.
type fonts struct {
	file  *file
	faces map[text.Face][]*font
	count int
}

// use finds font and code of a glyph.
func (fs *fonts) use(face text.Face, m meaning) (*font, int) {
	for _, f := range fs.faces[face] {
		if c, ok := f.codes[m]; ok {
			return f, c
		}
	}
	list := fs.faces[face]
	var f *font
	if len(list) > 0 {
		f = list[len(list)-1]
	}
	if f == nil || len(f.list) >= mostCodes || f.file == nil && len(f.list) >= mostCodes3 {
		f = fs.open(face)
		fs.faces[face] = append(list, f)
	}
	f.list = append(f.list, m)
	c := len(f.list) // 0 is no glyph
	f.codes[m] = c
	return f, c
}

func (fs *fonts) open(face text.Face) *font {
	fs.count++
	f := &font{name: fmt.Sprintf("F%d", fs.count), obj: fs.file.next(), face: face, codes: map[meaning]int{}}
	if data, index, err := face.Bytes(); err == nil {
		if s, err := parseSFNT(data, index); err == nil {
			f.file = s
		}
	}
	return f
}

// width is the advance of a glyph in thousandths of the size, as the font file says.
func (f *font) width(m meaning) float32 {
	switch {
	case f.file == nil:
		return 0
	case m.gid == noGlyph:
		return float32(m.wide)
	}
	adv, _ := f.file.metrics(int(m.gid))
	return float32(adv) * 1000 / float32(f.file.upem)
}

// write writes all fonts.
func (fs *fonts) write() {
	var all []*font
	for _, list := range fs.faces {
		all = append(all, list...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].obj < all[j].obj })
	for _, f := range all {
		if f.file != nil {
			fs.trueType(f)
		} else {
			fs.type3(f)
		}
	}
}

// trueType writes a composite font with the outlines in use (§9.7).
func (fs *fonts) trueType(f *font) {
	use := make([]int, len(f.list))
	for i, m := range f.list {
		use[i] = int(m.gid)
	}
	data, number := f.file.subset(use)
	toGID := make([]byte, 2*(len(f.list)+1))
	var widths strings.Builder
	for i, m := range f.list {
		be.PutUint16(toGID[2*(i+1):], uint16(number[int(m.gid)]))
		widths.WriteString(num(f.width(m)) + " ")
	}
	name := subsetTag(int(f.obj)) + "+" + or(f.file.name(), f.name)
	embedded, gids, uni := fs.file.next(), fs.file.next(), fs.file.next()
	fs.file.stream(embedded, fmt.Sprintf("/Length1 %d", len(data)), data)
	fs.file.stream(gids, "", toGID)
	fs.file.stream(uni, "", []byte(toUnicode(f.list, 2)))
	head := f.file.tables["head"]
	k := 1000 / float32(f.file.upem)
	box := func(at int) string { return num(float32(int16(be.Uint16(head[at:]))) * k) }
	desc := fs.file.add(fmt.Sprintf("<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%s %s %s %s] /ItalicAngle 0 /Ascent %s /Descent %s /CapHeight %s /StemV 80 /FontFile2 %v>>",
		name, box(36), box(38), box(40), box(42), num(f.face.Ascent()*k), num(-f.face.Descent()*k), num(f.face.Ascent()*k*0.75), embedded))
	cid := fs.file.add(fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %v /DW 0 /W [1 [%s]] /CIDToGIDMap %v>>",
		name, desc, widths.String(), gids))
	fs.file.object(f.obj, fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%v] /ToUnicode %v>>", name, cid, uni))
}

// type3 writes a font whose glyphs are drawings (§9.6.5).
func (fs *fonts) type3(f *font) {
	var procs, diff strings.Builder
	for i, m := range f.list {
		segs, _ := f.face.Outline(m.gid)
		r := fs.file.next()
		fs.file.stream(r, "", []byte(glyphProc(segs)))
		fmt.Fprintf(&procs, "/g%d %v ", i+1, r)
		fmt.Fprintf(&diff, "/g%d ", i+1)
	}
	uni := fs.file.next()
	fs.file.stream(uni, "", []byte(toUnicode(f.list, 1)))
	k := 1 / f.face.UnitsPerEm()
	fs.file.object(f.obj, fmt.Sprintf("<</Type /Font /Subtype /Type3 /FontBBox [0 0 0 0] /FontMatrix [%.6f 0 0 %.6f 0 0] /CharProcs <<%s>> /Encoding <</Type /Encoding /Differences [1 %s]>> /FirstChar 1 /LastChar %d /Widths [%s] /Resources <<>> /ToUnicode %v>>",
		k, k, procs.String(), diff.String(), len(f.list), strings.Repeat("0 ", len(f.list)), uni))
}

// glyphProc draws an outline. Advances are given with the text, so the glyph's own is 0.
func glyphProc(segs []ot.Segment) string {
	var b strings.Builder
	b.WriteString("0 0 d0\n")
	var x, y float32
	point := func(p ot.SegmentPoint) string { return num(p.X) + " " + num(p.Y) }
	for _, s := range segs {
		switch s.Op {
		case ot.SegmentOpMoveTo:
			b.WriteString(point(s.Args[0]) + " m\n")
			x, y = s.Args[0].X, s.Args[0].Y
		case ot.SegmentOpLineTo:
			b.WriteString(point(s.Args[0]) + " l\n")
			x, y = s.Args[0].X, s.Args[0].Y
		case ot.SegmentOpQuadTo:
			c, e := s.Args[0], s.Args[1]
			fmt.Fprintf(&b, "%s %s %s %s %s c\n", num(x+(c.X-x)*2/3), num(y+(c.Y-y)*2/3), num(e.X+(c.X-e.X)*2/3), num(e.Y+(c.Y-e.Y)*2/3), point(e))
			x, y = e.X, e.Y
		case ot.SegmentOpCubeTo:
			fmt.Fprintf(&b, "%s %s %s c\n", point(s.Args[0]), point(s.Args[1]), point(s.Args[2]))
			x, y = s.Args[2].X, s.Args[2].Y
		}
	}
	b.WriteString("f\n")
	return b.String()
}

// toUnicode maps codes of so many bytes to what they mean (§9.10.3).
func toUnicode(list []meaning, bytes int) string {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n")
	fmt.Fprintf(&b, "1 begincodespacerange\n<%0*X> <%0*X>\nendcodespacerange\n", 2*bytes, 0, 2*bytes, 1<<(8*bytes)-1)
	var lines []string
	for i, m := range list {
		if m.text == "" {
			continue
		}
		var hex strings.Builder
		for _, u := range utf16.Encode([]rune(m.text)) {
			fmt.Fprintf(&hex, "%04X", u)
		}
		lines = append(lines, fmt.Sprintf("<%0*X> <%s>\n", 2*bytes, i+1, hex.String()))
	}
	for len(lines) > 0 {
		n := min(len(lines), 100)
		fmt.Fprintf(&b, "%d beginbfchar\n%sendbfchar\n", n, strings.Join(lines[:n], ""))
		lines = lines[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.String()
}

// subsetTag is the tag of six letters that names a subset (§9.6.4).
func subsetTag(n int) string {
	b := [6]byte{}
	for i := range b {
		b[i] = byte('A' + n%26)
		n /= 26
	}
	return string(b[:])
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
