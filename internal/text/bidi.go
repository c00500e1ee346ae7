package text

// The Unicode Bidirectional Algorithm, UAX #9, for one paragraph: rules P2-P3 (base level), X1-X10 (explicit levels and
// isolating run sequences), W1-W7, N0-N2 (bidiresolve.go), I1-I2, and per line L1 (wrap.go; of tabs builder.go) and L2 (bidiorder.go).

const maxDepth = 125 // BD2: max_depth

// level is an embedding level; odd levels run right to left.
type level = uint8

// autoBase asks for the base level by P2 and P3.
const autoBase = -1

// bidiPara holds the working arrays of one run of the algorithm, reused between paragraphs.
type bidiPara struct {
	orig    []bclass // classes as given; rule L1 needs them
	cls     []bclass // classes as the rules rewrite them
	levels  []level
	expl    []level // levels as X1-X8 left them, before I1 and I2 raise any
	match   []int32 // isolate initiator → its PDI (len when unmatched); PDI → its initiator (-1 when unmatched); else -1
	runes   []rune
	seq     []int32 // one isolating run sequence: indices of its characters without the removed ones
	runOf   []levelRun
	base    level
	stack   []int32
	pairs   []bracketPair
	visited []bool
}

type levelRun struct{ start, end int32 } // over p.kept

