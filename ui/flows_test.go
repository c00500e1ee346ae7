package ui

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

const (
	reza   = "Re: Minutes of the Tehran meeting"
	github = "[peyk/peyk] Release v1.4.0"
	delta  = "Your itinerary DL 1187"
	anna   = "Photos from the trip (12)"
)

// key presses a key wherever the focus is.
func (b *bench) key(k fyne.KeyName) {
	c := b.w.Window().Canvas()
	e := &fyne.KeyEvent{Name: k}
	if f := c.Focused(); f != nil {
		f.TypedKey(e)
		return
	}
	c.OnTypedKey()(e)
}

// chord presses a key with modifiers. The canvas of the tests has no way to type a shortcut, so the table is asked.
func (b *bench) chord(c chord) {
	b.Helper()
	cmd := b.w.keys.keys[c]
	if cmd == nil {
		b.Fatalf("nothing is bound to %s", c)
	}
	b.w.keys.run(cmd)
}

// benchPrefs are those of a bench: no clock of two seconds marks as read what a test happens to have opened so long ago. The tests that are
// about that set MarkRead.
func benchPrefs() model.Prefs {
	p := model.DefaultPrefs()
	p.MarkRead = -1
	return p
}

// prefs are those of a bench, changed by f.
func prefs(f func(p *model.Prefs)) func(b *bench) {
	return func(b *bench) {
		p := benchPrefs()
		f(&p)
		b.ok(model.SavePrefs(b.Context(), b.store, p))
	}
}

func TestOpensWhereItWasLeft(t *testing.T) {
	b := newBench(t, func(b *bench) {
		w := model.DefaultWindow()
		w.Place = model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.imap, "Projects")}.String()
		b.ok(model.SaveWindow(b.Context(), b.store, w))
	})
	if got := b.subjects(); !reflect.DeepEqual(got, []string{"Project plan"}) {
		t.Errorf("the list shows %q", got)
	}
	if got := b.w.folders.rows[b.w.folders.tree.Selected()].Name; got != "Projects" {
		t.Errorf("the folder pane marks %q", got)
	}
}

func TestReadingMarksAsReadAfterTheDelay(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = 0 }))
	if got := b.w.Window().Title(); got != "(3) Peyk" {
		t.Errorf("the title is %q", got)
	}
	b.selectSubject(reza)
	b.until("read", func() bool { return !b.row(reza).Unread() })
	b.until("the counts", func() bool { return b.w.list.pager.Counts().Unread == 2 && b.w.Window().Title() == "(2) Peyk" })
	b.w.act(mail.Action{Kind: mail.ActUnread})
	b.until("unread again", func() bool { return b.row(reza).Unread() })
	b.drain()
	if !b.row(reza).Unread() {
		t.Error("a message marked unread by hand was marked read again")
	}
}

func TestNeverMarkedReadByItself(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	b.selectSubject(reza)
	b.drain()
	if !b.row(reza).Unread() {
		t.Error("it was marked as read")
	}
}

func TestDeleteSelectsTheNextAndUndoBringsBack(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = 0 }))
	b.selectSubject(sara)
	b.key(fyne.KeyDelete)
	trash := b.folder(b.imap, "Trash")
	b.until("the message in Trash", func() bool { return b.row(sara).Folder == trash })
	b.until("the next message", func() bool { return b.w.reader.Message() == b.ids[github] })
	b.w.list.Step(-1) // opens and marks as read an unread message: that must not be what Ctrl+Z takes back
	b.until("the message above", func() bool { return b.w.reader.Message() == b.ids[reza] && !b.row(reza).Unread() })
	b.chord(ctrl(fyne.KeyZ))
	b.until("back in the inbox", func() bool { return b.row(sara).Folder != trash && contains(b.subjects(), sara) })
	if b.row(reza).Unread() {
		t.Error("undo took back the reading too")
	}
}

