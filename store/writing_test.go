package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
)

func TestOutbox(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, _ := imapAccount(t, s, "work")
	d := mail.Draft{Account: a, Subject: "x"}
	must(t, s.SaveDraft(ctx, &d))
	later := got(s.Enqueue(ctx, mail.OutboxItem{Account: a, NotBefore: t0.Add(time.Hour), Subject: "later"}))(t)
	now := got(s.Enqueue(ctx, mail.OutboxItem{Account: a, Rcpt: []string{"r@example.org"}, Subject: "now", Draft: d.ID, Blob: mail.BlobRef{Hash: "00", Size: 3}}))(t)
	if l := got(s.Drafts(ctx))(t); len(l) != 0 {
		t.Errorf("the draft of a message in the outbox is still there: %+v", l)
	}
	it := got(s.NextOutbox(ctx, a, t0))(t)
	if it == nil || it.ID != now || it.State != mail.OutboxQueued || it.Rcpt[0] != "r@example.org" || it.Blob.Size != 3 {
		t.Fatalf("next %+v", it)
	}
	// Who is not the first to change its state changes nothing.
	it.State = mail.OutboxSending
	if ok := got(s.SwapOutbox(ctx, *it, mail.OutboxFailed))(t); ok || got(s.OutboxItem(ctx, now))(t).State != mail.OutboxQueued {
		t.Error("an item that was queued was swapped as one that failed")
	}
	if ok := got(s.SwapOutbox(ctx, *it, mail.OutboxQueued))(t); !ok {
		t.Error("a queued item was not swapped")
	}
	if n := got(s.NextOutbox(ctx, a, t0))(t); n != nil {
		t.Errorf("what is being sent is to be sent: %+v", n)
	}
	it.State, it.Refused = mail.OutboxPartly, map[string]string{"r@example.org": "550 no"}
	must(t, s.SetOutbox(ctx, *it))
	if n := got(s.NextOutbox(ctx, a, t0))(t); n != nil {
		t.Errorf("next %+v", n)
	}
	if n := got(s.NextOutbox(ctx, a, t0.Add(time.Hour)))(t); n == nil || n.ID != later {
		t.Errorf("next %+v", n)
	}
	if g := got(s.OutboxItem(ctx, now))(t); g.Refused["r@example.org"] != "550 no" {
		t.Errorf("item %+v", g)
	}
	must(t, s.DeleteOutbox(ctx, now))
	if err := s.SetOutbox(ctx, *it); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v", err)
	}
}

// TestWhatSaysTheSameIsNoVersion: that a draft was copied to the server, or saved again as it is, adds nothing to choose from.
func TestWhatSaysTheSameIsNoVersion(t *testing.T) {
	c := &testClock{t0}
	s := openTest(t, Options{Now: c.now})
	d := mail.Draft{Account: 1, Subject: "s", Text: "half", Attachments: []mail.DraftAttachment{{Name: "a", Blob: &mail.BlobRef{Hash: "h", Size: 3}}}}
	for i := range 4 {
		d.Copy = mail.MessageID(i)
		must(t, s.SaveDraft(t.Context(), &d))
		c.t = c.t.Add(time.Hour)
	}
	if d.Versions != 1 {
		t.Errorf("%d versions of one text", d.Versions)
	}
	d.Text = "half and more"
	must(t, s.SaveDraft(t.Context(), &d))
	v := got(s.DraftVersions(t.Context(), d.ID))(t)
	if len(v) != 2 || v[0].Text != "half and more" || v[1].Text != "half" || v[1].Copy != 3 {
		t.Errorf("versions %+v", v)
	}
}

func TestDraftVersions(t *testing.T) {
	c := &testClock{t0}
	s := openTest(t, Options{Now: c.now})
	ctx := context.Background()
	d := mail.Draft{Subject: "s", HeaderID: "h@x", Rtl: []int8{1}}
	for i := range 61 { // ten minutes, saved every ten seconds
		d.Text = fmt.Sprintf("text %d", i)
		must(t, s.SaveDraft(ctx, &d))
		c.t = c.t.Add(10 * time.Second)
	}
	v := got(s.DraftVersions(ctx, d.ID))(t)
	if len(v) < 8 || len(v) > 14 || v[0].Text != "text 60" || v[len(v)-1].Text != "text 0" || d.Versions != len(v) {
		t.Errorf("%d versions, first %q", len(v), v[0].Text)
	}
	g := got(s.Draft(ctx, d.ID))(t)
	if g.Text != "text 60" || g.HeaderID != "h@x" || len(g.Rtl) != 1 || g.Versions != len(v) {
		t.Errorf("draft %+v", g)
	}
	must(t, s.DeleteDraft(ctx, d.ID))
	if _, err := s.Draft(ctx, d.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v", err)
	}
	if v := got(s.DraftVersions(ctx, d.ID))(t); len(v) == 0 {
		t.Error("the history of a discarded draft is gone at once")
	}
	// What is being typed into a draft that was removed elsewhere is kept.
	d.Text = "more"
	must(t, s.SaveDraft(ctx, &d))
	if g := got(s.Draft(ctx, d.ID))(t); g.Text != "more" {
		t.Errorf("draft %+v", g)
	}
}

