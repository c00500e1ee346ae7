package htmlview

// details shows the summary, and the rest when it is open.
func (f *filler) details(n *node) {
	open := f.l.doc.isOpen(n)
	seen := false
	for _, c := range n.children {
		if c.tag == "summary" && !seen {
			seen = true
			f.child(c, n.style)
		} else if open {
			f.child(c, n.style)
		}
	}
}

func (n *node) isSummary() bool {
	return n.tag == "summary" && n.parent != nil && n.parent.tag == "details"
}

// disclosure is the mark before the summary n.
func (d *Document) disclosure(n *node) string {
	switch {
	case d.isOpen(n.parent):
		return "▾"
	case n.style.rtl:
		return "◂"
	}
	return "▸"
}

// isOpen reports whether a <details> element shows what is in it: as the message has it, or the other way when it was
// toggled.
func (d *Document) isOpen(n *node) bool {
	_, open := n.attr("open")
	return open != d.isToggled(n)
}

// isToggled reports whether a click has changed how n is shown.
func (d *Document) isToggled(n *node) bool {
	d.openMu.Lock()
	defer d.openMu.Unlock()
	return d.toggled[n]
}

// isWhole reports whether a click has shown a box whole that would scroll.
func (d *Document) isWhole(n *node) bool {
	d.openMu.Lock()
	defer d.openMu.Unlock()
	return d.whole[n]
}

// SummaryAt reports whether a point is on the summary of a <details> element, which a click opens or closes, or on the edge of a box that
// a click shows whole.
func (v *View) SummaryAt(x, y float32) bool { return v.openAt(x, y) != nil }

// Toggle opens or closes what SummaryAt finds at a point; it reports whether there is anything. It shows in the
// next layout of the document, not in views that exist. Safe for concurrent use.
func (v *View) Toggle(x, y float32) bool {
	o := v.openAt(x, y)
	if o == nil {
		return false
	}
	v.doc.openMu.Lock()
	defer v.doc.openMu.Unlock()
	if v.doc.toggled == nil {
		v.doc.toggled = map[*node]bool{}
	}
	if v.doc.whole == nil {
		v.doc.whole = map[*node]bool{}
	}
	if o.box {
		v.doc.whole[o.of] = true // also for the second click of two: there is nothing to cut it off again with
	} else {
		v.doc.toggled[o.of] = !v.doc.toggled[o.of]
	}
	return true
}

func (v *View) openAt(x, y float32) *openBox {
	x, y = x/v.zoom, y/v.zoom
	for i := len(v.opens) - 1; i >= 0; i-- {
		if o := &v.opens[i]; x >= o.x0 && x < o.x1 && y >= o.y0 && y < o.y1 {
			return o
		}
	}
	return nil
}
