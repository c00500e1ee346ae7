package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// said collects the words of an object's labels and the buttons by their words.
func said(o fyne.CanvasObject, words *[]string, buttons map[string][]*kit.Button) {
	switch x := o.(type) {
	case *kit.Label:
		if x.Visible() && x.Text() != "" {
			*words = append(*words, x.Text())
		}
	case *kit.Button:
		if x.Visible() {
			buttons[x.Text()] = append(buttons[x.Text()], x)
		}
	case *fyne.Container:
		if !x.Visible() {
			return
		}
		for _, c := range x.Objects {
			said(c, words, buttons)
		}
	}
}

func (b *bench) activitySays() (string, map[string][]*kit.Button) {
	b.Helper()
	var words []string
	buttons := map[string][]*kit.Button{}
	a := b.w.activity
	for _, o := range []fyne.CanvasObject{a.accounts, a.outbox, a.ops.empty, a.ops.other, a.passes, a.words} {
		said(o, &words, buttons)
	}
	for i := range a.ops.list.Count() {
		r := newOpRow()
		a.ops.bind(i, r, kit.RowState{})
		for _, l := range []*kit.Label{r.title, r.when, r.about, r.state} {
			words = append(words, l.Text())
		}
	}
	return lang.Plain(strings.Join(words, "\n")), buttons
}

func (b *bench) wantSaid(want ...string) {
	b.Helper()
	have, _ := b.activitySays()
	for _, w := range want {
		if !strings.Contains(have, w) {
			b.Errorf("the activity does not say %q:\n%s", w, have)
		}
	}
}

// troubled makes a profile with something in every part of the activity.
func troubled(b *bench) {
	ctx := b.Context()
	fail := &mail.Problem{Kind: mail.ProblemServer, Summary: "office: the server refused to move the message", Said: "Over quota", Where: "imap.example"}
	rows, err := b.store.Page(ctx, store.Query{Folder: b.folder(b.imap, "INBOX")}, 0, 2)
	b.ok(err)
	for i, row := range rows {
		_, err := b.engine.Engine.Do(ctx, mail.Action{Kind: mail.ActArchive, Messages: []mail.MessageID{row.ID}})
		b.ok(err)
		op, _, err := b.store.NextOp(ctx, b.imap)
		b.ok(err)
		if i == 0 {
			b.ok(b.store.FailOp(ctx, op.ID, fail.Store()))
		}
	}
	b.ok(b.store.NotePass(ctx, store.Pass{Account: b.imap, Result: mail.PassResult{Mail: 3, New: 3, Updated: 2, DurationMS: 900}}))
	for range 3 {
		b.ok(b.store.NotePass(ctx, store.Pass{Account: b.pop, Problems: []string{(&mail.Problem{Kind: mail.ProblemNetwork, Summary: "the server does not answer", Where: "pop.example"}).Store()}}))
	}
}

