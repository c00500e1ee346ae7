package message

import (
	"bytes"
	"encoding/binary"
)

// The Macintosh wrappings: BinHex 4.0 (RFC 1741) and AppleSingle/AppleDouble (RFC 1740). Only the data fork is of use
// today; the resource fork is left in the part that holds it.

const binhexAlphabet = "!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"

var binhexValue = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i := 0; i < len(binhexAlphabet); i++ {
		t[binhexAlphabet[i]] = byte(i)
	}
	return t
}()

// maxMacFile bounds what is unpacked in memory.
const maxMacFile = 32 << 20

// decodeBinHex returns the file in a BinHex 4.0 text; ok is false when there is none.
func decodeBinHex(b []byte) (name string, data []byte, ok bool) {
	if i := bytes.Index(b, []byte("with BinHex")); i >= 0 {
		b = b[i:]
		if j := bytes.IndexByte(b, '\n'); j >= 0 {
			b = b[j+1:]
		}
	}
	start := bytes.IndexByte(b, ':')
	if start < 0 {
		return "", nil, false
	}
	b = b[start+1:]
	raw := make([]byte, 0, len(b)*3/4)
	var bits uint32
	n := 0
	for _, c := range b {
		if c == ':' {
			break
		}
		v := binhexValue[c]
		if v == 0xff {
			continue
		}
		bits = bits<<6 | uint32(v)
		if n += 6; n >= 8 {
			n -= 8
			raw = append(raw, byte(bits>>n))
		}
	}
	raw = unpackRuns(raw)
	if len(raw) < 1 || len(raw) < 1+int(raw[0])+19 {
		return "", nil, false
	}
	k := int(raw[0])
	name = decodeCharset(raw[1:1+k], "macintosh")
	p := 1 + k + 1 + 4 + 4 + 2
	size := int64(binary.BigEndian.Uint32(raw[p:]))
	p += 4 + 4 + 2
	if p > len(raw) {
		return "", nil, false
	}
	return name, raw[p:min(int64(len(raw)), int64(p)+size)], true
}

// unpackRuns undoes the run-length coding: 0x90 n repeats the byte before, 0x90 0x00 is a 0x90.
func unpackRuns(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b) && len(out) < maxMacFile; i++ {
		if b[i] != 0x90 || i+1 >= len(b) {
			out = append(out, b[i])
			continue
		}
		i++
		if b[i] == 0 {
			out = append(out, 0x90)
			continue
		}
		if len(out) == 0 {
			continue
		}
		last := out[len(out)-1]
		for n := int(b[i]) - 1; n > 0; n-- {
			out = append(out, last)
		}
	}
	return out
}

// decodeAppleFile reads AppleSingle and AppleDouble headers: the real name and the data fork, each may be missing.
func decodeAppleFile(b []byte) (name string, data []byte, ok bool) {
	if len(b) < 26 {
		return "", nil, false
	}
	switch binary.BigEndian.Uint32(b) {
	case 0x00051600, 0x00051607:
	default:
		return "", nil, false
	}
	n := int(binary.BigEndian.Uint16(b[24:]))
	for i := 0; i < n && 26+12*i+12 <= len(b); i++ {
		e := b[26+12*i:]
		id, off, size := binary.BigEndian.Uint32(e), int64(binary.BigEndian.Uint32(e[4:])), int64(binary.BigEndian.Uint32(e[8:]))
		if off > int64(len(b)) {
			continue
		}
		v := b[off:min(int64(len(b)), off+size)]
		switch id {
		case 1:
			data = v
		case 3:
			name = decodeRaw(v, "macintosh")
		}
	}
	return name, data, true
}
