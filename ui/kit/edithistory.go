package kit

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"peyk/internal/richtext"
	"peyk/internal/text"
)

// stepKind says which steps may become one.
type stepKind uint8

const (
	stepOther stepKind = iota
	stepType           // characters typed one after another
	stepErase          // Backspace again and again
)

// step is one change of a text that can be undone.
type step struct {
	at                spot
	removed, inserted string
	before            []paraMark // of the paragraphs touched, before the change; nil: none had any
	after             []paraMark // the same after it
	turned            int        // the number of paragraphs whose marks were changed, 0: a change of the text
	caret, anchor     spot       // before the change
	kind              stepKind
	linked            bool // goes with the step before it
	when              time.Time
}

// history is what can be undone and done again.
type history struct {
	past, future []step
	sealed       bool // the next step begins a new one (the caret was moved)
}

const (
	maxSteps  = 2000
	stepPause = 1500 * time.Millisecond
)

// record adds a step, joining it with the last one where a user would see one.
func (h *history) record(s step) {
	s.when = time.Now()
	h.future = nil
	if n := len(h.past); n > 0 && !h.sealed && h.past[n-1].join(s) {
		return
	}
	h.sealed = false
	h.past = append(h.past, s)
	if len(h.past) > maxSteps {
		h.past = append(h.past[:0], h.past[len(h.past)-maxSteps/2:]...)
	}
}

// join takes s into the step before, if both are one run of typing or erasing.
func (a *step) join(s step) bool {
	if a.kind != s.kind || s.kind == stepOther || s.when.Sub(a.when) > stepPause {
		return false
	}
	switch s.kind {
	case stepType:
		if s.removed != "" || s.at != advance(a.at, a.inserted) || wordStarts(a.inserted, s.inserted) {
			return false
		}
		a.inserted += s.inserted
	case stepErase:
		if s.inserted != "" || advance(s.at, s.removed) != a.at || strings.Contains(s.removed, "\n") || strings.Contains(a.removed, "\n") {
			return false
		}
		a.at, a.removed = s.at, s.removed+a.removed
	}
	a.when, a.after = s.when, s.after
	return true
}

// wordStarts reports whether next begins a word after what was typed so far.
func wordStarts(typed, next string) bool {
	if strings.Contains(next, "\n") || strings.HasSuffix(typed, "\n") {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(typed)
	first, _ := utf8.DecodeRuneInString(next)
	return unicode.IsSpace(last) && !unicode.IsSpace(first)
}

// undo takes the last step back and reports whether there was one.
func (m *editModel) undo() bool {
	n := len(m.past)
	if n == 0 {
		return false
	}
	s := m.past[n-1]
	m.past = m.past[:n-1]
	m.future = append(m.future, s)
	if s.turned > 0 {
		m.remark(s.at.p, s.turned, s.before)
	} else {
		m.splice(s.at, advance(s.at, s.inserted), s.removed, richtext.Attr{})
		m.remark(s.at.p, strings.Count(s.removed, "\n")+1, s.before)
	}
	m.caret, m.anchor, m.side, m.goal, m.sealed = s.caret, s.anchor, text.Upstream, -1, true
	if s.linked {
		m.undo()
	}
	return true
}

// redo does the step last taken back again.
func (m *editModel) redo() bool {
	n := len(m.future)
	if n == 0 {
		return false
	}
	s := m.future[n-1]
	m.future = m.future[:n-1]
	m.past = append(m.past, s)
	if s.turned > 0 {
		m.remark(s.at.p, s.turned, s.after)
		m.caret = s.caret
	} else {
		m.caret = m.splice(s.at, advance(s.at, s.removed), s.inserted, richtext.Attr{})
		m.remark(s.at.p, strings.Count(s.inserted, "\n")+1, s.after)
	}
	m.anchor, m.side, m.goal, m.sealed = m.caret, text.Upstream, -1, true
	if n := len(m.future); n > 0 && m.future[n-1].linked {
		m.redo()
	}
	return true
}

// forgetHistory makes the present text the first one (a draft was opened).
func (m *editModel) forgetHistory() { m.history = history{} }