// TestActivityListsWhatWasSetAside: what could not be fetched is told with its place and the reason, in the status bar, too; it is tried
// again and taken off the list, alone and together with operations, and that is undone.
func TestActivityListsWhatWasSetAside(t *testing.T) {
	b := newBench(t)
	ctx := b.Context()
	troubled(b)
	why := &mail.Problem{Kind: mail.ProblemServer, Summary: "office: getting a message failed", Said: "it is broken", Where: "pop.example"}
	known := store.Quarantined{Folder: b.folder(b.imap, "INBOX"), UID: 77, Reason: why.Store(), Subject: "گزارش ماه", From: []mail.Address{{Name: "Reza", Addr: "reza@example.org"}}, Size: 3 << 20,
		Sent: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}
	other := store.Quarantined{Folder: b.folder(b.pop, "Inbox"), UIDL: "000b4\u202e", Reason: why.Store()}
	b.ok(b.store.Quarantine(ctx, known))
	b.ok(b.store.Quarantine(ctx, other))
	b.until("it in the status bar", func() bool { return b.w.status.failures != "" })
	want := lang.Dots(lang.N("activity.failed", 1), lang.N("activity.aside", 2))
	if b.w.status.failures != want || !b.w.status.boxes.problem.Visible() {
		t.Errorf("the status bar says %q, want %q", b.w.status.failures, want)
	}
	later := b.w.env.now().Add(2 * time.Hour)
	b.ok(b.store.SetRefusedFolders(ctx, b.imap, []store.RefusedFolder{{Path: "Shared/\u202eboss", Due: later.Add(time.Hour)}, {Path: "Zoo", Due: later}}))
	b.w.status.tapped()
	a := b.w.activity
	b.until("the activity", func() bool { return a.ops != nil && a.ops.list.Count() == 4 })
	b.wantSaid("The server does not open: Shared/[RLO]boss, Zoo · next try: " + whenWords(later, b.w.env.now()))
	b.until("the keyboard", func() bool { return a.env.win.Canvas().Focused() == a.ops.list })
	b.wantSaid("گزارش ماه", "Reza", "Inbox", "3 MB", lang.Date(known.Sent), "it is broken", "next try: ", "The server calls it 000b4", "2 messages were set aside", "Archive 1 message")
	a.ops.list.Select(0)
	b.activityKey(fyne.KeyReturn)
	if a.env.win.Canvas().Overlays().Top() == nil {
		t.Error("Enter shows no details")
	}
	kit.OverlayKey(a.env.win.Canvas(), &fyne.KeyEvent{Name: fyne.KeyEscape})
	b.drain()
	b.activityKey(fyne.KeyDelete)
	b.until("one less", func() bool { return a.ops.list.Count() == 3 && a.ops.asideTotal == 1 })
	b.w.env.act.Undo()
	b.until("it back", func() bool { return a.ops.list.Count() == 4 })
	a.ops.list.SelectAll()
	b.activityKey(fyne.KeyDelete)
	b.until("nothing left", func() bool { return a.ops.list.Count() == 0 && b.w.status.failures == "" })
	b.w.env.act.Undo()
	b.until("all back", func() bool { return a.ops.list.Count() == 4 })
	a.ops.list.Select(0)
	b.activityKey(fyne.KeyR)
	b.until("it is asked for again", func() bool { return a.ops.list.Count() == 3 })
	if l, err := b.store.Quarantined(ctx, known.Folder); err != nil || len(l) > 0 {
		if l2, _ := b.store.Quarantined(ctx, other.Folder); len(l2) > 0 {
			t.Errorf("still set aside: %+v %+v %v", l, l2, err)
		}
	}
	a.Close()
}

func TestActivityShowsAllThatGoesOn(t *testing.T) {
	b := newBench(t)
	a := b.w.activity
	a.Show()
	if a.ops.empty.Visible() {
		t.Error("it says that all is done before it was read what there is")
	}
	b.drain()
	b.wantSaid(lang.T("activity.unchecked"), lang.T("activity.empty"), lang.T("activity.history.empty"))
	if a.ops.list.Visible() || !a.ops.retry.Disabled() {
		t.Error("an empty list offers something")
	}
	refs, err := b.store.PutBlobs(b.Context(), [][]byte{[]byte("Subject: s\r\n\r\nx")})
	b.ok(err)
	for i, it := range []mail.OutboxItem{{Subject: "Plan", State: mail.OutboxUncertain}, {Subject: "", State: mail.OutboxPartly, Refused: map[string]string{"a@b.example": "550"}},
		{Subject: "next week", NotBefore: today.Add(time.Hour)}, {Subject: "waits", Reason: "nothing answers", NotBefore: today.Add(time.Minute)},
		{Subject: "too much", State: mail.OutboxFailed, Reason: "552"}} {
		it.Account, it.Blob, it.Created = b.imap, refs[0], today
		_, err := b.store.Enqueue(b.Context(), it)
		b.ok(err)
		if i == 1 {
			b.until("what could not be sent", func() bool { return len(a.ops.outbox) == 2 })
			b.shotOf(a.env.win, "activity-unsent")
			if a.ops.empty.Visible() || !a.ops.other.Visible() {
				t.Error("it says that nothing failed")
			}
		}
	}
	b.until("all of the outbox", func() bool { return len(a.ops.outbox) == 5 })
	b.wantSaid(lang.N("activity.outbox", 5), lang.T("outbox.uncertain"), lang.T("list.no.subject"), lang.N("outbox.partly", 1), "nothing answers", lang.N("activity.messages.more", 1))
	if said, _ := b.activitySays(); strings.Contains(said, "next week") {
		t.Error("what is sent later by the user's wish is told as a failure")
	}
	a.Close()
	items, err := b.store.OutboxItems(b.Context())
	b.ok(err)
	for _, it := range items {
		b.ok(b.store.DeleteOutbox(b.Context(), it.ID))
	}

	troubled(b)
	a.Show()
	b.drain()
	b.wantSaid("Archive 1 message", "failed and was taken back", "Over quota", "from Inbox to Archive", "1 operation failed", "1 operation waits", "3 new, 2 changed", "3 times in a row")
	// Progress is shown in the account's line while it comes.
	b.w.status.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseReceiving, Done: 12, Total: 400})
	a.Progress(mail.Progress{Account: b.imap})
	if s := a.states[b.imap]; !s.progress.Visible() || s.words.Visible() {
		t.Error("a pass that runs is not shown")
	}
	b.w.status.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseIdle, Result: &mail.PassResult{Mail: 7, New: 7}})
	a.Progress(mail.Progress{Account: b.imap})
	b.wantSaid("Checked ", "7 new")
	lang.Set("fa") // the window follows, and stays
	b.drain()
	b.wantSaid(lang.N("activity.failed", 1), lang.T("op.state.failed"))
	lang.Set("en")
	b.drain()
	a.Close()
	a.Progress(mail.Progress{Account: b.imap}) // nothing to show it in any more
	a.Read()
}

