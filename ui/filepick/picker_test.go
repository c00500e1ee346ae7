package filepick

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/uitest"
)

// atOnce runs work where it is asked for; held keeps results back until release.
type atOnce struct {
	hold bool
	held []func()
}

func (l *atOnce) Go(work func(ctx context.Context) func()) {
	apply := work(context.Background())
	if l.hold {
		l.held = append(l.held, apply)
		return
	}
	apply()
}

func (l *atOnce) release() {
	for _, f := range l.held {
		f()
	}
	l.held = nil
}

// rig opens dialogs over a window on a folder with a few files.
type rig struct {
	t    *testing.T
	win  fyne.Window
	loop *atOnce
	c    *Chooser
	dir  string
	got  []string
	n    int
}

func newRig(t *testing.T, code string) *rig {
	uitest.NewApp(t, nil)
	lang.Set(code)
	t.Cleanup(func() { lang.Set("en") })
	r := &rig{t: t, loop: &atOnce{}, dir: t.TempDir()}
	r.win = test.NewTempWindow(t, nil)
	kit.SetContent(r.win, kit.Fixed(900, 640, nil))
	r.win.Resize(fyne.NewSize(900, 640))
	must(t, os.MkdirAll(filepath.Join(r.dir, "sub", "deep"), 0o700))
	for _, n := range []string{"a.pdf", "b.pdf", "گزارش.pdf", ".hidden", "evil\u202efdp.exe"} {
		must(t, os.WriteFile(filepath.Join(r.dir, n), []byte("x"), 0o600))
	}
	r.c = New(r.loop, func() time.Time { return time.Now() })
	r.c.dir = r.dir
	return r
}

func (r *rig) open(m mode, name string) *picker {
	return newPicker(r.c, r.win, m, "title", name, func(paths []string) { r.got, r.n = paths, r.n+1 })
}

func (r *rig) choose(p *picker, name string) {
	r.t.Helper()
	i := slices.IndexFunc(p.shown, func(e entry) bool { return e.name == name })
	if i < 0 {
		r.t.Fatalf("%q is not listed among %q", name, names(p.shown))
	}
	p.list.Select(i)
	p.selected()
}

func (r *rig) gets(want ...string) {
	r.t.Helper()
	for i := range want {
		want[i] = filepath.Join(r.dir, want[i])
	}
	if !slices.Equal(r.got, want) {
		r.t.Errorf("got %q, want %q", r.got, want)
	}
}

func shortcut(k fyne.KeyName, m fyne.KeyModifier) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: k, Modifier: m}
}

func TestFilesAreChosen(t *testing.T) {
	r := newRig(t, "en")
	p := r.open(openFiles, "")
	if got, want := names(p.shown), []string{"sub", "a.pdf", "b.pdf", "evil\u202efdp.exe", "گزارش.pdf"}; !slices.Equal(got, want) {
		t.Fatalf("listed %q, want %q", got, want)
	}
	p.accept()
	if p.note.Text() != lang.T("files.nothing") || r.n != 0 {
		t.Errorf("nothing was selected, yet %q was said and %d calls made", p.note.Text(), r.n)
	}
	p.list.SetSelected([]int{0, 1, 2}, 2)
	p.accept()
	r.gets("a.pdf", "b.pdf") // a folder among files is no file
	if r.win.Canvas().Overlays().Top() != nil {
		t.Error("the dialog is still open")
	}
}

