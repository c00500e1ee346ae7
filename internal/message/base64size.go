package message

import (
	"encoding/binary"
	"math/bits"
)

// The size of an attachment is shown long before anybody opens it, and most bytes of most mailboxes are base64: so its decoded bytes
// are counted without decoding them, eight characters at a time, as long as there is nothing but the alphabet and line ends. Up to there
// no line is a boundary, either: of a message that is not in memory, its bytes are read once for both.

// Every byte of a word at once.
const (
	each    = 0x0101010101010101
	topBits = each << 7
)

// base64Outside has the highest bit of each byte of x set that is not of the base64 alphabet.
func base64Outside(x uint64) uint64 {
	low := x &^ topBits // so that no sum below reaches the next byte
	letter := low | each*0x20
	letter = (letter + each*(0x80-'a')) &^ (letter + each*(0x7f-'z'))
	slashDigit := (low + each*(0x80-'/')) &^ (low + each*(0x7f-'9'))
	plus := ^((low ^ each*'+') + each*0x7f)
	return (x | ^(letter | slashDigit | plus)) & topBits
}

// base64Run counts the characters of the alphabet at the start of b, over line ends, up to the first byte that is neither; end is the
// index of that byte, line where the line begins that it stands in, -1 when that is before b.
func base64Run(b []byte) (chars, end, line int) {
	i, ends := 0, 0
	line = -1
	for {
		for len(b)-i >= 8 {
			out := base64Outside(binary.LittleEndian.Uint64(b[i:]))
			if out != 0 {
				i += bits.TrailingZeros64(out) / 8
				break
			}
			i += 8
		}
		for i < len(b) && base64Value[b[i]] < 64 { // the last seven
			i++
		}
		if i == len(b) || b[i] != '\r' && b[i] != '\n' {
			return i - ends, i, line
		}
		if b[i] == '\r' {
			i++
			ends++
		}
		if i < len(b) && b[i] == '\n' {
			i++
			ends++
			line = i
		}
	}
}

// base64Run is base64Run from off on.
func (s *source) base64Run(off int64) (chars, end, line int64) {
	line = off
	for off < s.size {
		if off < s.base || off >= s.base+int64(len(s.buf)) {
			if s.fill(off); len(s.buf) == 0 {
				break
			}
		}
		b := s.buf[off-s.base:]
		c, k, l := base64Run(b)
		chars += int64(c)
		if l >= 0 {
			line = off + int64(l)
		}
		if off += int64(k); k < len(b) {
			break
		}
	}
	return chars, off, line
}

// base64Counter counts what base64State would decode, given the same pieces.
type base64Counter struct {
	d   base64State
	n   int64
	out []byte
}

// chars adds so many characters of the alphabet.
func (c *base64Counter) chars(n int64) {
	n += int64(c.d.n)
	c.n += n / 4 * 3
	c.d.n = int(n % 4)
}

func (c *base64Counter) add(src []byte) {
	for len(src) > 0 && !c.d.stop {
		if !c.d.padded {
			chars, end, _ := base64Run(src)
			c.chars(int64(chars))
			src = src[end:]
		}
		// Padding, blanks, a mailing list's footer: what is seldom there is decoded.
		k := min(len(src), base64Chunk)
		c.out = c.d.decode(c.out[:0], src[:k])
		c.n += int64(len(c.out))
		src = src[k:]
	}
}

// size is the number of bytes of everything that was added; nothing more may be.
func (c *base64Counter) size() int64 {
	c.out = c.d.finish(c.out[:0])
	return c.n + int64(len(c.out))
}
