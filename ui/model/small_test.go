package model

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"peyk/internal/mail"
)

func TestSelection(t *testing.T) {
	var s Selection
	s.Clear()
	s.Only(10, 0)
	s.Toggle(12, 2)
	if !reflect.DeepEqual(s.IDs(), []mail.MessageID{10, 12}) {
		t.Errorf("after Ctrl: %v", s.IDs())
	}
	s.Only(12, 2)
	if from, to := s.Range(5); from != 2 || to != 5 {
		t.Errorf("range %d-%d, want 2-5", from, to)
	}
	s.Set([]mail.MessageID{12, 13, 14, 15}, 15, 5)
	if from, to := s.Range(1); from != 1 || to != 2 {
		t.Errorf("a range turned around at the anchor is %d-%d, want 1-2", from, to)
	}
	s.Drop(13, 99)
	if s.Len() != 3 || s.Has(13) {
		t.Error("a message that is gone is still selected")
	}
	s.Toggle(12, 2)
	if s.Has(12) {
		t.Error("toggling twice selects")
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
	if d.ID != 3 || d.Snippet != "one two" || len(d.To) != 2 || d.Unread() {
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
