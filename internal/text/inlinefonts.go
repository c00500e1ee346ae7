package text

import (
	"strings"
	"time"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
)

// FontSet is an ordered choice of fonts for documents that name families (mail HTML): the families that are installed,
// then for each character a fallback. Immutable; safe for concurrent use.
type FontSet struct {
	e      *Engine
	faces  []setFace
	weight Weight
	italic bool
}

type setFace struct {
	f     *face
	bold  bool // to be emboldened
	slant bool // to be slanted
}

// VMetrics are the vertical measures of a font in units, all positive.
type VMetrics struct{ Ascent, Descent, LineGap, XHeight, ZeroWidth float32 }

type fontSetKey struct {
	families string
	bold     bool
	italic   bool
}

// aliases lists, for names that documents use, the fonts of equal measures (as fontconfig's metric aliases do).
var aliases = map[string][]string{
	"arial":         {"arial", "liberationsans", "arimo"},
	"helvetica":     {"helvetica", "arial", "liberationsans", "arimo", "nimbussans"},
	"timesnewroman": {"timesnewroman", "liberationserif", "tinos"},
	"times":         {"times", "timesnewroman", "liberationserif", "tinos", "nimbusroman"},
	"couriernew":    {"couriernew", "liberationmono", "cousine"},
	"courier":       {"courier", "couriernew", "liberationmono", "cousine", "nimbusmonops"},
	"arimo":         {"arimo", "liberationsans", "arial"},
	"tinos":         {"tinos", "liberationserif", "timesnewroman"},
	"cousine":       {"cousine", "liberationmono", "couriernew"},
	"calibri":       {"calibri", "carlito"},
	"cambria":       {"cambria", "caladea"},
	"georgia":       {"georgia", "gelasio"},
	"sans-serif":    {"arial", "liberationsans", "arimo", "helvetica", "notosans", "dejavusans"},
	"serif":         {"timesnewroman", "liberationserif", "tinos", "times", "notoserif", "dejavuserif"},
	"monospace":     {"dejavusansmono", "liberationmono", "notosansmono", "menlo", "consolas", "couriernew"},
	"system-ui":     {"segoeui", "notosans", "dejavusans", "verdana", "arial", "liberationsans"},
	"sans":          {"notosans", "dejavusans", "verdana", "arial", "liberationsans"},
}

// FontSet finds the fonts of a CSS-like list of families, the generic ones included, at a weight (100 to 900). It waits
// for the index of the system's fonts, so it is not for a user interface's own goroutine.
func (e *Engine) FontSet(families []string, weight int, italic bool) *FontSet {
	key := fontSetKey{strings.ToLower(strings.Join(families, ",")), weight >= 600, italic}
	if s, ok := e.sets.Load(key); ok {
		return s.(*FontSet)
	}
	s := &FontSet{e: e, italic: italic, weight: Regular}
	if key.bold {
		s.weight = Bold
	}
	if e.system.Load() && e.fallbacks.wait() {
		for _, name := range append(families[:len(families):len(families)], "serif") {
			s.add(name, key.bold)
		}
	}
	s.faces = append(s.faces, setFace{embeddedFace(s.weight), false, italic})
	e.sets.Store(key, s)
	return s
}

// embeddedName is what documents call the font that is part of the program.
const embeddedName = "vazirmatn"

// EmbeddedFamily names the font that is part of the program, in documents that the program makes itself.
const EmbeddedFamily = "peyk-embedded"

// add appends the first installed font that a family name stands for.
func (s *FontSet) add(name string, bold bool) {
	name = strings.ToLower(strings.Trim(strings.TrimSpace(name), `"'`))
	if name == EmbeddedFamily {
		s.faces = append(s.faces, setFace{embeddedFace(s.weight), false, s.italic})
		return
	}
	list := aliases[name]
	norm := font.NormalizeFamily(name)
	if list == nil {
		if list = aliases[norm]; list == nil {
			list = []string{norm}
		}
	}
	for _, fam := range list {
		if f, real := s.e.fallbacks.family(fam, bold, s.italic); f != nil {
			sf := setFace{f: f, bold: bold && real.Weight < font.WeightSemibold, slant: s.italic && real.Style == font.StyleNormal}
			for _, have := range s.faces {
				if have == sf {
					return
				}
			}
			s.faces = append(s.faces, sf)
			return
		}
	}
	if norm == embeddedName { // what Peyk writes asks for it, and so does much of what comes from Iran
		s.faces = append(s.faces, setFace{embeddedFace(s.weight), false, s.italic})
	}
}

