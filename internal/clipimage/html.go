package clipimage

import (
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decode reads the text of a clipboard: UTF-8, or UTF-16 as some browsers write it, which has a byte order mark or zeroes between ASCII letters. "": neither.
func decode(raw []byte) string {
	var order binary.ByteOrder
	switch {
	case len(raw) >= 2 && raw[0] == 0xff && raw[1] == 0xfe:
		order, raw = binary.LittleEndian, raw[2:]
	case len(raw) >= 2 && raw[0] == 0xfe && raw[1] == 0xff:
		order, raw = binary.BigEndian, raw[2:]
	case len(raw) >= 2 && raw[1] == 0:
		order = binary.LittleEndian
	}
	s := string(raw)
	if order != nil {
		units := make([]uint16, 0, len(raw)/2)
		for ; len(raw) >= 2; raw = raw[2:] {
			units = append(units, order.Uint16(raw))
		}
		s = string(utf16.Decode(units))
	}
	s = strings.TrimPrefix(strings.TrimRight(s, "\x00"), "\ufeff")
	if !utf8.ValidString(s) {
		return ""
	}
	return s
}

// The comments around what was copied, which Windows demands and many programs write everywhere.
const startFragment, endFragment = "<!--StartFragment-->", "<!--EndFragment-->"

// fragment is what was copied, without what stands around it: the header of Windows' "HTML Format", and the page it was copied from.
func fragment(s string) string {
	if from, to, ok := offsets(s); ok {
		return strings.TrimSpace(s[from:to])
	}
	if i := strings.Index(s, startFragment); i >= 0 {
		s = s[i+len(startFragment):]
		if j := strings.LastIndex(s, endFragment); j >= 0 {
			s = s[:j]
		}
	}
	return strings.TrimSpace(s)
}

// offsets reads the header of "HTML Format": lines of names and byte offsets.
func offsets(s string) (from, to int, ok bool) {
	if !strings.HasPrefix(s, "Version:") {
		return 0, 0, false
	}
	from, to = -1, -1
	for line := range strings.Lines(s[:min(len(s), 1024)]) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		n, err := strconv.Atoi(value)
		switch {
		case err != nil:
		case name == "StartFragment":
			from = n
		case name == "EndFragment":
			to = n
		}
	}
	return from, to, from >= 0 && from <= to && to <= len(s)
}