func TestMultipleSelection(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	b.w.list.list.Select(2)
	b.w.list.list.Focus()
	b.w.list.userSelected()
	kitStep(b, 2)
	b.until("three selected", func() bool { return len(b.w.list.Selected()) == 3 })
	if b.w.reader.Message() != 0 {
		t.Error("one message is shown although three are selected")
	}
	b.shot("summary")
	b.key(fyne.KeyE)
	archive := b.folder(b.imap, "Archive")
	b.until("all archived", func() bool { return b.row(github).Folder == archive && b.row(delta).Folder == archive })
	b.until("the list without them", func() bool { return !contains(b.subjects(), github) })
	b.w.env.act.Undo()
	b.until("all back", func() bool { return contains(b.subjects(), github) && contains(b.subjects(), delta) })
}

// kitStep extends the selection by n rows, as Shift with the arrow does.
func kitStep(b *bench, n int) {
	for range n {
		b.w.list.list.Step(1, true)
	}
}

func TestSearchShowsResultsAndGoesBack(t *testing.T) {
	b := newBench(t)
	b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.imap, "Projects")})
	b.until("the folder", func() bool { return b.w.list.pager.Total() == 1 })
	b.w.search.entry.SetText("itinerary")
	b.w.search.typed("itinerary")
	b.until("the result", func() bool {
		return b.w.list.place.Kind == model.PlaceSearch && b.w.list.pager.Loaded() && b.w.list.pager.Total() == 1
	})
	b.shot("search")
	if got := b.subjects(); got[0] != delta {
		t.Errorf("found %q", got)
	}
	b.w.search.now("nothingmatchesthis")
	b.until("the empty state", func() bool { return b.w.list.empty.Visible() })
	b.shot("search-empty")
	b.w.search.Focus()
	b.key(fyne.KeyEscape)
	if !b.w.list.list.Focused() {
		t.Error("Escape in the search box does not give the keyboard back to the list")
	}
	b.w.escape()
	b.until("back in the folder", func() bool { return b.w.list.place.Kind == model.PlaceFolder && b.w.list.pager.Total() == 1 })
}

func TestFiltersAndAnUnreadListThatDoesNotRunAway(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = 0 }))
	b.w.view(listView{filter: model.FilterUnread})
	b.until("the unread", func() bool { return b.w.list.pager.Loaded() && b.w.list.pager.Total() == 3 })
	b.selectSubject(reza)
	b.until("one fewer", func() bool { return b.w.list.pager.Total() == 2 })
	b.drain()
	if b.w.reader.Message() != b.ids[reza] {
		t.Error("the message being read went away when it was marked as read")
	}
	if b.w.list.pager.Total() != 2 {
		t.Error("reading one message marked the others, too")
	}
}

func TestKeyboardAlone(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	b.key(fyne.KeyJ)
	b.until("the first", func() bool { return b.w.reader.Message() == b.ids[reza] })
	b.key(fyne.KeyDown)
	b.until("the second", func() bool { return b.w.reader.Message() == b.ids[sara] })
	b.key(fyne.KeyK)
	b.until("the first again", func() bool { return b.w.reader.Message() == b.ids[reza] })
	b.key(fyne.KeyS)
	b.until("a star", func() bool { return b.row(reza).Starred() })
	b.key(fyne.KeyU)
	b.until("read", func() bool { return !b.row(reza).Unread() })
	b.key(fyne.KeyR)
	b.until("a reply", func() bool { return len(b.drafts) == 1 })
	if d := b.drafts[0]; d.Source != b.ids[reza] || len(d.To) != 1 || d.To[0].Addr != "reza@example.org" {
		t.Errorf("the reply goes to %v", d.To)
	}
	b.chord(ctrl(fyne.KeyN))
	b.until("a new message", func() bool { return len(b.drafts) == 2 })
	b.key(fyne.KeyF5)
	b.until("a check", func() bool { b.engine.mu.Lock(); defer b.engine.mu.Unlock(); return len(b.engine.checked) > 0 })

	// The same key under a Persian layout: no name, only its place.
	c := b.w.Window().Canvas()
	c.OnTypedKey()(&fyne.KeyEvent{Physical: fyne.HardwareKey{ScanCode: physicalJ()}})
	b.until("the second by its place", func() bool { return b.w.reader.Message() == b.ids[sara] })

	// Help over the window; letters are no commands then.
	c.OnTypedRune()('?')
	if c.Overlays().Top() == nil {
		t.Fatal("? shows no help")
	}
	b.shot("help")
	c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyE})
	b.drain()
	if b.row(sara).Folder != b.folder(b.imap, "INBOX") {
		t.Error("a command was carried out under the help")
	}
}