// TestActivityCountsDownToTheNextTry: what failed says when it is tried again, second by second, and a click tries at once.
func TestActivityCountsDownToTheNextTry(t *testing.T) {
	b := newBench(t)
	now := today
	b.w.env.now = func() time.Time { return now }
	a := b.w.activity
	a.Show()
	b.drain()
	line := func() *accountState { return a.states[b.imap] }
	tell := func(p mail.Progress) {
		p.Account = b.imap
		b.w.status.Progress(p)
		a.Progress(p)
	}
	failed := &mail.Problem{Account: b.imap, Kind: mail.ProblemNetwork, Code: mail.CodeHungUp, Where: "imap.example", Retrying: true}
	next := func(want string) {
		t.Helper()
		b.until(want, func() bool { return line() != nil && line().next.Visible() && lang.Plain(line().next.Text()) == want })
	}
	tell(mail.Progress{Phase: mail.PhaseError, Problem: failed, Result: &mail.PassResult{}, Next: now.Add(41 * time.Second)})
	next("tries again in 41 seconds")
	words := line().words.Text()
	now = now.Add(3 * time.Second) // nothing is told meanwhile
	next("tries again in 38 seconds")
	now = now.Add(38 * time.Second)
	next("tries again in a moment")
	if line().words.Text() != words {
		t.Errorf("counting down changed %q to %q", words, line().words.Text())
	}
	if line().again.Tapped(nil); len(b.engine.checked) == 0 || b.engine.checked[0] != b.imap {
		t.Errorf("Try now checks %v", b.engine.checked)
	}
	tell(mail.Progress{Phase: mail.PhaseConnecting})
	if line().next.Visible() || line().again.Visible() {
		t.Error("a try that runs is announced")
	}
	tell(mail.Progress{Phase: mail.PhaseError, Problem: failed, Result: &mail.PassResult{}, Next: now.Add(6 * time.Minute)})
	next("tries again in 6 minutes")
	lang.Set("fa")
	b.drain()
	next(lang.Plain(lang.N("activity.next.minutes", 6)))
	lang.Set("en")
	b.drain()
	tell(mail.Progress{Phase: mail.PhaseWaiting, Result: &mail.PassResult{}, Next: now.Add(10 * time.Minute)})
	b.drain()
	b.wantSaid("next check " + lang.Time(now.Add(10*time.Minute)))
	if line().next.Visible() || line().again.Visible() {
		t.Error("what is well is counted down")
	}
	b.until("the end of the clock", func() bool { return a.ticks == nil })
	// Offline nothing is tried.
	tell(mail.Progress{Phase: mail.PhaseError, Problem: failed, Result: &mail.PassResult{}, Next: now.Add(time.Minute)})
	tell(mail.Progress{Phase: mail.PhaseOffline})
	if line().next.Visible() || len(b.w.status.Problems()) > 0 || line().words.Text() != lang.T("status.offline") {
		t.Errorf("offline it says %q", line().words.Text())
	}
	refused := *failed
	refused.Retrying = false
	tell(mail.Progress{Phase: mail.PhaseError, Problem: &refused, Result: &mail.PassResult{}, Next: now.Add(time.Minute)})
	if line().next.Visible() || line().again.Visible() {
		t.Error("what waits for the user is said to be tried again")
	}
	refused.Held = now.Add(15 * time.Minute) // a password
	tell(mail.Progress{Phase: mail.PhaseError, Problem: &refused, Result: &mail.PassResult{}, Next: now.Add(time.Minute)})
	next("tries again in 15 minutes")
	a.Close()
}

