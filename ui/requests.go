package ui

import (
	"context"
	"path/filepath"
	"strings"

	"peyk/internal/mail"
	"peyk/ui/lang"
)

// OpenRequest is what the program was started with, or what a later start handed over: mailto URLs and mail files.
type OpenRequest struct {
	Args []string
	Dir  string // relative files are meant from here
}

// serve carries out a request; one without arguments only brings the window to the front.
func (w *MainWindow) serve(r OpenRequest) {
	w.env.win.RequestFocus()
	for _, arg := range r.Args {
		if strings.HasPrefix(strings.ToLower(arg), "mailto:") {
			w.mailto(arg)
			continue
		}
		if !filepath.IsAbs(arg) {
			arg = filepath.Join(r.Dir, arg)
		}
		w.openFile(arg)
	}
}

// openFile shows the mail of a file.
func (w *MainWindow) openFile(path string) {
	if w.deps.OpenFile == nil {
		return
	}
	w.env.loop.Go(func(ctx context.Context) func() {
		folder, id, err := w.deps.OpenFile(ctx, path)
		return func() {
			if err != nil {
				w.fail(lang.T("fail.openfile", filepath.Base(path)), err)
				return
			}
			w.folders.Read()
			w.goTo(folder, id)
		}
	})
}

// OpenFile takes the mail of a file over into a local folder; see Deps.
type OpenFile = func(ctx context.Context, path string) (mail.FolderID, mail.MessageID, error)
