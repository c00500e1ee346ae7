package text

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"strings"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
)

// Glyph is one glyph of a Piece as it is painted, for output that is not pixels. Lengths are units; x grows to the right
// from the left end of the piece, y downwards from the baseline.
type Glyph struct {
	ID      uint32
	X, Y    float32
	Advance float32
	// Text is what the glyph stands for. Of several glyphs for the same characters the widest has it; the others have "".
	Text string
}

// Glyphs lists the glyphs of the piece from left to right; those that are not painted are left out.
func (p *Piece) Glyphs() []Glyph {
	out := make([]Glyph, 0, len(p.glyphs))
	var x float32
	for i := 0; i < len(p.glyphs); {
		j, widest := i, i
		for j < len(p.glyphs) && p.glyphs[j].cluster == p.glyphs[i].cluster {
			if p.glyphs[j].adv > p.glyphs[widest].adv {
				widest = j
			}
			j++
		}
		words := p.words(int(p.glyphs[i].cluster), p.clusterEnd(i, j))
		for k := i; k < j; k++ {
			g := &p.glyphs[k]
			if g.gid != noGlyph {
				o := Glyph{ID: g.gid, X: x + g.dx, Y: -g.dy, Advance: g.adv}
				if k == widest {
					o.Text = words
				}
				out = append(out, o)
			}
			x += g.adv
		}
		i = j
	}
	return out
}

// clusterEnd is the end of the runes of the cluster of glyphs [i, j).
func (p *Piece) clusterEnd(i, j int) int {
	if p.RTL {
		if i == 0 {
			return p.End
		}
		return int(p.glyphs[i-1].cluster)
	}
	if j == len(p.glyphs) {
		return p.End
	}
	return int(p.glyphs[j].cluster)
}

// words are the characters of a cluster, without those that only direct the text.
func (p *Piece) words(start, end int) string {
	var b strings.Builder
	for _, r := range p.runes[max(0, start):max(0, min(end, len(p.runes)))] {
		if r != 0xFFFC && (r < 0x2066 || r > 0x2069) && (r < 0x202A || r > 0x202E) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Size is the font size of the piece in units.
func (p *Piece) Size() float32 { return p.size }

// Bold and Slant report that the look is made of the regular font: twice painted, sheared by SlantBy.
func (p *Piece) Bold() bool { return p.face.bold }

// Slant is Bold for italics.
func (p *Piece) Slant() bool { return p.face.slant }

// SlantBy is the shear of synthesised italics.
const SlantBy = slantBy

// Face is the font of the piece.
func (p *Piece) Face() Face { return Face{p.face.f} }

// Face is a font file in use. Comparable.
type Face struct{ f *face }

// UnitsPerEm is the size of the font's own units.
func (f Face) UnitsPerEm() float32 { return f.f.upem }

// Ascent and Descent are the measures of the font in its own units, both positive.
func (f Face) Ascent() float32 { return f.f.ascent }

// Descent is below the baseline.
func (f Face) Descent() float32 { return f.f.descent }

// Bytes reads the font file and tells which font of a collection it is.
func (f Face) Bytes() (data []byte, index int, err error) {
	if f.f.data != nil {
		return f.f.data, 0, nil
	}
	data, err = os.ReadFile(f.f.file)
	if err != nil {
		return nil, 0, fmt.Errorf("read font: %w", err)
	}
	return data, f.f.index, nil
}

// Outline is the shape of a glyph in font units, y upwards; false for glyphs without one (colour glyphs, spaces of some
// fonts). Not safe for concurrent use on one Face.
func (f Face) Outline(gid uint32) (segments []ot.Segment, ok bool) {
	defer func() {
		if recover() != nil { // a broken font file costs its glyph only
			segments, ok = nil, false
		}
	}()
	if gid > 0xFFFF {
		return nil, false
	}
	o, ok := font.NewFace(f.f.font).GlyphDataOutline(uint16(gid))
	return o.Segments, ok
}

// Coloured reports a glyph that is a picture or of several colours, and has to be painted as one.
func (f Face) Coloured(gid uint32) bool {
	if f.f.bitmap {
		return true
	}
	if gid > 0xFFFF {
		return false
	}
	switch font.NewFace(f.f.font).GlyphData(font.GID(gid)).(type) {
	case font.GlyphOutline, nil:
		return false
	}
	return true
}

// DrawGlyph paints one glyph of the piece's font with its origin at (0, 0) of dst, at so many pixels to the em.
func (p *Piece) DrawGlyph(dst *image.RGBA, gid uint32, pixels float32, col color.NRGBA) {
	one := *p
	one.size, one.glyphs = pixels, []glyph{{gid: gid}}
	one.Draw(dst, 0, 0, 1, col, dst.Rect)
}
