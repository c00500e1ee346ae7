package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// windowSays is every text in the window, toasts included.
func (b *bench) windowSays() string {
	b.Helper()
	return says(b.w.Window().Content())
}

// says is every text in an object.
func says(o fyne.CanvasObject) string {
	var out strings.Builder
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch v := o.(type) {
		case *fyne.Container:
			for _, c := range v.Objects {
				walk(c)
			}
		case interface{ Text() string }:
			out.WriteString(v.Text() + "\n")
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(v).Objects() {
				walk(c)
			}
		}
	}
	walk(o)
	return lang.Plain(out.String())
}

// TestAFolderThatIsGoneIsTold: the folder in the list was deleted by another program. One that the user deletes here is no surprise.
func TestAFolderThatIsGoneIsTold(t *testing.T) {
	for _, here := range []bool{false, true} {
		b := newBench(t)
		place := model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.imap, "Projects/Tehran")}
		b.w.Go(place)
		b.w.folders.Read()
		b.until("the folder", func() bool { return b.w.list.place == place && b.w.shownFolder == "Tehran" })
		if here {
			b.w.env.act.Do(mail.Action{Kind: mail.ActDropFolder, Account: b.imap, Folder: place.Folder})
		} else {
			for range 2 { // one listing without it may be an accident
				b.ok(b.store.ApplyFolders(t.Context(), b.imap, []mail.RemoteFolder{{Path: "INBOX", Delimiter: "/", Role: mail.RoleInbox, Selectable: true, UIDValidity: 1}}))
			}
		}
		b.until("another place", func() bool { return b.w.list.place == model.Inboxes })
		b.drain()
		if told := strings.Contains(b.windowSays(), lang.T("folder.gone", "Tehran")); told == here {
			t.Errorf("deleted here: %v, told that it is gone: %v", here, told)
		}
	}
}

// TestAMessageThatAnotherProgramDeletedIsNotShown: neither one that it marked as deleted nor one that it removed stays in the reader, where
// nothing could be done with it.
func TestAMessageThatAnotherProgramDeletedIsNotShown(t *testing.T) {
	for _, marked := range []bool{true, false} {
		b := newBench(t)
		inbox := b.folder(b.imap, "INBOX")
		b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: inbox})
		b.until("the list", func() bool { return b.w.list.pager.Total() > 0 })
		row, ok := b.w.list.pager.Row(0)
		if !ok {
			t.Fatal("no row")
		}
		b.w.list.SelectMessage(row.ID)
		b.until("the message", func() bool { return b.w.reader.Message() == row.ID && len(b.w.reader.rows) > 0 })
		if marked {
			_, err := b.store.UpdateFlags(b.Context(), inbox, []mail.FlagState{{UID: row.UID, Flags: mail.Flags{mail.FlagSeen, mail.FlagDeleted}}})
			b.ok(err)
		} else {
			_, err := b.store.RemoveUIDs(b.Context(), inbox, []mail.UID{row.UID})
			b.ok(err)
		}
		b.until("the empty reader", func() bool { return b.w.reader.Message() == 0 })
		b.until("the toolbar", func() bool { return b.toolDisabled("delete") })
	}
}

func TestTheFolderOfWhatWasNotUploadedHasAName(t *testing.T) {
	b := newBench(t)
	id, err := b.store.EnsureLocalFolder(b.Context(), b.imap, mail.RescueFolder, mail.RoleNone)
	b.ok(err)
	lang.Set("fa")
	b.w.folders.Read()
	b.until("the folder", func() bool { _, ok := b.w.env.tree.Folder(id); return ok })
	f, _ := b.w.env.tree.Folder(id)
	if got := folderTitle(f); got != lang.T("folder.rescue") || got == mail.RescueFolder {
		t.Errorf("it is called %q", got)
	}
	b.until("its name in the pane", func() bool { return strings.Contains(b.windowSays(), lang.T("folder.rescue")) })
}

func (b *bench) toolDisabled(id string) bool {
	for _, t := range b.w.tools.buttons {
		if t.command.id == id {
			return t.Disabled()
		}
	}
	b.Fatalf("no button %s", id)
	return false
}

// TestAMessageThatWasSentLeavesNothingToDelete: it left the outbox by itself while it was selected.
func TestAMessageThatWasSentLeavesNothingToDelete(t *testing.T) {
	b := newBench(t)
	refs, err := b.store.PutBlobs(b.Context(), [][]byte{[]byte("Subject: x\r\n\r\nx")})
	b.ok(err)
	id, err := b.store.Enqueue(b.Context(), mail.OutboxItem{Account: b.imap, Blob: refs[0], From: "a@example.org", Rcpt: []string{"b@example.org"}, Subject: "x", Created: today})
	b.ok(err)
	b.w.Go(model.Place{Kind: model.PlaceOutbox})
	b.until("the item", func() bool { return b.w.list.pager.Total() == 1 })
	b.w.list.Step(1)
	b.until("it can be deleted", func() bool { return !b.toolDisabled("delete") })
	b.ok(b.store.DeleteOutbox(b.Context(), id))
	b.until("nothing to delete", func() bool { return b.toolDisabled("delete") })
}
