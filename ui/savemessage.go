package ui

import (
	"context"
	"path/filepath"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// saveMessage saves the bytes of a message as they came, under a name that is asked for; several go into a folder.
func (w *MainWindow) saveMessage() {
	if ids := w.chosen(); len(ids) > 1 {
		w.saveMessages(ids)
		return
	}
	row, p := firstRow(w.chosenRows()), w.pane()
	w.env.chooser.Save(p.env.win, lang.T("files.title.save"), safeName(row.Subject, "message")+".eml", func(path string) {
		w.env.loop.Go(func(ctx context.Context) func() {
			err := saveWhole(ctx, w.env, p, row, path)
			return func() {
				if err != nil {
					p.env.fail(lang.T("fail.save", model.VisibleName(filepath.Base(path))), err)
					return
				}
				kit.ShowToast(p.env.win, lang.N("attach.saved", 1, model.VisibleName(filepath.Dir(path))), toastTime)
			}
		})
	})
}

// saveWhole writes a message to a file. One that is here by its header only, or whose text is read while the rest comes, is waited for: half of a
// message that looks like the whole would be found out when its server has it no more.
func saveWhole(ctx context.Context, e *env, p *readerPane, row mail.Row, path string) error {
	if !p.inside {
		now, err := e.store.Row(ctx, row.ID)
		if err == nil && !now.HasBody {
			err = e.engine.Want(ctx, row.ID, nil)
		}
		if err != nil {
			return err
		}
	}
	in, err := p.reading.Raw(ctx, row.ID)
	if err != nil {
		return err
	}
	return writeFile(path, in)
}

// saveMessages writes messages into a folder, a file for each. It is an export like any other: with its progress, and a report of what could not
// be written.
func (w *MainWindow) saveMessages(ids []mail.MessageID) {
	if w.deps.Transfer == nil || w.transferRuns() {
		return
	}
	w.env.chooser.Folder(w.env.win, lang.T("files.title.folder"), func(dir string) {
		r := mail.ExportRequest{Dir: dir, Format: mail.MailboxEML, Messages: ids}
		w.transfer(exportWords, func(ctx context.Context, resume bool, p func(mailbox.Progress)) (mailbox.Report, error) {
			r.Resume = resume
			return w.deps.Transfer.Export(ctx, r, p)
		})
	})
}

// canSave reports whether what is chosen can be saved as files.
func (w *MainWindow) canSave() bool {
	return w.oneSelected() || w.someSelected() && w.deps.Transfer != nil
}
