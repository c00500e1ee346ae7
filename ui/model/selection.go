package model

import (
	"sort"

	"peyk/internal/mail"
)

// Selection is what is selected in a list, by message and not by place, so that it stays with its messages while new mail
// arrives above them. The cursor is the row of the keyboard; the anchor is where a range starts.
type Selection struct {
	ids    map[mail.MessageID]struct{}
	cursor mail.MessageID
	index  int // of the cursor, as last known
	anchor int
}

// Clear forgets everything; the cursor goes to the top.
func (s *Selection) Clear() { *s = Selection{index: -1, anchor: -1} }

// Only selects one message.
func (s *Selection) Only(id mail.MessageID, index int) {
	s.ids = map[mail.MessageID]struct{}{id: {}}
	s.cursor, s.index, s.anchor = id, index, index
}

// Toggle adds a message to the selection or takes it out; the cursor goes there.
func (s *Selection) Toggle(id mail.MessageID, index int) {
	if s.ids == nil {
		s.ids = map[mail.MessageID]struct{}{}
	}
	if _, ok := s.ids[id]; ok {
		delete(s.ids, id)
	} else {
		s.ids[id] = struct{}{}
	}
	s.cursor, s.index, s.anchor = id, index, index
}

// Range returns the rows from the anchor to index, both included: what Shift selects.
func (s *Selection) Range(index int) (from, to int) {
	a := s.anchor
	if a < 0 {
		a = index
	}
	return min(a, index), max(a, index)
}

// Set selects exactly the given messages; the cursor goes to id at index, the anchor stays.
func (s *Selection) Set(ids []mail.MessageID, id mail.MessageID, index int) {
	s.ids = make(map[mail.MessageID]struct{}, len(ids))
	for _, i := range ids {
		s.ids[i] = struct{}{}
	}
	s.cursor, s.index = id, index
	if s.anchor < 0 {
		s.anchor = index
	}
}

// Drop takes messages out that are gone.
func (s *Selection) Drop(ids ...mail.MessageID) {
	for _, id := range ids {
		delete(s.ids, id)
	}
}

// Moved tells where the cursor's message is now.
func (s *Selection) Moved(index int) {
	if s.anchor == s.index {
		s.anchor = index
	}
	s.index = index
}

// Has reports whether a message is selected.
func (s *Selection) Has(id mail.MessageID) bool { _, ok := s.ids[id]; return ok }

// Len is the number of selected messages.
func (s *Selection) Len() int { return len(s.ids) }

// Cursor is the message of the keyboard (0: none) and its index as last known (-1: none).
func (s *Selection) Cursor() (mail.MessageID, int) { return s.cursor, s.index }

// IDs are the selected messages in a stable order.
func (s *Selection) IDs() []mail.MessageID {
	out := make([]mail.MessageID, 0, len(s.ids))
	for id := range s.ids {
		out = append(out, id)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}
