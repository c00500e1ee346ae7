package model

import (
	"strconv"
	"strings"

	"peyk/internal/mail"
	"peyk/store"
)

// PlaceKind sorts the things the list can show.
type PlaceKind string

// The kinds of places.
const (
	PlaceInboxes PlaceKind = "inboxes"
	PlaceStarred PlaceKind = "starred"
	PlaceSnoozed PlaceKind = "snoozed"
	PlaceDrafts  PlaceKind = "drafts"
	PlaceOutbox  PlaceKind = "outbox"
	PlaceFolder  PlaceKind = "folder"
	PlaceSearch  PlaceKind = "search"
)

// Place is what the list shows: a folder, a unified list, or the results of a search. It is comparable.
type Place struct {
	Kind   PlaceKind
	Folder mail.FolderID // PlaceFolder
	Search string        // PlaceSearch
}

// Inboxes is where a window without a memory starts.
var Inboxes = Place{Kind: PlaceInboxes}

// Messages reports whether the rows of the place are received messages rather than drafts or outbox items.
func (p Place) Messages() bool { return p.Kind != PlaceDrafts && p.Kind != PlaceOutbox }

// String is the form kept in the settings: "inboxes", "folder:12", "search:words".
func (p Place) String() string {
	switch p.Kind {
	case PlaceFolder:
		return string(p.Kind) + ":" + strconv.FormatInt(int64(p.Folder), 10)
	case PlaceSearch:
		return string(p.Kind) + ":" + p.Search
	}
	return string(p.Kind)
}

// ParsePlace reads what String wrote; anything else is Inboxes.
func ParsePlace(s string) Place {
	kind, arg, _ := strings.Cut(s, ":")
	switch k := PlaceKind(kind); k {
	case PlaceStarred, PlaceSnoozed, PlaceDrafts, PlaceOutbox:
		return Place{Kind: k}
	case PlaceFolder:
		if n, err := strconv.ParseInt(arg, 10, 64); err == nil && n > 0 {
			return Place{Kind: k, Folder: mail.FolderID(n)}
		}
	case PlaceSearch:
		if arg != "" {
			return Place{Kind: k, Search: arg}
		}
	}
	return Inboxes
}

// Sorting is what a list is in the order of.
type Sorting string

// The orders of a list. Their values are kept in the settings.
const (
	SortDate     Sorting = ""
	SortSender   Sorting = "sender"
	SortSubject  Sorting = "subject"
	SortSize     Sorting = "size"
	SortAttached Sorting = "attached"
)

// sortings are all of them, as they are offered.
func sortings() []Sorting {
	return []Sorting{SortDate, SortSender, SortSubject, SortSize, SortAttached}
}

// Order is the order of a list: the newest first, senders and subjects from A to Z, the largest first, those with
// attachments first; or the other way around.
type Order struct {
	By      Sorting
	Reverse bool
}

// apply puts the order into a query.
func (o Order) apply(q *store.Query) {
	q.Reverse = o.Reverse
	switch o.By {
	case SortSender:
		q.Sort = store.SortSender
	case SortSubject:
		q.Sort = store.SortSubject
	case SortSize:
		q.Sort, q.Reverse = store.SortSize, !o.Reverse
	case SortAttached:
		q.Sort = store.SortAttached
	}
}

// Filter narrows a list to some of its messages.
type Filter string

// The chips above the list.
const (
	FilterAll     Filter = "all"
	FilterUnread  Filter = "unread"
	FilterStarred Filter = "starred"
)