func TestSuggest(t *testing.T) {
	c := &testClock{t0}
	s := openTest(t, Options{Now: c.now})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	from := func(n int, name, addr string) mail.Incoming {
		m := message(n)
		m.Summary.From = []mail.Address{{Name: name, Addr: addr}}
		m.Summary.To = nil
		return m
	}
	got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{from(1, "سارا احمدي", "Sara@Shomal.example"), from(2, "Sara Often", "often@example.org"),
		from(3, "Sara Often", "often@example.org"), from(4, "", "sandra@example.org"), from(5, "not an address", "nowhere")}))(t)
	sent := message(6)
	sent.Summary.To = []mail.Address{{Addr: "sandra@example.org"}}
	got(s.Ingest(ctx, f[mail.RoleSent], []mail.Incoming{sent}))(t)
	for _, c := range []struct{ prefix, want string }{
		{"sa", "sandra@example.org"}, {"sara", "often@example.org"}, {"احمدی", "Sara@Shomal.example"}, {"sho", "Sara@Shomal.example"},
		{"often sara", "often@example.org"}, {"nowhere", ""}, {"zzz", ""}, {"", "sandra@example.org"}, {strings.Repeat("sara ", 3000), ""},
	} {
		l := got(s.Suggest(ctx, c.prefix, 5))(t)
		have := ""
		if len(l) > 0 {
			have = l[0].Addr
		}
		if have != c.want {
			t.Errorf("%q: %+v, want %q first", c.prefix, l, c.want)
		}
	}
	if l := got(s.Correspondents(ctx, 9))(t); len(l) != 1 || l[0].Addr != "sandra@example.org" {
		t.Errorf("written to was %+v", l)
	}
}

func TestThreads(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	mk := func(n int, id string, refs ...string) mail.Incoming {
		m := message(n)
		m.Summary.HeaderID, m.Summary.References = id, refs
		return m
	}
	// The answers come before the question, and two threads turn out to be one.
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{mk(1, "c@x", "<a@x>", "b@x"), mk(2, "d@x", "e@x"), mk(3, "z@x"), mk(4, "")}))(t)
	if row(t, s, ids[0]).Thread == row(t, s, ids[1]).Thread {
		t.Error("threads without a link are one")
	}
	more := got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{mk(5, "e@x", "b@x"), mk(6, "a@x"), mk(7, "")}))(t)
	th := row(t, s, ids[0]).Thread
	wantPage(t, s, Query{Thread: th}, "6 5 2 1")
	if row(t, s, ids[2]).Thread == th || row(t, s, ids[3]).Thread == row(t, s, more[2]).Thread {
		t.Error("strangers share a thread")
	}
	wantCount(t, s, Query{Thread: th}, 4, 4)
	clean(t, s)
}

// What the server says of conversations joins what no reference joins, within the account; and nobody can write such a name as a
// Message-ID.
func TestThreadsOfTheServer(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, work := imapAccount(t, s, "work")
	_, home := imapAccount(t, s, "home")
	mk := func(n int, onServer, id string, refs ...string) mail.Incoming {
		m := message(n)
		m.ServerThread, m.Summary.HeaderID, m.Summary.References = onServer, id, refs
		return m
	}
	ids := got(s.Ingest(ctx, work[mail.RoleInbox], []mail.Incoming{mk(1, "e1", "a@x"), mk(2, "e2", "b@x"), mk(3, "", "\x01e1"), mk(4, "", "e1")}))(t)
	sent := got(s.Ingest(ctx, work[mail.RoleSent], []mail.Incoming{mk(5, "e1", "c@x")}))(t)
	other := got(s.Ingest(ctx, home[mail.RoleInbox], []mail.Incoming{mk(6, "e1", "d@x")}))(t)
	th := row(t, s, ids[0]).Thread
	wantPage(t, s, Query{Thread: th}, "5 1")
	for _, id := range []mail.MessageID{ids[1], ids[2], ids[3], other[0]} {
		if row(t, s, id).Thread == th {
			t.Errorf("message %d got into a conversation of others", id)
		}
	}
	// An answer that the server counts to one conversation and that refers to another makes them one.
	got(s.Ingest(ctx, work[mail.RoleInbox], []mail.Incoming{mk(7, "e2", "f@x", "a@x")}))(t)
	wantPage(t, s, Query{Thread: row(t, s, sent[0]).Thread}, "7 5 2 1")
	clean(t, s)
}