func (b *bench) activityKey(k fyne.KeyName) {
	b.Helper()
	b.w.activity.ops.list.TypedKey(&fyne.KeyEvent{Name: k})
	b.drain()
}

// TestActivityByKeyboard: what failed is tried again, what waits is given up and comes back, and the message list shows it.
func TestActivityByKeyboard(t *testing.T) {
	b := newBench(t)
	troubled(b)
	inbox := model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.imap, "INBOX")}
	b.w.Go(inbox)
	b.drain()
	a := b.w.activity
	a.Show()
	b.until("the operations", func() bool { return len(a.ops.ops) == 2 })
	b.until("the keyboard", func() bool { return a.env.win.Canvas().Focused() == a.ops.list })
	there := func() int { return b.w.list.list.Count() }
	before := there()
	stands := func(when string, ops, rows int) {
		t.Helper()
		b.until(when, func() bool {
			for _, o := range a.ops.ops {
				if o.State == mail.OpFailed {
					return false
				}
			}
			return len(a.ops.ops) == ops && there() == rows
		})
	}
	b.activityKey(fyne.KeyR) // the failed one, the first
	stands("the retry", 2, before-1)
	b.activityKey(fyne.KeyEnd)
	b.activityKey(fyne.KeyReturn)
	if top := a.env.win.Canvas().Overlays().Top(); top == nil {
		t.Error("Enter shows no details")
	}
	kit.OverlayKey(a.env.win.Canvas(), &fyne.KeyEvent{Name: fyne.KeyEscape})
	b.drain()
	b.activityKey(fyne.KeyDelete)
	stands("what it did taken back", 1, before)
	b.w.env.act.Undo() // Ctrl+Z, in whichever window
	stands("the undo", 2, before-1)
	// All at once; then nothing is left to undo but what was before.
	a.ops.list.SelectAll()
	b.activityKey(fyne.KeyDelete)
	stands("all taken back", 0, before+1)
	if !a.ops.empty.Visible() {
		t.Error("nothing says that all is done")
	}
	b.w.env.act.Undo()
	stands("the undo of all", 2, before-1)
	a.Close()
	a.ops.list.Refresh() // the pointer leaves it after the window was closed
}

// TestUndoPassesOverWhatWasTakenBack: an action that the server refused is not what Ctrl+Z is about.
func TestUndoPassesOverWhatWasTakenBack(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	rows, err := b.store.Page(ctx, store.Query{Folder: b.folder(b.imap, "INBOX")}, 0, 2)
	b.ok(err)
	b.w.env.act.Do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{rows[1].ID}})
	b.drain()
	b.w.env.act.Do(mail.Action{Kind: mail.ActArchive, Messages: []mail.MessageID{rows[0].ID}})
	b.drain()
	var last mail.OpID
	for {
		op, _, err := b.store.NextOp(ctx, b.imap)
		b.ok(err)
		if op == nil {
			break
		}
		if last = op.ID; op.Kind == mail.OpMove {
			b.ok(b.store.FailOp(ctx, last, "no"))
			continue
		}
		b.ok(b.store.FinishOp(ctx, last, store.OpResult{}))
	}
	b.w.env.act.Undo()
	b.drain()
	if r, err := b.store.Row(ctx, rows[1].ID); err != nil || r.Starred() || b.w.status.trouble != "" {
		t.Errorf("the star is still there: %v %v %q", r.Flags, err, b.w.status.trouble)
	}
}

