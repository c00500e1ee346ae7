package pdfout

import (
	"encoding/binary"
	"errors"
	"strings"
)

// sfnt is a font file of TrueType outlines, as far as a subset needs it. Every read is checked: fonts are files of strangers.
type sfnt struct {
	tables map[string][]byte
	glyphs int
	long   bool // offsets of 4 bytes
	hms    int  // glyphs with an advance of their own
	upem   int
}

var errNotTrueType = errors.New("no TrueType outlines")

var be = binary.BigEndian

// parseSFNT reads the table of contents of font number index.
func parseSFNT(data []byte, index int) (*sfnt, error) {
	at := 0
	if len(data) >= 12 && string(data[:4]) == "ttcf" {
		n := int(be.Uint32(data[8:]))
		if index < 0 || index >= n || len(data) < 12+4*(index+1) {
			return nil, errNotTrueType
		}
		at = int(be.Uint32(data[12+4*index:]))
	}
	if at < 0 || at+12 > len(data) {
		return nil, errNotTrueType
	}
	s := &sfnt{tables: map[string][]byte{}}
	for i := range int(be.Uint16(data[at+4:])) {
		e := at + 12 + 16*i
		if e+16 > len(data) {
			return nil, errNotTrueType
		}
		off, n := int(be.Uint32(data[e+8:])), int(be.Uint32(data[e+12:]))
		if off < 0 || n < 0 || off > len(data) || n > len(data)-off {
			continue
		}
		s.tables[string(data[e:e+4])] = data[off : off+n]
	}
	head, maxp, hhea := s.tables["head"], s.tables["maxp"], s.tables["hhea"]
	if len(s.tables["glyf"]) == 0 || len(head) < 54 || len(maxp) < 6 || len(hhea) < 36 || len(s.tables["hmtx"]) < 4 {
		return nil, errNotTrueType
	}
	s.glyphs, s.long = int(be.Uint16(maxp[4:])), be.Uint16(head[50:]) != 0
	s.hms, s.upem = int(be.Uint16(hhea[34:])), int(be.Uint16(head[18:]))
	if s.hms == 0 || len(s.tables["hmtx"]) < 4*s.hms || s.upem == 0 {
		return nil, errNotTrueType
	}
	return s, nil
}

// glyph is the outline of a glyph, empty for one without.
func (s *sfnt) glyph(gid int) []byte {
	loca, glyf := s.tables["loca"], s.tables["glyf"]
	if gid < 0 || gid >= s.glyphs {
		return nil
	}
	var a, b int
	if s.long {
		if len(loca) < 4*gid+8 {
			return nil
		}
		a, b = int(be.Uint32(loca[4*gid:])), int(be.Uint32(loca[4*gid+4:]))
	} else {
		if len(loca) < 2*gid+4 {
			return nil
		}
		a, b = 2*int(be.Uint16(loca[2*gid:])), 2*int(be.Uint16(loca[2*gid+2:]))
	}
	if a >= b || b > len(glyf) {
		return nil
	}
	return glyf[a:b]
}

// metrics are advance and left side bearing of a glyph.
func (s *sfnt) metrics(gid int) (adv, lsb uint16) {
	h := s.tables["hmtx"]
	if gid < s.hms {
		return be.Uint16(h[4*gid:]), be.Uint16(h[4*gid+2:])
	}
	adv = be.Uint16(h[4*(s.hms-1):])
	if i := 4*s.hms + 2*(gid-s.hms); i+2 <= len(h) {
		lsb = be.Uint16(h[i:])
	}
	return adv, lsb
}

// name is the PostScript name of the font.
func (s *sfnt) name() string {
	t := s.tables["name"]
	if len(t) < 6 {
		return ""
	}
	store := int(be.Uint16(t[4:]))
	for i := range int(be.Uint16(t[2:])) {
		e := 6 + 12*i
		if e+12 > len(t) {
			break
		}
		if be.Uint16(t[e+6:]) != 6 {
			continue
		}
		off, n := store+int(be.Uint16(t[e+10:])), int(be.Uint16(t[e+8:]))
		if off+n > len(t) {
			continue
		}
		if name := plainName(t[off : off+n]); name != "" {
			return name
		}
	}
	return ""
}

// plainName keeps the letters and digits of a name in ASCII or UTF-16.
func plainName(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, string(b))
}

// Flags of the parts of a composite glyph (OpenType, glyf).
const (
	partWords   = 1 << 0
	partScale   = 1 << 3
	partMore    = 1 << 5
	partXYScale = 1 << 6
	partMatrix  = 1 << 7
)

// parts calls f with where the number of each part of a composite glyph stands.
func parts(g []byte, f func(at int)) {
	if len(g) < 10 || int16(be.Uint16(g)) >= 0 {
		return
	}
	for at, n := 10, 0; at+4 <= len(g) && n < 256; n++ {
		flags := be.Uint16(g[at:])
		f(at + 2)
		at += 6
		if flags&partWords != 0 {
			at += 2
		}
		switch {
		case flags&partMatrix != 0:
			at += 8
		case flags&partXYScale != 0:
			at += 4
		case flags&partScale != 0:
			at += 2
		}
		if flags&partMore == 0 {
			return
		}
	}
}
