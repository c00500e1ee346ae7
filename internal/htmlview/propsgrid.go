package htmlview

import (
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// gridProperty applies what belongs to grids and what stands in them.
func (a *applier) gridProperty(name string, ts []token) {
	g := &a.s.grid
	switch name {
	case "grid-template-columns":
		a.gridColumns(ts)
	case "grid-template", "grid": // rows / columns
		if parts := splitSlash(ts); len(parts) == 2 {
			a.gridColumns(parts[1])
		}
	case "grid-auto-flow":
		for _, p := range splitSpace(ts) {
			if id := ident(p); id == "row" || id == "column" {
				g.across = id == "column"
			}
		}
	case "grid-column":
		parts := splitSlash(ts)
		g.start, g.end, g.span = 0, 0, 0
		a.gridLine(parts[0], &g.start)
		if len(parts) > 1 {
			a.gridLine(parts[1], &g.end)
		}
	case "grid-column-start":
		a.gridLine(ts, &g.start)
	case "grid-column-end":
		a.gridLine(ts, &g.end)
	case "grid-area": // row / column / row / column
		parts := splitSlash(ts)
		g.start, g.end, g.span = 0, 0, 0
		if len(parts) > 1 {
			a.gridLine(parts[1], &g.start)
		}
		if len(parts) > 3 {
			a.gridLine(parts[3], &g.end)
		}
	}
}

// splitSlash splits at slashes outside of functions.
func splitSlash(ts []token) [][]token {
	out := [][]token{nil}
	for _, p := range splitSpace(ts) {
		if len(p) == 1 && p[0].tt == css.DelimToken && p[0].data == "/" {
			out = append(out, nil)
			continue
		}
		out[len(out)-1] = append(append(out[len(out)-1], p...), token{css.WhitespaceToken, " "})
	}
	return out
}

// gridLine reads "2", "-1" or "span 2"; a line of a name is none.
func (a *applier) gridLine(ts []token, line *int) {
	span := false
	for _, p := range splitSpace(ts) {
		switch v, err := strconv.Atoi(p[0].data); {
		case ident(p) == "span":
			span = true
		case err != nil || v == 0 || v < -maxTracks || v > maxTracks:
		case span:
			a.s.grid.span = max(1, v)
		default:
			*line = v
		}
	}
}

// gridColumns reads a list of tracks.
func (a *applier) gridColumns(ts []token) {
	g := &a.s.grid
	g.columns, g.fill, g.fit = nil, false, false
	for _, p := range splitSpace(ts) {
		if p[0].tt != css.FunctionToken || !strings.EqualFold(p[0].data, "repeat(") {
			if t, ok := a.track(p); ok && len(g.columns) < maxTracks {
				g.columns = append(g.columns, t)
			}
			continue
		}
		args := splitComma(trimParen(p[1:]))
		if len(args) < 2 || len(args[0]) == 0 {
			continue
		}
		var some []track
		for _, q := range splitSpace(joinComma(args[1:])) {
			if t, ok := a.track(q); ok && len(some) < maxTracks {
				some = append(some, t)
			}
		}
		switch id := ident(args[0]); {
		case id == "auto-fill" || id == "auto-fit":
			g.columns, g.fill, g.fit = some, true, id == "auto-fit"
			return
		default:
			n, _ := strconv.Atoi(args[0][0].data)
			for range min(n, maxTracks) {
				if len(g.columns)+len(some) <= maxTracks {
					g.columns = append(g.columns, some...)
				}
			}
		}
	}
}

// joinComma takes back what splitComma did.
func joinComma(parts [][]token) []token {
	var out []token
	for i, p := range parts {
		if i > 0 {
			out = append(out, token{css.CommaToken, ","})
		}
		out = append(out, p...)
	}
	return out
}

// track reads one column: a length, a share, a word, or minmax() of two of them.
func (a *applier) track(ts []token) (track, bool) {
	if ts[0].tt == css.FunctionToken {
		switch name := strings.ToLower(ts[0].data); name {
		case "minmax(":
			args := splitComma(trimParen(ts[1:]))
			if len(args) != 2 || len(args[0]) == 0 || len(args[1]) == 0 {
				return track{}, false
			}
			t, ok := a.track(args[1])
			if low, has := a.track(args[0]); has && low.width.set && !low.width.percent() {
				t.least = low.width.px
			}
			if !ok || !t.width.set && t.share == 0 {
				t.share = 1 // up to what its content asks for: nearly always as wide as it may
			}
			return t, true
		case "fit-content(":
			return track{}, true
		}
	}
	switch ident(ts) {
	case "auto", "min-content", "max-content":
		return track{}, true
	}
	if len(ts) == 1 && ts[0].tt == css.DimensionToken && strings.HasSuffix(strings.ToLower(ts[0].data), "fr") {
		v, err := strconv.ParseFloat(ts[0].data[:len(ts[0].data)-2], 32)
		return track{share: float32(v)}, err == nil && v > 0 && v < 1e4
	}
	l, ok := a.u.length(ts)
	return track{width: l}, ok && l.set
}
