package store

import (
	"context"
	"fmt"
)

// mergePages is how much of the index MergeIndex writes in one transaction, in pages of 4 KB: others wait for some ten milliseconds.
const mergePages = 256

// MergeIndex does a little of what makes the search index faster to search: every commit that brings messages leaves a segment, and a
// search looks into each. It is for times when there is nothing else to do, and tells whether there is more of it. What is found stays
// the same. Another goroutine may write between two calls.
func (s *Store) MergeIndex(ctx context.Context) (more bool, err error) {
	if !s.unmerged.Load() {
		return false, nil
	}
	err = s.w.run(ctx, nil, func(t *wtx) error {
		// Noted first: who writes behind this transaction sets it again.
		s.unmerged.Store(false)
		var before, after int
		if _, err := t.get("SELECT total_changes()", nil, &before); err != nil {
			return err
		}
		if err := t.do("INSERT INTO fts(fts, rank) VALUES('merge', ?)", mergePages); err != nil {
			return err
		}
		_, err := t.get("SELECT total_changes()", nil, &after)
		more = after-before >= 2 // the statement itself counts as one
		return err
	})
	if err != nil {
		s.unmerged.Store(true)
		return false, fmt.Errorf("merging the search index: %w", err)
	}
	if more {
		s.unmerged.Store(true)
	}
	return more, nil
}
