package compose

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/theme"
)

// TestManyFilesLeaveRoomForTheText: attachments take two rows at most, in a window that is small as well.
func TestManyFilesLeaveRoomForTheText(t *testing.T) {
	r := open(t, "fa", theme.ForceDark, mail.Draft{})
	r.win.Resize(fyne.NewSize(640, 480))
	before := r.win.Canvas().Content().MinSize().Height
	var files []mail.DraftAttachment
	for i := range 12 {
		files = append(files, mail.DraftAttachment{Name: fmt.Sprintf("گزارش شمارهٔ %d.pdf", i+1), ContentType: "application/pdf", Size: 1000})
	}
	r.w.files.set(files)
	r.win.Canvas().Content().Refresh()
	r.shot("many-files")
	if h := r.win.Canvas().Content().MinSize().Height; h > 480 || h < before {
		t.Errorf("the window needs %v, without files %v", h, before)
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(r.w.files.box)
	if at.Y > 480-filesHeight || at.Y < 300 {
		t.Errorf("the files begin at %v of 480", at.Y)
	}
	if h := r.w.body.Size().Height; h < 20 {
		t.Errorf("the text has %v", h)
	}
	r.w.files.set(files[:1])
	r.win.Canvas().Content().Refresh()
	if at := fyne.CurrentApp().Driver().AbsolutePositionForObject(r.w.files.box); at.Y < 400 {
		t.Errorf("one file begins at %v of 480", at.Y)
	}
}
