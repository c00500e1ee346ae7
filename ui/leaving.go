package ui

import (
	"context"

	"peyk/internal/mail"
	"peyk/ui/compose"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// leave closes the window by the user's wish. What is being written is stored first; where that cannot be done (the disk is full, the
// profile is of a newer Peyk) the windows stay open, unless the user says otherwise. About settings that were changed and are not saved their window asks.
func (w *MainWindow) leave() {
	if w.closed || w.unsavedForm() {
		return
	}
	w.keepReplies()
	w.env.loop.Serial(func(context.Context) func() { return w.storeWriting }) // behind the answers
}

// keepReplies makes drafts of answers begun under conversations.
func (w *MainWindow) keepReplies() {
	w.reader.keepReply()
	for v := range w.windows {
		v.pane.keepReply()
	}
}

// endNow closes the window because the session of the desktop ends (SIGTERM) or somebody interrupts: there is nobody to ask, and what is being
// written is stored.
func (w *MainWindow) endNow() {
	if !w.closed {
		w.keepReplies()
		w.Close()
	}
}

// storeWriting stores what is being written and closes the window once all of it is.
func (w *MainWindow) storeWriting() {
	if w.closed {
		return
	}
	left := len(w.writing)
	if left == 0 {
		w.Close()
		return
	}
	var failed []*compose.Window
	for c := range w.writing {
		c.Store(func(ok bool) {
			if !ok {
				failed = append(failed, c)
			}
			if left--; left > 0 || w.closed {
				return
			}
			if len(failed) == 0 {
				w.Close()
				return
			}
			w.askToLeave()
			failed[0].Raise()
		})
	}
}

func (w *MainWindow) askToLeave() {
	d := &kit.Dialog{Title: lang.T("leave.title"), Text: lang.T("leave.text"), Width: 480, Buttons: []kit.DialogButton{
		{Text: lang.T("leave.anyway"), Kind: kit.Danger, Do: w.Close},
		{Text: lang.T("leave.stay"), Kind: kit.Primary},
	}}
	d.Show(w.env.win)
}

// tellNewer tells, once, that a newer Peyk has upgraded the profile under this one, and offers to quit.
func (w *MainWindow) tellNewer() {
	if w.toldNewer {
		return
	}
	w.toldNewer = true
	p := &mail.Problem{Kind: mail.ProblemVersion, Code: mail.CodeUpgraded}
	words, advice := lang.ProblemWords(p, ""), lang.ProblemAdvice(p)
	w.status.Fail(lang.T("problem.with.advice", words, advice))
	d := &kit.Dialog{Title: words, Text: advice, Width: 480, Buttons: []kit.DialogButton{
		{Text: lang.T("kit.close"), Kind: kit.Plain},
		{Text: lang.T("cmd.quit"), Kind: kit.Primary, Do: w.leave},
	}}
	d.Show(w.env.win)
}
