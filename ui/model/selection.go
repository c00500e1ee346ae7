package model

import (
	"slices"

	"peyk/internal/mail"
)

// Selection is what is selected in a list, by message and not by place, so that it stays with its messages while new mail
// arrives above them. It belongs to the UI thread.
type Selection struct {
	ids    []mail.MessageID
	ranges [][2]int // the rows of ids when they were selected, [first, end)
	cursor mail.MessageID
	at     int                     // the row of the cursor
	in     map[mail.MessageID]bool // ids, once Has was asked about many
}

// followAll is up to how many selected messages are looked up one by one after the list changed. Of more, only the ends
// are, and the selection survives when it moved as a whole.
const followAll = 64

// Set remembers a selection: the messages of the ranges in order, and the cursor.
func (s *Selection) Set(ids []mail.MessageID, ranges [][2]int, cursor mail.MessageID, at int) {
	s.ids, s.ranges, s.cursor, s.at, s.in = ids, ranges, cursor, at, nil
}

// Has reports whether a message is selected, at the same cost however many are.
func (s *Selection) Has(id mail.MessageID) bool {
	if len(s.ids) <= followAll {
		return slices.Contains(s.ids, id)
	}
	if s.in == nil {
		s.in = make(map[mail.MessageID]bool, len(s.ids))
		for _, id := range s.ids {
			s.in[id] = true
		}
	}
	return s.in[id]
}

// Clear forgets everything.
func (s *Selection) Clear() { *s = Selection{at: -1} }

// IDs are the selected messages.
func (s *Selection) IDs() []mail.MessageID { return s.ids }

// Len is the number of selected messages.
func (s *Selection) Len() int { return len(s.ids) }

// Cursor is the message with the cursor and its row as last known.
func (s *Selection) Cursor() (mail.MessageID, int) { return s.cursor, s.at }

// Follow lists the messages whose new rows Moved wants to know.
func (s *Selection) Follow() []mail.MessageID {
	switch {
	case len(s.ids) == 0:
		return nil
	case len(s.ids) <= followAll:
		return append([]mail.MessageID{s.cursor}, s.ids...)
	}
	return []mail.MessageID{s.cursor, s.ids[0], s.ids[len(s.ids)-1]}
}

// Moved is told where the messages that Follow named are now (-1: gone) and says which rows to select. cursor is -1 when the
// message with the cursor is gone; rows is empty when nothing of the selection is left. same is false when another selection was
// made since: then nothing is known of it.
func (s *Selection) Moved(asked []mail.MessageID, at []int) (rows []int, cursor int, same bool) {
	if len(at) == 0 || !slices.Equal(asked, s.Follow()) {
		return nil, -1, false
	}
	cursor = at[0]
	gone := s.goneAbove(at)
	if len(s.ids) <= followAll {
		ids := s.ids[:0:0]
		for i, row := range at[1:] {
			if row >= 0 {
				rows, ids = append(rows, row), append(ids, s.ids[i])
			}
		}
		s.ids, s.ranges = ids, rangesOf(rows)
	} else if rows = s.shifted(at[1], at[2]); rows == nil {
		s.ids, s.ranges, s.in = nil, nil, nil
	}
	if cursor >= 0 {
		s.at = cursor
	} else {
		s.at -= gone // what followed it stands there now
	}
	return rows, cursor, true
}

// goneAbove is how many of the rows that were selected above the cursor are gone, by what Moved was told.
func (s *Selection) goneAbove(at []int) (n int) {
	all := len(s.ids) > followAll
	if all && (at[1] >= 0 || at[2] >= 0) {
		return 0 // nobody knows which
	}
	i := 0
	for _, r := range s.ranges {
		for row := r[0]; row < r[1]; row++ {
			if i++; row < s.at && (all || i < len(at) && at[i] < 0) {
				n++
			}
		}
	}
	return n
}

// shifted moves all ranges by the way that the first and the last message went, when both went the same.
func (s *Selection) shifted(first, last int) []int {
	if first < 0 || last < 0 || len(s.ranges) == 0 {
		return nil
	}
	by := first - s.ranges[0][0]
	if last-(s.ranges[len(s.ranges)-1][1]-1) != by {
		return nil
	}
	rows := make([]int, 0, len(s.ids))
	for i := range s.ranges {
		s.ranges[i][0] += by
		s.ranges[i][1] += by
		for r := s.ranges[i][0]; r < s.ranges[i][1]; r++ {
			rows = append(rows, r)
		}
	}
	return rows
}

func rangesOf(rows []int) [][2]int {
	var out [][2]int
	for _, r := range rows {
		if n := len(out); n > 0 && out[n-1][1] == r {
			out[n-1][1]++
			continue
		}
		out = append(out, [2]int{r, r + 1})
	}
	return out
}
