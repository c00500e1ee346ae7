package model

import (
	"cmp"
	"maps"
	"sort"
	"strconv"
	"strings"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// TreeRow is one line of the folder pane.
type TreeRow struct {
	Heading bool
	Place   Place
	Account mail.AccountID // 0 in the unified part
	Role    mail.Role
	// Name is the folder's own name, or the address of a heading. It is data, never translated; rows with a role are
	// titled by the window.
	Name     string
	Protocol mail.Protocol // headings of accounts; "" for one without servers, which holds imported mail
	Count    int           // what the row shows at its end, 0: nothing
	Depth    int
	Children bool
	Open     bool
	Dimmed   bool // cannot be opened (\Noselect), or the server no longer lists it
	Key      string
}

// Tree orders accounts and folders for the folder pane. It belongs to the UI thread.
type Tree struct {
	accounts []mail.Account
	folders  map[mail.AccountID][]mail.Folder
	byID     map[mail.FolderID]mail.Folder
	starred  int
	snoozed  int
	drafts   int
	outbox   int
	closed   map[string]bool
	found    map[string]int    // unread messages of a saved search by its query
	order    map[string]string // keys that folders are sorted by, by their path
	// Searches are the saved searches.
	Searches SavedSearches
}

// TreeData is what the tree is made of, read from the store.
type TreeData struct {
	Accounts []mail.Account
	Folders  []mail.Folder
	Starred  int // unread starred messages are not counted apart: 0 hides the number
	Drafts   int
	Outbox   int
	Snoozed  map[mail.FolderID]mail.SnoozedCount
}

// NewTree makes an empty tree; closed names the keys of rows whose children are hidden.
func NewTree(closed []string) *Tree {
	t := &Tree{closed: map[string]bool{}, order: map[string]string{}}
	for _, k := range closed {
		t.closed[k] = true
	}
	return t
}

// Set replaces the data.
func (t *Tree) Set(d TreeData) {
	t.accounts, t.starred, t.drafts, t.outbox = d.Accounts, d.Starred, d.Drafts, d.Outbox
	t.folders = map[mail.AccountID][]mail.Folder{}
	t.byID = map[mail.FolderID]mail.Folder{}
	t.order = map[string]string{}
	t.snoozed = 0
	for _, f := range d.Folders {
		z := d.Snoozed[f.ID] // its list leaves them out
		t.snoozed += z.Total
		f.Total -= z.Total
		f.Unread -= z.Unread
		t.byID[f.ID] = f
		t.folders[f.Account] = append(t.folders[f.Account], f)
	}
}

// Folder finds a folder by its ID.
func (t *Tree) Folder(id mail.FolderID) (mail.Folder, bool) { f, ok := t.byID[id]; return f, ok }

// Folders finds folders by their ID; it does not change, so that it can be read from any goroutine.
type Folders map[mail.FolderID]mail.Folder

// Folder finds a folder by its ID.
func (f Folders) Folder(id mail.FolderID) (mail.Folder, bool) { x, ok := f[id]; return x, ok }

// Snapshot are the folders as they are now, for work outside the UI thread. Set makes a new map, it does not change this one.
func (t *Tree) Snapshot() Folders { return t.byID }

// Accounts are the accounts in order.
func (t *Tree) Accounts() []mail.Account { return t.accounts }

// Account finds an account by its ID.
func (t *Tree) Account(id mail.AccountID) (mail.Account, bool) {
	for _, a := range t.accounts {
		if a.ID == id {
			return a, true
		}
	}
	return mail.Account{}, false
}

// Folders are the folders of one account (0: of all), in the order of the pane.
func (t *Tree) Folders(account mail.AccountID) []mail.Folder {
	var out []mail.Folder
	for _, a := range t.accounts {
		if account != 0 && a.ID != account {
			continue
		}
		fs := append([]mail.Folder(nil), t.folders[a.ID]...)
		sort.SliceStable(fs, func(i, j int) bool { return t.before(fs[i], fs[j]) })
		out = append(out, fs...)
	}
	return out
}

// ByRole finds the folder of an account with a role.
func (t *Tree) ByRole(account mail.AccountID, r mail.Role) (mail.Folder, bool) {
	for _, f := range t.folders[account] {
		if f.Role == r {
			return f, true
		}
	}
	return mail.Folder{}, false
}

// Unread is the number of unread messages in all inboxes.
func (t *Tree) Unread() int {
	n := 0
	for _, f := range t.byID {
		if f.Role == mail.RoleInbox {
			n += f.Unread
		}
	}
	return n
}

// SetFound takes the numbers of unread messages that the saved searches find, by their query; it reports whether any became another.
func (t *Tree) SetFound(unread map[string]int) bool {
	same := maps.Equal(unread, t.found)
	t.found = unread
	return !same
}

// Toggle opens or closes the row with the given key.
func (t *Tree) Toggle(key string) {
	if t.closed[key] {
		delete(t.closed, key)
	} else {
		t.closed[key] = true
	}
}

// Closed lists the keys of closed rows, for the settings.
func (t *Tree) Closed() []string {
	var out []string
	for k := range t.closed {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// SearchesKey is the key of the heading above the saved searches.
const SearchesKey = "searches"

// Rows lists what the pane shows from top to bottom; AllRows lists the children of closed rows too.
func (t *Tree) Rows() []TreeRow { return t.list(false) }

// AllRows is Rows with everything that is folded away.
func (t *Tree) AllRows() []TreeRow { return t.list(true) }

func (t *Tree) list(all bool) []TreeRow {
	rows := []TreeRow{
		{Heading: true, Key: "unified"},
		{Place: Inboxes, Role: mail.RoleInbox, Count: t.Unread(), Key: Inboxes.String()},
		{Place: Place{Kind: PlaceStarred}, Role: mail.RoleFlagged, Count: t.starred, Key: string(PlaceStarred)},
		{Place: Place{Kind: PlaceSnoozed}, Count: t.snoozed, Key: string(PlaceSnoozed)},
		{Place: Place{Kind: PlaceDrafts}, Role: mail.RoleDrafts, Count: t.drafts, Key: string(PlaceDrafts)},
		{Place: Place{Kind: PlaceOutbox}, Role: mail.RoleOutbox, Count: t.outbox, Key: string(PlaceOutbox)},
	}
	if len(t.Searches) > 0 {
		rows = append(rows, TreeRow{Heading: true, Key: SearchesKey})
		for _, s := range t.Searches {
			rows = append(rows, TreeRow{Place: s.Place(), Name: s.Name, Count: t.found[s.Query], Key: s.Place().String()})
		}
	}
	for _, a := range t.accounts {
		h := TreeRow{Heading: true, Account: a.ID, Name: a.Email, Protocol: a.Protocol, Key: "account:" + a.Name}
		if a.Local() {
			h.Protocol = ""
		}
		rows = append(rows, h)
		rows = append(rows, t.level(t.nest(a.ID), 0, all)...)
	}
	return rows
}

// node is a level of a folder path; folder is nil for a level the server does not list.
type node struct {
	folder   *mail.Folder
	name     string
	path     string
	account  mail.AccountID
	children []*node
}

// nest builds the tree of one account from the paths. The usual "INBOX." prefix of servers that keep every folder under
// the inbox is not shown as a level: their folders would all be hidden behind one row.
func (t *Tree) nest(account mail.AccountID) []*node {
	root := &node{account: account}
	index := map[string]*node{"": root}
	folders := append([]mail.Folder(nil), t.folders[account]...)
	sort.SliceStable(folders, func(i, j int) bool { return folders[i].Path < folders[j].Path })
	for i := range folders {
		f := &folders[i]
		if f.Role == mail.RoleOutbox {
			continue // shown once, in the unified part
		}
		n := reach(index, root, f)
		n.folder = f
	}
	return root.children
}

func reach(index map[string]*node, root *node, f *mail.Folder) *node {
	parts := []string{f.Path}
	if f.Role != mail.RoleInbox {
		parts = f.Levels()
		if len(parts) > 1 && strings.EqualFold(parts[0], "INBOX") {
			parts = parts[1:]
		}
		// Folders with a role stand at the top whatever their path ("[Gmail]/Sent Mail").
		if f.Role != mail.RoleNone {
			parts = parts[len(parts)-1:]
		}
	}
	at, path := root, ""
	for _, name := range parts {
		path += "\x00" + name
		next := index[path]
		if next == nil {
			next = &node{name: name, path: strings.ReplaceAll(path[1:], "\x00", "/"), account: f.Account}
			index[path] = next
			at.children = append(at.children, next)
		}
		at = next
	}
	return at
}

func (t *Tree) level(nodes []*node, depth int, all bool) []TreeRow {
	sort.SliceStable(nodes, func(i, j int) bool { return t.before(nodes[i].asFolder(), nodes[j].asFolder()) })
	var rows []TreeRow
	for _, n := range nodes {
		f := n.asFolder()
		r := TreeRow{
			Account: n.account, Name: n.name, Role: f.Role, Depth: depth,
			Children: len(n.children) > 0, Key: "a" + strconv.FormatInt(int64(n.account), 10) + "/" + n.path,
			Dimmed: n.folder == nil || !f.Selectable || f.Missing,
		}
		if n.folder != nil {
			r.Place = Place{Kind: PlaceFolder, Folder: f.ID}
			r.Count = shownCount(f)
		}
		r.Open = r.Children && !t.closed[r.Key]
		if r.Children && !r.Open {
			r.Count += hiddenUnread(n)
		}
		rows = append(rows, r)
		if r.Open || all {
			rows = append(rows, t.level(n.children, depth+1, all)...)
		}
	}
	return rows
}

// shownCount is the number at the end of a row: unread messages, and for drafts how many there are. Sent and Trash stay
// quiet.
func shownCount(f mail.Folder) int {
	switch f.Role {
	case mail.RoleDrafts:
		return f.Total
	case mail.RoleSent, mail.RoleTrash, mail.RoleAll, mail.RoleFlagged:
		return 0
	}
	return f.Unread
}

func hiddenUnread(n *node) int {
	sum := 0
	for _, c := range n.children {
		if c.folder != nil {
			sum += shownCount(*c.folder)
		}
		sum += hiddenUnread(c)
	}
	return sum
}

func (n *node) asFolder() mail.Folder {
	if n.folder != nil {
		return *n.folder
	}
	return mail.Folder{Path: n.name, Account: n.account}
}

var roleOrder = map[mail.Role]int{
	mail.RoleInbox: 0, mail.RoleDrafts: 1, mail.RoleSent: 2, mail.RoleArchive: 3, mail.RoleAll: 4, mail.RoleFlagged: 5,
	mail.RoleNone: 6, mail.RoleJunk: 7, mail.RoleTrash: 8, mail.RoleOutbox: 9,
}

// before is the order of the pane: by role, then by the alphabet, of Persian too.
func (t *Tree) before(a, b mail.Folder) bool {
	return cmp.Or(cmp.Compare(roleOrder[a.Role], roleOrder[b.Role]), strings.Compare(t.orderOf(a.Path), t.orderOf(b.Path)), strings.Compare(a.Path, b.Path)) < 0
}

// orderOf is the key of a path, made once: the folders are listed for each letter that is searched for.
func (t *Tree) orderOf(path string) string {
	key, known := t.order[path]
	if !known {
		key = fold.Order(path)
		t.order[path] = key
	}
	return key
}