func TestFoldersAreWalked(t *testing.T) {
	r := newRig(t, "en")
	p := r.open(openFiles, "")
	r.choose(p, "sub")
	p.accept() // a folder alone is opened
	if want := filepath.Join(r.dir, "sub"); p.dir != want {
		t.Fatalf("in %q, want %q", p.dir, want)
	}
	p.openRow(0)
	if got := p.middle.Objects; len(got) != 2 {
		t.Error("an empty folder says nothing")
	}
	p.key(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	if i := p.list.Cursor(); i < 0 || p.shown[i].name != "deep" {
		t.Error("going up does not stand on the folder one comes from")
	}
	p.shortcut(shortcut(fyne.KeyUp, fyne.KeyModifierAlt))
	if p.dir != r.dir {
		t.Errorf("Alt+Up leads to %q", p.dir)
	}
	p.shortcut(shortcut(fyne.KeyH, fyne.KeyModifierShortcutDefault))
	if !slices.Contains(names(p.shown), ".hidden") {
		t.Error("Ctrl+H does not show hidden files")
	}
	p.letter('b')
	if i := p.list.Cursor(); p.shown[i].name != "b.pdf" {
		t.Errorf("typing b stands on %q", p.shown[i].name)
	}
}

func TestPathsAreTyped(t *testing.T) {
	r := newRig(t, "en")
	p := r.open(openFiles, "")
	p.shortcut(shortcut(fyne.KeyL, fyne.KeyModifierShortcutDefault))
	if !p.path.Visible() || p.path.Text() != r.dir {
		t.Fatalf("Ctrl+L shows %q", p.path.Text())
	}
	p.goTo("nowhere")
	if !strings.Contains(p.note.Text(), lang.T("files.gone")) {
		t.Errorf("a path that leads nowhere: %q", p.note.Text())
	}
	p.goTo("sub")
	if p.dir != filepath.Join(r.dir, "sub") || p.path.Visible() {
		t.Errorf("the path led to %q", p.dir)
	}
	p.goTo("../a.pdf")
	r.gets("a.pdf")
}

func TestSaving(t *testing.T) {
	r := newRig(t, "en")
	p := r.open(saveFile, "new.tar.gz")
	if a, b := p.name.Selection(); a != 0 || b != len("new.tar") {
		t.Errorf("selected is %d to %d", a, b)
	}
	p.accept()
	r.gets("new.tar.gz")

	p = r.open(saveFile, "a.pdf")
	p.accept()
	if r.n != 1 {
		t.Fatal("an existing file was replaced without a question")
	}
	r.win.Canvas().FocusNext() // Enter says Cancel, the button Replace stands behind it
	r.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	r.gets("a.pdf")

	p = r.open(saveFile, "")
	p.accept()
	if p.note.Text() != lang.T("files.noname") {
		t.Errorf("without a name: %q", p.note.Text())
	}
	p.acceptName("gone/x.pdf")
	if r.n != 2 || !strings.Contains(p.note.Text(), lang.T("files.gone")) {
		t.Errorf("into a folder that is not there: %q", p.note.Text())
	}
	p.acceptName("sub")
	if p.dir != filepath.Join(r.dir, "sub") {
		t.Error("the name of a folder does not lead into it")
	}
	p.up()
	r.choose(p, "b.pdf")
	if p.name.Text() != "b.pdf" {
		t.Errorf("the name is %q after a click on b.pdf", p.name.Text())
	}
}

func TestChoosingAFolder(t *testing.T) {
	r := newRig(t, "fa")
	p := r.open(openFolder, "")
	if got := names(p.shown); !slices.Equal(got, []string{"sub"}) {
		t.Errorf("listed %q", got)
	}
	p.accept()
	r.gets("")
	p = r.open(openFolder, "")
	r.choose(p, "sub")
	p.accept()
	r.gets("sub")
}

func TestNewFolder(t *testing.T) {
	r := newRig(t, "en")
	p := r.open(saveFile, "x")
	p.askFolder()
	entry := r.win.Canvas().Focused().(*kit.Entry)
	entry.SetText("made")
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if p.dir != filepath.Join(r.dir, "made") {
		t.Errorf("in %q", p.dir)
	}
}

// TestASlowDiskDoesNotMixFolders has the answer for the first folder arrive after another was opened.
func TestASlowDiskDoesNotMixFolders(t *testing.T) {
	r := newRig(t, "en")
	p := r.open(openFiles, "")
	r.loop.hold = true
	p.open(filepath.Join(r.dir, "sub"), "")
	if len(p.shown) != 0 {
		t.Error("the files of the folder before are still listed")
	}
	p.open(r.dir, "")
	r.loop.release()
	if got := names(p.shown); len(got) != 5 {
		t.Errorf("listed %q", got)
	}
	p.dialog.Close()
	p.look(r.dir, func(found) { t.Error("an answer came after the dialog closed") })
	p.gen++
	r.loop.release()
}

// TestHostileNamesAreShown looks at what a row says of a name that would be read in another order than it has.
func TestHostileNamesAreShown(t *testing.T) {
	r := newRig(t, "en")
	p := r.open(openFiles, "")
	r.choose(p, "evil\u202efdp.exe")
	if !strings.Contains(p.note.Text(), "[RLO]") {
		t.Errorf("the last line says %q", p.note.Text())
	}
	row := newRow(true)
	row.bindEntry(p.shown[p.list.Cursor()], time.Now(), kit.RowState{})
	if !strings.Contains(row.name.Text(), "[RLO]") {
		t.Errorf("the row says %q", row.name.Text())
	}
}

func TestAFolderThatCannotBeRead(t *testing.T) {
	if os.Getuid() == 0 {
		t.Log("root may read everything: only the sentence is looked at")
	}
	r := newRig(t, "en")
	p := r.open(openFiles, "")
	p.open(filepath.Join(r.dir, "a.pdf"), "")
	if p.err == nil || len(p.middle.Objects) != 2 {
		t.Error("a folder that cannot be read says nothing")
	}
	if errorWords(os.ErrPermission) != lang.T("files.denied") {
		t.Error("a refused access has no words")
	}
}

func TestCrumbsGiveWay(t *testing.T) {
	r := newRig(t, "fa")
	p := r.open(openFiles, "")
	deep := r.dir
	for range 12 {
		deep = filepath.Join(deep, "a folder with a long name")
	}
	must(t, os.MkdirAll(deep, 0o700))
	p.open(deep, "")
	objs := p.bar.box.Objects
	if objs[0].Visible() || !objs[len(objs)-1].Visible() {
		t.Error("the root stays while there is no room, or the folder itself is hidden")
	}
	if end := objs[len(objs)-1]; end.Position().X < 0 {
		t.Error("a crumb is cut")
	}
}
