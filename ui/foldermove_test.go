package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
	"peyk/ui/model"
)

// A folder is moved by its menu: to the top level and back below another, what lies in it goes along, and undo takes it back. It is
// not offered to lie in itself, below itself, or where it lies.
func TestAFolderMoves(t *testing.T) {
	b := newBench(t)
	f, err := b.store.Folder(b.Context(), b.folder(b.imap, "Projects/Tehran"))
	b.ok(err)
	offered := func() (paths []string) {
		for _, p := range b.w.folders.act.parents(f) {
			paths = append(paths, p.Path)
		}
		return paths
	}
	if got := offered(); !slices.Contains(got, "") || slices.Contains(got, "Projects") || slices.Contains(got, f.Path) || !slices.Contains(got, "INBOX") {
		t.Errorf("below Projects: %q", got)
	}
	take := func(name string) {
		t.Helper()
		b.w.folders.act.move(f)
		b.shot("folder-move")
		for _, r := range name {
			b.w.Window().Canvas().Focused().TypedRune(r)
		}
		b.key(fyne.KeyReturn)
	}
	at := func(path string) func() bool {
		return func() bool { f, err = b.store.Folder(b.Context(), f.ID); return err == nil && f.Path == path }
	}
	take(lang.T("folder.top"))
	b.until("the top level", at("Tehran"))
	b.drain()
	if got := offered(); slices.Contains(got, "") || !slices.Contains(got, "Projects") {
		t.Errorf("on the top level: %q", got)
	}
	b.w.env.act.Undo()
	b.until("the move taken back", at("Projects/Tehran"))
	projects, err := b.store.Folder(b.Context(), b.folder(b.imap, "Projects"))
	b.ok(err)
	for _, p := range b.w.folders.act.parents(projects) {
		if p.Path == "Projects/Tehran" || p.ID == 0 {
			t.Errorf("Projects is offered to lie in %q", p.Path)
		}
	}
}

// What an empty folder says belongs to it: only where new mail arrives it is announced.
func TestEmptyFoldersSayWhatBelongsThere(t *testing.T) {
	b := newBench(t)
	for path, id := range map[string]string{"Sent": "empty.sent", "Trash": "empty.trash", "Projects/Tehran": "empty.other"} {
		f := b.folder(b.imap, path)
		b.ok(b.store.SetFolderSync(b.Context(), f, 1, 2, 0))
		b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: f})
		b.until(path, func() bool {
			return !b.w.list.empty.Hidden && strings.Contains(strings.Join(labels(b.w.list.empty), "\n"), lang.T(id))
		})
	}
}
