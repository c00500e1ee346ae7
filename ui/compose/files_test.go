package compose

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"peyk/internal/mail"
	"peyk/ui/lang"
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
	if at.Y > 480-filesLeast || at.Y < 300 {
		t.Errorf("the files begin at %v of 480", at.Y)
	}
	if h := r.w.body.Size().Height; h < 20 {
		t.Errorf("the text has %v", h)
	}
	// With dozens of recipients, too, in the lowest window.
	var people []mail.Address
	for i := range 40 {
		people = append(people, mail.Address{Name: fmt.Sprintf("Eine Person mit langem Namen %d", i), Addr: fmt.Sprintf("p%d@example.org", i)})
	}
	r.w.to.set(people)
	r.w.cc.set(people)
	for _, height := range []float32{480, 640, 860} {
		r.win.Resize(fyne.NewSize(640, height))
		r.win.Canvas().Content().Refresh()
		r.shot(fmt.Sprint("many-", height))
		d := fyne.CurrentApp().Driver()
		body, at := d.AbsolutePositionForObject(r.w.body).Y, d.AbsolutePositionForObject(r.w.files.box).Y
		if h := r.w.body.Size().Height; h < 40 || body+h > at || at > height-30 {
			t.Errorf("%v high: the text stands from %v to %v, the files from %v", height, body, body+h, at)
		}
	}
	r.w.to.set(nil)
	r.w.cc.set(nil)
	r.win.Resize(fyne.NewSize(640, 480))
	r.w.files.set(files[:1])
	r.win.Canvas().Content().Refresh()
	if at := fyne.CurrentApp().Driver().AbsolutePositionForObject(r.w.files.box); at.Y < 400 {
		t.Errorf("one file begins at %v of 480", at.Y)
	}
}

// TestAComplaintGoesWithItsCause: what is said about recipients goes once something is changed.
func TestAComplaintGoesWithItsCause(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Subject: "Plan", Text: "text"})
	r.w.Send()
	if len(r.w.banner.Objects) == 0 {
		t.Fatal("nothing is said about a message without recipients")
	}
	r.w.changed()
	if len(r.w.banner.Objects) != 0 {
		t.Error("it is still said")
	}
}

// TestAnAttachedFileThatVanished: what was written is stored all the same, the file is marked and told once, and the message goes only without it.
func TestAnAttachedFileThatVanished(t *testing.T) {
	r := open(t, "fa", theme.ForceLight, mail.Draft{Account: 1, To: seen[:1], Subject: "Plan", Text: "text"})
	r.w.files.set([]mail.DraftAttachment{{Name: "plan.pdf", ContentType: "application/pdf", Size: 1000, Path: "/media/stick/plan.pdf"}})
	r.engine.saveErr = &mail.UnreadFiles{Paths: []string{"/media/stick/plan.pdf"}, Err: os.ErrNotExist}
	told := func() bool { return len(r.w.banner.Objects) > 0 }
	r.w.changed()
	r.loop.tick()
	if !told() || r.w.dirty || len(r.engine.drafts) != 1 || !r.w.files.gone["/media/stick/plan.pdf"] {
		t.Fatalf("told %v, still to be stored %v, %d drafts, gone %v", told(), r.w.dirty, len(r.engine.drafts), r.w.files.gone)
	}
	r.shot("file-gone")
	r.w.tell(0, "")
	r.w.changed()
	r.loop.tick()
	if told() {
		t.Error("told again although nothing is new")
	}
	r.w.Send()
	r.loop.run()
	if !told() || len(r.engine.sent) != 0 || r.closed != 0 {
		t.Errorf("told %v, sent %d, closed %d", told(), len(r.engine.sent), r.closed)
	}
	r.w.files.set(nil)
	r.engine.saveErr = nil
	r.w.changed()
	r.loop.tick()
	if told() {
		t.Error("what was told stays although the file was taken out")
	}
	r.w.Send()
	r.loop.run()
	if len(r.engine.sent) != 1 {
		t.Error("it is not sent without the file")
	}
}

