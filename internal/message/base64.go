package message

import (
	"encoding/binary"
	"io"
	"slices"
)

// base64Value maps a byte to its six bits; 64: padding, 65: not in the alphabet. The URL alphabet (RFC 4648 §5) is
// understood as well.
var base64Value = func() (t [256]byte) {
	for i := range t {
		t[i] = 65
	}
	const std = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := 0; i < len(std); i++ {
		t[std[i]] = byte(i)
	}
	t['='] = 64
	return t
}()

// appendBase64 decodes src and never fails: bytes outside the alphabet are skipped (RFC 2045 §6.8), padding in the
// middle ends a group and decoding goes on, a group that is cut gives the bytes it holds.
func appendBase64(dst, src []byte) []byte {
	var d base64State
	dst = d.decode(dst, src)
	return d.finish(dst)
}

// base64State carries an open group from one piece to the next.
type base64State struct {
	bits uint32
	n    int
}

func (d *base64State) decode(dst, src []byte) []byte {
	bits, n := d.bits, d.n
	for i := 0; i < len(src); i++ {
		if n == 0 {
			k := 0
			dst, k = base64Groups(dst, src[i:])
			i += k
			if i >= len(src) {
				break
			}
		}
		switch v := base64Value[src[i]]; {
		case v < 64:
			bits = bits<<6 | uint32(v)
			n++
			if n == 4 {
				dst = append(dst, byte(bits>>16), byte(bits>>8), byte(bits))
				bits, n = 0, 0
			}
		case v == 64 && n > 0:
			d.bits, d.n = bits, n
			dst = d.finish(dst)
			bits, n = 0, 0
		}
	}
	d.bits, d.n = bits, n
	return dst
}

// base64Groups decodes whole groups, the usual case: eight characters at once as long as all are of the alphabet. It
// returns how many it took.
func base64Groups(dst, src []byte) ([]byte, int) {
	n := len(dst)
	dst = slices.Grow(dst, len(src)/4*3+8)
	out := dst[n:cap(dst)]
	i, j := 0, 0
	for len(src)-i >= 8 && len(out)-j >= 8 {
		s := src[i : i+8 : i+8]
		a, b, c, d := base64Value[s[0]], base64Value[s[1]], base64Value[s[2]], base64Value[s[3]]
		e, f, g, h := base64Value[s[4]], base64Value[s[5]], base64Value[s[6]], base64Value[s[7]]
		if a|b|c|d|e|f|g|h > 63 {
			break
		}
		v := uint64(a)<<58 | uint64(b)<<52 | uint64(c)<<46 | uint64(d)<<40 | uint64(e)<<34 | uint64(f)<<28 | uint64(g)<<22 | uint64(h)<<16
		binary.BigEndian.PutUint64(out[j:], v)
		i, j = i+8, j+6
	}
	for len(src)-i >= 4 {
		a, b, c, d := base64Value[src[i]], base64Value[src[i+1]], base64Value[src[i+2]], base64Value[src[i+3]]
		if a|b|c|d > 63 {
			break
		}
		out[j], out[j+1], out[j+2] = a<<2|b>>4, b<<4|c>>2, c<<6|d
		i, j = i+4, j+3
	}
	return dst[:n+j], i
}

// finish writes what an incomplete group holds.
func (d *base64State) finish(dst []byte) []byte {
	switch d.n {
	case 2:
		dst = append(dst, byte(d.bits>>4))
	case 3:
		dst = append(dst, byte(d.bits>>10), byte(d.bits>>2))
	}
	d.bits, d.n = 0, 0
	return dst
}

// base64Reader decodes a stream with appendBase64's tolerance.
type base64Reader struct {
	r    io.Reader
	d    base64State
	in   []byte
	out  []byte
	rest []byte
	err  error
}

func newBase64Reader(r io.Reader) io.Reader {
	return &base64Reader{r: r, in: make([]byte, 16<<10)}
}

func (b *base64Reader) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		n, err := b.r.Read(b.in)
		b.out = b.d.decode(b.out[:0], b.in[:n])
		if err != nil {
			b.out = b.d.finish(b.out)
			b.err = err
		}
		b.rest = b.out
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}
