package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

const budget = "Budget for spring"

// withThread adds a conversation: three messages in the inbox, the two newest unread, and an answer of the user in Sent.
func withThread(b *bench) {
	at := func(day, hour int) time.Time { return time.Date(2025, 11, day, hour, 20, 0, 0, time.UTC) }
	refs := "References: <budget@example.org>\r\n"
	inbox := b.folder(b.imap, "INBOX")
	b.put(inbox, 100,
		sampleMail{from: "Anna Keller <anna@example.net>", subject: budget, at: at(20, 9), flags: mail.Flags{mail.FlagSeen, mail.FlagFlagged}, headers: refs, text: "Here is the first draft of the budget, please have a look at the travel line."},
		sampleMail{from: "Reza Ahmadi <reza@example.org>", subject: "Re: " + budget, at: at(25, 7), headers: refs, text: "The travel line is too low by a third.", extra: "txt"},
		sampleMail{from: "Anna Keller <anna@example.net>", subject: "Re: Re: " + budget, at: at(25, 9), headers: refs, text: "Corrected; the new table is on the share."},
	)
	b.put(b.folder(b.imap, "Sent"), 1,
		sampleMail{from: "Maryam Noori <maryam@example.org>", subject: "AW: " + budget, at: at(24, 16), flags: mail.Flags{mail.FlagSeen}, headers: refs, to: "Anna Keller <anna@example.net>, Reza <reza@example.org>", text: "Looks good to me, only the travel line puzzles me."})
}

func grouped(b *bench) { prefs(func(p *model.Prefs) { p.Grouped, p.MarkRead = true, -1 })(b) }

// conversation is the row of the conversation of withThread and where it is.
func (b *bench) conversation() (mail.Row, int) {
	b.Helper()
	for i := range b.w.list.pager.Total() {
		if r, ok := b.w.list.pager.Row(i); ok && r.Group != nil {
			return r, i
		}
	}
	return mail.Row{}, -1
}

func (b *bench) selectConversation() {
	b.Helper()
	_, at := b.conversation()
	b.w.list.list.Select(at)
	b.w.list.list.Focus()
	b.w.list.userSelected()
	b.until("the conversation in the reader", func() bool { return b.w.reader.thread != nil })
	b.drain()
}

func TestConversationInTheList(t *testing.T) {
	b := newBench(t, withThread, grouped)
	r, at := b.conversation()
	if at != 1 || r.Subject != "Re: Re: "+budget || len(r.Group.Messages) != 3 || !r.Unread() || !r.Starred() || r.Attachments != 1 {
		t.Fatalf("row %d: %+v", at, r)
	}
	x := textOf(r, false, today, b.w.env.isMe)
	if x.who != "Anna Keller, Reza Ahmadi" || len(x.strong) != 2 {
		t.Errorf("people %q %v", x.who, x.strong)
	}
	if words := b.w.list.header.counts.Text(); !strings.Contains(words, "9 conversations") {
		t.Errorf("header %q", words)
	}
	b.selectConversation()
	b.shot("grouped")
	if id := b.w.reader.Message(); id != b.ids["Re: "+budget] {
		t.Errorf("opened at %d, want the first unread", id)
	}
	if n := len(b.w.list.Selected()); n != 3 {
		t.Errorf("%d messages are selected", n)
	}
}

