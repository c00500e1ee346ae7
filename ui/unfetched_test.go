package ui

import (
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// A folder whose mail is still on the server does not say that it is empty; one that is fetched and empty does.
func TestAFolderThatIsNotFetchedYet(t *testing.T) {
	b := newBench(t)
	id := b.folder(b.imap, "Junk")
	b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: id})
	says := func(title string) func() bool {
		return func() bool {
			return !b.w.list.empty.Hidden && strings.Contains(strings.Join(labels(b.w.list.empty), "\n"), lang.T(title))
		}
	}
	b.until("not fetched", says("empty.unfetched.title"))
	b.engine.progress <- mail.Progress{Account: b.imap, Phase: mail.PhaseReceiving, Folder: "INBOX"}
	b.until("the state", func() bool { return working(b.w.status.states[b.imap]) })
	b.w.list.checkEmpty()
	b.until("being fetched", says("empty.fetching.title"))
	b.shot("folder-being-fetched")
	b.ok(b.store.SetFolderSync(b.Context(), id, 1, 2, 0))
	b.until("empty", says("empty.junk"))
}

// What is selected before its row has been read, by a jump to the end of a long list, is opened with its sender and subject.
func TestAJumpAheadOfTheRows(t *testing.T) {
	b := newBench(t)
	b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.pop, "Inbox")})
	b.drain()
	rows, err := b.store.Page(b.Context(), store.Query{Folder: b.folder(b.imap, "INBOX")}, 0, 1)
	b.ok(err)
	b.w.list.selected([]mail.MessageID{rows[0].ID}, []mail.MessageID{rows[0].ID}, [][2]int{{40, 41}}, 40)
	b.until("the message", func() bool { return b.w.reader.Content().Row.Subject == rows[0].Subject })
	if got := strings.Join(labels(b.w.reader.head.content), " "); strings.Contains(got, lang.T("list.no.subject")) {
		t.Errorf("the header says %q", got)
	}
}