// TestAFileThatWasTakenOutComesBack: where it was, by the banner or by Ctrl+Z, until something else is changed.
func TestAFileThatWasTakenOutComesBack(t *testing.T) {
	r := open(t, "fa", theme.ForceLight, weekly())
	r.w.files.set([]mail.DraftAttachment{{Name: "a.pdf", Size: 10}, {Name: "ب.pdf", Size: 20}, {Name: "c.pdf", Size: 30}})
	names := func() (s string) {
		for _, x := range r.w.files.list {
			s += x.Name + " "
		}
		return s
	}
	r.w.files.remove(1)
	r.win.Canvas().Content().Refresh()
	r.shot("compose-file-removed")
	if names() != "a.pdf c.pdf " || !strings.Contains(r.banner(), "ب.pdf") {
		t.Fatalf("%s; said is %q", names(), r.banner())
	}
	r.w.undoRemoval()
	if names() != "a.pdf ب.pdf c.pdf " || r.banner() != "" {
		t.Errorf("%s; said is %q", names(), r.banner())
	}
	r.w.files.remove(2)
	r.w.changed()
	r.w.undoRemoval()
	if names() != "a.pdf ب.pdf " || r.banner() != "" {
		t.Errorf("after something else was changed: %s; said is %q", names(), r.banner())
	}
}

// TestWhatCannotBeAttachedSaysWhy: a folder, what is no file, what is not there; of many not all are named.
func TestWhatCannotBeAttachedSaysWhy(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "100% done #1?.txt")
	if err := os.WriteFile(good, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, l := range []string{"en", "fa"} {
		r := open(t, l, theme.ForceLight, weekly())
		r.w.dropped(fyne.NewPos(1, 1), []fyne.URI{storage.NewFileURI(dir), storage.NewFileURI(good), storage.NewFileURI(filepath.Join(dir, "gone.txt"))})
		r.loop.run()
		got := r.banner()
		if len(r.w.files.list) != 1 || r.w.files.list[0].Path != good {
			t.Errorf("attached are %+v", r.w.files.list)
		}
		for _, want := range []string{filepath.Base(dir), lang.T("compose.attach.folder"), "gone.txt", lang.T("compose.attach.missing")} {
			if !strings.Contains(lang.Plain(got), lang.Plain(want)) {
				t.Errorf("%s: %q does not say %q", l, got, want)
			}
		}
		r.shot("compose-not-attached-" + l)
		r.w.files.addFiles([]string{"/1", "/2", "/3", "/4", "/5", "/6", "/7"})
		r.loop.run()
		if got := r.banner(); strings.Contains(got, "5") && l == "en" || !strings.Contains(lang.Plain(got), lang.Plain(lang.N("compose.attach.more", 3))) {
			t.Errorf("%s: of seven is said %q", l, got)
		}
	}
}

// taken makes files the store's as the engine does: those for which size is 0 cannot be read.
func taken(sizes map[string]int64) func(*mail.Draft) {
	return func(d *mail.Draft) {
		for i := range d.Attachments {
			a := &d.Attachments[i]
			key := a.Path + a.Part
			if size := sizes[key]; a.Blob == nil && size != 0 {
				a.Blob, a.Size, a.Path = &mail.BlobRef{Hash: key, Size: size}, size, ""
			}
		}
	}
}

// TestWhatIsTakenFromAMessageIsTakenOnce: from the first time it is stored the draft has it, also where the message goes.
func TestWhatIsTakenFromAMessageIsTakenOnce(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Subject: "a", Attachments: []mail.DraftAttachment{{Name: "a.pdf", Size: 10, Message: 7, Part: "2"}, {Name: "a.pdf", Size: 10, Message: 7, Part: "3"}}})
	r.engine.take = taken(map[string]int64{"2": 11, "3": 11})
	r.w.changed()
	r.loop.tick()
	for i, a := range r.w.Draft().Attachments {
		if a.Blob == nil || a.Blob.Hash != []string{"2", "3"}[i] || a.Size != 11 {
			t.Errorf("%+v", a)
		}
	}
}

// TestFilesThatLookAlike: a file is the store's once it was read there, whatever size it has by then, and of two with the same name and size the one that cannot be read is not the
// other. One that was taken out meanwhile does not come back.
func TestFilesThatLookAlike(t *testing.T) {
	for _, plain := range []bool{false, true} {
		r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Subject: "a", Plain: plain, Attachments: []mail.DraftAttachment{
			{Name: "a.pdf", Size: 10, Path: "/gone/a.pdf"}, {Name: "a.pdf", Size: 10, Path: "/here/a.pdf"}, {Name: "b.log", Size: 5, Path: "/here/b.log"}, {Name: "c", Size: 1, Path: "/here/c"}}})
		r.engine.take = taken(map[string]int64{"/here/a.pdf": 10, "/here/b.log": 900, "/here/c": 1})
		r.w.changed()
		r.w.save(nil)
		r.w.files.remove(3)
		r.loop.run()
		got := r.w.Draft().Attachments
		if len(got) != 3 || got[0].Path != "/gone/a.pdf" || got[0].Blob != nil || got[1].Blob == nil || got[1].Path != "" || got[2].Blob == nil || got[2].Size != 900 {
			t.Errorf("plain %v: the window has %+v", plain, got)
		}
	}
}
