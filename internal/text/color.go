package text

import (
	"bytes"
	"image"
	_ "image/jpeg" // sbix fonts may hold JPEG
	_ "image/png"
	"math"

	"github.com/go-text/typesetting/font"
	xdraw "golang.org/x/image/draw"
)

// colour draws a glyph that brings its own colours: paints (COLR) or bitmaps (CBDT, sbix); nil when it has none.
func (ra *rasteriser) colour(fc *font.Face, f *face, k glyphKey, px float32) *glyphImage {
	if g := ra.colrGlyph(fc, f, k, px); g != nil {
		return g
	}
	if f.bitmap {
		return bitmapGlyph(fc, f, k, px)
	}
	return nil
}

// bitmapGlyph scales the bitmap strike of a glyph to the wanted size.
func bitmapGlyph(fc *font.Face, f *face, k glyphKey, px float32) *glyphImage {
	ppem := uint16(min(max(px, 1), 512))
	fc.SetPpem(ppem, ppem)
	gid := font.GID(k.gid)
	bm, ok := fc.GlyphDataBitmap(uint16(k.gid))
	if !ok || bm.Format != font.PNG && bm.Format != font.JPG {
		return nil
	}
	cfg, _, err := image.DecodeConfig(bytes.NewReader(bm.Data))
	if err != nil || cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width > 2048 || cfg.Height > 2048 {
		return nil
	}
	src, _, err := image.Decode(bytes.NewReader(bm.Data))
	if err != nil {
		return nil
	}
	ext, ok := fc.GlyphExtents(gid)
	if !ok || ext.Width == 0 {
		ext.XBearing, ext.YBearing = 0, f.ascent
		ext.Width, ext.Height = f.upem, -f.upem
	}
	s := px / f.upem
	x0 := ext.XBearing*s + float32(k.subX)/4
	y0 := -ext.YBearing*s + float32(k.subY)/4
	w, h := ext.Width*s, -ext.Height*s
	if !(w > 0) || !(h > 0) || w > maxGlyphPixels || h > maxGlyphPixels {
		return nil
	}
	g := &glyphImage{x: int(math.Floor(float64(x0))), y: int(math.Floor(float64(y0)))}
	g.w, g.h = max(1, int(math.Round(float64(w)))), max(1, int(math.Round(float64(h))))
	g.rgba = image.NewRGBA(image.Rect(0, 0, g.w, g.h))
	xdraw.CatmullRom.Scale(g.rgba, g.rgba.Rect, src, src.Bounds(), xdraw.Src, nil)
	return g
}
