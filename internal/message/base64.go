package message

import "io"

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
			// Whole groups, the usual case.
			for i+4 <= len(src) {
				a, b, c, e := base64Value[src[i]], base64Value[src[i+1]], base64Value[src[i+2]], base64Value[src[i+3]]
				if a|b|c|e > 63 {
					break
				}
				dst = append(dst, a<<2|b>>4, b<<4|c>>2, c<<6|e)
				i += 4
			}
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