func TestDates(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	future, none, odd := message(1), message(2), message(3)
	future.Summary.Date = t0.AddDate(50, 0, 0)
	none.Summary.Date = time.Time{}
	odd.Summary.Date = time.Unix(0, 0)
	for i, id := range got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{future, none, odd}))(t) {
		if r := row(t, s, id); !r.Date.Equal(r.Received) {
			t.Errorf("message %d is shown with %s", i+1, r.Date)
		}
	}
	clean(t, s)
}

func TestQuarantine(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	q := Quarantined{Folder: f[mail.RoleInbox], UID: 5, Reason: "not understood"}
	must(t, s.Quarantine(ctx, q))
	must(t, s.Quarantine(ctx, q))
	l := got(s.Quarantined(ctx, q.Folder))(t)
	if len(l) != 1 || l[0].Tries != 1 || l[0].Reason != q.Reason {
		t.Errorf("quarantined %+v", l)
	}
	if l, n, err := s.SetAside(ctx, 10); err != nil || n != 1 || l[0].ID() != q.ID() {
		t.Errorf("told %+v, %d, %v", l, n, err)
	}
	must(t, s.DismissSetAside(ctx, true, q.ID()))
	if _, n, err := s.SetAside(ctx, 10); err != nil || n != 0 {
		t.Errorf("%d are told, %v", n, err)
	}
	if l := got(s.Quarantined(ctx, q.Folder))(t); len(l) != 1 {
		t.Error("a pass would ask for it again")
	}
	must(t, s.DismissSetAside(ctx, false, q.ID()))
	if _, n, err := s.SetAside(ctx, 10); err != nil || n != 1 {
		t.Errorf("%d are told, %v", n, err)
	}
	must(t, s.Unquarantine(ctx, q.Folder, 5, ""))
	if l := got(s.Quarantined(ctx, q.Folder))(t); len(l) != 0 {
		t.Errorf("quarantined %+v", l)
	}
}

// What was set aside is due again by its cause: where the connection ended soon, then daily and at last weekly; where the server refuses it
// seldom; what is too large never. That it was asked for is noted before, its dismissal stays, and what comes is off the list.
func TestSetAsideIsDueAgain(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	s := openTest(t, Options{Now: func() time.Time { return now }})
	ctx := context.Background()
	acct, f := imapAccount(t, s, "work")
	inbox := f[mail.RoleInbox]
	// tries sets a message aside, and asks for it whenever it is due.
	tries := func(uid mail.UID, cause AsideCause) (waits []time.Duration) {
		q := Quarantined{Folder: inbox, UID: uid, Reason: "a test", Cause: cause}
		must(t, s.Quarantine(ctx, q))
		must(t, s.DismissSetAside(ctx, true, q.ID()))
		for range 2 * lastTry {
			next := got(s.NextAside(ctx, acct))(t)
			if next.IsZero() {
				return waits
			}
			waits = append(waits, next.Sub(now))
			now = next.Add(-time.Second)
			if l := got(s.DueAside(ctx, acct, false, 10))(t); len(l) > 0 {
				t.Fatalf("due too early: %+v", l)
			}
			now = next
			l := got(s.DueAside(ctx, acct, false, 10))(t)
			if len(l) != 1 || l[0].UID != uid {
				t.Fatalf("due: %+v", l)
			}
			must(t, s.TryAside(ctx, l[0]))
			must(t, s.Quarantine(ctx, q))
		}
		t.Fatal("there is no end of it")
		return nil
	}
	hours := func(ds []time.Duration) (out []float64) {
		for _, d := range ds {
			out = append(out, d.Hours())
		}
		return out
	}
	w := tries(5, AsideNetwork)
	if h := hours(w[:9]); !slices.Equal(h, []float64{.25, .25, .5, 1, 2, 4, 8, 16, 24}) || w[dailyTries-1] != againDaily || w[dailyTries] != againWeekly || len(w) != lastTry-1 {
		t.Errorf("after a broken connection: %d tries, after %v hours", len(w), hours(w))
	}
	if w = tries(6, AsideRefused); !slices.Equal(hours(w[:5]), []float64{24, 24, 24, 168, 168}) || len(w) != lastTry-1 {
		t.Errorf("refused: %d tries, after %v hours", len(w), hours(w))
	}
	if w = tries(7, AsideLarge); len(w) != 0 {
		t.Errorf("too large: %v", w)
	}
	if _, n, err := s.SetAside(ctx, 10); err != nil || n != 0 {
		t.Errorf("%d of what was dismissed are told, %v", n, err)
	}
	in := message(1)
	in.UID = 5
	got(s.Ingest(ctx, inbox, []mail.Incoming{in}))(t)
	if l := got(s.Quarantined(ctx, inbox))(t); len(l) != 2 || l[0].UID != 6 {
		t.Errorf("after one has come: %+v", l)
	}
}