// TestActivityOfManyOperations stays quick and says how many there are.
func TestActivityOfManyOperations(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	rows, err := b.store.Page(ctx, store.Query{Folder: b.folder(b.imap, "INBOX")}, 0, 1)
	b.ok(err)
	var ops []mail.Op
	for i := range 1010 {
		op := mail.Op{Kind: mail.OpFlags, Messages: []mail.MessageID{rows[0].ID}, Title: string(mail.ActStar), Add: mail.Flags{mail.FlagFlagged}}
		if i%2 == 1 {
			op.Add, op.Remove = nil, op.Add
		}
		ops = append(ops, op)
	}
	_, err = b.store.Submit(ctx, ops)
	b.ok(err)
	a := b.w.activity
	a.Show()
	b.until("the operations", func() bool { return len(a.ops.ops) > 0 })
	if len(a.ops.ops) != listedOps || a.ops.more.Hidden || a.ops.list.Count() != listedOps {
		t.Errorf("%d listed, of %d", len(a.ops.ops), a.ops.total)
	}
	b.wantSaid(lang.N("activity.waits", len(ops)))
	a.ops.list.SelectAll()
	b.activityKey(fyne.KeyDelete)
	b.until("the rest", func() bool { return a.ops.total == len(ops)-listedOps })
	a.Close()
}

// The activity can be as narrow as the window that it is opened from, in every language.
func TestActivityInANarrowWindow(t *testing.T) {
	b := newBench(t)
	troubled(b)
	for _, code := range []string{"en", "fa", "ar", "de"} {
		lang.Set(code)
		b.w.activity.Show()
		win := b.w.activity.env.win
		win.Resize(fyne.NewSize(leastWindow, 640))
		b.drain()
		b.until("what failed", func() bool { return b.w.activity.ops.list.Count() > 0 })
		b.shotOf(win, "activity-narrow-"+code)
		b.w.activity.Close()
	}
}

// What is said at the foot has the room that it needs, within the foot, also where more is said than before.
func TestTheFootOfActivityShowsAllOfItsWords(t *testing.T) {
	b := newBench(t)
	troubled(b)
	b.w.activity.Show()
	a := b.w.activity
	b.until("what failed", func() bool { return a.ops.list.Count() > 0 })
	for _, width := range []float32{leastWindow, 500, 760} {
		a.env.win.Resize(fyne.NewSize(width, 640))
		a.count()
		kit.Content(a.env.win).Refresh()
		b.drain()
		for _, what := range []string{"counts", "failure"} {
			if what == "failure" {
				a.env.fail("The operation was not tried again, and this is told in many words.", errors.New("the disk is full, which takes a second line"))
				b.drain()
			}
			y, size := a.words.Position().Y, a.words.Size()
			if need := kit.HeightFor(a.words, size.Width); size.Height < need {
				t.Errorf("%v wide: the %s have %v of %v", width, what, size.Height, need)
			}
			if first := a.ops.retry.Position().Y; y < 0 || first < 0 {
				t.Errorf("%v wide: the %s stand at %v, a button at %v, above the foot", width, what, y, first)
			}
		}
	}
	a.Close()
}

func TestActivityPictures(t *testing.T) {
	b := newBench(t)
	troubled(b)
	b.ok(b.store.SetRefusedFolders(b.Context(), b.pop, []store.RefusedFolder{{Path: "Shared/Board", Due: b.w.env.now().Add(2 * time.Hour)}, {Path: "گزارش‌ها", Due: b.w.env.now().Add(3 * time.Hour)}}))
	for _, c := range []struct {
		name, lang string
		mode       theme.Mode
		w, h       float32
	}{{"activity-light", "en", theme.ForceLight, 760, 620}, {"activity-dark", "en", theme.ForceDark, 760, 620}, {"activity-persian", "fa", theme.ForceLight, 760, 620}, {"activity-small-persian", "fa", theme.ForceDark, 500, 420}} {
		lang.Set(c.lang)
		theme.SetMode(c.mode)
		b.w.activity.Show()
		b.w.activity.env.win.Resize(fyne.NewSize(c.w, c.h))
		b.drain()
		b.w.status.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseReceiving, Done: 12, Total: 400})
		b.w.activity.Progress(mail.Progress{Account: b.imap})
		b.w.status.results[b.pop] = checked{at: b.w.env.now().Add(-time.Hour), result: mail.PassResult{Mail: 2, New: 2}}
		b.w.activity.Read()
		b.drain()
		b.shotOf(b.w.activity.env.win, c.name)
		b.ok(b.store.Quarantine(b.Context(), store.Quarantined{Folder: b.folder(b.pop, "Inbox"), UIDL: "000b4", Size: 3 << 20, Subject: "گزارش ماه", Reason: (&mail.Problem{Kind: mail.ProblemServer, Summary: "x", Said: "it is broken", Where: "pop.example"}).Store()}))
		b.w.activity.Read()
		b.drain()
		b.shotOf(b.w.activity.env.win, c.name+"-aside")
		b.ok(b.store.Unquarantine(b.Context(), b.folder(b.pop, "Inbox"), 0, "000b4"))
		b.w.activity.Close()
	}
}

