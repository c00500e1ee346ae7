package ui

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// Size of the report: what is longer is scrolled, and of very many failures the rest is in the copy only.
const (
	reportWidth  = 560
	reportHeight = 460
	reportFree   = 240 // of what is not scrolled
	reportLines  = 200
)

// report shows what was done. What was stopped or broke off can be gone on with.
func (j *transferJob) report(rep mailbox.Report, err error, stopped bool) *kit.Dialog {
	if errors.Is(err, mail.ErrImportFinished) {
		return kit.Inform(j.env.win, lang.T("transfer.report"), lang.T("transfer.finished"))
	}
	head, details := j.reportWords(rep, err, stopped)
	body := kit.VBox(6)
	for _, l := range head {
		body.Add(kit.NewLabel(l, kit.Body).Wrapped().Selectable())
	}
	for _, l := range details[:min(len(details), reportLines)] {
		body.Add(kit.NewLabel(l, kit.Meta).Wrapped().Selectable())
	}
	if n := len(details) - reportLines; n > 0 {
		body.Add(kit.NewLabel(lang.N("transfer.more", n), kit.Meta).Wrapped())
	}
	d := &kit.Dialog{Title: lang.T("transfer.report"), Width: reportWidth, Content: body}
	if kit.HeightFor(body, reportWidth-40) > reportFree {
		d.Content, d.Height = kit.NewScroll(body), reportHeight
	}
	d.Buttons = []kit.DialogButton{{Text: lang.T("transfer.copy"), Kind: kit.Plain, Stay: true, Do: func() {
		j.env.app.Clipboard().SetContent(strings.Join(append(head, details...), "\n") + "\n")
		kit.ShowToast(j.env.win, lang.T("transfer.copied"), toastTime)
	}}}
	if err != nil && !errors.Is(err, fs.ErrExist) { // going on would leave the files of an earlier export in place of these
		d.Buttons = append(d.Buttons, kit.DialogButton{Text: lang.T("transfer.goon"), Kind: kit.Plain, Do: func() { j.start(true) }})
	}
	d.Buttons = append(d.Buttons, kit.DialogButton{Text: lang.T("kit.close"), Kind: kit.Primary})
	d.Show(j.env.win)
	return d
}

// failureWords say why a message or a file could not be read or written: in the language of the window where the cause is known.
func failureWords(f mailbox.Failure) string {
	if f.Err == nil {
		return model.Visible(f.Reason)
	}
	return transferCause(f.Err)
}

// brokenWords say why an import or export broke off, with the file that it was about.
func brokenWords(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return lang.T("problem.of", model.Visible(at.Path), transferCause(err))
	}
	return transferCause(err)
}

func transferCause(err error) string {
	var older mailbox.OlderError
	switch {
	case errors.As(err, &older):
		return lang.N("transfer.why.older", older.Missing)
	case errors.Is(err, mailbox.ErrNotMbox):
		return lang.T("transfer.why.notmbox")
	case errors.Is(err, mailbox.ErrPartial):
		return lang.T("transfer.why.partial")
	case errors.Is(err, mailbox.ErrNotFile):
		return lang.T("transfer.why.notfile")
	case errors.Is(err, fs.ErrNotExist):
		return lang.T("transfer.why.gone")
	case errors.Is(err, fs.ErrExist):
		return lang.T("transfer.why.exists")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return lang.T("transfer.why.cut")
	default:
		return model.Visible(lang.CauseWords(err))
	}
}

// reportWords are the sentences of a report, and the lines for each folder and each failure.
func (j *transferJob) reportWords(rep mailbox.Report, err error, stopped bool) (head, details []string) {
	switch {
	case stopped && err != nil:
		head = append(head, lang.T("transfer.stopped"))
	case err != nil:
		head = append(head, lang.T(j.words.broken, brokenWords(err)))
		if errors.Is(err, fs.ErrExist) && rep.Messages == 0 {
			return append(head, lang.T("transfer.exists.hint", lang.T("transfer.resume"))), nil
		}
	case rep.Messages == 0 && len(rep.Failed) == 0 && rep.Partial == 0:
		head = append(head, lang.T("transfer.nothing"))
	}
	head = append(head, lang.Dots(lang.N(j.words.done, rep.Messages-rep.Known), pick(rep.Known == 0 && rep.Bytes > 0, lang.Size(rep.Bytes), "")))
	if rep.Known > 0 {
		head = append(head, lang.N("transfer.known", rep.Known))
	}
	if rep.Digest != "" {
		head = append(head, lang.T("transfer.digest", rep.Digest))
	}
	if rep.Partial > 0 {
		head = append(head, lang.N("transfer.partial", rep.Partial))
	}
	if n := len(rep.Failed); n > 0 {
		head = append(head, lang.N(j.words.failures, n))
	}
	for _, f := range rep.Failed {
		where := f.Where
		if f.Offset > 0 {
			where = lang.T("transfer.at", model.Visible(f.File), f.Offset)
		}
		details = append(details, lang.T("problem.of", model.Visible(where), failureWords(f)))
	}
	for _, name := range slices.Sorted(maps.Keys(rep.Folders)) {
		details = append(details, lang.Dots(model.Visible(name), lang.N("transfer.messages", rep.Folders[name])))
	}
	return head, details
}
