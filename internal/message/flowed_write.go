package message

import (
	"strings"
	"unicode/utf8"

	"peyk/internal/richtext"
)

// flowWidth is where paragraphs are cut (RFC 3676 §4.2 says 78 at most; 72 leaves room for quoting).
const flowWidth = 72

// flow writes text, one line a paragraph, as format=flowed (RFC 3676 §4): long paragraphs are cut after a blank, which
// stays at the line end and says that the paragraph goes on; lines that start with a blank or "From " are stuffed; quote
// marks are written without blanks between. A paragraph that runs from right to left or mixes directions is cut only where
// the rest has its direction by its first letter, so that readers who do not join the lines show each of them right. Line
// ends are CRLF.
func flow(text string) string {
	var b strings.Builder
	text = strings.TrimRight(normalizeLines(text), "\n")
	for _, para := range strings.Split(text, "\n") {
		depth, rest := richtext.QuoteDepth(para)
		flowParagraph(&b, strings.Repeat(">", depth), rest)
	}
	return b.String()
}

func flowParagraph(b *strings.Builder, marks, s string) {
	if s != "-- " {
		s = strings.TrimRight(s, " ") // a blank at the end would join it with the next paragraph
	}
	rtl, mixed, _ := richtext.Direction(s)
	keeps := func(rest string) bool {
		if !rtl && !mixed {
			return true
		}
		same, ok := richtext.FirstStrong(rest[:min(len(rest), 200)])
		return ok && same == rtl
	}
	for first := true; first || s != ""; first = false {
		line := s
		if s != "-- " {
			line = flowCut(s, flowWidth-len(marks)-1, keeps)
		}
		s = s[len(line):]
		b.WriteString(marks)
		if line != "" && (marks != "" || line[0] == ' ' || line[0] == '>' || strings.HasPrefix(line, "From ")) {
			b.WriteByte(' ')
		}
		b.WriteString(line)
		b.WriteString("\r\n")
	}
}

// flowCut returns the start of s up to and with the last blank that fits into width; the whole of s where that fits, or
// where there is no blank to cut after. keeps tells whether the rest may begin a line.
func flowCut(s string, width int, keeps func(rest string) bool) string {
	if width < 20 {
		width = 20
	}
	n, cut := 0, -1
	for i := 0; i < len(s); {
		_, size := utf8.DecodeRuneInString(s[i:])
		if s[i] == ' ' && i+1 < len(s) && s[i+1] != ' ' && !cutsSignature(s, i) && keeps(s[i+1:]) {
			if n <= width {
				cut = i + 1
			} else if cut < 0 {
				return s[:i+1]
			}
		}
		if n > width && cut > 0 {
			return s[:cut]
		}
		i += size
		n++
	}
	if n <= width || cut < 0 {
		return s
	}
	return s[:cut]
}

// cutsSignature: cutting after the blank at i would make a line "-- " that reads as a signature mark.
func cutsSignature(s string, i int) bool { return s[:i] == "--" }
