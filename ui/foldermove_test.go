package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
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

// A folder is dragged into another one, and to the heading of its account for the top level; one of another account, or what lies in it, does not take it.
func TestAFolderIsDragged(t *testing.T) {
	b := newBench(t)
	f, err := b.store.Folder(b.Context(), b.folder(b.imap, "Projects/Tehran"))
	b.ok(err)
	p := b.w.folders
	key := func(match func(r model.TreeRow) bool) string {
		for k, r := range p.rows {
			if match(r) {
				return k
			}
		}
		t.Fatal("no such row")
		return ""
	}
	of := func(id mail.FolderID) string {
		return key(func(r model.TreeRow) bool {
			return !r.Heading && r.Place.Kind == model.PlaceFolder && r.Place.Folder == id
		})
	}
	head := func(a mail.AccountID) string {
		return key(func(r model.TreeRow) bool { return r.Heading && r.Account == a })
	}
	b.until("the tree", func() bool { _, ok := b.w.env.tree.Folder(f.ID); return ok })
	b.drain()
	payload, label := p.drag(of(f.ID))
	if payload == nil || label != "Tehran" {
		t.Fatalf("dragged: %v, %q", payload, label)
	}
	if none, _ := p.drag(of(b.folder(b.imap, "INBOX"))); none != nil {
		t.Error("the inbox can be dragged away")
	}
	for id, want := range map[string]bool{
		head(b.imap): true, head(b.pop): false, of(f.ID): false, of(b.folder(b.imap, "Projects")): false, of(b.folder(b.imap, "Archive")): true, of(b.folder(b.pop, "Inbox")): false,
	} {
		if got := p.canDrop(id, payload); got != want {
			t.Errorf("%s takes it: %v, want %v", id, got, want)
		}
	}
	at := func(path string) func() bool {
		return func() bool { f, err = b.store.Folder(b.Context(), f.ID); return err == nil && f.Path == path }
	}
	p.drop(head(b.imap), payload)
	b.until("the top level", at("Tehran"))
	b.until("words of its own", func() bool {
		return strings.Contains(b.windowSays(), lang.Plain(lang.T("did.move_folder.top", "Tehran")))
	})
	payload, _ = p.drag(of(f.ID))
	p.drop(of(b.folder(b.imap, "Archive")), payload)
	b.until("in Archive", at("Archive/Tehran"))
	b.drain()
	b.w.env.act.Undo()
	b.until("the top level again", at("Tehran"))
}

// Deleting a folder moves it into Trash without a question and says so; from there it is asked about, with all that lies in it, and no undo is offered.
func TestAFolderIsDeleted(t *testing.T) {
	b := newBench(t)
	id := b.folder(b.imap, "Projects")
	f, err := b.store.Folder(b.Context(), id)
	b.ok(err)
	b.until("the tree", func() bool { _, ok := b.w.env.tree.Folder(id); return ok })
	b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.imap, "Projects/Tehran")})
	b.w.folders.act.drop(f)
	b.until("it lies in Trash", func() bool { f, err = b.store.Folder(b.Context(), id); return err == nil && f.Path == "Trash/Projects" })
	b.until("said", func() bool {
		return strings.Contains(b.windowSays(), lang.Plain(lang.T("did.trash_folder", "Projects", lang.RoleName(mail.RoleTrash)))) && b.w.list.place == model.Inboxes
	})
	b.until("the tree knows", func() bool { g, _ := b.w.env.tree.Folder(id); return g.Path == f.Path })
	b.w.folders.act.drop(f)
	ask := b.w.Window().Canvas().Overlays().Top()
	if ask == nil {
		t.Fatal("deleted for good without a question")
	}
	b.shot("folder-delete")
	if words := says(ask); !strings.Contains(words, lang.Plain(lang.N("folder.held", 1))) || !strings.Contains(words, "cannot be undone") {
		t.Errorf("the question: %s", words)
	}
}

// Where the server refuses to take a folder into Trash, deleting it again asks whether it goes for good, naming it and what it holds, and so does
// what the activity tells of the refusal; then the refusal is settled.
func TestAFolderThatTrashDoesNotTake(t *testing.T) {
	for _, fromActivity := range []bool{false, true} {
		b := newBench(t)
		ctx := b.Context()
		id := b.folder(b.imap, "Projects")
		f, err := b.store.Folder(ctx, id)
		b.ok(err)
		b.until("the tree", func() bool { _, ok := b.w.env.tree.Folder(id); return ok })
		b.w.folders.act.drop(f)
		b.until("it lies in Trash", func() bool { g, _ := b.w.env.tree.Folder(id); return g.Path == "Trash/Projects" })
		op, _, err := b.store.NextOp(ctx, b.imap)
		b.ok(err)
		b.ok(b.store.FailOp(ctx, op.ID, (&mail.Problem{Kind: mail.ProblemServer, Summary: "no", Said: "Not there"}).Store()))
		b.until("it is back", func() bool { g, _ := b.w.env.tree.Folder(id); return g.Path == "Projects" })
		b.drain()
		win := b.w.Window()
		press := func(words string) {
			t.Helper()
			bt := button(win.Canvas().Overlays().Top(), words)
			if bt == nil {
				t.Fatalf("nothing to press for %q", words)
			}
			bt.Tapped(nil)
			b.drain()
		}
		if fromActivity {
			b.w.activity.Show()
			a := b.w.activity
			b.until("the activity", func() bool { return a.ops != nil && a.ops.list.Count() == 1 })
			win = a.env.win
			a.ops.open(a.ops.task(0))
			press(lang.T("folder.delete"))
		} else {
			b.w.folders.act.drop(f)
		}
		asked := func() string {
			if o := win.Canvas().Overlays().Top(); o != nil {
				return says(o)
			}
			return ""
		}
		b.until("the question", func() bool { return strings.Contains(asked(), "cannot be undone") })
		b.shotOf(win, "folder-refused-"+pick(fromActivity, "activity", "main"))
		for _, want := range []string{"Projects", "refused to move this folder into Trash", lang.Plain(lang.N("folder.held", 1))} {
			if !strings.Contains(asked(), want) {
				t.Errorf("the question does not say %q: %s", want, asked())
			}
		}
		press(lang.T("cmd.delete"))
		b.until("it is to be gone", func() bool {
			op, _, err := b.store.NextOp(ctx, b.imap)
			return err == nil && op != nil && op.Kind == mail.OpDropFolder
		})
		if failed, _, err := b.store.Failures(ctx); err != nil || failed != 0 {
			t.Errorf("%d refusals are left, %v", failed, err)
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
