package text

import "github.com/go-text/typesetting/language"

// chooseFaces picks the font of each rune. The unit of choice is a grapheme-like cluster; in scripts whose letters join
// it is the whole word, so that a run of joined letters never splits over fonts.
func (b *builder) chooseFaces(lo int32, runes []rune, scripts []language.Script) []*face {
	faces := grow(b.w.faces, len(runes))
	b.w.faces = faces
	for i := 0; i < len(runes); {
		end := clusterEnd(runes, i)
		if joins(scripts[i]) && joinable(runes[i]) {
			for end < len(runes) && joinable(runes[end]) && scripts[end] == scripts[i] {
				end++
			}
		}
		f := b.faceFor(lo+int32(i), runes[i:end], scripts[i])
		for ; i < end; i++ {
			faces[i] = f
		}
	}
	return faces
}

// clusterEnd finds the end of the cluster at i: a base with its marks, variation selectors, ZWJ sequences, keycaps, and
// pairs of regional indicators.
func clusterEnd(runes []rune, i int) int {
	r := runes[i]
	i++
	if r < 0x7F && (i == len(runes) || runes[i] < 0x300) {
		return i
	}
	if isRegional(r) && i < len(runes) && isRegional(runes[i]) {
		i++
	}
	for i < len(runes) {
		switch c := runes[i]; {
		case c < 0x300:
			return i
		case c == 0x200D && i+1 < len(runes) && isPictographic(r) && isPictographic(runes[i+1]):
			i += 2
		case isMark(c) || invisible(c) && c != 0x2028 && c != 0x2029:
			i++
		default:
			return i
		}
	}
	return i
}

func isRegional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// joins reports the scripts with cursive joining.
func joins(s language.Script) bool {
	switch s {
	case language.Arabic, language.Syriac, language.Nko, language.Mongolian, language.Mandaic, language.Phags_Pa,
		language.Manichaean, language.Psalter_Pahlavi, language.Adlam, language.Hanifi_Rohingya, language.Sogdian,
		language.Chorasmian, language.Old_Uyghur:
		return true
	}
	return false
}

// joinable reports characters within a word of a joining script: anything but spaces, digits and punctuation.
func joinable(r rune) bool {
	if r < 0x300 {
		return false
	}
	if invisible(r) || isMark(r) {
		return r != 0x2028 && r != 0x2029
	}
	switch classOf(r) {
	case clAL, clR:
		return r != 0x60C && r != 0x61B && r != 0x61F && r != 0x6D4
	}
	return r >= 0x1800 && r <= 0x18AF || r >= 0xA840 && r <= 0xA877
}

// faceFor picks one font for a cluster or word at rune at: the face of the style if it has every visible character, else
// a fallback, else the face of the style, which shows its missing-glyph box.
func (b *builder) faceFor(at int32, runes []rune, script language.Script) *face {
	st := &b.l.styles[b.styleAt(at)]
	primary := b.primary(st)
	emoji := wantsEmoji(runes)
	if !emoji && covers(primary, runes) {
		return primary
	}
	if !b.e.system.Load() {
		return primary
	}
	if st.Mono && !emoji {
		if f := embeddedFace(st.Weight); covers(f, runes) {
			return f
		}
	}
	f, pending := b.e.fallbacks.find(runes, script, st.Weight, emoji)
	if pending {
		b.l.incomplete = true
	}
	if f == nil {
		return primary
	}
	return f
}

// primary is the first font of a style.
func (b *builder) primary(st *Style) *face {
	if st.Mono && b.e.system.Load() {
		f, pending := b.e.fallbacks.mono(st.Weight)
		if pending {
			b.l.incomplete = true
		}
		if f != nil {
			return f
		}
	}
	return embeddedFace(st.Weight)
}

// covers reports whether f has every character that needs a glyph.
func covers(f *face, runes []rune) bool {
	for _, r := range runes {
		if !invisible(r) && !f.has(r) {
			return false
		}
	}
	return true
}