func TestUnfoldAndFoldByKeys(t *testing.T) {
	b := newBench(t, withThread, grouped)
	b.selectConversation()
	before := b.w.list.pager.Total()
	b.key(fyne.KeyRight)
	b.until("the messages below", func() bool { return b.w.list.pager.Total() == before+4 })
	b.drain()
	b.shot("unfolded")
	want := []string{budget, "AW: " + budget, "Re: " + budget, "Re: Re: " + budget}
	if have := b.subjects()[2:6]; !slices.Equal(have, want) {
		t.Errorf("below stand %q", have)
	}
	if r, _ := b.w.list.pager.Row(3); r.Nested != mail.NestedElsewhere || b.w.list.placeOf(r) != "Sent" {
		t.Errorf("the answer is %+v", r)
	}
	b.key(fyne.KeyRight) // into it
	b.until("the first message", func() bool { return b.w.reader.Message() == b.ids[budget] })
	if ids := b.w.list.Selected(); len(ids) != 1 || ids[0] != b.ids[budget] {
		t.Errorf("selected %v", ids)
	}
	b.key(fyne.KeyLeft) // out of it
	b.until("the conversation", func() bool { return len(b.w.list.Selected()) == 3 })
	b.key(fyne.KeyLeft)
	b.until("folded", func() bool { return b.w.list.pager.Total() == before })
	if _, at := b.conversation(); b.w.list.list.Cursor() != at || len(b.w.list.Selected()) != 3 {
		t.Error("the conversation is no longer selected")
	}
}

func TestArchiveConversationIsOneStep(t *testing.T) {
	b := newBench(t, withThread, grouped)
	b.selectConversation()
	archive, inbox := b.folder(b.imap, "Archive"), b.folder(b.imap, "INBOX")
	subjects := []string{budget, "Re: " + budget, "Re: Re: " + budget}
	all := func(f mail.FolderID) func() bool {
		return func() bool {
			for _, s := range subjects {
				if b.row(s).Folder != f {
					return false
				}
			}
			return true
		}
	}
	told := 0 // what the toast counts
	done := b.w.env.act.done
	b.w.env.act.done = func(a mail.Action, g mail.GroupID, s saying) {
		told = len(a.Messages)
		done(a, g, s)
	}
	b.key(fyne.KeyE)
	b.until("all archived", all(archive))
	b.until("the next is selected", func() bool { _, at := b.conversation(); return at < 0 && b.w.list.SelectedCount() == 1 })
	if b.row("AW: "+budget).Folder != b.folder(b.imap, "Sent") {
		t.Error("the answer in Sent was archived, too")
	}
	b.until("the toast tells of three messages", func() bool { return told == 3 }) // which it may do after the list has followed
	b.w.env.act.Undo()
	b.until("all back", all(inbox))
	b.until("listed again", func() bool { _, at := b.conversation(); return at >= 0 })
}

func TestCommandsActOnTheConversation(t *testing.T) {
	b := newBench(t, withThread, grouped)
	b.selectConversation()
	b.key(fyne.KeyU)
	b.until("all read", func() bool { r, _ := b.conversation(); return !r.Unread() && r.Group.Unread == 0 })
	b.key(fyne.KeyS) // one has a star: it goes
	b.until("no star", func() bool { r, _ := b.conversation(); return !r.Starred() && !b.row(budget).Starred() })
	b.key(fyne.KeyS)
	b.until("all stars", func() bool {
		return b.row(budget).Starred() && b.row("Re: "+budget).Starred() && b.row("Re: Re: "+budget).Starred()
	})
	if b.row("AW: " + budget).Starred() {
		t.Error("the answer in Sent got a star")
	}
	if payload, words := b.w.list.drag(); len(payload.(dragged).ids) != 3 || words != lang.N("list.messages", 3) {
		t.Errorf("dragged %+v %q", payload, words)
	}
	// Reply is about the message that is shown.
	if !b.w.oneSelected() {
		t.Error("one row is not one selected")
	}
	b.key(fyne.KeyR)
	b.until("the answer", func() bool { return len(b.drafts) == 1 })
	// The buttons of a row act on all of it.
	r, _ := b.conversation()
	b.w.list.rowCommand("delete", r)
	trash := b.folder(b.imap, "Trash")
	b.until("all in Trash", func() bool { return b.row(budget).Folder == trash && b.row("Re: Re: "+budget).Folder == trash })
}

