package ui

// markedPlaces are the places in the open messages that a search marks, and the one of them that is looked at. UI thread only.
type markedPlaces struct {
	parts  []markedPart
	total  int
	at     int         // the place looked at, counted over all messages; -1: none
	looked *readerBody // that shows it
	nth    int         // which of the places of looked it is
}

// markedPart are the places in one message.
type markedPart struct {
	body *readerBody
	n    int
}

// forget forgets the places. The marks themselves stay in the bodies.
func (p *markedPlaces) forget() { *p = markedPlaces{at: -1} }

// count takes the places there are now, in the order of the messages: what find returns for each. The one looked at stays so where it is
// still there.
func (p *markedPlaces) count(views []*messageView, find func(b *readerBody) int) {
	looked, nth := p.looked, p.nth
	p.forget()
	for _, m := range views {
		n := find(m.body)
		if n == 0 {
			continue
		}
		at := p.total
		p.parts, p.total = append(p.parts, markedPart{m.body, n}), p.total+n
		if m.body == looked && nth < n {
			p.distinguish(at + nth)
		}
	}
}

// distinguish marks one place as the one looked at and tells where it is; nil: there is no such place.
func (p *markedPlaces) distinguish(at int) (body *readerBody, y, height float32) {
	if p.looked != nil {
		p.looked.LookAt(-1)
	}
	p.at, p.looked = -1, nil
	if at < 0 {
		return nil, 0, 0
	}
	for n, rest := 0, at; n < len(p.parts); n++ {
		if part := p.parts[n]; rest < part.n {
			p.at, p.looked, p.nth = at, part.body, rest
			y, height = part.body.LookAt(rest)
			return part.body, y, height
		}
		rest -= p.parts[n].n
	}
	return nil, 0, 0
}

// next is the place after the one looked at (1) or before it (-1), around the ends; while none is looked at it is the first or the last.
func (p *markedPlaces) next(n int) int {
	at := p.at
	if at < 0 && n < 0 {
		at = 0
	}
	return (at + n + p.total) % p.total
}

// firstIn is the first place in a message, -1 when there is none.
func (p *markedPlaces) firstIn(body *readerBody) int {
	at := 0
	for _, part := range p.parts {
		if part.body == body {
			return at
		}
		at += part.n
	}
	return -1
}
