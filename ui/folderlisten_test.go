package ui

import (
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// sign is the sign of a folder in the pane, with its tip.
func (b *bench) sign(id mail.FolderID) (icons.Name, string) {
	b.Helper()
	for key, r := range b.w.folders.rows {
		if !r.Heading && r.Place == (model.Place{Kind: model.PlaceFolder, Folder: id}) {
			n := b.w.folders.node(b.w.folders.rows[key])
			return n.Sign, n.Tip
		}
	}
	b.Fatal("the folder is not in the pane")
	return "", ""
}

// TestFolderIsMarked in its menu and as a command of the list; the pane shows the mark and says how things stand.
func TestFolderIsMarked(t *testing.T) {
	b := newBench(t)
	archive := b.folder(b.imap, "Archive")
	folder := func() mail.Folder { f, _ := b.w.env.tree.Folder(archive); return f }
	if inbox, _ := b.w.env.tree.Folder(b.folder(b.imap, "INBOX")); b.w.listenItem(inbox) != nil {
		t.Error("the inbox offers what it has anyhow")
	}
	item := b.w.listenItem(folder())
	if item == nil || item.Checked {
		t.Fatalf("the menu of a folder has %+v", item)
	}
	item.Do()
	b.until("the mark", func() bool { s, _ := b.sign(archive); return s == icons.Clock && folder().Listen })
	if _, tip := b.sign(archive); tip != lang.T("listen.not_connected") {
		t.Errorf("without a connection it says %q", tip)
	}
	if item := b.w.listenItem(folder()); !item.Checked {
		t.Error("the menu does not show that the folder is marked")
	}
	b.w.folders.heard[archive] = mail.Listening{Now: true}
	if s, tip := b.sign(archive); s != icons.Bell || tip != lang.T("listen.now") {
		t.Errorf("listened to: %s %q", s, tip)
	}
	// Taken back by the command for the folder shown.
	b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: archive})
	b.drain()
	c := b.w.byID["listen"]
	if !c.when(b.w) {
		t.Fatal("the command is not offered in the folder")
	}
	b.w.run(c)
	b.until("no mark", func() bool { s, _ := b.sign(archive); return s == "" && !folder().Listen })
	b.w.Go(model.Inboxes)
	b.drain()
	if c.when(b.w) {
		t.Error("the command is offered where there is no folder")
	}
}

// TestListenWords: every reason is told, and what is done instead.
func TestListenWords(t *testing.T) {
	for _, code := range []string{"en", "fa", "de", "ar"} {
		lang.Set(code)
		for _, why := range mail.ListenWhys() {
			if words := listenWords(mail.Listening{Why: why, Every: 2 * time.Minute}); words == "" || words == "listen."+string(why) {
				t.Errorf("%s: %s is told as %q", code, why, words)
			}
		}
	}
	lang.Set("en")
	if got := listenWords(mail.Listening{Why: mail.ListenNoPush, Every: 2 * time.Minute}); got != "The server does not announce new mail — the folder is looked into every 2 minutes" {
		t.Errorf("%q", got)
	}
}
