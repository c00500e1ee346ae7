package message

import (
	"bytes"
	"io"
	"strconv"
	"strings"
)

// maxInlineFiles bounds the files taken out of one text.
const maxInlineFiles = 200

// takenFiles is what a text holds besides words: uuencoded, yEnc and BinHex files that old mailers wrote into it.
type takenFiles struct {
	rest  []byte
	files []virtualPart
}

// takeFiles takes the encoded files out of a text. A block that does not look right stays text.
func takeFiles(b []byte) takenFiles {
	if !mayHoldFiles(b) {
		return takenFiles{rest: b}
	}
	t := takenFiles{}
	pos, kept := 0, 0
	keep := func(to int) { t.rest = append(t.rest, b[kept:to]...) }
	for pos < len(b) && len(t.files) < maxInlineFiles {
		next := pos + lineLen(b[pos:])
		line := bytes.TrimRight(b[pos:next], "\r\n")
		var v virtualPart
		end := -1
		switch {
		case bytes.HasPrefix(line, []byte("begin ")), bytes.HasPrefix(line, []byte("begin-base64 ")):
			v, end = uuBlock(b, line, next)
		case bytes.HasPrefix(line, []byte("=ybegin ")):
			v, end = yencBlock(b, line, next)
		case bytes.HasPrefix(line, []byte("(This file must be converted with BinHex")):
			v, end = binhexBlock(b, next)
		}
		if end < 0 {
			pos = next
			continue
		}
		keep(pos)
		t.files = append(t.files, v)
		pos, kept = end, end
	}
	keep(len(b))
	return t
}

// mayHoldFiles: a line begins as one does that an encoded file follows.
func mayHoldFiles(b []byte) bool {
	for len(b) > 0 {
		switch b[0] {
		case 'b', '=', '(':
			for _, s := range fileStarts {
				if bytes.HasPrefix(b, s) {
					return true
				}
			}
		}
		b = b[lineLen(b):]
	}
	return false
}

// fileStarts is how the line before an encoded file begins.
var fileStarts = [][]byte{[]byte("begin "), []byte("begin-base64 "), []byte("=ybegin "), []byte("(This file must be converted with BinHex")}

func lineLen(b []byte) int {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i + 1
	}
	return len(b)
}

// uuBlock decodes from the line after "begin" on. The first line must have the length it claims (give or take the padding
// that some encoders leave out), or it is no file. It ends with "end", with the empty data line before that, and where it
// was cut: at the first line that cannot be data. What follows is text again.
func uuBlock(b, begin []byte, pos int) (virtualPart, int) {
	name := uuBegin(begin)
	if name == nil {
		return uuBase64Block(b, begin, pos)
	}
	v := virtualPart{name: decodeRaw(name, "")}
	blank := -1 // where empty lines began after the last line of data
	for pos < len(b) {
		next := pos + lineLen(b[pos:])
		line := bytes.TrimRight(b[pos:next], "\r\n")
		switch {
		case string(bytes.TrimSpace(line)) == "end":
			return v, next
		case len(line) == 0:
			if blank < 0 {
				blank = pos
			}
		case len(line) == 1 && (line[0] == '`' || line[0] == ' '):
			rest := bytes.TrimLeft(b[next:], "\r\n")
			if n := lineLen(rest); string(bytes.TrimSpace(rest[:n])) == "end" {
				next = len(b) - len(rest) + n
			}
			return v, next
		case !uuLine(line, len(v.data) == 0 || blank >= 0):
			if blank >= 0 {
				pos = blank
			}
			return v, endOfData(v, pos)
		default:
			v.data, blank = appendUULine(v.data, line), -1
		}
		pos = next
	}
	return v, endOfData(v, pos)
}

// endOfData is where a block ends that has no mark for it: without any data there is no block.
func endOfData(v virtualPart, pos int) int {
	if len(v.data) == 0 {
		return -1
	}
	return pos
}

// uuLine tells whether a line can be uuencoded data. Blanks at its end may have been lost on the way, but not where the line
// is to prove that it is data (strict).
func uuLine(line []byte, strict bool) bool {
	if line[0] < ' ' || line[0] > '`' {
		return false
	}
	want := 1 + (int(line[0]-' ')&63+2)/3*4
	if len(line) > want+3 || strict && len(line) < want-3 {
		return false
	}
	for _, c := range line {
		if c < ' ' || c > '`' {
			return len(line) > want && bytes.IndexByte(line, c) >= want // a checksum or a filler after the data
		}
	}
	return true
}

// uuBase64Block decodes what "uuencode -m" writes (POSIX): "begin-base64 644 name", base64, "====".
func uuBase64Block(b, begin []byte, pos int) (virtualPart, int) {
	rest, ok := bytes.CutPrefix(begin, []byte("begin-base64 "))
	if !ok {
		return virtualPart{}, -1
	}
	name := uuBegin(append([]byte("begin "), rest...))
	end := bytes.Index(b[pos:], []byte("\n===="))
	if name == nil || end < 0 {
		return virtualPart{}, -1
	}
	for _, c := range b[pos : pos+end] {
		if base64Value[c] >= 64 && c != '=' && c != '\r' && c != '\n' {
			return virtualPart{}, -1
		}
	}
	data, err := io.ReadAll(newBase64Reader(bytes.NewReader(b[pos : pos+end])))
	if err != nil {
		return virtualPart{}, -1
	}
	pos += end + 1
	return virtualPart{name: decodeRaw(name, ""), data: data}, pos + lineLen(b[pos:])
}

// yencBlock decodes from the line after "=ybegin" on. Without "=yend" it ends where it has the size it claims.
func yencBlock(b, begin []byte, pos int) (virtualPart, int) {
	fields, name, ok := strings.Cut(string(begin), " name=")
	if !ok {
		return virtualPart{}, -1
	}
	size := -1
	for _, f := range strings.Fields(fields) {
		if v, ok := strings.CutPrefix(f, "size="); ok {
			if n, err := strconv.Atoi(v); err == nil {
				size = n
			}
		}
	}
	v := virtualPart{name: decodeRaw([]byte(strings.TrimSpace(name)), "")}
	full := -1
	for pos < len(b) {
		next := pos + lineLen(b[pos:])
		line := bytes.TrimRight(b[pos:next], "\r\n")
		pos = next
		switch {
		case bytes.HasPrefix(line, []byte("=yend")):
			return v, pos
		case bytes.HasPrefix(line, []byte("=y")): // =ypart, or a keyword to come; data never begins like that
		case full < 0:
			if v.data = appendYEnc(v.data, line); size >= 0 && len(v.data) >= size {
				full = pos
			}
		}
	}
	if full >= 0 {
		pos = full
	}
	return v, pos
}

func binhexBlock(b []byte, pos int) (virtualPart, int) {
	rest := bytes.TrimLeft(b[pos:], "\r\n \t")
	if len(rest) == 0 || rest[0] != ':' {
		return virtualPart{}, -1
	}
	end := bytes.IndexByte(rest[1:], ':')
	if end < 0 {
		return virtualPart{}, -1
	}
	name, data, ok := decodeBinHex(rest[:end+2])
	if !ok {
		return virtualPart{}, -1
	}
	pos = len(b) - len(rest) + end + 2
	return virtualPart{name: name, data: data}, pos + lineLen(b[pos:])
}
