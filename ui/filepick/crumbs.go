package filepick

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// crumbBar shows the folders on the way to the one that is open, each a button. Where there is no room for all, those at
// the root give way.
type crumbBar struct {
	box  *fyne.Container
	open func(dir, from string)
}

func newCrumbBar(open func(dir, from string)) *crumbBar {
	return &crumbBar{box: container.New(crumbLayout{}), open: open}
}

// maxCrumb is how many characters of a name a crumb shows.
const maxCrumb = 28

func (b *crumbBar) show(dir string) {
	b.box.RemoveAll()
	all := crumbs(dir)
	for i, path := range all {
		name := []rune(model.VisibleName(folderName(path)))
		if len(name) > maxCrumb {
			name = append(name[:maxCrumb-1:maxCrumb-1], '…')
		}
		from := ""
		if i+1 < len(all) {
			from = folderName(all[i+1])
		}
		btn := kit.NewButton(kit.Plain, string(name), "", func() { b.open(path, from) }).Small()
		if path == "/" {
			btn.SetText("")
			btn.SetIcon(icons.HardDrive)
			btn.Tip(lang.T("files.place.root"))
		}
		if i+1 < len(all) {
			btn.Tinted(theme.Muted)
		}
		b.box.Add(btn)
	}
	b.box.Refresh()
}

// crumbLayout puts buttons in a row; as many at the end as there is room for.
type crumbLayout struct{}

// Layout implements fyne.Layout.
func (crumbLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	first, used := len(objs), float32(0)
	for first > 0 {
		w := objs[first-1].MinSize().Width
		if used+w > s.Width && first < len(objs) {
			break
		}
		used += w
		first--
	}
	x := float32(0)
	for i, o := range objs {
		if i < first {
			o.Hide()
			continue
		}
		o.Show()
		m := o.MinSize()
		m.Width = min(m.Width, s.Width)
		at := x
		if lang.RTL() {
			at = s.Width - x - m.Width
		}
		o.Move(fyne.NewPos(at, (s.Height-m.Height)/2))
		o.Resize(m)
		x += m.Width
	}
}

// MinSize implements fyne.Layout.
func (crumbLayout) MinSize(objs []fyne.CanvasObject) fyne.Size {
	m := fyne.NewSize(60, theme.Control)
	for _, o := range objs {
		m.Height = max(m.Height, o.MinSize().Height)
	}
	return m
}
