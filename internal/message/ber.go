package message

import "bytes"

// oidSignedData is 1.2.840.113549.1.7.2 (RFC 5652 §5.1).
var oidSignedData = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}

// berElem is one BER element: its content, and what follows it. indefinite content runs to its end-of-contents mark.
type berElem struct {
	tag        byte
	body       []byte
	indefinite bool
}

// berNext reads one element. For an indefinite length body is everything up to the end of b; the reader of its content
// stops at the mark.
func berNext(b []byte) (e berElem, rest []byte, ok bool) {
	if len(b) < 2 || b[0]&0x1f == 0x1f {
		return e, nil, false
	}
	e.tag = b[0]
	n := int(b[1])
	b = b[2:]
	switch {
	case n == 0x80:
		e.indefinite, e.body = true, b
		return e, nil, true
	case n > 0x80:
		k := n & 0x7f
		if k > 4 || k > len(b) {
			return e, nil, false
		}
		n = 0
		for _, c := range b[:k] {
			n = n<<8 | int(c)
		}
		b = b[k:]
	}
	if n > len(b) {
		n = len(b) // cut: what is there counts
	}
	e.body = b[:n]
	return e, b[n:], true
}

// signedContent takes the content out of a CMS SignedData that carries it (an S/MIME message with an opaque signature,
// RFC 8551 §3.5.2). The signature is not checked.
func signedContent(b []byte) ([]byte, bool) {
	info, _, ok := berNext(b)
	if !ok || info.tag != 0x30 {
		return nil, false
	}
	oid, rest, ok := berNext(info.body)
	if !ok || oid.tag != 0x06 || !bytes.Equal(oid.body, oidSignedData) {
		return nil, false
	}
	wrap, _, ok := berNext(rest)
	if !ok || wrap.tag != 0xa0 {
		return nil, false
	}
	sd, _, ok := berNext(wrap.body)
	if !ok || sd.tag != 0x30 {
		return nil, false
	}
	_, rest, ok = berNext(sd.body) // version
	if !ok {
		return nil, false
	}
	algs, rest2, ok := berNext(rest) // digestAlgorithms
	if !ok || algs.tag != 0x31 {
		return nil, false
	}
	if algs.indefinite {
		if rest2 = berSkip(algs.body, 0); rest2 == nil {
			return nil, false
		}
	}
	encap, _, ok := berNext(rest2)
	if !ok || encap.tag != 0x30 {
		return nil, false
	}
	_, rest, ok = berNext(encap.body) // eContentType
	if !ok {
		return nil, false
	}
	content, _, ok := berNext(rest)
	if !ok || content.tag != 0xa0 {
		return nil, false
	}
	octets, _, ok := berNext(content.body)
	if !ok || octets.tag&0x1f != 0x04 {
		return nil, false
	}
	if octets.tag&0x20 == 0 {
		return octets.body, true
	}
	var out []byte
	for part := octets.body; len(part) > 0; {
		e, next, ok := berNext(part)
		if !ok || e.tag != 0x04 {
			break
		}
		out = append(out, e.body...)
		part = next
	}
	return out, true
}

// berSkip goes to the end-of-contents mark of indefinite content and returns what follows it; nil without one.
func berSkip(b []byte, depth int) []byte {
	for depth < 20 && len(b) >= 2 {
		if b[0] == 0 && b[1] == 0 {
			return b[2:]
		}
		e, rest, ok := berNext(b)
		if !ok {
			return nil
		}
		if e.indefinite {
			rest = berSkip(e.body, depth+1)
		}
		b = rest
	}
	return nil
}
