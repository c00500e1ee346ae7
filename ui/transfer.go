package ui

import (
	"context"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
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
	newImportDialog(w.env, func(r mail.ImportRequest) {
		w.transfer(importWords, func(ctx context.Context, resume bool, p func(mailbox.Progress)) (mailbox.Report, error) {
			r.Resume = r.Resume || resume
			return w.deps.Transfer.Import(ctx, r, p)
		})
	})
}

func (w *MainWindow) exportMail() {
	newExportDialog(w.env, func(r mail.ExportRequest) {
		w.transfer(exportWords, func(ctx context.Context, resume bool, p func(mailbox.Progress)) (mailbox.Report, error) {
			r.Resume = r.Resume || resume
			return w.deps.Transfer.Export(ctx, r, p)
		})
	})
}

func (w *MainWindow) transfer(words transferWords, run transferRun) {
	j := &transferJob{env: w.env, words: words, run: run, changed: w.folders.Read}
	j.start(false)
}

// transferWords are the ids of what an import and an export say differently.
type transferWords struct{ running, done, failures, broken string }

var (
	importWords = transferWords{"transfer.importing", "transfer.imported", "transfer.unread", "transfer.import.broken"}
	exportWords = transferWords{"transfer.exporting", "transfer.exported", "transfer.unwritten", "transfer.export.broken"}
)

// transferRun does the work; resume: the second part of it.
type transferRun func(ctx context.Context, resume bool, progress func(mailbox.Progress)) (mailbox.Report, error)

// transferJob is an import or an export that runs: a dialog that shows how far it is and stops it, then its report.
type transferJob struct {
	env     *env
	words   transferWords
	run     transferRun
	changed func() // folders may have come

	dialog *kit.Dialog
	bar    *kit.Progress
	source *kit.Label
}

// showEvery is how often the progress is painted.
const showEvery = 100 * time.Millisecond

// start runs the job. Closing the dialog by whatever way stops it; the report comes in any case.
func (j *transferJob) start(resume bool) {
	ctx, cancel := context.WithCancel(j.env.loop.ctx)
	j.bar, j.source = kit.NewProgress(), kit.NewLabel("", kit.Meta).Ellipsized()
	j.bar.Set(0, lang.T("transfer.begins"))
	j.dialog = &kit.Dialog{Title: lang.T(j.words.running), Width: 460, Content: kit.VBox(8, j.bar, j.source), OnClose: cancel,
		Buttons: []kit.DialogButton{{Text: lang.T("transfer.stop"), Kind: kit.Plain}}}
	j.dialog.Show(j.env.win)
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
			j.dialog.Close()
			j.changed()
			j.report(rep, err, stopped)
		}
	})
}

func (j *transferJob) show(p mailbox.Progress) {
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
