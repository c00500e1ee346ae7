package text

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
	"peyk/assets"
)

// square is an outline from (0,0) to (100,100).
func square(uint16) []ot.Segment {
	pt := func(x, y float32) [3]ot.SegmentPoint { return [3]ot.SegmentPoint{{X: x, Y: y}} }
	return []ot.Segment{
		{Op: ot.SegmentOpMoveTo, Args: pt(0, 0)}, {Op: ot.SegmentOpLineTo, Args: pt(100, 0)},
		{Op: ot.SegmentOpLineTo, Args: pt(100, 100)}, {Op: ot.SegmentOpLineTo, Args: pt(0, 100)},
	}
}

func paintTree(t tables.PaintTable, m matrix) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, 100, 100))
	p := &colrPainter{ra: &rasteriser{}, outline: square, dst: dst, mask: image.NewAlpha(dst.Rect), left: 100, colr: &tables.COLR1{},
		palette: []tables.ColorRecord{{Red: 255, Alpha: 255}, {Blue: 255, Alpha: 255}}}
	p.paint(t, m, 0)
	return dst
}

func TestColr(t *testing.T) {
	flip := matrix{1, 0, 0, -1, 0, 100} // font y upwards
	red, blue, none := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}, color.RGBA{}
	line := tables.ColorLine{ColorStops: []tables.ColorStop{{StopOffset: 0, PaletteIndex: 0, Alpha: 1 << 14}, {StopOffset: 1 << 14, PaletteIndex: 1, Alpha: 1 << 14}}}
	solid := func(i uint16) tables.PaintTable { return tables.PaintSolid{PaletteIndex: i, Alpha: 1 << 14} }
	half := tables.PaintScale{ScaleX: 1 << 13, ScaleY: 1 << 13, Paint: tables.PaintGlyph{Paint: solid(1)}}
	for name, c := range map[string]struct {
		tree tables.PaintTable
		at   map[image.Point]color.RGBA
	}{
		"version 0": {tables.PaintColrLayersResolved{{PaletteIndex: 1}, {PaletteIndex: 0}}, map[image.Point]color.RGBA{{50, 50}: red}},
		"solid":     {tables.PaintGlyph{Paint: solid(1)}, map[image.Point]color.RGBA{{50, 50}: blue, {1, 98}: blue}},
		"scaled":    {half, map[image.Point]color.RGBA{{25, 75}: blue, {75, 25}: none, {25, 25}: none}},
		"moved":     {tables.PaintTranslate{Dx: 50, Dy: 50, Paint: half}, map[image.Point]color.RGBA{{75, 25}: blue, {25, 75}: none}},
		"composite": {tables.PaintComposite{BackdropPaint: tables.PaintGlyph{Paint: solid(0)}, SourcePaint: half},
			map[image.Point]color.RGBA{{25, 75}: blue, {75, 25}: red}},
		"linear": {tables.PaintGlyph{Paint: tables.PaintLinearGradient{ColorLine: line, X1: 100, Y2: 100}},
			map[image.Point]color.RGBA{{0, 50}: {254, 0, 1, 255}, {99, 50}: {1, 0, 254, 255}, {49, 9}: {129, 0, 126, 255}}},
		"radial": {tables.PaintGlyph{Paint: tables.PaintRadialGradient{ColorLine: line, X0: 50, Y0: 50, X1: 50, Y1: 50, Radius1: 50}},
			map[image.Point]color.RGBA{{50, 50}: {251, 0, 4, 255}, {1, 1}: blue}},
		"turned": {tables.PaintRotateAroundCenter{Angle: 1 << 13, CenterX: 50, CenterY: 50, Paint: half},
			map[image.Point]color.RGBA{{75, 75}: blue, {25, 75}: none}},
		"endless": {tables.PaintColrGlyph{GlyphID: 1}, map[image.Point]color.RGBA{{50, 50}: none}},
	} {
		img := paintTree(c.tree, flip)
		for pt, want := range c.at {
			got := img.RGBAAt(pt.X, pt.Y)
			if d(got.R, want.R) > 3 || d(got.G, want.G) > 3 || d(got.B, want.B) > 3 || d(got.A, want.A) > 3 {
				t.Errorf("%s: at %v is %v, want %v", name, pt, got, want)
			}
		}
	}
}

// TestColrFont: a font with a COLR table paints its glyphs in colour through the engine's own way.
func TestColrFont(t *testing.T) {
	fc, err := font.ParseTTF(bytes.NewReader(assets.FontRegular))
	if err != nil {
		t.Fatal(err)
	}
	f := newFace(fc.Font)
	gid, _ := f.font.NominalGlyph('A')
	ra := &rasteriser{fcs: map[uint32]*font.Face{}}
	if g := ra.draw(f, glyphKey{face: f.id, gid: uint32(gid), size: 40 << 6}); g.mask == nil || g.rgba != nil {
		t.Error("a glyph without colours is not a mask")
	}
}
