package message

import (
	"encoding/binary"
	"io"
	"slices"
)

// base64Value maps a byte to its six bits; 64: padding, 65: not in the alphabet of mail (RFC 2045 §6.8). The "-" and "_" of the
// URL alphabet (RFC 4648 §5) are outside of it: in a mail they are rather the rule above a footer than data.
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

// base64Table holds the bits of each character at each of the four places of a group; a bit above them says that it is none.
var base64Table = func() (t [4][256]uint32) {
	for c, v := range base64Value {
		for k := range t {
			if t[k][c] = uint32(v) << (18 - 6*k); v > 63 {
				t[k][c] = 1 << 24
			}
		}
	}
	return t
}()

// appendBase64 decodes src and never fails: bytes outside the alphabet are skipped (RFC 2045 §6.8), a group that is cut
// gives the bytes it holds. Padding ends the data, unless the line after it is base64 again: some encoders pad in the
// middle, but more often a mailing list has put its footer there.
func appendBase64(dst, src []byte) []byte {
	var d base64State
	dst = d.decode(dst, src)
	return d.finish(dst)
}

// maxHeldLine bounds the line after padding that is looked at before it is decoded.
const maxHeldLine = 1000

// base64State carries an open group from one piece to the next.
type base64State struct {
	bits uint32
	n    int
	// padded: padding was read, and held is the line after it so far. stop: that line was something else.
	padded, stop bool
	held         []byte
}

func (d *base64State) decode(dst, src []byte) []byte {
	for len(src) > 0 && !d.stop {
		k := 0
		if !d.padded {
			dst, k = d.run(dst, src)
		} else if k = d.hold(src); k < 0 {
			return dst
		} else {
			dst = d.takeHeld(dst)
		}
		src = src[k:]
	}
	return dst
}

// hold keeps bytes up to a line end and returns how many it took; -1 when the line goes on in the next piece.
func (d *base64State) hold(src []byte) int {
	for i, c := range src {
		if len(d.held) >= maxHeldLine {
			return i
		}
		if c == '\n' {
			return i + 1
		}
		if c != '\r' && (len(d.held) > 0 || c != '=' && c != ' ' && c != '\t') {
			d.held = append(d.held, c)
		}
	}
	return -1
}

// takeHeld decodes the line that was held when it is base64: of the alphabet, in whole groups.
func (d *base64State) takeHeld(dst []byte) []byte {
	line := d.held
	d.held = nil
	if len(line) == 0 {
		return dst
	}
	for _, c := range line {
		if base64Value[c] > 64 {
			d.stop = true
			return dst
		}
	}
	if d.stop = len(line)%4 != 0; d.stop {
		return dst
	}
	for len(line) > 0 {
		k := 0
		d.padded = false
		dst, k = d.run(dst, line)
		line = line[k:]
	}
	return dst
}

// run decodes up to padding, or the whole of src, and returns how much it took.
func (d *base64State) run(dst, src []byte) ([]byte, int) {
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
			d.padded = n > 1 // one character and padding is no group
			dst = d.flush(dst)
			return dst, i + 1
		}
	}
	d.bits, d.n = bits, n
	return dst, len(src)
}

// base64Groups decodes whole groups, the usual case: eight characters at once as long as all are of the alphabet, and the
// line ends between them. It returns how many it took.
func base64Groups(dst, src []byte) ([]byte, int) {
	n := len(dst)
	dst = slices.Grow(dst, len(src)/4*3+8)
	out := dst[n:cap(dst)]
	i, j := 0, 0
	for {
		for len(src)-i >= 8 && len(out)-j >= 8 {
			s := src[i : i+8 : i+8]
			x := base64Table[0][s[0]] | base64Table[1][s[1]] | base64Table[2][s[2]] | base64Table[3][s[3]]
			y := base64Table[0][s[4]] | base64Table[1][s[5]] | base64Table[2][s[6]] | base64Table[3][s[7]]
			if (x|y)>>24 != 0 {
				break
			}
			binary.BigEndian.PutUint64(out[j:], uint64(x)<<40|uint64(y)<<16)
			i, j = i+8, j+6
		}
		for len(src)-i >= 4 {
			x := base64Table[0][src[i]] | base64Table[1][src[i+1]] | base64Table[2][src[i+2]] | base64Table[3][src[i+3]]
			if x>>24 != 0 {
				break
			}
			out[j], out[j+1], out[j+2] = byte(x>>16), byte(x>>8), byte(x)
			i, j = i+4, j+3
		}
		// The lines of a body end between groups: over it, and on.
		k := i
		for k < len(src) && (src[k] == '\r' || src[k] == '\n') {
			k++
		}
		if k == i {
			return dst[:n+j], i
		}
		i = k
	}
}

// finish is called at the end of the data.
func (d *base64State) finish(dst []byte) []byte {
	if d.padded && !d.stop {
		dst = d.takeHeld(dst)
	}
	return d.flush(dst)
}

// flush writes what an incomplete group holds.
func (d *base64State) flush(dst []byte) []byte {
	switch d.n {
	case 2:
		dst = append(dst, byte(d.bits>>4))
	case 3:
		dst = append(dst, byte(d.bits>>10), byte(d.bits>>2))
	}
	d.bits, d.n = 0, 0
	return dst
}

// base64Chunk is how much is decoded at once.
const base64Chunk = 16 << 10

// base64Reader decodes a stream with appendBase64's tolerance.
type base64Reader struct {
	r    io.Reader // nil: mem holds everything that is left
	mem  []byte
	d    base64State
	in   []byte
	out  []byte
	rest []byte
	err  error
}

func newBase64Reader(r io.Reader) *base64Reader {
	return &base64Reader{r: r, in: make([]byte, base64Chunk)}
}

// newBase64Bytes decodes what is in memory already.
func newBase64Bytes(b []byte) *base64Reader { return &base64Reader{mem: b} }

// step decodes the next chunk into rest.
func (b *base64Reader) step() {
	in, err := b.mem, error(nil)
	if b.r != nil {
		n := 0
		n, err = b.r.Read(b.in)
		in = b.in[:n]
	} else if len(in) > base64Chunk {
		in, b.mem = in[:base64Chunk], in[base64Chunk:]
	} else {
		b.mem, err = nil, io.EOF
	}
	b.out = b.d.decode(b.out[:0], in)
	if err != nil {
		b.out = b.d.finish(b.out)
		b.err = err
	}
	b.rest = b.out
}

// Read is io.Reader.
func (b *base64Reader) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		b.step()
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// WriteTo is io.WriterTo: it saves a copy of everything.
func (b *base64Reader) WriteTo(w io.Writer) (int64, error) {
	n := int64(0)
	for {
		k, err := w.Write(b.rest)
		n += int64(k)
		b.rest = nil
		if err != nil {
			return n, err
		}
		if b.err == io.EOF {
			return n, nil
		}
		if b.err != nil {
			return n, b.err
		}
		b.step()
	}
}