// New mail of a selected conversation neither loses the selection nor moves what is on the screen, and belongs to it.
func TestConversationGrowsWhileSelected(t *testing.T) {
	b := newBench(t, withThread, grouped)
	b.selectConversation()
	b.key(fyne.KeyRight)
	b.until("unfolded", func() bool { return b.w.list.pager.Total() == 13 })
	b.put(b.folder(b.imap, "INBOX"), 200, sampleMail{from: "Reza Ahmadi <reza@example.org>", subject: "Thanks", at: today, headers: "References: <budget@example.org>\r\n", text: "Now it fits."})
	b.until("the new message below", func() bool { return contains(b.subjects(), "Thanks") && b.w.list.pager.Total() == 14 })
	b.until("four selected", func() bool { return len(b.w.list.Selected()) == 4 })
	r, at := b.conversation()
	if at != 0 || r.ID != b.ids["Thanks"] || !b.w.list.list.IsSelected(0) || b.w.list.SelectedCount() != 1 || !b.w.list.isUnfolded(r) {
		t.Errorf("row %d %+v, selected %v", at, r, b.w.list.list.Selected())
	}
	// Its newest message leaves by another client: the conversation is still the one selected.
	_, err := b.store.RemoveUIDs(b.Context(), b.folder(b.imap, "INBOX"), []mail.UID{200})
	b.ok(err)
	b.until("three again", func() bool { return len(b.w.list.Selected()) == 3 && b.w.list.pager.Total() == 13 })
}

// Two conversations that turn out to be one, both selected and one unfolded, are one row then, still unfolded.
func TestConversationsGrowTogether(t *testing.T) {
	b := newBench(t, withThread, grouped, func(b *bench) {
		at := time.Date(2025, 11, 25, 10, 0, 0, 0, time.UTC)
		refs := "References: <other@example.org>\r\n"
		b.put(b.folder(b.imap, "INBOX"), 150,
			sampleMail{from: "Reza Ahmadi <reza@example.org>", subject: "Travel", at: at, flags: mail.Flags{mail.FlagSeen}, headers: refs, text: "The trains."},
			sampleMail{from: "Reza Ahmadi <reza@example.org>", subject: "Re: Travel", at: at.Add(time.Minute), flags: mail.Flags{mail.FlagSeen}, headers: refs, text: "The hotel."})
	})
	b.w.list.list.Select(1)
	b.w.list.list.Focus()
	b.w.list.userSelected()
	b.key(fyne.KeyRight)
	b.until("unfolded", func() bool { return b.w.list.pager.Total() == 12 })
	b.w.list.list.SetSelected([]int{1, 4}, 1)
	b.w.list.userSelected()
	b.until("both selected", func() bool { return len(b.w.list.Selected()) == 5 })
	b.put(b.folder(b.imap, "INBOX"), 300, sampleMail{from: "Anna Keller <anna@example.net>", subject: "Both", at: today, headers: "References: <other@example.org> <budget@example.org>\r\n", text: "This is about both."})
	b.until("one conversation", func() bool {
		r, at := b.conversation()
		return at == 0 && len(r.Group.Messages) == 6 && b.w.list.isUnfolded(r)
	})
	b.drain()
	if have := b.subjects()[:9]; have[0] != "Both" || have[1] != budget || have[7] != "Both" {
		t.Errorf("rows %q", have)
	}
	if n := b.w.list.SelectedCount(); n != 1 || len(b.w.list.Selected()) != 6 {
		t.Errorf("%d rows and %d messages are selected", n, len(b.w.list.Selected()))
	}
}

