package filepick

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// picker is one open dialog.
type picker struct {
	c    *Chooser
	win  fyne.Window
	mode mode
	then func(paths []string)

	dir   string
	all   []entry // what the folder holds
	shown []entry // what of it is listed
	err   error   // why it could not be read
	cut   bool    // it holds more than was read
	gen   int     // of the folder asked for: the answer for an earlier one is dropped
	after string  // a name to select once the folder is read

	places []place

	dialog    *kit.Dialog
	placeList *kit.List
	list      *kit.List
	middle    *fyne.Container // the list, or a sentence in its place
	bar       *crumbBar
	path      *kit.Entry // in place of the crumbs while a path is typed
	name      *kit.Entry // of the file to save
	note      *kit.Label
	hidden    *kit.Button

	typed   string // letters typed in the list
	typedAt time.Time
}

// Size of the dialog, as far as the window has room.
const (
	width       = 780
	height      = 560
	placesWidth = 168
)

func newPicker(c *Chooser, w fyne.Window, m mode, title, name string, then func([]string)) *picker {
	p := &picker{c: c, win: w, mode: m, then: then}
	p.build(name)
	ok := map[mode]string{openFiles: "files.open", saveFile: "files.save", openFolder: "files.choose"}[m]
	p.dialog = &kit.Dialog{Title: title, Width: width, Height: height, Content: p.content(), Focus: p.list,
		Buttons: []kit.DialogButton{{Text: lang.T("kit.cancel"), Kind: kit.Plain}, {Text: lang.T(ok), Kind: kit.Primary, Stay: true, Do: p.accept}}}
	if m == saveFile {
		p.dialog.Focus = p.name
	}
	p.dialog.OnShortcut = p.shortcut
	p.dialog.OnClose = func() { p.gen++ }
	p.dialog.Show(w)
	if m == saveFile {
		p.name.Select(0, len(stem(name)))
	}
	c.loop.Go(startWork(c.start, func(dir string, places []place) {
		p.places = places
		p.placeList.SetCount(len(places))
		p.begin(dir)
	}))
	return p
}

// begin shows the folder to begin at, unless somebody was quicker on a slow disk: a path that was typed meanwhile is where they want to go.
func (p *picker) begin(dir string) {
	switch {
	case p.gen > 0:
	case p.path.Visible():
		p.dir = dir
		p.bar.show(dir)
	default:
		p.open(dir, "")
	}
}

// leavePath gives up typing a path.
func (p *picker) leavePath() {
	p.typePath(false, "")
	if p.gen == 0 && p.dir != "" { // of the folder to begin at nothing was read yet
		p.open(p.dir, "")
	}
}

// stem is a file name without its ending.
func stem(name string) string {
	if s := strings.TrimSuffix(name, filepath.Ext(name)); s != "" {
		return s
	}
	return name
}

func (p *picker) build(name string) {
	p.placeList = kit.NewList(kit.ListOptions{
		New: func() fyne.CanvasObject { return newRow(false) }, RowHeight: theme.FolderRowHeight, Inset: 4, Radius: theme.Radius,
		Bind: func(i int, o fyne.CanvasObject, s kit.RowState) {
			if i < len(p.places) {
				o.(*row).bind(p.places[i].icon, p.places[i].title(), s)
			}
		}})
	p.placeList.OnTap = func(i int, _ float32) {
		p.open(p.places[i].path, "")
		p.list.Focus()
	}
	p.placeList.OnOpen = func(i int) { p.open(p.places[i].path, "") }
	p.list = kit.NewList(kit.ListOptions{
		New: func() fyne.CanvasObject { return newRow(true) }, RowHeight: theme.FolderRowHeight, Inset: 4, Radius: theme.Radius, Multi: p.mode == openFiles,
		Bind: func(i int, o fyne.CanvasObject, s kit.RowState) {
			if i < len(p.shown) {
				o.(*row).bindEntry(p.shown[i], p.c.now(), s)
			}
		}})
	p.list.OnOpen = p.openRow
	p.list.OnSelect = p.selected
	p.list.OnHover = func(i int) {
		if i < 0 {
			i = p.list.Cursor()
		}
		p.describe(i)
	}
	p.list.OnKey, p.list.OnRune = p.key, p.letter
	p.path = kit.NewEntry().LTR()
	p.path.OnSubmit = p.goTo
	p.path.OnEscape = func() bool { p.leavePath(); return true }
	p.path.Hide()
	p.name = kit.NewEntry()
	p.name.SetText(name)
	p.name.OnSubmit = func(string) { p.accept() }
	p.note = kit.NewLabel("", kit.Meta).Ellipsized()
	p.bar = newCrumbBar(func(dir, from string) {
		p.open(dir, from)
		p.list.Focus() // the crumb that had the keyboard is another one now
	})
	p.middle = kit.Stack(p.list)
	p.hidden = kit.NewIconButton(icons.Eye, "", p.toggleHidden).Small().Tinted(theme.Muted)
	p.hiddenTip()
}

// title is the name of a place.
func (x place) title() string {
	if x.id != "" {
		return lang.T(x.id)
	}
	return model.VisibleName(folderName(x.path))
}

func folderName(path string) string {
	if b := filepath.Base(path); b != string(filepath.Separator) {
		return b
	}
	return path
}

