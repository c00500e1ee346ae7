package filepick

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

func names(list []entry) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.name
	}
	return out
}

func TestReadFolderShowsWhatCanBeTaken(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "sub"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte("12345"), 0o600))
	if runtime.GOOS != "windows" {
		must(t, os.Symlink("sub", filepath.Join(dir, "link")))
		must(t, os.Symlink("nowhere", filepath.Join(dir, "broken")))
	}
	list, cut, err := readFolder(context.Background(), dir)
	if err != nil || cut {
		t.Fatalf("%v, cut %v", err, cut)
	}
	list = arrange(list, byName, false, false)
	want := []string{"link", "sub", "a.txt"}
	if runtime.GOOS == "windows" {
		want = want[1:]
	}
	if got := names(list); !slices.Equal(got, want) {
		t.Errorf("listed %q, want %q: a link counts as what it leads to, a broken one not at all", got, want)
	}
	if last := list[len(list)-1]; last.size != 5 || last.folder {
		t.Errorf("the file is %+v", last)
	}
}

func TestReadFolderFails(t *testing.T) {
	if _, _, err := readFolder(context.Background(), filepath.Join(t.TempDir(), "gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there gives %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	if _, _, err := readFolder(context.Background(), file); err == nil {
		t.Error("a file was read as a folder")
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := readFolder(ended, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context it gives %v", err)
	}
}

func TestArrange(t *testing.T) {
	at := func(h int) time.Time { return time.Date(2025, 11, 25, h, 0, 0, 0, time.UTC) }
	file := func(name string, size int64, h int) entry { return entry{name: name, size: size, time: at(h)} }
	folder := func(name string, h int) entry { return entry{name: name, folder: true, time: at(h)} }
	marked := folder("AppData", 9)
	marked.marked = true
	all := []entry{file("scan 10.pdf", 1, 3), file("scan 9.pdf", 3, 1), folder(".git", 9), folder("Zoo", 1), marked, file("B.txt", 2, 2), file("a.txt", 9, 8),
		file("گزارش ۱۰", 4, 4), file("گزارش ۲", 4, 5), file("پیوست", 4, 6), file("تصویر", 4, 7)}
	for _, c := range []struct {
		name                string
		by                  order
		hidden, onlyFolders bool
		want                []string
	}{
		{"by name", byName, false, false, []string{"Zoo", "a.txt", "B.txt", "scan 9.pdf", "scan 10.pdf", "پیوست", "تصویر", "گزارش ۲", "گزارش ۱۰"}},
		{"by time", byTime, true, false, []string{".git", "AppData", "Zoo", "a.txt", "تصویر", "پیوست", "گزارش ۲", "گزارش ۱۰", "scan 10.pdf", "B.txt", "scan 9.pdf"}},
		{"by size", bySize, false, false, []string{"Zoo", "a.txt", "پیوست", "تصویر", "گزارش ۲", "گزارش ۱۰", "scan 9.pdf", "B.txt", "scan 10.pdf"}},
		{"folders", byName, false, true, []string{"Zoo"}},
	} {
		if got := names(arrange(all, c.by, c.hidden, c.onlyFolders)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestStarts(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		want        bool
	}{{"Report.pdf", "rep", true}, {"Report.pdf", "x", false}, {"كتاب", "کت", true}, {"a", "ab", false}} {
		if got := starts(c.name, c.typed); got != c.want {
			t.Errorf("%q begins with %q: %v", c.name, c.typed, got)
		}
	}
}

func TestUserDirsAreReadFromTheDesktop(t *testing.T) {
	home, config := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	must(t, os.WriteFile(filepath.Join(config, "user-dirs.dirs"),
		[]byte("# made by xdg-user-dirs\nXDG_DOWNLOAD_DIR=\"$HOME/دریافت‌ها\"\nXDG_DESKTOP_DIR=\"relative\"\nnonsense\n"), 0o600))
	dirs := userDirs(home)
	if got, want := dirs["DOWNLOAD"], filepath.Join(home, "دریافت‌ها"); got != want {
		t.Errorf("downloads are in %q, want %q", got, want)
	}
	if got, want := dirs["DESKTOP"], filepath.Join(home, "Desktop"); got != want {
		t.Errorf("a relative entry was taken: %q", got)
	}
}

func TestExpandAndCrumbs(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // the paths below are those of Unix
	}
	t.Setenv("HOME", "/home/sara")
	for typed, want := range map[string]string{"x.pdf": "/d/x.pdf", "../x": "/x", "/a//b/": "/a/b", "~": "/home/sara", "~/x": "/home/sara/x", "~x": "/d/~x"} {
		if got := expand("/d", typed); got != want {
			t.Errorf("%q leads to %q, want %q", typed, got, want)
		}
	}
	if got, want := crumbs("/a/b"), []string{"/", "/a", "/a/b"}; !slices.Equal(got, want) {
		t.Errorf("crumbs %q, want %q", got, want)
	}
	dir := t.TempDir()
	if got := existing(filepath.Join(dir, "gone", "too")); got != dir {
		t.Errorf("the nearest folder there is: %q, want %q", got, dir)
	}
}

func TestMakeFolderStaysWhereItIs(t *testing.T) {
	dir := t.TempDir()
	for _, bad := range []string{"..", ".", "a/b", "../x"} {
		if _, err := makeFolder(dir, bad); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	path, err := makeFolder(dir, "پوشه")
	if info, serr := os.Stat(path); err != nil || serr != nil || !info.IsDir() {
		t.Errorf("%v, %v", err, serr)
	}
	if _, err := makeFolder(dir, "پوشه"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second folder of the name: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