// What is on the screen stays there while mail comes above an unfolded conversation.
func TestUnfoldedListStaysInPlace(t *testing.T) {
	b := newBench(t, withThread, grouped)
	b.selectConversation()
	b.key(fyne.KeyRight)
	b.until("unfolded", func() bool { return b.w.list.pager.Total() == 13 })
	b.drain()
	b.w.list.list.SetOffset(3 * float64(b.w.list.rowHeight()))
	top, _ := b.w.list.list.VisibleRows()
	r, _ := b.w.list.pager.Row(top)
	b.put(b.folder(b.imap, "INBOX"), 300, sampleMail{from: "Anna Keller <anna@example.net>", subject: "New", at: today, text: "Something else."})
	b.until("the new one", func() bool { return b.w.list.pager.Total() == 14 })
	b.drain()
	now, _ := b.w.list.list.VisibleRows()
	if n, _ := b.w.list.pager.Row(now); now != top+1 || model.Key(n) != model.Key(r) {
		t.Errorf("row %d %q was at the top, now %d %q", top, r.Subject, now, n.Subject)
	}
	if r, _ := b.conversation(); !b.w.list.isUnfolded(r) || len(b.w.list.Selected()) != 3 {
		t.Error("the conversation is no longer selected and unfolded")
	}
}

