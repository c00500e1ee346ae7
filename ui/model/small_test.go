package model

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"peyk/internal/mail"
)

func TestSelectionStaysWithItsMessages(t *testing.T) {
	var s Selection
	s.Set([]mail.MessageID{10, 11, 15}, [][2]int{{0, 2}, {5, 6}}, 15, 5)
	if got := s.Follow(); !reflect.DeepEqual(got, []mail.MessageID{15, 10, 11, 15}) {
		t.Fatalf("follows %v", got)
	}
	asked := s.Follow()
	rows, cursor, same := s.Moved(asked, []int{7, 2, -1, 7}) // two new above, one gone
	if !same || !reflect.DeepEqual(rows, []int{2, 7}) || cursor != 7 || !reflect.DeepEqual(s.IDs(), []mail.MessageID{10, 15}) {
		t.Errorf("rows %v, cursor %d, messages %v", rows, cursor, s.IDs())
	}
	if _, _, same := s.Moved(asked, []int{7, 2, -1, 7}); same || s.Len() != 2 {
		t.Error("an answer about those that were selected before was taken")
	}
	rows, cursor, _ = s.Moved(s.Follow(), []int{-1, 2, -1})
	if id, at := s.Cursor(); !reflect.DeepEqual(rows, []int{2}) || cursor != -1 || id != 15 || at != 7 {
		t.Errorf("rows %v, cursor %d; remembered %d at %d", rows, cursor, id, at)
	}
}

// What follows the rows that were selected and are gone is where the first of them was, however many they were.
func TestWhatFollowsASelectionThatIsGone(t *testing.T) {
	at := func(s *Selection) int { _, at := s.Cursor(); return at }
	var s Selection
	s.Set([]mail.MessageID{11, 12, 13}, [][2]int{{1, 4}}, 13, 3)
	s.Moved(s.Follow(), []int{-1, -1, -1, -1})
	if at(&s) != 1 {
		t.Errorf("three gone at once: %d", at(&s))
	}
	s.Set([]mail.MessageID{11, 12, 15}, [][2]int{{1, 3}, {5, 6}}, 15, 5)
	s.Moved(s.Follow(), []int{-1, -1, 1, -1})
	s.Moved(s.Follow(), []int{-1, -1})
	if at(&s) != 3 {
		t.Errorf("one after the other: %d", at(&s))
	}
	var ids []mail.MessageID
	for i := range 1000 {
		ids = append(ids, mail.MessageID(i+1))
	}
	s.Set(ids, [][2]int{{7, 1007}}, 1000, 1006)
	s.Moved(s.Follow(), []int{-1, -1, -1})
	if at(&s) != 7 {
		t.Errorf("a thousand: %d", at(&s))
	}
	s.Set([]mail.MessageID{11, 12, 13}, [][2]int{{1, 4}}, 11, 1)
	s.Moved(s.Follow(), []int{-1, -1, -1, -1})
	if at(&s) != 1 {
		t.Errorf("from below: %d", at(&s))
	}
}

func TestALargeSelectionMovesAsAWhole(t *testing.T) {
	var ids []mail.MessageID
	for i := range 1000 {
		ids = append(ids, mail.MessageID(i+1))
	}
	var s Selection
	s.Set(ids, [][2]int{{0, 1000}}, 1000, 999)
	if !s.Has(1) || !s.Has(1000) || s.Has(1001) {
		t.Error("it does not know what is in it")
	}
	if len(s.Follow()) != 3 {
		t.Fatalf("%d messages are looked up", len(s.Follow()))
	}
	rows, cursor, _ := s.Moved(s.Follow(), []int{1002, 3, 1002})
	if len(rows) != 1000 || rows[0] != 3 || rows[999] != 1002 || cursor != 1002 {
		t.Errorf("%d rows, cursor %d", len(rows), cursor)
	}
	if rows, _, _ := s.Moved(s.Follow(), []int{1001, 3, 1001}); len(rows) != 0 || s.Len() != 0 {
		t.Error("a selection with a hole in it was kept")
	}
	if s.Has(1) {
		t.Error("and remembered")
	}
	s.Set(ids[:2], [][2]int{{0, 2}}, 2, 1)
	if !s.Has(2) || s.Has(3) {
		t.Error("it does not know the two in it")
	}
}

