package model

import (
	"context"

	"peyk/internal/mail"
)

// Chooser says what rows of a list are: their keys, and the messages that an action on them is about.
type Chooser interface {
	Source
	Chosen(ctx context.Context, offset, limit int) (keys, messages []mail.MessageID, err error)
}

// Stretch are the rows [From, To) of a list as they stood on the screen. First and Last are the keys of the rows at its ends, 0 where they were not in
// memory.
type Stretch struct {
	From, To    int
	First, Last mail.MessageID
}

// Chosen is what selected rows are: their keys in order, the messages that an action on them is about, and where they stand now.
type Chosen struct {
	Keys, Messages []mail.MessageID
	Ranges         [][2]int
}

// Stretches are ranges of rows with the keys of their ends. It does not read any.
func (p *Pager) Stretches(ranges [][2]int) []Stretch {
	key := func(i int) mail.MessageID {
		if pg := p.pages[i/pageSize]; pg != nil && i%pageSize < len(pg.rows) {
			return Key(pg.rows[i%pageSize])
		}
		return 0
	}
	out := make([]Stretch, len(ranges))
	for n, r := range ranges {
		out[n] = Stretch{r[0], r[1], key(r[0]), key(r[1] - 1)}
	}
	return out
}

// Choose reads which messages rows are. The list may have changed since they were on the screen, and the store is asked by place: a stretch whose ends are
// other messages there by now is looked for, so that what is chosen is what was seen.
func Choose(ctx context.Context, src Chooser, rows []Stretch) (Chosen, error) {
	var out Chosen
	for _, s := range rows {
		keys, messages, err := s.read(ctx, src)
		for n := 0; err == nil && n < maxRereads && !s.agrees(keys); n++ {
			if s, err = s.moved(ctx, src); err == nil {
				keys, messages, err = s.read(ctx, src)
			}
		}
		if err != nil {
			return Chosen{}, err
		}
		out.Keys, out.Messages = append(out.Keys, keys...), append(out.Messages, messages...)
		out.Ranges = append(out.Ranges, [2]int{s.From, s.From + len(keys)})
	}
	return out, nil
}

func (s Stretch) read(ctx context.Context, src Chooser) (keys, messages []mail.MessageID, err error) {
	return src.Chosen(ctx, s.From, s.To-s.From)
}

// agrees reports whether the rows at the ends are those that were seen there.
func (s Stretch) agrees(keys []mail.MessageID) bool {
	if len(keys) == 0 {
		return s.First == 0 && s.Last == 0
	}
	return (s.First == 0 || keys[0] == s.First) && (s.Last == 0 || len(keys) == s.To-s.From && keys[len(keys)-1] == s.Last)
}

// moved is where the rows stand now, by the ends that are still there. An end that is gone is no longer asked for.
func (s Stretch) moved(ctx context.Context, src Chooser) (Stretch, error) {
	if _, err := src.Count(ctx); err != nil { // finds the unfolded conversations anew, among which rows are counted
		return s, err
	}
	first, last := -1, -1
	var err error
	if s.First != 0 {
		if first, err = src.Position(ctx, s.First); err != nil {
			return s, err
		}
	}
	if s.Last != 0 {
		if last, err = src.Position(ctx, s.Last); err != nil {
			return s, err
		}
	}
	n := s.To - s.From
	switch {
	case first >= 0 && last >= first:
		return Stretch{first, last + 1, s.First, s.Last}, nil
	case first >= 0:
		return Stretch{first, first + n, s.First, 0}, nil
	case last >= 0:
		return Stretch{max(last+1-n, 0), last + 1, 0, s.Last}, nil
	}
	return Stretch{s.From, s.To, 0, 0}, nil
}
