package mailpage

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// paragraphKind tells how a paragraph is shown.
type paragraphKind int

// The kinds.
const (
	plain         paragraphKind = iota
	attribution                 // "On … wrote:" before a quotation
	signatureLine               // after the "-- " line (RFC 3676 §4.3)
)

// paragraph is one line of a text as its sender broke it, without quote marks.
type paragraph struct {
	Level int // of quotation, 0: the sender's own words
	Text  string
	Kind  paragraphKind
	// Gap is the number of empty lines before it.
	Gap int
	// Continues says that the line goes on with the sentence of the one before (a hard-wrapped text), so it takes that
	// one's direction.
	Continues bool
}

// section is a run of paragraphs that are all quoted or all not. Quotations can be folded.
type section struct {
	Quote      bool
	Paragraphs []paragraph
	Folded     bool // how it is shown at first
}

// foldTrailing is how long a quotation at the end of a message may be before it starts folded: nobody reads it again. One
// between answers is context, and stays.
const (
	foldTrailing = 3
	maxLevel     = 20
	wrapColumns  = 56 // a line this long was probably broken by a program, not by the writer
)

// split cuts the text of a message into sections. It never fails; every word of the text is in the result, in order.
// Forwarded text is not a quotation of the reader's own words and is never folded.
func split(text string) []section {
	ps := paragraphs(text)
	var out []section
	for i := 0; i < len(ps); {
		j := i
		quote := ps[i].Level > 0
		for j < len(ps) && (ps[j].Level > 0) == quote {
			j++
		}
		out = append(out, section{Quote: quote, Paragraphs: ps[i:j]})
		i = j
	}
	for i := range out {
		if !out[i].Quote {
			continue
		}
		out[i].Folded = i > 0 && trailing(out[i+1:]) && len(out[i].Paragraphs) > foldTrailing
	}
	return out
}

// trailing reports whether nothing but a signature follows.
func trailing(rest []section) bool {
	for _, s := range rest {
		for _, p := range s.Paragraphs {
			if p.Kind != signatureLine && !s.Quote {
				return false
			}
		}
	}
	return true
}

var (
	originalMessage = regexp.MustCompile(`(?i)^-{2,}\s*(original message|ursprüngliche nachricht|message d'origine|mensaje original|پیام اصلی|نامهٔ اصلی)\s*-{2,}$`)
	outlookRule     = regexp.MustCompile(`^_{20,}$`)
	headerLine      = regexp.MustCompile(`(?i)^\*?(from|von|de|از)\s?:\*?\s\S`)
	sentenceEnd     = regexp.MustCompile(`[.!?:;؟؛…。！？][)"'”»\]]*$`)
	bullet          = regexp.MustCompile(`^(\s*([-*•·–—+]|[0-9۰-۹٠-٩]{1,3}[.)-]|[a-zA-Z][.)])\s|\s{2,}|\t)`)
)

func paragraphs(text string) []paragraph {
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
	var ps []paragraph
	gap, extra, signature := 0, 0, false
	last := "" // the line before, as it was, to see whether it was wrapped
	for i, line := range lines {
		level, body := unquote(line)
		if level == 1 && extra == 0 && strings.HasPrefix(line, ">From ") && !quotedAround(lines, i) {
			level, body = 0, line[1:] // the mbox escape, not a quotation
		}
		if startsOriginal(lines, i) {
			extra = 1
		}
		level = min(level+extra, maxLevel)
		body = strings.TrimRight(body, " \t\u00a0")
		if level == 0 && (line == "-- " || line == "--") {
			signature = true
		} else if level > 0 {
			signature = false
		}
		if body == "" {
			gap++
			last = ""
			continue
		}
		p := paragraph{Level: level, Text: body, Gap: gap}
		if len(ps) == 0 {
			p.Gap = 0
		} else if prev := ps[len(ps)-1]; gap == 0 && prev.Level == level {
			p.Continues = utf8.RuneCountInString(last) >= wrapColumns && !sentenceEnd.MatchString(last) && !bullet.MatchString(body)
		}
		if signature {
			p.Kind = signatureLine
		}
		ps = append(ps, p)
		gap, last = 0, body
	}
	markAttributions(ps)
	return ps
}

// unquote counts the ">" at the start of a line ("> > x", ">> x") and cuts them off.
func unquote(line string) (level int, rest string) {
	rest = line
	for {
		cut := rest
		if level > 0 {
			cut = strings.TrimPrefix(rest, " ")
		}
		if !strings.HasPrefix(cut, ">") {
			break
		}
		level++
		rest = cut[1:]
	}
	if level > 0 {
		rest = strings.TrimPrefix(rest, " ")
	}
	return level, rest
}

func quotedAround(lines []string, i int) bool {
	return i > 0 && strings.HasPrefix(lines[i-1], ">") || i+1 < len(lines) && strings.HasPrefix(lines[i+1], ">")
}

// startsOriginal reports whether a quotation in the manner of Outlook begins: a dashed title, or a rule with a header
// block under it; no marks before the lines.
func startsOriginal(lines []string, i int) bool {
	line := strings.TrimSpace(lines[i])
	if originalMessage.MatchString(line) {
		return true
	}
	if !outlookRule.MatchString(line) {
		return false
	}
	for _, next := range lines[i+1 : min(i+3, len(lines))] {
		if headerLine.MatchString(strings.TrimSpace(next)) {
			return true
		}
	}
	return false
}

// markAttributions marks the one or two lines before a quotation that say whose it is.
func markAttributions(ps []paragraph) {
	for i := 1; i < len(ps); i++ {
		if ps[i].Level <= ps[i-1].Level || ps[i].Gap > 1 || ps[i-1].Kind == signatureLine {
			continue
		}
		end := strings.TrimRight(ps[i-1].Text, " \u200f\u200e")
		if !strings.HasSuffix(end, ":") && !strings.HasSuffix(end, "：") {
			continue
		}
		ps[i-1].Kind = attribution
		if i > 1 && ps[i-1].Gap == 0 && ps[i-2].Level == ps[i-1].Level && strings.HasPrefix(ps[i-2].Text, "On ") {
			ps[i-2].Kind = attribution
		}
	}
}