type memory map[string]string

func (m memory) Setting(_ context.Context, k string) (string, error) {
	if m == nil {
		return "", errors.New("no disk")
	}
	return m[k], nil
}
func (m memory) SetSetting(_ context.Context, k, v string) error { m[k] = v; return nil }

func TestStateIsRememberedAndRepaired(t *testing.T) {
	ctx, m := context.Background(), memory{}
	w, err := LoadWindow(ctx, m)
	if err != nil || !reflect.DeepEqual(w, DefaultWindow()) {
		t.Fatalf("first start: %+v, %v", w, err)
	}
	w.Width, w.Place, w.Closed = 900, "folder:3", []string{"a1/x"}
	if err := SaveWindow(ctx, m, w); err != nil {
		t.Fatal(err)
	}
	if got, _ := LoadWindow(ctx, m); !reflect.DeepEqual(got, w) {
		t.Errorf("got %+v, want %+v", got, w)
	}
	m["ui.window"] = `{"width":-3,"list":99999,"filter":"?"}`
	if got, _ := LoadWindow(ctx, m); !reflect.DeepEqual(got, DefaultWindow()) {
		t.Errorf("a senseless state gave %+v", got)
	}
	m["ui.window"] = `{`
	if got, err := LoadWindow(ctx, m); err == nil || !reflect.DeepEqual(got, DefaultWindow()) {
		t.Errorf("an unreadable state gave %+v, %v", got, err)
	}
	p := Prefs{Language: "fa", Compact: true, MarkRead: -1, Tags: []string{"کار"}}
	if err := SavePrefs(ctx, m, p); err != nil {
		t.Fatal(err)
	}
	if got, _ := LoadPrefs(ctx, m); !reflect.DeepEqual(got, p) {
		t.Errorf("got %+v, want %+v", got, p)
	}
	if _, err := LoadPrefs(ctx, memory(nil)); err == nil {
		t.Error("a failing store is not told")
	}
}

func TestPhysicalKey(t *testing.T) {
	for _, c := range []struct {
		goos string
		code int
		want string
	}{{"linux", 44, "J"}, {"linux", 45, "K"}, {"linux", 26, "E"}, {"linux", 61, "/"}, {"windows", 36, "J"}, {"darwin", 38, "J"}, {"linux", 9, ""}, {"windows", 1, ""}} {
		if got := PhysicalKey(c.goos, c.code); got != c.want {
			t.Errorf("%s key %d is %q, want %q", c.goos, c.code, got, c.want)
		}
	}
}

func TestRowsOfDraftsAndOutbox(t *testing.T) {
	d := DraftRow(mail.Draft{ID: 3, Subject: "s", Text: " one\n two ", To: []mail.Address{{Addr: "a@x.test"}}, Cc: []mail.Address{{Addr: "b@x.test"}}})
	if d.ID != DraftKey(3) || d.Snippet != "one two" || len(d.To) != 2 || d.Unread() {
		t.Errorf("draft row %+v", d)
	}
	o := OutboxRow(mail.OutboxItem{ID: 4, Rcpt: []string{"a@x.test"}, State: mail.OutboxFailed}, "refused")
	if o.ID != 4 || o.Failed != "refused" || o.To[0].Addr != "a@x.test" {
		t.Errorf("outbox row %+v", o)
	}
	if o := OutboxRow(mail.OutboxItem{State: mail.OutboxQueued}, "waits"); o.Failed != "" || o.Snippet != "waits" {
		t.Errorf("a waiting item is no failure: %+v", o)
	}
}
