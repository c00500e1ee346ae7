package model

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"peyk/internal/mail"
)

func TestAgeOf(t *testing.T) {
	zone := time.FixedZone("Tehran", 12600)
	now := time.Date(2025, 11, 25, 0, 30, 0, 0, zone)
	for _, c := range []struct {
		at   time.Time
		want Age
	}{
		{now, Today}, {now.Add(-31 * time.Minute), Yesterday}, {now.Add(-25 * time.Hour), ThisWeek}, {now.AddDate(0, 0, -6), ThisWeek},
		{now.AddDate(0, 0, -7), ThisYear}, {now.AddDate(0, -9, 0), ThisYear}, {now.AddDate(-1, 0, 0), Older}, {now.AddDate(0, 0, 1), Future},
		{now.Add(23 * time.Hour), Today}, {now.UTC(), Today},
	} {
		if got := AgeOf(c.at, now); got != c.want {
			t.Errorf("%v: got %d, want %d", c.at, got, c.want)
		}
	}
}

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
