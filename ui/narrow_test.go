package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// In a window as narrow as a telephone the folders are behind a button, and F6 goes to what is there.
func TestNarrowWindow(t *testing.T) {
	b := newBench(t)
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		b.drain()
		b.w.Window().Resize(fyne.NewSize(420, 760))
		b.drain()
		b.selectSubject(reza)
		b.drain()
		b.shot("narrow-" + code)
		if b.w.folders.content.Visible() || !b.w.tools.places.Visible() {
			t.Fatalf("%s: the folder pane shows %t, the button %t", code, b.w.folders.content.Visible(), b.w.tools.places.Visible())
		}
		b.w.list.list.Focus()
		for _, want := range []func() bool{b.w.search.entry.Focused, b.w.list.list.Focused} {
			if b.w.nextPane(); !want() {
				t.Errorf("%s: F6 goes to %T", code, b.w.Window().Canvas().Focused())
			}
		}
		var titles []string
		items := b.w.places()
		for _, it := range items {
			titles = append(titles, strings.TrimLeft(it.Text, "\u2003"))
		}
		archive, _ := b.w.env.tree.ByRole(b.imap, mail.RoleArchive)
		at := -1
		for i, s := range titles {
			if s == folderTitle(archive) {
				at = i
			}
		}
		if at < 0 || !shownPlace(items, placeTitle(model.Inboxes, b.w.env.tree)) {
			t.Fatalf("%s: the places are %q", code, titles)
		}
		items[at].Do()
		b.until("the archive", func() bool { return b.w.list.place.Folder == archive.ID })
		b.w.Go(model.Inboxes)
		b.until("the inboxes", func() bool { return b.w.list.place == model.Inboxes && b.w.list.pager.Loaded() })
		b.w.Window().Resize(fyne.NewSize(1360, 860))
		b.drain()
		if !b.w.folders.content.Visible() || b.w.tools.places.Visible() || b.w.folders.content.Size().Width < 200 {
			t.Errorf("%s: wide again, the folder pane shows %t, %v wide", code, b.w.folders.content.Visible(), b.w.folders.content.Size().Width)
		}
	}
}

// shownPlace reports whether the item of a title, and no other, is the one that is shown.
func shownPlace(items []*kit.MenuItem, title string) bool {
	n, ok := 0, false
	for _, it := range items {
		if it.Checked {
			n++
			ok = it.Text == title
		}
	}
	return ok && n == 1
}
