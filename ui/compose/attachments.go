package compose

import (
	"errors"
	"io/fs"
	"maps"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// attachments is the bar of attached files.
type attachments struct {
	win     fyne.Window
	loop    Loop
	coming  *coming
	list    []mail.DraftAttachment
	gone    map[string]bool // the paths of files that cannot be read any more
	box     *fyne.Container
	changed func()
	tell    func(text string)
	fail    func(text string) // tells what keeps the message from being sent
	// removed tells that a file was taken out; back puts it back.
	removed func(x mail.DraftAttachment, back func())
}

func newAttachments(w fyne.Window, loop Loop, coming *coming, changed func(), tell, fail func(string)) *attachments {
	a := &attachments{win: w, loop: loop, coming: coming, box: kit.Flow(10, 10), changed: changed, tell: tell, fail: fail}
	a.box.Hide()
	return a
}

func (a *attachments) set(list []mail.DraftAttachment) {
	a.list = append([]mail.DraftAttachment(nil), list...)
	a.rebuild()
}

// refresh takes over what became of the files when the draft was stored with them: those read from disk, or taken from messages, are in the store. before are those that were
// stored, in the order of what they became; whatever else is attached meanwhile stays.
func (a *attachments) refresh(before, stored []mail.DraftAttachment) {
	for i := range min(len(before), len(stored)) {
		if at := slices.Index(a.list, before[i]); at >= 0 {
			a.list[at] = stored[i]
		}
	}
}

// missing marks the files that could not be read when the draft was stored, and says so once, or again where the message was to be sent; nil: all
// could.
func (a *attachments) missing(unread *mail.UnreadFiles, again bool) {
	gone := map[string]bool{}
	var names []string
	if unread != nil {
		for _, p := range unread.Paths {
			gone[p] = true
			if again || !a.gone[p] {
				names = append(names, model.VisibleName(filepath.Base(p)))
			}
		}
	}
	if was := a.gone; !maps.Equal(was, gone) {
		a.gone = gone
		a.rebuild()
		if len(gone) == 0 {
			a.fail("") // it is all there again, or taken out
		}
	}
	if len(names) > 0 {
		a.fail(lang.T("compose.attach.gone", lang.List(names...)))
	}
}

// addFiles attaches files by path; folders and files that cannot be read are named.
func (a *attachments) addFiles(paths []string) {
	done := a.coming.begin()
	a.loop.Go(statWork(paths, func(found []mail.DraftAttachment, failed []unattached) {
		a.list = append(a.list, found...)
		a.rebuild()
		a.changed()
		if len(failed) > 0 {
			a.tell(failedWords(failed))
		}
		done(len(failed) == 0)
	}))
}

// maxFailedTold is how many files that could not be attached are named.
const maxFailedTold = 4

// failedWords names what could not be attached, each with the reason.
func failedWords(failed []unattached) string {
	var names []string
	for _, f := range failed[:min(len(failed), maxFailedTold)] {
		names = append(names, lang.T("compose.attach.why", model.VisibleName(f.name), whyNot(f.err)))
	}
	if more := len(failed) - len(names); more > 0 {
		names = append(names, lang.N("compose.attach.more", more))
	}
	return lang.T("compose.attach.failed", lang.List(names...))
}

func whyNot(err error) string {
	switch {
	case errors.Is(err, errFolder):
		return lang.T("compose.attach.folder")
	case errors.Is(err, errNoFile):
		return lang.T("compose.attach.nofile")
	case errors.Is(err, fs.ErrNotExist):
		return lang.T("compose.attach.missing")
	}
	return strings.TrimRight(lang.ErrorWords(err), ".")
}

func (a *attachments) size() (n int64) {
	for _, x := range a.list {
		n += x.Size
	}
	return n
}

// remove takes a file out, so that it can be put back.
func (a *attachments) remove(i int) {
	x := a.list[i]
	a.list = slices.Delete(slices.Clone(a.list), i, i+1)
	a.rebuild()
	a.changed()
	a.removed(x, func() {
		a.list = slices.Insert(slices.Clone(a.list), min(i, len(a.list)), x)
		a.rebuild()
		a.changed()
	})
}

func (a *attachments) rebuild() {
	a.box.RemoveAll()
	for i, x := range a.list {
		remove := kit.NewIconButton(icons.X, lang.T("compose.attach.remove", model.VisibleName(x.Name)), func() { a.remove(i) }).Small()
		icon, about := kit.NewIcon(iconFor(x.ContentType), theme.FG, theme.Icon), kit.NewLabel(lang.Size(x.Size), kit.Small)
		if x.Path != "" && a.gone[x.Path] {
			icon, about = kit.NewIcon(icons.CircleAlert, theme.Danger, theme.Icon), kit.NewLabel(lang.T("compose.attach.missing"), kit.Small.With(theme.Danger))
		}
		card := kit.NewCard(10, kit.HBox(10, icon, kit.VBox(2, kit.NewLabel(model.VisibleName(x.Name), kit.Body.Sized(13)), about), remove))
		a.box.Add(card)
	}
	if len(a.list) == 0 {
		a.box.Hide()
	} else {
		a.box.Show()
	}
	a.box.Refresh()
}

func iconFor(ctype string) icons.Name {
	switch major, _, _ := strings.Cut(ctype, "/"); {
	case major == "image":
		return icons.Image
	case major == "audio":
		return icons.FileAudio
	case major == "video":
		return icons.FileVideoCamera
	case ctype == "message/rfc822":
		return icons.Mail
	case strings.Contains(ctype, "zip"), strings.Contains(ctype, "compressed"):
		return icons.FileArchive
	case strings.Contains(ctype, "spreadsheet"), ctype == "text/csv":
		return icons.FileSpreadsheet
	case major == "text", ctype == "application/pdf":
		return icons.FileText
	}
	return icons.File
}

// What cannot be attached.
var (
	errFolder = errors.New("it is a folder")
	errNoFile = errors.New("it is no file")
)

// describe looks at a file that is to be attached.
func describe(path string) (mail.DraftAttachment, error) {
	info, err := os.Stat(path)
	if err != nil {
		return mail.DraftAttachment{}, err
	}
	switch {
	case info.IsDir():
		return mail.DraftAttachment{}, errFolder
	case !info.Mode().IsRegular():
		return mail.DraftAttachment{}, errNoFile
	}
	f, err := os.Open(path)
	if err != nil {
		return mail.DraftAttachment{}, err
	}
	defer f.Close()
	ctype := mime.TypeByExtension(strings.ToLower(filepath.Ext(path)))
	if ctype == "" {
		ctype = "application/octet-stream"
	}
	ctype, _, _ = strings.Cut(ctype, ";")
	return mail.DraftAttachment{Name: filepath.Base(path), ContentType: ctype, Size: info.Size(), Path: path}, nil
}
