package filepick

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// accept is the main button: what is selected, typed or shown is taken.
func (p *picker) accept() {
	switch p.mode {
	case saveFile:
		p.acceptName(p.name.Text())
	case openFolder:
		dir := p.dir
		if sel := p.list.Selected(); len(sel) == 1 {
			dir = filepath.Join(p.dir, p.shown[sel[0]].name)
		}
		p.look(dir, func(f found) {
			if !f.folder {
				p.fail(lang.T("files.unreadable", lang.T("files.gone")))
				return
			}
			p.done(dir)
		})
	default:
		p.acceptFiles()
	}
}

// acceptFiles takes the selected files; a folder alone is opened.
func (p *picker) acceptFiles() {
	var paths []string
	sel := p.list.Selected()
	for _, i := range sel {
		if e := p.shown[i]; !e.folder {
			paths = append(paths, filepath.Join(p.dir, e.name))
		} else if len(sel) == 1 {
			p.openRow(i)
			return
		}
	}
	if len(paths) == 0 {
		p.fail(lang.T("files.nothing"))
		return
	}
	p.done(paths...)
}

// acceptName saves under a typed name, or goes to the folder that it names.
func (p *picker) acceptName(typed string) {
	if typed == "" {
		p.fail(lang.T("files.noname"))
		return
	}
	path := expand(p.dir, typed)
	p.look(path, func(f found) {
		switch {
		case f.folder:
			p.open(path, "")
		case f.exists:
			kit.Confirm(p.win, lang.T("files.replace.title"), lang.T("files.replace", model.VisibleName(filepath.Base(path))), lang.T("files.replace.do"), true,
				func() { p.done(path) })
		case !f.parent:
			p.fail(lang.T("files.unreadable", lang.T("files.gone")))
		default:
			p.done(path)
		}
	})
}

// goTo goes where a typed path leads.
func (p *picker) goTo(typed string) {
	path := expand(p.dir, typed)
	p.look(path, func(f found) {
		switch {
		case f.folder:
			p.open(path, "")
			p.list.Focus()
		case f.exists && p.mode == openFiles:
			p.done(path)
		case p.mode == saveFile && f.parent:
			p.open(filepath.Dir(path), filepath.Base(path))
			p.name.SetText(filepath.Base(path))
			p.name.Focus()
		default:
			p.fail(lang.T("files.unreadable", lang.T("files.gone")))
		}
	})
}

// done closes the dialog and hands on what was chosen.
func (p *picker) done(paths ...string) {
	p.c.dir = filepath.Dir(paths[0])
	if p.mode == openFolder {
		p.c.dir = paths[0]
	}
	p.dialog.Close()
	p.then(paths)
}

// found is what stands at a path.
type found struct{ exists, folder, parent bool }

// look asks the disk what stands at a path, then goes on if the dialog is still where it was.
func (p *picker) look(path string, then func(found)) {
	gen := p.gen
	p.c.loop.Go(lookWork(path, func(f found) {
		if gen == p.gen {
			then(f)
		}
	}))
}

func lookWork(path string, then func(found)) func(context.Context) func() {
	return func(context.Context) func() {
		var f found
		if info, err := os.Stat(path); err == nil {
			f.exists, f.folder = true, info.IsDir()
		}
		if info, err := os.Stat(filepath.Dir(path)); err == nil {
			f.parent = info.IsDir()
		}
		return func() { then(f) }
	}
}

// askFolder asks for the name of a new folder, makes it and goes there.
func (p *picker) askFolder() {
	entry := kit.NewEntry()
	entry.SetPlaceholder(lang.T("files.new.name"))
	var d *kit.Dialog
	create := func() {
		name := entry.Text()
		if name == "" {
			return
		}
		d.Close()
		p.c.loop.Go(makeWork(p.dir, name, func(path string, err error) {
			if err != nil {
				p.fail(lang.T("files.new.failed", errorWords(err)))
				return
			}
			p.open(path, "")
		}))
	}
	entry.OnSubmit = func(string) { create() }
	d = &kit.Dialog{Title: lang.T("files.new"), Content: entry, Focus: entry, Buttons: []kit.DialogButton{
		{Text: lang.T("kit.cancel"), Kind: kit.Plain}, {Text: lang.T("files.new.do"), Kind: kit.Primary, Stay: true, Do: create}}}
	d.Show(p.win)
}

func makeWork(dir, name string, then func(path string, err error)) func(context.Context) func() {
	return func(context.Context) func() {
		path, err := makeFolder(dir, name)
		return func() { then(path, err) }
	}
}

// makeFolder makes one folder; the name must not lead elsewhere.
func makeFolder(dir, name string) (string, error) {
	if filepath.Base(name) != name || name == "." || name == ".." {
		return "", fs.ErrInvalid
	}
	path := filepath.Join(dir, name)
	return path, os.Mkdir(path, 0o755)
}

// errorWords says why a disk refused, in the language of the window where the cause is a known one.
func errorWords(err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return lang.T("files.denied")
	case errors.Is(err, fs.ErrNotExist):
		return lang.T("files.gone")
	case errors.Is(err, fs.ErrExist):
		return lang.T("files.exists")
	case errors.Is(err, fs.ErrInvalid):
		return lang.T("files.badname")
	}
	return lang.ErrorWords(err)
}
