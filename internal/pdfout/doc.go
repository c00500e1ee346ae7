// Package pdfout writes views of internal/htmlview as PDF (ISO 32000-1, version 1.7): real text in subset fonts with the
// glyphs where our own layout put them and a map back to characters, pictures, links, pages that break between lines.
//
// TrueType outlines are embedded as CIDFontType2 with the glyphs that are used (§9.7.4); outlines of other kinds become
// procedures of a Type 3 font (§9.6.5); coloured glyphs become pictures. It has no network, reads no file but fonts, and
// knows no toolkit. Memory is bounded by one page and by the glyphs in use.
package pdfout
