package pdfout

import "sort"

// subset makes a font file of the glyphs in use, in this order; glyph 0 comes first always and paints nothing. Parts of
// composite glyphs follow behind. It returns the file and the new number of each glyph.
func (s *sfnt) subset(use []int) (data []byte, number map[int]int) {
	order := []int{0}
	number = map[int]int{0: 0}
	add := func(gid int) {
		if _, ok := number[gid]; !ok && gid > 0 && gid < s.glyphs {
			number[gid] = len(order)
			order = append(order, gid)
		}
	}
	for _, g := range use {
		add(g)
	}
	for i := 0; i < len(order) && len(order) < 65000; i++ { // grows while it runs
		g := s.glyph(order[i])
		parts(g, func(at int) { add(int(be.Uint16(g[at:]))) })
	}
	glyf, loca := s.outlines(order, number)
	hmtx := make([]byte, 0, 4*len(order))
	for _, gid := range order {
		adv, lsb := s.metrics(gid)
		hmtx = be.AppendUint16(be.AppendUint16(hmtx, adv), lsb)
	}
	head := append([]byte(nil), s.tables["head"]...)
	be.PutUint32(head[8:], 0)
	be.PutUint16(head[50:], 1)
	hhea := append([]byte(nil), s.tables["hhea"]...)
	be.PutUint16(hhea[34:], uint16(len(order)))
	maxp := append([]byte(nil), s.tables["maxp"]...)
	be.PutUint16(maxp[4:], uint16(len(order)))
	tables := map[string][]byte{"head": head, "hhea": hhea, "maxp": maxp, "hmtx": hmtx, "loca": loca, "glyf": glyf}
	for _, t := range []string{"cvt ", "fpgm", "prep"} {
		if b := s.tables[t]; len(b) > 0 {
			tables[t] = b
		}
	}
	return assemble(tables), number
}

// outlines copies the outlines with the new numbers of parts.
func (s *sfnt) outlines(order []int, number map[int]int) (glyf, loca []byte) {
	loca = be.AppendUint32(nil, 0)
	for _, gid := range order {
		var g []byte
		if gid != 0 {
			g = append(g, s.glyph(gid)...)
		}
		parts(g, func(at int) { be.PutUint16(g[at:], uint16(number[int(be.Uint16(g[at:]))])) })
		glyf = append(glyf, g...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		loca = be.AppendUint32(loca, uint32(len(glyf)))
	}
	return glyf, loca
}

// assemble writes the tables as a font file (OpenType, "Organization of an OpenType font").
func assemble(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for n := range tables {
		names = append(names, n)
	}
	sort.Strings(names)
	entry, search := 0, 1
	for search*2 <= len(names) {
		search *= 2
		entry++
	}
	out := be.AppendUint32(nil, 0x00010000)
	out = be.AppendUint16(out, uint16(len(names)))
	out = be.AppendUint16(out, uint16(search*16))
	out = be.AppendUint16(out, uint16(entry))
	out = be.AppendUint16(out, uint16(len(names)*16-search*16))
	at := len(out) + 16*len(names)
	headAt := 0
	for _, n := range names {
		if n == "head" {
			headAt = at
		}
		out = append(out, n...)
		out = be.AppendUint32(out, checksum(tables[n]))
		out = be.AppendUint32(out, uint32(at))
		out = be.AppendUint32(out, uint32(len(tables[n])))
		at += (len(tables[n]) + 3) &^ 3
	}
	for _, n := range names {
		out = append(out, tables[n]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	be.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(b []byte) (sum uint32) {
	for len(b) >= 4 {
		sum += be.Uint32(b)
		b = b[4:]
	}
	if len(b) > 0 {
		var last [4]byte
		copy(last[:], b)
		sum += be.Uint32(last[:])
	}
	return sum
}
