package model

import (
	"context"
	"slices"
	"strings"
)

// keySearches is the setting that keeps the saved searches.
const keySearches = "ui.searches"

// maxSearches bounds how many searches are kept: each is counted after mail came.
const maxSearches = 50

// SavedSearch is a search that the user kept under a name.
type SavedSearch struct {
	Name  string `json:"name"`
	Query string `json:"query"`
}

// Place is what the list shows of it.
func (s SavedSearch) Place() Place { return Place{Kind: PlaceSearch, Search: s.Query} }

// SavedSearches are the kept searches in the user's order: no two have the same name (whatever its case), or the same query. Its methods
// return other lists and leave the one they are called on as it is, so that a list of before can be put back.
type SavedSearches []SavedSearch

// LoadSearches reads the saved searches; what makes no sense is left out.
func LoadSearches(ctx context.Context, s Settings) (SavedSearches, error) {
	var kept SavedSearches
	err := load(ctx, s, keySearches, &kept)
	var out SavedSearches
	for _, k := range kept {
		out = out.Keep(k.Name, k.Query)
	}
	return out, err
}

// SaveSearches stores the saved searches.
func SaveSearches(ctx context.Context, s Settings, list SavedSearches) error {
	return save(ctx, s, keySearches, list)
}

// Full reports whether no other search can be kept.
func (l SavedSearches) Full() bool { return len(l) >= maxSearches }

// Of finds the search with a query, -1 for none.
func (l SavedSearches) Of(query string) int {
	query = strings.TrimSpace(query)
	return slices.IndexFunc(l, func(s SavedSearch) bool { return s.Query == query })
}

// Named finds the search with a name, -1 for none.
func (l SavedSearches) Named(name string) int {
	name = strings.TrimSpace(name)
	return slices.IndexFunc(l, func(s SavedSearch) bool { return strings.EqualFold(s.Name, name) })
}

// Keep keeps a query under a name. A query that is kept gets the new name; a name that is given looks for the new query from then on.
// Without a name or a query, and when it is Full, nothing changes.
func (l SavedSearches) Keep(name, query string) SavedSearches {
	name, query = strings.TrimSpace(name), strings.TrimSpace(query)
	if name == "" || query == "" {
		return l
	}
	kept := SavedSearch{name, query}
	at, other := l.Of(query), l.Named(name)
	out := slices.Clone(l)
	switch {
	case at >= 0 && other >= 0 && at != other:
		out[at] = kept
		return slices.Delete(out, other, other+1)
	case at >= 0:
		out[at] = kept
	case other >= 0:
		out[other] = kept
	case !l.Full():
		out = append(out, kept)
	}
	return out
}

// Without leaves one out.
func (l SavedSearches) Without(at int) SavedSearches {
	return slices.Delete(slices.Clone(l), at, at+1)
}

// Moved changes places with the one above (-1) or below (1).
func (l SavedSearches) Moved(at, by int) SavedSearches {
	to := at + by
	if to < 0 || to >= len(l) {
		return l
	}
	out := slices.Clone(l)
	out[at], out[to] = out[to], out[at]
	return out
}
