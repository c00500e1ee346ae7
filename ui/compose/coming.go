package compose

import (
	"time"

	"peyk/ui/kit"
	"peyk/ui/lang"
)

// coming is what is on its way into the message: files that are looked at, pictures that are read or pasted. Sent before they are here, it would go without
// them. UI thread only.
type coming struct {
	n    int
	here func(all bool) // called once when nothing is on its way any more; all: and nothing has failed since; nil: nobody waits
	all  bool
}

// begin notes that something is coming; done is called when it is in the message, or, with false, will not be.
func (c *coming) begin() (done func(ok bool)) {
	c.n++
	return func(ok bool) {
		c.n--
		c.all = c.all && ok
		if here := c.here; c.n == 0 && here != nil {
			c.here = nil
			here(c.all)
		}
	}
}

// cancel lets nobody wait any more.
func (c *coming) cancel() { c.here = nil }

// waits puts sending off until everything is here that was attached, and reports whether it does. When something cannot be attached that is said, and nothing is sent.
func (w *Window) waits(later time.Time) bool {
	if w.coming.n == 0 {
		return false
	}
	w.coming.all = true
	w.coming.here = func(all bool) {
		if all {
			w.tell(kit.LevelInfo, "")
			w.check(later)
		}
	}
	w.tell(kit.LevelInfo, lang.T("compose.send.waits"), kit.Action{Text: lang.T("kit.cancel"), Do: func() {
		w.coming.cancel()
		w.tell(kit.LevelInfo, "")
	}})
	return true
}
