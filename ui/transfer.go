package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// Transfer takes mail over from files of other programs and writes it into such files. Both methods may run for hours; they end
// soon after ctx does, and the report then holds what was done so far. progress is called on the goroutine of the call.
type Transfer interface {
	// Import returns mail.ErrImportFinished when it was to go on with an import that has gone to its end.
	Import(ctx context.Context, r mail.ImportRequest, progress func(mailbox.Progress)) (mailbox.Report, error)
	Export(ctx context.Context, r mail.ExportRequest, progress func(mailbox.Progress)) (mailbox.Report, error)
}

// canTransfer tells whether there is something to import into and to export from.
func (w *MainWindow) canTransfer() bool { return w.deps.Transfer != nil && w.hasAccounts() }

func (w *MainWindow) importMail() {
	if w.transferRuns() {
		return
	}
	newImportDialog(w.env, func(r mail.ImportRequest) {
		w.transfer(importWords, func(ctx context.Context, resume bool, p func(mailbox.Progress)) (mailbox.Report, error) {
			r.Resume = r.Resume || resume
			return w.deps.Transfer.Import(ctx, r, p)
		})
	})
}

func (w *MainWindow) exportMail() {
	if w.transferRuns() {
		return
	}
	newExportDialog(w.env, func(r mail.ExportRequest) {
		w.transfer(exportWords, func(ctx context.Context, resume bool, p func(mailbox.Progress)) (mailbox.Report, error) {
			r.Resume = r.Resume || resume
			return w.deps.Transfer.Export(ctx, r, p)
		})
	})
}

// transferRuns reports whether an import or export runs, and then shows it: one is enough at a time.
func (w *MainWindow) transferRuns() bool {
	if w.job == nil || w.job.win == nil {
		return false
	}
	w.job.win.RequestFocus()
	return true
}

func (w *MainWindow) transfer(words transferWords, run transferRun) {
	w.job = &transferJob{env: w.env, words: words, run: run, changed: w.after(words)}
	w.job.start(false)
}

// after is what follows an import or an export.
func (w *MainWindow) after(words transferWords) func() {
	if words != importWords {
		return w.folders.Read
	}
	before := map[mail.FolderID]int{}
	for _, f := range w.env.tree.Snapshot() {
		before[f.ID] = f.Total
	}
	return func() {
		// Where nothing comes by itself, the list at hand is of inboxes that nobody has.
		if !w.receives() && w.list.place == model.Inboxes {
			w.imported = before
		}
		w.folders.Read()
	}
}

// showImported goes to the folder that holds the most of what was imported.
func (w *MainWindow) showImported() {
	if w.imported == nil || w.folders.again {
		return
	}
	before := w.imported
	w.imported = nil
	most, came := mail.FolderID(0), 0
	for _, f := range w.env.tree.Snapshot() {
		if n := f.Total - before[f.ID]; f.Local && n > 0 && (n > came || n == came && f.ID < most) {
			most, came = f.ID, n
		}
	}
	if came > 0 {
		w.Go(model.Place{Kind: model.PlaceFolder, Folder: most})
	}
}

// transferWords are the ids of what an import and an export say differently.
type transferWords struct{ running, done, failures, broken string }

var (
	importWords = transferWords{"transfer.importing", "transfer.imported", "transfer.unread", "transfer.import.broken"}
	exportWords = transferWords{"transfer.exporting", "transfer.exported", "transfer.unwritten", "transfer.export.broken"}
)

// transferRun does the work; resume: the second part of it.
type transferRun func(ctx context.Context, resume bool, progress func(mailbox.Progress)) (mailbox.Report, error)

// transferJob is an import or an export that runs: a window beside the main one that shows how far it is and stops it, then its
// report. Mail can be read and written meanwhile.
type transferJob struct {
	env     *env
	words   transferWords
	run     transferRun
	changed func() // folders may have come

	win    fyne.Window // nil when nothing runs
	cancel func()
	ends   func()
	bar    *kit.Progress
	source *kit.Label
	shown  mailbox.Progress
}

// The size of its window.
const (
	jobWidth  = 480
	jobHeight = 150
)

// showEvery is how often the progress is painted.
const showEvery = 100 * time.Millisecond

// start runs the job. Closing its window by whatever way stops it; the report comes in any case.
func (j *transferJob) start(resume bool) {
	ctx, cancel := context.WithCancel(j.env.loop.ctx)
	j.cancel, j.win, j.shown = cancel, j.env.app.NewWindow(""), mailbox.Progress{}
	j.build()
	j.ends = lang.OnChange(j.build)
	j.win.SetCloseIntercept(j.Close)
	j.win.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			j.Close()
		}
	})
	j.win.Resize(fyne.NewSize(jobWidth, jobHeight))
	j.win.Show()
	var last time.Time
	progress := func(p mailbox.Progress) {
		if now := time.Now(); now.Sub(last) >= showEvery {
			last = now
			j.env.loop.Post(func() { j.show(p) })
		}
	}
	j.env.loop.Go(func(context.Context) func() { // ends with ctx
		rep, err := j.run(ctx, resume, progress)
		stopped := ctx.Err() != nil
		return func() {
			j.Close()
			j.changed()
			j.report(rep, err, stopped)
		}
	})
}

// build makes the content of the window in the language of the moment.
func (j *transferJob) build() {
	j.win.SetTitle(lang.Plain(lang.T(j.words.running)))
	j.bar, j.source = kit.NewProgress(), kit.NewLabel("", kit.Meta).Ellipsized()
	stop := kit.NewButton(kit.Outline, lang.T("transfer.stop"), icons.CircleStop, j.Close)
	body := kit.VBox(8, kit.NewLabel(lang.T(j.words.running), kit.Title), j.bar, j.source, kit.HBox(0, kit.Spacer(), stop))
	kit.SetContent(j.win, kit.NewSurface(theme.BG, kit.Inset(20, body)))
	if j.shown == (mailbox.Progress{}) {
		j.bar.Set(0, lang.T("transfer.begins"))
	} else {
		j.show(j.shown)
	}
}

// Close stops the job and closes its window; once more it does nothing.
func (j *transferJob) Close() {
	if j.win == nil {
		return
	}
	win := j.win
	j.win = nil
	j.cancel()
	j.ends()
	win.Close()
}

func (j *transferJob) show(p mailbox.Progress) {
	j.shown = p
	if j.win == nil {
		return // stopped meanwhile
	}
	share, words := 0.0, lang.N("transfer.messages", p.Done)
	switch {
	case p.Total > 0:
		share, words = float64(p.Done)/float64(p.Total), lang.T("transfer.of", p.Done, p.Total)
	case p.TotalBytes > 0:
		share = float64(p.Bytes) / float64(p.TotalBytes)
		words = lang.Dots(words, lang.T("transfer.of", lang.Size(p.Bytes), lang.Size(p.TotalBytes)))
	}
	j.bar.Set(share, words)
	j.source.SetText(model.VisibleName(p.Source))
}