// resolve runs the algorithm over one paragraph and returns the base level. runes may be nil when only classes are
// known (then no brackets pair). p.levels holds the resolved levels before L1.
func (p *bidiPara) resolve(classes []bclass, runes []rune, base int) level {
	n := len(classes)
	p.orig = classes
	p.runes = runes
	p.cls = append(p.cls[:0], classes...)
	p.levels = grow(p.levels, n)
	p.matchIsolates()
	if base == autoBase {
		p.base = p.firstStrong(0, n)
	} else {
		p.base = level(base)
	}
	p.explicit()
	p.expl = append(p.expl[:0], p.levels...)
	p.sequences()
	return p.base
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

// matchIsolates finds the matching PDI of each isolate initiator (BD9).
func (p *bidiPara) matchIsolates() {
	n := len(p.orig)
	p.match = grow(p.match, n)
	p.stack = p.stack[:0]
	for i, c := range p.orig {
		p.match[i] = -1
		switch {
		case c.in(maskIsolate):
			p.match[i] = int32(n)
			p.stack = append(p.stack, int32(i))
		case c == clPDI && len(p.stack) > 0:
			open := p.stack[len(p.stack)-1]
			p.stack = p.stack[:len(p.stack)-1]
			p.match[open] = int32(i)
			p.match[i] = open
		}
	}
}

// firstStrong is P2 and P3 over [from, to): the level of the first strong character outside isolates, else 0.
func (p *bidiPara) firstStrong(from, to int) level {
	for i := from; i < to; i++ {
		switch c := p.orig[i]; {
		case c == clL:
			return 0
		case c.in(maskStrongRTL):
			return 1
		case c.in(maskIsolate):
			i = int(p.match[i])
		}
	}
	return 0
}

type status struct {
	level    level
	override bclass // clON: neutral
	isolate  bool
}

// nesting is the directional status stack of X1 with its counters.
type nesting struct {
	stack                                [maxDepth + 2]status
	top                                  int
	overIsolate, overEmbed, validIsolate int // what did not fit, and the isolates that did
}

func (n *nesting) status() status { return n.stack[n.top] }

func (n *nesting) push(s status) {
	n.top++
	n.stack[n.top] = s
}

// embed begins an embedding or override (X2 to X5).
func (n *nesting) embed(c bclass) {
	next := nextLevel(n.status().level, c == clRLE || c == clRLO)
	if next > maxDepth || n.overIsolate > 0 || n.overEmbed > 0 {
		if n.overIsolate == 0 {
			n.overEmbed++
		}
		return
	}
	over := clON
	if c == clRLO {
		over = clR
	} else if c == clLRO {
		over = clL
	}
	n.push(status{next, over, false})
}

// isolate begins an isolate (X5a to X5c).
func (n *nesting) isolate(rtl bool) {
	next := nextLevel(n.status().level, rtl)
	if next > maxDepth || n.overIsolate > 0 || n.overEmbed > 0 {
		n.overIsolate++
		return
	}
	n.validIsolate++
	n.push(status{next, clON, true})
}

// endIsolate is X6a up to the level of the PDI itself.
func (n *nesting) endIsolate() {
	switch {
	case n.overIsolate > 0:
		n.overIsolate--
	case n.validIsolate > 0:
		n.overEmbed = 0
		for !n.status().isolate {
			n.top--
		}
		n.top--
		n.validIsolate--
	}
}

// endEmbed ends an embedding or override (X7).
func (n *nesting) endEmbed() {
	switch {
	case n.overIsolate > 0:
	case n.overEmbed > 0:
		n.overEmbed--
	case !n.status().isolate && n.top > 0:
		n.top--
	}
}

// explicit is X1-X8: embedding levels and overrides. Characters that X9 removes keep a level, and are left out of the
// sequences later (the method of UAX #9 section 5.2).
func (p *bidiPara) explicit() {
	var n nesting
	n.stack[0] = status{p.base, clON, false}
	set := func(i int) { // X6
		cur := n.status()
		p.levels[i] = cur.level
		if cur.override != clON {
			p.cls[i] = cur.override
		}
	}
	for i, c := range p.orig {
		switch c {
		case clRLE, clLRE, clRLO, clLRO:
			p.levels[i] = n.status().level
			n.embed(c)
		case clRLI, clLRI, clFSI:
			set(i)
			n.isolate(c == clRLI || c == clFSI && p.firstStrong(i+1, int(p.match[i])) == 1)
		case clPDI:
			n.endIsolate()
			set(i)
		case clPDF:
			p.levels[i] = n.status().level
			n.endEmbed()
		case clB:
			p.levels[i] = p.base
		case clBN:
			p.levels[i] = n.status().level
		default:
			set(i)
		}
	}
}

func nextLevel(l level, rtl bool) level {
	if rtl {
		return (l + 1) | 1
	}
	return (l + 2) &^ 1
}

// sequences is X10: level runs joined into isolating run sequences (BD13), each resolved by the W, N and I rules; then
// the removed characters take the level of the character before them.
func (p *bidiPara) sequences() {
	n := len(p.orig)
	p.runOf = p.runOf[:0]
	prev := -1
	for i := range n {
		if p.orig[i].in(maskRemoved) {
			continue
		}
		if prev >= 0 && p.levels[i] == p.levels[prev] {
			p.runOf[len(p.runOf)-1].end = int32(i + 1)
		} else {
			p.runOf = append(p.runOf, levelRun{int32(i), int32(i + 1)})
		}
		prev = i
	}
	runs := p.runOf
	p.visited = grow(p.visited, len(runs))
	clear(p.visited)
	for r := range runs {
		if p.visited[r] {
			continue
		}
		p.seq = p.seq[:0]
		for k := r; ; {
			p.visited[k] = true
			last := -1
			for i := runs[k].start; i < runs[k].end; i++ {
				if !p.orig[i].in(maskRemoved) {
					p.seq = append(p.seq, i)
					last = int(i)
				}
			}
			if !p.orig[last].in(maskIsolate) || int(p.match[last]) >= n {
				break
			}
			k = findRun(runs, p.match[last], k+1)
			if k < 0 || p.visited[k] {
				break
			}
		}
		p.resolveSequence()
	}
	lv := p.base
	for i := range n {
		if p.orig[i].in(maskRemoved) {
			p.levels[i] = lv
		}
		lv = p.levels[i]
	}
}

// findRun finds the level run that starts with the character at i, at or after run index from.
func findRun(runs []levelRun, i int32, from int) int {
	lo, hi := from, len(runs)
	for lo < hi {
		mid := (lo + hi) / 2
		if runs[mid].start < i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(runs) && runs[lo].start == i {
		return lo
	}
	return -1
}
