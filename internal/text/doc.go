// Package text lays out and paints text in every direction. It knows nothing of the window toolkit.
//
// The way of a text, from string to pixels:
//
//  1. decode: runes with byte offsets; invalid UTF-8 becomes U+FFFD, one for each wrong byte (builder.go).
//  2. paragraphs: each has its own base direction (UAX #9 P2-P3, or forced, or FieldDirection).
//  3. levels: the Unicode Bidirectional Algorithm, UAX #9, complete (bidi.go, bidiresolve.go, bidibrackets.go,
//     bidiorder.go).
//  4. segmentation: graphemes and words by UAX #29, line breaks by UAX #14.
//  5. items: stretches of one level, script (UAX #24), font and style (itemise.go); fonts are chosen by cluster, or by
//     word where letters join, so that a join never breaks over two fonts (faces.go, fallback.go).
//  6. shaping: HarfBuzz of go-text/typesetting, in font units; its output is scaled to units (shape.go); words of the
//     embedded fonts are kept (words.go).
//  7. lines: greedy breaking in logical order, an ellipsis at the logical end, then L1 and L2 give the visual order, and
//     alignment the place (wrap.go, lines.go).
//  8. caret: offsets ↔ places, selection, movement (caret.go, move.go).
//  9. painting: glyphs rasterised to alpha masks at quarters of a pixel, cached, blended (raster.go, draw.go); colour
//     glyphs from bitmaps or paints (color.go, colr.go).
//
// Document (document.go, flow.go, doccaret.go) lays long texts out paragraph by paragraph for an editor. safety.go,
// visible.go and field.go treat strings before they are shown: isolating fields, making what is hidden visible, finding
// the direction of a subject.
//
// Lengths are in units (density-independent pixels, float32). A Layout does not depend on the scale of the screen: its
// lines break alike on every screen, and only Draw is told the scale. Offsets are bytes of the string.
//
// The embedded font has Latin, Arabic and Persian. Fonts for other characters are taken from the system when first
// wanted, loaded in the background: until then Layout.Stale tells that another Layout call would know more, and
// Engine.OnChange tells when.
package text
