package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"peyk/internal/mail"
)

func treeText(t *Tree) string {
	var b strings.Builder
	for _, r := range t.Rows() {
		if r.Heading {
			fmt.Fprintf(&b, "# %s %s\n", r.Name, r.Protocol)
			continue
		}
		name := r.Name
		if name == "" {
			name = r.Key
		}
		if r.Role != "" {
			name = "<" + string(r.Role) + ">"
		}
		fmt.Fprintf(&b, "%s%s %d", strings.Repeat("  ", r.Depth), name, r.Count)
		if r.Children {
			b.WriteString(map[bool]string{true: " -", false: " +"}[r.Open])
		}
		if r.Dimmed {
			b.WriteString(" dim")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestTree(t *testing.T) {
	f := func(id int, acc mail.AccountID, path string, role mail.Role, unread int) mail.Folder {
		return mail.Folder{ID: mail.FolderID(id), Account: acc, Path: path, Delimiter: "/", Role: role, Unread: unread, Total: 9, Selectable: true}
	}
	tree := NewTree(nil)
	tree.Set(TreeData{
		Accounts: []mail.Account{{ID: 1, Name: "m", Email: "maryam@example.org", Protocol: mail.IMAP}, {ID: 2, Name: "o", Email: "office@shomal.example", Protocol: mail.POP3}},
		Folders: []mail.Folder{
			f(1, 1, "Trash", mail.RoleTrash, 5), f(2, 1, "Projects/Tehran", "", 3), f(3, 1, "Projects", "", 1), f(4, 1, "INBOX", mail.RoleInbox, 14),
			f(5, 1, "INBOX/alpha", "", 0), f(6, 1, "[Gmail]/Sent Mail", mail.RoleSent, 2), f(7, 1, "Junk", mail.RoleJunk, 2),
			f(8, 1, "Lost/Level", "", 1), f(9, 2, "Inbox", mail.RoleInbox, 4), f(10, 2, "Outbox", mail.RoleOutbox, 1), f(11, 1, "Drafts", mail.RoleDrafts, 0),
			{ID: 12, Account: 2, Path: "Imported/Work/2024", Local: true, Unread: 2, Selectable: true}, {ID: 13, Account: 2, Path: "Imported/Work", Local: true, Selectable: true},
			{ID: 14, Account: 2, Path: "Family", Local: true, Selectable: true}, {ID: 15, Account: 1, Path: "R/W", Selectable: true}, // a server without levels
		},
		Drafts: 1, Outbox: 2, Snoozed: map[mail.FolderID]mail.SnoozedCount{4: {Total: 2, Unread: 1}, 9: {Total: 1, Unread: 1}},
	})
	want := `#  
<inbox> 16
<flagged> 0
snoozed 3
<drafts> 1
<outbox> 2
# maryam@example.org imap
<inbox> 13
<drafts> 9
<sent> 0
alpha 0
Lost 0 - dim
  Level 1
Projects 1 -
  Tehran 3
R/W 0
<junk> 2
<trash> 0
# office@shomal.example pop3
<inbox> 3
Family 0
Imported 0 - dim
  Work 0 -
    2024 2
`
	if got := treeText(tree); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	tree.Toggle("a1/Projects")
	if got := treeText(tree); !strings.Contains(got, "Projects 4 +\nR/W") {
		t.Errorf("a closed row hides its children and counts them:\n%s", got)
	}
	if c := tree.Closed(); len(c) != 1 || c[0] != "a1/Projects" {
		t.Errorf("closed rows are %v", c)
	}
}

// Folders stand in the order of the alphabet: پ after ب, and not behind ی; forms of a letter and case make no difference.
func TestFoldersByTheAlphabet(t *testing.T) {
	want := []string{"Álbum", "bills", "Büro", "Çeviri", "Zürich", "بازار", "پروژه", "تهران", "چاپ", "كتاب", "گزارش", "نامه", "یادداشت"}
	tree := NewTree(nil)
	d := TreeData{Accounts: []mail.Account{{ID: 1, Name: "m"}}}
	for i := range want {
		d.Folders = append(d.Folders, mail.Folder{ID: mail.FolderID(i + 1), Account: 1, Path: want[len(want)-1-i], Delimiter: "/", Selectable: true})
	}
	tree.Set(d)
	var pane, listed []string
	for _, r := range tree.Rows() {
		if r.Place.Kind == PlaceFolder {
			pane = append(pane, r.Name)
		}
	}
	for _, f := range tree.Folders(0) {
		listed = append(listed, f.Path)
	}
	if !slices.Equal(pane, want) || !slices.Equal(listed, want) {
		t.Errorf("in the pane %v\nlisted %v", pane, listed)
	}
}

func TestPlaceRoundTrip(t *testing.T) {
	for _, p := range []Place{Inboxes, {Kind: PlaceStarred}, {Kind: PlaceDrafts}, {Kind: PlaceOutbox}, {Kind: PlaceFolder, Folder: 12}, {Kind: PlaceSearch, Search: "from:a b:c"}} {
		if got := ParsePlace(p.String()); got != p {
			t.Errorf("%q came back as %v", p.String(), got)
		}
	}
	for _, s := range []string{"", "x", "folder:", "folder:-1", "search:"} {
		if got := ParsePlace(s); got != Inboxes {
			t.Errorf("%q is %v, want the inboxes", s, got)
		}
	}
}