func TestMoveByTypingAndDrop(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	b.selectSubject(delta)
	p := pickFolder(b.w.env, "x", nil, 0, 0, func(f mail.Folder) { b.w.moveTo(mail.ActMove, b.w.list.Selected(), f) })
	b.shot("move")
	p.filter("tehr")
	if len(p.shown) != 1 {
		t.Fatalf("typing leaves %d folders", len(p.shown))
	}
	p.take(0)
	tehran := b.folder(b.imap, "Projects/Tehran")
	b.until("the move", func() bool { return b.row(delta).Folder == tehran })
	b.until("the list without it", func() bool { return !contains(b.subjects(), delta) })

	projects := b.folder(b.imap, "Projects")
	key := ""
	for k, r := range b.w.folders.rows {
		if r.Place.Folder == projects {
			key = k
		}
	}
	b.selectSubject(anna)
	payload, label := b.w.list.drag()
	if label != "1 message" || !b.w.folders.tree.CanDrop(key, payload) || b.w.folders.tree.CanDrop("starred", payload) {
		t.Errorf("dragging %q: a folder must take it, the starred list must not", label)
	}
	b.w.folders.tree.OnDrop(key, payload)
	b.until("the drop", func() bool { return b.row(anna).Folder == projects })
}

func TestTags(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	b.selectSubject(delta)
	var dialog *tagDialog
	rows := b.w.list.SelectedRows()
	dialog = askTags(b.w.env, []mail.Flag{"work"}, rows, func(add, remove []mail.Flag) {
		b.w.act(mail.Action{Kind: mail.ActTag, Tags: add})
	})
	b.shot("tags")
	dialog.want["work"] = true
	dialog.submit("my trips")
	b.until("the tags", func() bool { r := b.row(delta); return r.Flags.Has("work") && r.Flags.Has("my_trips") })
	b.until("pills in the reader", func() bool { return len(b.w.reader.head.tags.Objects) == 2 })
	// A tag in any letters is called so everywhere, and typed again it is the same one.
	// Also in other forms of its letters.
	for _, typed := range []string{"سفر نو کاری", "سفر نو كاري", "سَفَر نو کاری"} {
		askTags(b.w.env, nil, b.w.list.SelectedRows(), func(add, remove []mail.Flag) {
			b.w.act(mail.Action{Kind: mail.ActTag, Tags: add})
		}).submit(typed)
		b.until("the tag", func() bool { return b.row(delta).Flags.Has(mail.TagNamed("سفر نو کاری")) })
		b.drain()
	}
	b.until("the tag in Persian", func() bool { return b.row(delta).Flags.Has(mail.TagNamed("سفر نو کاری")) })
	b.until("its pill", func() bool { return len(b.w.reader.head.tags.Objects) == 3 })
	x := textOf(b.row(delta), false, today, b.w.env.isMe)
	if !slices.Contains(x.tags, "سفر_نو_کاری") || len(x.tags) != 3 {
		t.Errorf("the row shows the tags %q", x.tags)
	}
}

// Where more tags were given than are remembered, the dialog says that it lists some of them.
func TestMoreTagsThanAreListed(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	b.selectSubject(delta)
	var known []mail.Flag
	for i := range 400 {
		known = append(known, mail.Flag(fmt.Sprint("tag-", i)))
	}
	d := askTags(b.w.env, known[:399], b.w.list.SelectedRows(), nil)
	if strings.Contains(says(d.dialog.Content), lang.T("tag.more")) {
		t.Error("all are listed")
	}
	d.dialog.Close()
	d = askTags(b.w.env, known, b.w.list.SelectedRows(), nil)
	b.drain()
	b.shot("tags-more")
	if !strings.Contains(says(d.dialog.Content), lang.T("tag.more")) {
		t.Error("it is not told that there may be others")
	}
}

