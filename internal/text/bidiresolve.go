package text

import "sort"

// resolveSequence applies the rules W1-W7, N0-N2 and I1-I2 to the isolating run sequence p.seq.
func (p *bidiPara) resolveSequence() {
	seq := p.seq
	lv := p.levels[seq[0]]
	sos, eos := p.sequenceEnds(lv)
	p.weak(sos)
	embed := clL
	if lv&1 == 1 {
		embed = clR
	}
	if p.runes != nil {
		p.brackets(sos, embed)
	}
	p.neutrals(sos, eos, embed)
	for _, i := range seq {
		switch c := p.cls[i]; {
		case lv&1 == 0 && c == clR:
			p.levels[i] = lv + 1
		case lv&1 == 0 && (c == clAN || c == clEN):
			p.levels[i] = lv + 2
		case lv&1 == 1 && (c == clL || c == clEN || c == clAN):
			p.levels[i] = lv + 1
		}
	}
}

// sequenceEnds gives the types sos and eos of X10: the higher of the levels on both sides of each end.
func (p *bidiPara) sequenceEnds(lv level) (sos, eos bclass) {
	n := len(p.orig)
	before, after := p.base, p.base
	for i := int(p.seq[0]) - 1; i >= 0; i-- {
		if !p.orig[i].in(maskRemoved) {
			before = p.expl[i]
			break
		}
	}
	last := int(p.seq[len(p.seq)-1])
	if !(p.orig[last].in(maskIsolate) && int(p.match[last]) >= n) {
		for i := last + 1; i < n; i++ {
			if !p.orig[i].in(maskRemoved) {
				after = p.expl[i]
				break
			}
		}
	}
	return dirOf(max(lv, before)), dirOf(max(lv, after))
}

func dirOf(l level) bclass {
	if l&1 == 1 {
		return clR
	}
	return clL
}

// weak is W1 to W7, in the passes that their order asks for.
func (p *bidiPara) weak(sos bclass) {
	p.weakMarks(sos)
	p.weakNumbers()
	p.weakRest(sos)
}

// weakMarks is W1 to W3: marks, numbers after Arabic letters, Arabic letters.
func (p *bidiPara) weakMarks(sos bclass) {
	cls, seq := p.cls, p.seq
	prev, strong := sos, sos
	for k, i := range seq {
		c := cls[i]
		if c == clNSM { // W1
			c = prev
			if k > 0 && cls[seq[k-1]].in(maskIsolate|1<<clPDI) {
				c = clON
			}
			cls[i] = c
		}
		prev = c
		switch c {
		case clR, clL, clAL:
			strong = c
		case clEN: // W2
			if strong == clAL {
				cls[i] = clAN
			}
		}
	}
	for _, i := range seq { // W3
		if cls[i] == clAL {
			cls[i] = clR
		}
	}
}

// weakNumbers is W4 and W5: what stands within numbers or beside them.
func (p *bidiPara) weakNumbers() {
	cls, seq := p.cls, p.seq
	for k := 1; k+1 < len(seq); k++ { // W4
		c := cls[seq[k]]
		if c != clES && c != clCS {
			continue
		}
		a, b := cls[seq[k-1]], cls[seq[k+1]]
		if a == b && (a == clEN || a == clAN && c == clCS) {
			cls[seq[k]] = a
		}
	}
	for k := 0; k < len(seq); k++ { // W5
		if cls[seq[k]] != clET {
			continue
		}
		end := k
		for end < len(seq) && cls[seq[end]] == clET {
			end++
		}
		if k > 0 && cls[seq[k-1]] == clEN || end < len(seq) && cls[seq[end]] == clEN {
			for ; k < end; k++ {
				cls[seq[k]] = clEN
			}
		}
		k = end - 1
	}
}

// weakRest is W6 and W7: separators that are left, numbers after Latin letters.
func (p *bidiPara) weakRest(sos bclass) {
	cls, strong := p.cls, sos
	for _, i := range p.seq {
		switch cls[i] {
		case clES, clET, clCS:
			cls[i] = clON
		case clL, clR:
			strong = cls[i]
		case clEN:
			if strong == clL {
				cls[i] = clL
			}
		}
	}
}

type bracketPair struct{ open, close int32 } // indices into p.seq

// brackets is N0 with the pairs of BD16.
func (p *bidiPara) brackets(sos, embed bclass) {
	p.findPairs()
	cls, seq := p.cls, p.seq
	for _, pr := range p.pairs {
		found, foundEmbed := false, false
		for k := pr.open + 1; k < pr.close; k++ {
			d := strongOf(cls[seq[k]])
			if d == clON {
				continue
			}
			found = true
			if d == embed {
				foundEmbed = true
				break
			}
		}
		if !found {
			continue
		}
		dir := embed
		if !foundEmbed {
			ctx := sos
			for k := pr.open - 1; k >= 0; k-- {
				if d := strongOf(cls[seq[k]]); d != clON {
					ctx = d
					break
				}
			}
			if ctx != embed {
				dir = ctx
			}
		}
		p.setBracket(pr.open, dir)
		p.setBracket(pr.close, dir)
	}
}

// setBracket gives a bracket its direction, and the nonspacing marks after it, too.
func (p *bidiPara) setBracket(k int32, dir bclass) {
	p.cls[p.seq[k]] = dir
	for k++; int(k) < len(p.seq) && p.orig[p.seq[k]] == clNSM; k++ {
		p.cls[p.seq[k]] = dir
	}
}

// strongOf is the direction of a class as N0 and N1 see it: numbers count as R; clON when it has none.
func strongOf(c bclass) bclass {
	switch c {
	case clL:
		return clL
	case clR, clEN, clAN:
		return clR
	}
	return clON
}

// findPairs is BD16; its stack has 63 places, and a 64th opening bracket ends the search.
func (p *bidiPara) findPairs() {
	const places = 63
	type open struct {
		close rune
		k     int32
	}
	var stack [places]open
	top := 0
	p.pairs = p.pairs[:0]
	for k, i := range p.seq {
		if p.cls[i] != clON {
			continue
		}
		r := p.runes[i]
		if r > 0x7D && r < 0xF3A {
			continue
		}
		mate, kind := bracketOf(r)
		switch kind {
		case bracketOpen:
			if top == places {
				p.pairs = p.pairs[:0]
				return
			}
			stack[top] = open{canonicalBracket(mate), int32(k)}
			top++
		case bracketClose:
			r = canonicalBracket(r)
			for t := top - 1; t >= 0; t-- {
				if stack[t].close == r {
					p.pairs = append(p.pairs, bracketPair{stack[t].k, int32(k)})
					top = t
					break
				}
			}
		}
	}
	sort.Slice(p.pairs, func(a, b int) bool { return p.pairs[a].open < p.pairs[b].open })
}

// neutrals is N1 and N2.
func (p *bidiPara) neutrals(sos, eos, embed bclass) {
	cls, seq := p.cls, p.seq
	for k := 0; k < len(seq); k++ {
		if !cls[seq[k]].in(maskNeutral) {
			continue
		}
		end := k
		for end < len(seq) && cls[seq[end]].in(maskNeutral) {
			end++
		}
		before, after := sos, eos
		if k > 0 {
			before = strongOf(cls[seq[k-1]])
		}
		if end < len(seq) {
			after = strongOf(cls[seq[end]])
		}
		dir := embed
		if before == after {
			dir = before
		}
		for ; k < end; k++ {
			cls[seq[k]] = dir
		}
		k = end - 1
	}
}