// TestActivityTellsWhereARefusedMessageIs: what a server did not take was not taken back, it is kept in a folder of its own.
func TestActivityTellsWhereARefusedMessageIs(t *testing.T) {
	newBench(t)
	p := &mail.Problem{Kind: mail.ProblemServer, Code: mail.CodeNotStored, Args: []string{mail.RescueFolder}, Said: "Quota exceeded", Where: "imap.example"}
	for _, code := range []string{"en", "fa", "ar", "de"} {
		lang.Set(code)
		words := opState(store.OpenOp{Op: mail.Op{Kind: mail.OpAppend, State: mail.OpFailed, Error: p.Store()}})
		if !strings.Contains(words, lang.T("folder.rescue")) || !strings.Contains(words, "Quota exceeded") || strings.Contains(words, lang.T("op.state.failed")) {
			t.Errorf("%s: it says %q", code, words)
		}
	}
}

// TestActivityTellsReasonsWhole: what a server says to a refusal is read to its end, also in a window as narrow as a telephone.
func TestActivityTellsReasonsWhole(t *testing.T) {
	b := newBench(t)
	troubled(b)
	const why = "Mailbox of maryam@example.org is over its quota: 1,024 of 1,024 MB are used, and the administrator allows no more than that; delete something, or ask postmaster@example.org"
	rows, err := b.store.Page(b.Context(), store.Query{Folder: b.folder(b.imap, "INBOX")}, 0, 1)
	b.ok(err)
	_, err = b.engine.Engine.Do(b.Context(), mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{rows[0].ID}})
	b.ok(err)
	op, _, err := b.store.NextOp(b.Context(), b.imap)
	for ; op != nil && err == nil; op, _, err = b.store.NextOp(b.Context(), b.imap) {
		b.ok(b.store.FailOp(b.Context(), op.ID, (&mail.Problem{Kind: mail.ProblemServer, Summary: "refused", Said: why, Where: "imap.example"}).Store()))
	}
	b.ok(err)
	a := b.w.activity
	for _, c := range []struct {
		code  string
		width float32
		mode  theme.Mode
	}{{"en", 760, theme.ForceLight}, {"en", leastWindow, theme.ForceLight}, {"fa", leastWindow, theme.ForceDark}, {"de", leastWindow, theme.ForceLight}} {
		lang.Set(c.code)
		theme.SetMode(c.mode)
		a.Show()
		a.env.win.Resize(fyne.NewSize(c.width, 640))
		b.until("what failed", func() bool { return a.ops.list.Count() == 3 })
		b.drain()
		a.env.win.Canvas().Capture() // what is not drawn is not cut
		b.shotOf(a.env.win, fmt.Sprintf("activity-reason-%s-%.0f", c.code, c.width))
		seen, below := 0, float32(0)
		walkAll(a.ops.list, func(o fyne.CanvasObject) {
			r, ok := o.(*opRow)
			if !ok || !strings.Contains(lang.Plain(r.state.Text()), why) {
				return
			}
			seen++
			if r.state.Truncated() {
				t.Errorf("%s, %v wide: the reason is cut", c.code, c.width)
			}
			if end := r.state.Position().Y + r.state.Size().Height; end > r.Size().Height || r.Position().Y < below {
				t.Errorf("%s, %v wide: a row at %v of %v has words to %v, the one before ends at %v", c.code, c.width, r.Position().Y, r.Size().Height, end, below)
			}
			below = r.Position().Y + r.Size().Height
		})
		if seen == 0 {
			t.Errorf("%s, %v wide: the reason is not there", c.code, c.width)
		}
		a.Close()
	}
}
