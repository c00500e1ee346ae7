package model

import (
	"context"
	"slices"
	"testing"

	"peyk/internal/mail"
)

// line is a list of messages that changes by itself each time that it was read.
type line struct {
	ids     []mail.MessageID
	changes [][]mail.MessageID
}

func (l *line) Count(context.Context) (Counts, error) { return Counts{Total: len(l.ids)}, nil }

func (l *line) Page(context.Context, int, int) ([]mail.Row, error) { return nil, nil }

func (l *line) Position(_ context.Context, id mail.MessageID) (int, error) {
	return slices.Index(l.ids, id), nil
}

func (l *line) Chosen(_ context.Context, offset, limit int) (keys, messages []mail.MessageID, err error) {
	offset = min(offset, len(l.ids))
	keys = slices.Clone(l.ids[offset:min(offset+limit, len(l.ids))])
	if len(l.changes) > 0 {
		l.ids, l.changes = l.changes[0], l.changes[1:]
	}
	return keys, keys, nil
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		name    string
		ids     []mail.MessageID
		changes [][]mail.MessageID
		seen    Stretch
		want    []mail.MessageID
		from    int
	}{
		{name: "as seen", ids: []mail.MessageID{1, 2, 3, 4}, seen: Stretch{1, 3, 2, 3}, want: []mail.MessageID{2, 3}, from: 1},
		{name: "one came above", ids: []mail.MessageID{9, 1, 2, 3, 4}, seen: Stretch{1, 3, 2, 3}, want: []mail.MessageID{2, 3}, from: 2},
		{name: "only the first was in memory", ids: []mail.MessageID{9, 1, 2, 3, 4}, seen: Stretch{1, 3, 2, 0}, want: []mail.MessageID{2, 3}, from: 2},
		{name: "only the last was", ids: []mail.MessageID{9, 1, 2, 3, 4}, seen: Stretch{1, 3, 0, 3}, want: []mail.MessageID{2, 3}, from: 2},
		{name: "the first is gone", ids: []mail.MessageID{1, 3, 4}, seen: Stretch{1, 3, 2, 3}, want: []mail.MessageID{1, 3}, from: 0},
		{name: "one within is gone", ids: []mail.MessageID{1, 2, 4}, seen: Stretch{0, 4, 1, 4}, want: []mail.MessageID{1, 2, 4}, from: 0},
		{name: "one comes while it is read", ids: []mail.MessageID{9, 1, 2, 3}, changes: [][]mail.MessageID{{8, 9, 1, 2, 3}}, seen: Stretch{0, 2, 1, 2}, want: []mail.MessageID{1, 2}, from: 2},
		{name: "nothing was in memory", ids: []mail.MessageID{1, 2, 3}, seen: Stretch{1, 2, 0, 0}, want: []mail.MessageID{2}, from: 1},
		{name: "all are gone", seen: Stretch{0, 2, 1, 2}},
	} {
		got, err := Choose(t.Context(), &line{ids: c.ids, changes: c.changes}, []Stretch{c.seen})
		if err != nil || !slices.Equal(got.Messages, c.want) || got.Ranges[0] != [2]int{c.from, c.from + len(c.want)} {
			t.Errorf("%s: chosen are %v at %v (%v), want %v", c.name, got.Messages, got.Ranges, err, c.want)
		}
	}
}
