package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"peyk/internal/mailbox"
)

// fileProgress shows on a terminal how an import or export goes. Elsewhere it says nothing: the report at the end tells.
type fileProgress struct {
	w    io.Writer // nil: not a terminal
	last time.Time
}

func newFileProgress(w io.Writer) *fileProgress {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return &fileProgress{w: w}
	}
	return &fileProgress{}
}

func (p *fileProgress) show(now mailbox.Progress) {
	if p.w == nil || time.Since(p.last) < 100*time.Millisecond {
		return
	}
	p.last = time.Now()
	text := fmt.Sprintf("%d messages", now.Done)
	switch {
	case now.Total > 0:
		text = bar(now.Done, now.Total, 24)
	case now.TotalBytes > 0:
		text = bar(int(now.Bytes>>10), int(now.TotalBytes>>10), 24) + " KB"
	}
	fmt.Fprint(p.w, "\r\x1b[K"+cut(text+" "+plain(now.Source), 78))
}

// end leaves the terminal on a fresh line.
func (p *fileProgress) end() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