func TestFilterAndOptionOfConversations(t *testing.T) {
	b := newBench(t, withThread, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	if _, at := b.conversation(); at >= 0 {
		t.Fatal("the list is grouped without being asked")
	}
	b.w.list.SelectMessage(b.ids["Re: "+budget])
	b.until("one message", func() bool { return len(b.w.list.Selected()) == 1 })
	b.w.run(b.w.byID["grouped"])
	b.until("grouped, with the conversation selected", func() bool { _, at := b.conversation(); return at >= 0 && len(b.w.list.Selected()) == 3 })
	p, err := model.LoadPrefs(b.Context(), b.store)
	b.until("the choice kept", func() bool { p, err = model.LoadPrefs(b.Context(), b.store); return err == nil && p.Grouped })
	b.w.view(listView{filter: model.FilterUnread})
	b.until("the unread", func() bool { return b.w.list.pager.Loaded() && b.w.list.pager.Counts().Conversations == 4 })
	b.w.view(listView{filter: model.FilterStarred})
	b.until("the starred", func() bool { return b.w.list.pager.Loaded() && b.w.list.pager.Counts().Conversations == 2 })
	b.w.view(listView{filter: model.FilterAll})
	// What is looked for is a message.
	b.w.searchFor("budget")
	b.until("messages", func() bool { return b.w.list.place.Kind == model.PlaceSearch && b.w.list.pager.Loaded() })
	if b.drain(); b.w.list.pager.Total() != 4 {
		t.Errorf("found %q", b.subjects())
	}
	if _, at := b.conversation(); at >= 0 {
		t.Error("a search lists conversations")
	}
	b.w.Go(model.Inboxes)
	b.until("conversations again", func() bool { _, at := b.conversation(); return at >= 0 })
	b.w.run(b.w.byID["grouped"])
	b.until("single messages", func() bool { return b.w.list.pager.Loaded() && b.w.list.pager.Total() == 11 })
}

// The results of a search are listed by conversation when its button says so: the messages that were found of it, in whatever folder, are what its row stands for.
func TestThreadsOfASearch(t *testing.T) {
	b := newBench(t, withThread, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	listed := func(words string, rows int) {
		t.Helper()
		b.until(words, func() bool {
			return b.w.list.place.Search == words && b.w.list.pager.Loaded() && b.w.list.pager.Total() == rows
		})
		b.drain()
	}
	b.w.searchFor("budget")
	listed("budget", 4)
	chip := func() *kit.Chip { return b.w.list.filters.threads }
	if chip().On() || b.w.env.prefs.Threads {
		t.Error("by conversation without being asked")
	}
	chip().OnTapped()
	listed("budget", 1)
	if words := b.w.list.header.counts.Text(); !chip().On() || !strings.Contains(words, "1 conversation") {
		t.Errorf("chip on %t, header %q", chip().On(), words)
	}
	r, at := b.conversation()
	if at != 0 || r.Subject != "Re: Re: "+budget || len(r.Group.Messages) != 4 {
		t.Fatalf("row %d: %+v", at, r)
	}
	b.shot("search-threads")
	b.selectConversation()
	if n := len(b.w.list.Selected()); n != 4 {
		t.Errorf("%d messages are selected, want the four that were found", n)
	}
	b.w.list.Unfold(true)
	b.until("unfolded", func() bool { return b.w.list.pager.Total() == 5 })
	b.drain()
	row, ok := b.w.list.pager.Row(2)
	if !ok || row.Subject != "AW: "+budget || row.Nested != mail.NestedHere || b.w.list.placeOf(row) != "Sent" {
		t.Errorf("the second message below: %+v in %q", row, b.w.list.placeOf(row))
	}
	// Only what was found is part of it, of what else was said nothing.
	b.w.searchFor("budget from:anna")
	listed("budget from:anna", 1)
	if r, _ := b.conversation(); r.Group == nil || len(r.Group.Messages) != 2 {
		t.Fatalf("of Anna's: %+v", r)
	}
	b.w.list.list.SelectAll()
	b.w.list.userSelected()
	b.until("all selected", func() bool { return len(b.w.list.Selected()) == 2 })
	// It is kept, and the command for conversations turns it off where a search is shown; folders have their own.
	b.until("the choice kept", func() bool {
		p, err := model.LoadPrefs(b.Context(), b.store)
		return err == nil && p.Threads && !p.Grouped
	})
	b.w.run(b.w.byID["grouped"])
	listed("budget from:anna", 2)
	if b.w.env.prefs.Threads || b.w.env.prefs.Grouped || chip().On() {
		t.Error("the command did not turn it off")
	}
}

// Selecting everything selects the messages of this folder, each once, also those that are not in memory.
func TestSelectAllOfConversations(t *testing.T) {
	b := newBench(t, withThread, grouped)
	b.selectConversation()
	b.key(fyne.KeyRight)
	b.until("unfolded", func() bool { return b.w.list.pager.Total() == 13 })
	var keys, ids []mail.MessageID
	b.w.list.ask([][2]int{{0, 13}}, func(c model.Chosen) { keys, ids = c.Keys, c.Messages })
	b.until("an answer", func() bool { return ids != nil })
	slices.Sort(ids)
	if len(keys) != 13 || len(slices.Compact(ids)) != 11 || !contains(keys, -b.ids["Re: Re: "+budget]) || contains(ids, b.ids["AW: "+budget]) {
		t.Errorf("%d keys, messages %v", len(keys), ids)
	}
	b.w.selectAll()
	b.until("all", func() bool { return len(b.w.list.Selected()) == 11 && b.w.list.SelectedCount() == 13 })
	// The answer in Sent is meant when it is chosen itself.
	b.w.list.SelectMessage(b.ids["AW: "+budget])
	b.until("the answer", func() bool { return slices.Equal(b.w.list.Selected(), []mail.MessageID{b.ids["AW: "+budget]}) })
}

func TestConversationPictures(t *testing.T) {
	for _, c := range []struct {
		name, lang    string
		compact, dark bool
		w, h          float32
	}{{"en", "en", false, false, 1280, 800}, {"dark-compact", "en", true, true, 1280, 800}, {"fa", "fa", false, false, 1280, 800}, {"fa-small", "fa", false, true, 760, 520}, {"en-small-compact", "en", true, false, 760, 520}} {
		b := newBench(t, withThread, grouped, prefs(func(p *model.Prefs) { p.Grouped, p.MarkRead, p.Compact, p.Language = true, -1, c.compact, c.lang }))
		lang.Set(c.lang)
		b.drain()
		theme.SetMode(pick(c.dark, theme.ForceDark, theme.ForceLight))
		b.w.Window().Resize(fyne.NewSize(c.w, c.h))
		b.until("rows", func() bool { _, at := b.conversation(); return at >= 0 })
		b.selectConversation()
		// The arrow that points into the text unfolds.
		b.key(pick(lang.RTL(), fyne.KeyLeft, fyne.KeyRight))
		b.until("unfolded", func() bool { return b.w.list.pager.Total() == 13 })
		b.drain()
		b.shot("grouped-" + c.name)
		b.w.Close()
	}
}
