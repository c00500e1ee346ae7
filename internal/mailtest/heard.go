package mailtest

import (
	"slices"
	"strings"
	"sync"
)

// Heard is what a server that a test plays was told, for any goroutine.
type Heard struct {
	mu    sync.Mutex
	lines []string
}

// Note takes note of one command.
func (h *Heard) Note(line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, line)
}

// Lines are all commands, in the order they came.
func (h *Heard) Lines() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.lines)
}

// Said are the commands that begin with word.
func (h *Heard) Said(word string) (out []string) {
	for _, l := range h.Lines() {
		if strings.HasPrefix(l, word) {
			out = append(out, l)
		}
	}
	return out
}
