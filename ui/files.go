package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// files opens and saves attached files. All reading and writing is off the UI thread.
type files struct {
	env     *env
	reading mail.Opener // what the files are part of
}

// Open gives the file to the program that the desktop has for it, after a question when it could do harm: a read-only copy in a folder
// of its own, which goes when the window closes.
func (f *files) Open(id mail.MessageID, a mail.Attachment) {
	risk := model.JudgeFile(a)
	if risk == "" {
		f.open(id, a)
		return
	}
	f.ask(id, a, risk)
}

// ask says what a file could do. Enter does not open it.
func (f *files) ask(id mail.MessageID, a mail.Attachment, risk model.FileRisk) *kit.Dialog {
	d := &kit.Dialog{Title: lang.T("attach.risky.title"), Text: lang.T("attach.risk."+string(risk), model.VisibleName(a.Filename)), Width: 460, Buttons: []kit.DialogButton{
		{Text: lang.T("attach.save"), Kind: kit.Plain, Do: func() { f.Save(id, a) }},
		{Text: lang.T("attach.anyway"), Kind: kit.Danger, Do: func() { f.open(id, a) }},
		{Text: lang.T("kit.cancel"), Kind: kit.Primary},
	}}
	d.Show(f.env.win)
	return d
}

func (f *files) open(id mail.MessageID, a mail.Attachment) {
	f.env.loop.Go(func(ctx context.Context) func() {
		path, err := f.temporary(ctx, id, a)
		return func() {
			if err == nil {
				err = f.env.app.OpenURL(fileURL(path))
			}
			if err != nil {
				f.env.fail(lang.T("fail.open", model.VisibleName(a.Filename)), err)
			}
		}
	})
}

// fileURL is the file: URL of a path (RFC 8089), also of one with a drive letter.
func fileURL(path string) *url.URL {
	p := filepath.ToSlash(path)
	if runtime.GOOS == "windows" && !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	return &url.URL{Scheme: "file", Path: p}
}

func (f *files) temporary(ctx context.Context, id mail.MessageID, a mail.Attachment) (string, error) {
	dir, err := f.env.copies.Make()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, safeName(a.Filename, "attachment"))
	if err := f.write(ctx, id, a, path); err != nil {
		return "", err
	}
	return path, os.Chmod(path, 0o400)
}

// write copies a part to a file.
func (f *files) write(ctx context.Context, id mail.MessageID, a mail.Attachment, path string) error {
	in, err := f.reading.Part(ctx, id, a.Part)
	if err != nil {
		return err
	}
	return writeFile(path, in)
}

// writeFile copies in to a file and closes it. A copy that fails half-way leaves no file behind, and one that was there as it was: who agreed
// to have it replaced did not agree to lose it to a full disk.
func writeFile(path string, in io.ReadCloser) (err error) {
	defer in.Close()
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // a link stays one
	}
	out, err := os.CreateTemp(filepath.Dir(path), ".peyk-*")
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err == nil {
		err = out.Sync()
	}
	if e := out.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(out.Name(), path)
	}
	if err != nil {
		os.Remove(out.Name())
	}
	return err
}

// Save asks where to and saves one file.
func (f *files) Save(id mail.MessageID, a mail.Attachment) {
	f.env.chooser.Save(f.env.win, lang.T("files.title.save"), safeName(a.Filename, "attachment"), func(path string) {
		f.env.loop.Go(func(ctx context.Context) func() {
			err := f.write(ctx, id, a, path)
			return func() { f.saved(1, filepath.Dir(path), model.VisibleName(a.Filename), err) }
		})
	})
}

// SaveAll asks for a folder and saves every file there; names that exist get a number.
func (f *files) SaveAll(id mail.MessageID, as []mail.Attachment) {
	f.env.chooser.Folder(f.env.win, lang.T("files.title.folder"), func(dir string) {
		f.env.loop.Go(func(ctx context.Context) func() {
			n, err := f.writeAll(ctx, id, as, dir)
			return func() { f.saved(n, dir, lang.N("attach.files", len(as)), err) }
		})
	})
}

func (f *files) writeAll(ctx context.Context, id mail.MessageID, as []mail.Attachment, dir string) (int, error) {
	var errs []error
	n := 0
	for _, a := range as {
		path, err := freeName(dir, safeName(a.Filename, "attachment"))
		if err == nil {
			err = f.write(ctx, id, a, path)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", a.Filename, err))
			continue
		}
		n++
	}
	return n, errors.Join(errs...)
}

func (f *files) saved(n int, dir, what string, err error) {
	if err != nil {
		f.env.fail(lang.T("fail.save", what), err)
		return
	}
	kit.ShowToast(f.env.win, lang.N("attach.saved", n, dir), toastTime)
}

// safeName makes a file name from a stranger fit for any disk; what has no name gets another.
func safeName(name, otherwise string) string {
	name = strings.Map(func(r rune) rune {
		if r < 0x20 || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, model.Visible(model.Straight(name)))
	name = strings.Trim(name, " .")
	for len(name) > 180 {
		ext := filepath.Ext(name)
		if len(ext) > 20 {
			ext = ""
		}
		r := []rune(strings.TrimSuffix(name, ext))
		name = string(r[:len(r)*3/4]) + ext
	}
	switch {
	case name == "":
		return otherwise
	case reserved(name):
		return "_" + name
	}
	return name
}

// reserved reports the names that Windows takes for devices, with whatever ending.
func reserved(name string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	base = strings.TrimRight(base, " ")
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	r := []rune(base)
	return len(r) == 4 && (strings.HasPrefix(base, "COM") || strings.HasPrefix(base, "LPT")) && strings.ContainsRune("0123456789¹²³", r[3])
}

// freeName is a path in dir that does not exist yet: "a.pdf", "a (2).pdf", ….
func freeName(dir, name string) (string, error) {
	ext := filepath.Ext(name)
	for i := 1; i < 1000; i++ {
		path := filepath.Join(dir, name)
		if i > 1 {
			path = filepath.Join(dir, strings.TrimSuffix(name, ext)+" ("+strconv.Itoa(i)+")"+ext)
		}
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			return path, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("%s holds too many files named like %s", dir, name)
}
