package message

import (
	"bytes"
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
	if !bytes.Contains(b, []byte("begin ")) && !bytes.Contains(b, []byte("(This file must be converted with BinHex")) {
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
		case bytes.HasPrefix(line, []byte("begin ")):
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

func lineLen(b []byte) int {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i + 1
	}
	return len(b)
}

// uuBlock decodes from the line after "begin" on. It is a file when every line has the length it claims (give or take
// the padding that some encoders leave out) and an "end" or the end of the text follows.
func uuBlock(b, begin []byte, pos int) (virtualPart, int) {
	name := uuBegin(begin)
	if name == nil {
		return virtualPart{}, -1
	}
	v := virtualPart{name: decodeRaw(name, "")}
	for lines := 0; pos < len(b); lines++ {
		next := pos + lineLen(b[pos:])
		line := bytes.TrimRight(b[pos:next], "\r\n")
		if string(bytes.TrimSpace(line)) == "end" {
			return v, next
		}
		if len(line) > 0 && !(len(line) == 1 && (line[0] == '`' || line[0] == ' ')) {
			n := int(line[0]-' ') & 63
			want := 1 + (n+2)/3*4
			if line[0] < ' ' || line[0] > '`' || len(line) < want-3 && lines == 0 || len(line) > want+3 {
				return virtualPart{}, -1
			}
			v.data = appendUULine(v.data, line)
		}
		pos = next
	}
	if len(v.data) == 0 {
		return virtualPart{}, -1
	}
	return v, pos
}

func yencBlock(b, begin []byte, pos int) (virtualPart, int) {
	_, name, ok := strings.Cut(string(begin), " name=")
	if !ok {
		return virtualPart{}, -1
	}
	v := virtualPart{name: decodeRaw([]byte(strings.TrimSpace(name)), "")}
	for pos < len(b) {
		next := pos + lineLen(b[pos:])
		line := bytes.TrimRight(b[pos:next], "\r\n")
		pos = next
		switch {
		case bytes.HasPrefix(line, []byte("=yend")):
			return v, pos
		case bytes.HasPrefix(line, []byte("=ypart ")):
		default:
			v.data = appendYEnc(v.data, line)
		}
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