func TestLanguageTurnsTheWindowAround(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	b.selectSubject(sara)
	b.drain()
	if x := place(b, b.w.folders.content); x > 10 {
		t.Errorf("the folder pane is at %v", x)
	}
	p := b.w.env.prefs
	p.Language = "fa"
	b.w.setPrefs(p)
	b.until("the same message", func() bool { return b.w.reader.Message() == b.ids[sara] && b.w.reader.Content().Text != "" })
	b.drain()
	if x := place(b, b.w.folders.content); x < 1000 {
		t.Errorf("the folder pane is at %v in a window from right to left", x)
	}
	if got := b.w.list.header.title.Text(); got != "همهٔ صندوق‌ها" {
		t.Errorf("the list is called %q", got)
	}
	if p, _ := model.LoadPrefs(b.Context(), b.store); p.Language != "fa" {
		b.until("the setting is kept", func() bool { p, _ := model.LoadPrefs(b.Context(), b.store); return p.Language == "fa" })
	}
}

func place(b *bench, o fyne.CanvasObject) float32 {
	return b.app.Driver().AbsolutePositionForObject(o).X
}

func TestStateIsKept(t *testing.T) {
	b := newBench(t)
	b.w.Go(model.Place{Kind: model.PlaceStarred})
	b.until("the starred", func() bool { return b.w.list.pager.Loaded() })
	b.w.state.List = 333
	b.w.Window().Resize(fyne.NewSize(1000, 700))
	b.w.Close()
	s, err := model.LoadWindow(b.Context(), b.store)
	b.ok(err)
	if s.Place != "starred" || s.List != 333 || s.Width != 1000 {
		t.Errorf("kept: %+v", s)
	}
	b.open()
	if b.w.list.place.Kind != model.PlaceStarred || !reflect.DeepEqual(b.subjects(), []string{github}) {
		t.Errorf("opened again at %v with %q", b.w.list.place, b.subjects())
	}
}

func TestNewMailKeepsWhatIsBeingRead(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	b.selectSubject(github)
	at := b.w.list.list.Cursor()
	b.w.notify.focused = false
	b.put(b.folder(b.imap, "INBOX"), 50, sampleMail{from: "Neu <neu@example.net>", subject: "Just in", at: today.Add(-time.Minute), text: "x"})
	b.until("the new row", func() bool { return b.w.list.pager.Total() == 9 && contains(b.subjects(), "Just in") })
	b.until("the cursor below it", func() bool { return b.w.list.list.Cursor() == at+1 })
	if b.w.reader.Message() != b.ids[github] || !b.w.list.list.IsSelected(at+1) {
		t.Error("the selection did not stay with its message")
	}
}

func TestNotificationWords(t *testing.T) {
	one := notification([]mail.Row{{From: []mail.Address{{Name: "Sara", Addr: "s@x.test"}}, Subject: "Hi"}}, 1)
	if one.Title != "Sara" || one.Content != "Hi" {
		t.Errorf("one: %+v", one)
	}
	many := notification([]mail.Row{{From: []mail.Address{{Name: "A"}}}, {From: []mail.Address{{Name: "B", Addr: "b"}}}}, 7)
	if many.Title != "7 new messages" || many.Content != "A, B" {
		t.Errorf("many: %+v", many)
	}
}

// A file opened as the window starts makes a folder that the reading under way does not know of yet.
func TestAFolderMadeDuringAReadingStaysShown(t *testing.T) {
	b := newBench(t, prefs(quiet))
	place := model.Place{Kind: model.PlaceFolder, Folder: 1 << 40} // as good as made a moment ago
	b.w.list.place = place
	b.w.folders.again = true
	b.w.foldersRead()
	if b.w.list.place != place {
		t.Errorf("the window went to %v before the folder was read", b.w.list.place)
	}
	b.w.folders.again = false
	b.w.foldersRead()
	if b.w.list.place != model.Inboxes {
		t.Errorf("the folder is gone, and the window shows %v", b.w.list.place)
	}
}