// Metrics measures the first font of the set.
func (s *FontSet) Metrics(size float32) VMetrics {
	f := s.faces[0].f
	k := size / f.upem
	m := VMetrics{Ascent: f.ascent * k, Descent: f.descent * k, LineGap: f.lineGap * k, XHeight: f.xHeight * k, ZeroWidth: size / 2}
	return m
}

// faceFor chooses the font of a cluster.
func (s *FontSet) faceFor(runes []rune, script language.Script) setFace {
	emoji := wantsEmoji(runes)
	if !emoji {
		for _, f := range s.faces[:max(1, len(s.faces)-1)] {
			if covers(f.f, runes) {
				return f
			}
		}
	}
	if s.e.system.Load() {
		if f, real := s.e.fallbacks.findNow(runes, script, s.weight, emoji); f != nil {
			return setFace{f, s.weight == Bold && real.Weight < font.WeightSemibold && !f.bitmap, s.italic && !f.bitmap}
		}
	}
	if last := s.faces[len(s.faces)-1]; covers(last.f, runes) {
		return last
	}
	return s.faces[0]
}

// wait waits until the index of fonts is there; false when that takes too long.
func (fb *fallbacks) wait() bool {
	fb.mu.Lock()
	if fb.indexed {
		fb.mu.Unlock()
		return true
	}
	fb.index = true
	fb.start()
	fb.mu.Unlock()
	select {
	case <-fb.ready:
		return true
	case <-time.After(20 * time.Second):
		return false
	}
}

// family finds an installed font by its normalised name.
func (fb *fallbacks) family(name string, bold, italic bool) (*face, font.Aspect) {
	fb.mu.Lock()
	best, bestScore := -1, float32(1e9)
	for i := range fb.prints {
		fp := &fb.prints[i]
		if fp.Family != name {
			continue
		}
		want := float32(400)
		if bold {
			want = 700
		}
		s := abs(float32(fp.Aspect.Weight) - want)
		if (fp.Aspect.Style != font.StyleNormal) != italic {
			s += 2000
		}
		if fp.Aspect.Stretch != font.StretchNormal {
			s += 4000
		}
		if s < bestScore {
			best, bestScore = i, s
		}
	}
	fb.mu.Unlock()
	return fb.loadNow(best)
}

// findNow is find for callers that can wait for the font to be read.
func (fb *fallbacks) findNow(runes []rune, script language.Script, w Weight, emoji bool) (*face, font.Aspect) {
	if !fb.wait() {
		return nil, font.Aspect{}
	}
	fb.mu.Lock()
	key := choiceKey{runes[0], script, w >= SemiBold, emoji}
	i, known := fb.documents[key]
	if !known || i >= 0 && !fb.coversAll(i, runes) {
		i = fb.choose(runes, script, key.bold, emoji)
		if !emoji {
			i = fb.documentChoice(i, runes)
		}
		if len(fb.documents) > 20000 {
			clear(fb.documents)
		}
		fb.documents[key] = i
	}
	fb.mu.Unlock()
	return fb.loadNow(i)
}

// documentFamilies come first for characters that the fonts of a document lack, as they do in a browser on Linux.
var documentFamilies = []string{"dejavusans", "notosans"}

// documentChoice takes the regular weight, as browsers do: bold is made of it.
func (fb *fallbacks) documentChoice(i int, runes []rune) int {
	for _, fam := range documentFamilies {
		for k := range fb.prints {
			fp := &fb.prints[k]
			if fp.Family == fam && fp.Aspect.Style == font.StyleNormal && fp.Aspect.Stretch == font.StretchNormal &&
				fp.Aspect.Weight == font.WeightNormal && fb.coversAll(k, runes) {
				return k
			}
		}
	}
	return i
}

// loadNow reads font i unless it is there.
func (fb *fallbacks) loadNow(i int) (*face, font.Aspect) {
	if i < 0 {
		return nil, font.Aspect{}
	}
	fb.mu.Lock()
	f, loc, asp := fb.faces[i], fb.prints[i].Location, fb.prints[i].Aspect
	fb.mu.Unlock()
	if f == nil {
		if f = loadFace(loc); f != nil {
			fb.mu.Lock()
			if fb.faces[i] != nil {
				f = fb.faces[i]
			} else {
				fb.faces[i] = f
			}
			fb.mu.Unlock()
		}
	}
	return f, asp
}
