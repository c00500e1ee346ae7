package ui

// Zoom makes messages larger or smaller by steps; 0 goes back to 100 %. The result is remembered.
func (r *readerPane) Zoom(step int) {
	z := r.look.zoom
	switch {
	case step == 0:
		z = 1
	case step > 0:
		for range step {
			z = nextZoom(z, true)
		}
	default:
		for range -step {
			z = nextZoom(z, false)
		}
	}
	if z != r.look.zoom {
		r.setLook(readerLook{r.look.textOnly, z, r.look.original})
	}
}

// zooms are the steps of zooming, as browsers have them.
var zooms = []float32{0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3}

func nextZoom(z float32, larger bool) float32 {
	best := z
	for _, s := range zooms {
		if larger && s > z+0.01 {
			return s
		}
		if !larger && s < z-0.01 {
			best = s
		}
	}
	return best
}

// setLook shows all open messages in another look.
func (r *readerPane) setLook(look readerLook) {
	was := *r.look
	*r.look = look
	for _, m := range r.views() {
		m.body.LookChanged()
		if was.textOnly != look.textOnly {
			m.readLinks()
			m.showImages()
		}
	}
	if r.OnLook != nil {
		r.OnLook(look)
	}
}

// toggleText switches between the HTML and the text of messages.
func (r *readerPane) toggleText() {
	r.setLook(readerLook{!r.look.textOnly, r.look.zoom, r.look.original})
}

// toggleColors switches between colours adapted to a dark window and those of the sender.
func (r *readerPane) toggleColors() {
	r.setLook(readerLook{r.look.textOnly, r.look.zoom, !r.look.original})
}
