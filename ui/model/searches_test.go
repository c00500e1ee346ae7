package model

import (
	"context"
	"fmt"
	"slices"
	"testing"
)

// kept is a Settings in memory.
type kept map[string]string

func (k kept) Setting(_ context.Context, key string) (string, error) { return k[key], nil }
func (k kept) SetSetting(_ context.Context, key, v string) error     { k[key] = v; return nil }

func TestSavedSearches(t *testing.T) {
	ctx, mem := context.Background(), kept{}
	l, err := LoadSearches(ctx, mem)
	if err != nil || len(l) != 0 {
		t.Fatalf("at first %v, %v", l, err)
	}
	l = l.Keep(" From Reza ", " from:reza ").Keep("بودجه", "بودجه is:unread").Keep("", "x").Keep("y", " ")
	want := SavedSearches{{"From Reza", "from:reza"}, {"بودجه", "بودجه is:unread"}}
	check := func(what string, have SavedSearches) {
		t.Helper()
		if !slices.Equal(have, want) {
			t.Errorf("%s: %q, want %q", what, have, want)
		}
	}
	check("kept", l)
	was := l
	want = SavedSearches{{"Reza", "from:reza"}, {"بودجه", "بودجه is:unread"}}
	check("another name for a query", l.Keep("Reza", "from:reza"))
	want = SavedSearches{{"from reza", "to:reza"}, {"بودجه", "بودجه is:unread"}}
	check("another query for a name", l.Keep("from reza", "to:reza"))
	want = SavedSearches{{"From Reza", "بودجه is:unread"}}
	check("the name of another for a query that is kept", l.Keep("From Reza", "بودجه is:unread"))
	want = SavedSearches{{"بودجه", "بودجه is:unread"}, {"From Reza", "from:reza"}}
	check("down", l.Moved(0, 1))
	check("up", l.Moved(1, -1))
	want = was
	check("above the first", l.Moved(0, -1))
	check("below the last", l.Moved(1, 1))
	want = SavedSearches{{"بودجه", "بودجه is:unread"}}
	check("without the first", l.Without(0))
	want = SavedSearches{{"From Reza", "from:reza"}, {"بودجه", "بودجه is:unread"}}
	check("the list itself", l)
	if err := SaveSearches(ctx, mem, l); err != nil {
		t.Fatal(err)
	}
	again, err := LoadSearches(ctx, mem)
	if err != nil {
		t.Fatal(err)
	}
	check("read back", again)
	for i := 0; !l.Full(); i++ {
		l = l.Keep(fmt.Sprint("name ", i), fmt.Sprint("query ", i))
	}
	if n := len(l); n != maxSearches || len(l.Keep("one more", "one more")) != n || l.Keep("from reza", "x")[0].Query != "x" {
		t.Errorf("%d kept, and then others", n)
	}
	mem[keySearches] = `[{"name":"a","query":"x"},{"name":"A","query":"y"},{"name":"","query":"z"}]`
	if l, err = LoadSearches(ctx, mem); err != nil || !slices.Equal(l, SavedSearches{{"A", "y"}}) {
		t.Errorf("out of order: %q, %v", l, err)
	}
	mem[keySearches] = `{`
	if l, err = LoadSearches(ctx, mem); err == nil || len(l) != 0 {
		t.Errorf("damaged: %q, %v", l, err)
	}
}

func TestTreeShowsSavedSearches(t *testing.T) {
	tree := NewTree(nil)
	before := len(tree.Rows())
	tree.Searches = tree.Searches.Keep("Reza", "from:reza")
	tree.SetFound(map[string]int{"from:reza": 3})
	rows := tree.Rows()
	if len(rows) != before+2 || rows[before].Key != SearchesKey || !rows[before].Heading {
		t.Fatalf("rows %v", rows)
	}
	if r := rows[before+1]; r.Name != "Reza" || r.Count != 3 || r.Place != (Place{Kind: PlaceSearch, Search: "from:reza"}) {
		t.Errorf("the row is %+v", r)
	}
	if tree.SetFound(map[string]int{"from:reza": 3}) || !tree.SetFound(nil) {
		t.Error("whether a count changed")
	}
}
