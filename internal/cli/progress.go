package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"peyk/internal/mail"
	mailsync "peyk/sync"
)

// progressView shows how a pass goes: a bar on a terminal, a line for each new phase elsewhere.
type progressView struct {
	w        io.Writer
	terminal bool
	names    map[mail.AccountID]string
	last     map[mail.AccountID]string // line writer: what was said last
	halt     func()
	done     chan struct{}
}

func startProgress(w io.Writer, e *mailsync.Engine, accts []mail.Account) *progressView {
	v := &progressView{w: w, names: map[mail.AccountID]string{}, last: map[mail.AccountID]string{}, done: make(chan struct{})}
	if f, ok := w.(*os.File); ok {
		v.terminal = term.IsTerminal(int(f.Fd()))
	}
	for _, a := range accts {
		v.names[a.ID] = a.Name
	}
	ch, halt := e.Progress()
	v.halt = halt
	go func() {
		defer close(v.done)
		for p := range ch {
			v.show(p)
		}
	}()
	return v
}

// stop ends the view; it leaves the terminal on a fresh line.
func (v *progressView) stop() {
	v.halt()
	<-v.done
	if v.terminal {
		fmt.Fprint(v.w, "\r\x1b[K")
	}
}

func (v *progressView) show(p mail.Progress) {
	if p.Problem != nil && (p.Problem.Code == mail.CodeAlert || p.Problem.Code == mail.CodeNearlyFull) {
		// What a server wants read is no failure, so the result does not have it.
		if v.terminal {
			fmt.Fprint(v.w, "\r\x1b[K")
		}
		fmt.Fprintln(v.w, plain(p.Problem.Summary))
		return
	}
	if p.Problem != nil || p.Result != nil {
		return // told at the end, once
	}
	text := v.names[p.Account] + ": " + string(p.Phase)
	if p.Folder != "" {
		text += " " + plain(p.Folder)
	}
	if !v.terminal {
		if v.last[p.Account] != text {
			v.last[p.Account] = text
			fmt.Fprintln(v.w, text)
		}
		return
	}
	if p.Total > 0 {
		text = bar(p.Done, p.Total, 24) + " " + text
	}
	fmt.Fprint(v.w, "\r\x1b[K"+cut(text, 78))
}

func bar(done, total, width int) string {
	n := min(done*width/max(total, 1), width)
	return fmt.Sprintf("[%s%s] %d/%d", strings.Repeat("#", n), strings.Repeat(" ", width-n), done, total)
}