func (p *picker) content() fyne.CanvasObject {
	up := kit.NewIconButton(icons.ArrowUp, lang.T("files.up"), func() {
		p.up()
		p.list.Focus()
	}).Small().Tinted(theme.Muted)
	sort := kit.NewIconButton(icons.ListOrdered, lang.T("files.sort"), nil).Small().Tinted(theme.Muted)
	sort.OnTapped = func() { p.sortMenu(sort) }
	fresh := kit.NewIconButton(icons.FolderPlus, lang.T("files.new"), p.askFolder).Small().Tinted(theme.Muted)
	top := kit.HBox(4, up, kit.Grow(kit.Stack(p.bar.box, p.path)), sort, p.hidden, fresh)
	places := kit.Fixed(placesWidth, 0, p.placeList)
	body := kit.Border(kit.Pad(0, 0, 8, 0, top), nil, kit.Pad(0, 10, 0, 0, places), nil, kit.NewCard(4, p.middle))
	foot := kit.VBox(8)
	if p.mode == saveFile {
		foot.Add(kit.HBox(10, kit.NewLabel(lang.T("files.name"), kit.Muted), kit.Grow(p.name)))
	}
	foot.Add(p.note)
	return kit.Border(nil, kit.Pad(10, 0, 0, 0, foot), nil, nil, body)
}

// open shows a folder; the entry called name is selected in it.
func (p *picker) open(dir, name string) {
	p.gen++
	gen := p.gen
	p.dir, p.all, p.err, p.cut, p.after, p.typed = dir, nil, nil, false, name, ""
	p.typePath(false, "")
	p.bar.show(dir)
	p.markPlace()
	p.list.Reset(0)
	p.shown = nil
	p.instead(lang.T("files.reading"))
	p.tell("")
	p.c.loop.Go(readWork(dir, func(list []entry, cut bool, err error) {
		if gen != p.gen {
			return
		}
		p.all, p.cut, p.err = list, cut, err
		if err == nil {
			p.c.dir = dir
		}
		p.fill()
	}))
}

// markPlace selects the place that is shown.
func (p *picker) markPlace() {
	p.placeList.ClearSelection()
	for i, x := range p.places {
		if x.path == p.dir {
			p.placeList.Select(i)
		}
	}
}

// fill lists what was read.
func (p *picker) fill() {
	p.shown = arrange(p.all, p.c.by, p.c.hidden, p.mode == openFolder)
	p.list.Reset(len(p.shown))
	switch {
	case p.err != nil:
		p.instead(lang.T("files.unreadable", errorWords(p.err)))
	case len(p.shown) == 0 && p.mode == openFolder:
		p.instead(lang.T("files.nofolders"))
	case len(p.shown) == 0:
		p.instead(lang.T("files.empty"))
	default:
		p.instead("")
	}
	at := 0
	for i, e := range p.shown {
		if p.after != "" && e.name == p.after {
			at = i
		}
	}
	if p.after != "" && len(p.shown) > 0 {
		p.list.Select(at)
	}
	p.describe(p.list.Cursor())
}

// instead shows a sentence in place of the list, "" the list.
func (p *picker) instead(words string) {
	p.middle.Objects = []fyne.CanvasObject{p.list}
	if words != "" {
		p.middle.Add(kit.Pad(24, 20, 0, 20, kit.NewLabel(words, kit.Muted).Wrapped().Aligned(kit.AlignCenter)))
	}
	p.middle.Refresh()
}

// describe tells in the last line what row i is: its whole name and, for the curious, both calendars.
func (p *picker) describe(i int) {
	switch {
	case i >= 0 && i < len(p.shown):
		e := p.shown[i]
		words := []string{model.VisibleName(e.name)}
		if !e.folder {
			words = append(words, lang.Size(e.size))
		}
		t := e.time.In(p.c.now().Location())
		words = append(words, lang.FullDate(t), lang.Other(t))
		p.tell(lang.Dots(words...))
	case p.cut:
		p.tell(lang.T("files.cut", maxEntries))
	case p.mode == openFolder:
		p.tell(lang.T("files.into", model.VisibleName(p.dir)))
	default:
		p.tell("")
	}
}

func (p *picker) tell(words string) { p.note.Set(words, kit.Meta) }

// fail says why something cannot be done.
func (p *picker) fail(words string) { p.note.Set(words, kit.Meta.With(theme.Danger)) }

// selected follows the cursor: the name to save takes that of a file.
func (p *picker) selected() {
	i := p.list.Cursor()
	p.describe(i)
	if p.mode == saveFile && i >= 0 && i < len(p.shown) && !p.shown[i].folder {
		p.name.SetText(p.shown[i].name)
	}
}

// openRow is Enter or a double click on a row.
func (p *picker) openRow(i int) {
	if i < 0 || i >= len(p.shown) {
		return
	}
	if e := p.shown[i]; e.folder {
		p.open(filepath.Join(p.dir, e.name), "")
		return
	}
	p.accept()
}

func (p *picker) up() {
	if parent := filepath.Dir(p.dir); parent != p.dir {
		p.open(parent, filepath.Base(p.dir))
	}
}

// startWork finds where to begin.
func startWork(start func() string, then func(dir string, places []place)) func(context.Context) func() {
	return func(context.Context) func() {
		dir, places := start(), findPlaces()
		return func() { then(dir, places) }
	}
}

func readWork(dir string, then func([]entry, bool, error)) func(context.Context) func() {
	return func(ctx context.Context) func() {
		list, cut, err := readFolder(ctx, dir)
		return func() { then(list, cut, err) }
	}
}
