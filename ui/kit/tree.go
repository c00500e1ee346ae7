package kit

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// TreeNode is one row of a Tree: a folder, or the header of a group.
type TreeNode struct {
	ID        string
	Text      string
	Icon      icons.Name
	Count     int        // shown when > 0
	Strong    bool       // semi-bold text (unread mail)
	Muted     bool       // not selectable on the server, missing
	Header    bool       // a small header with no icon; not selectable
	Droppable bool       //
	Tip       string     //
	Sign      icons.Name // a small icon before the count; "" for none
	Warn      string     // a warning icon with this tip (an account with a problem)
	Expanded  bool       // at first; later what the user did counts
	Children  []*TreeNode
}

// Tree is the folder pane: headers, folders with counts, sub-folders to expand.
type Tree struct {
	base
	// OnSelect is called when the user selects another node.
	OnSelect func(id string)
	// OnOpen is called for Enter.
	OnOpen func(id string)
	// OnMenu is called for a secondary tap or the menu key; pos is absolute.
	OnMenu func(id string, pos fyne.Position)
	// OnExpand is called when the user opens or closes a node.
	OnExpand func(id string, open bool)
	// OnDrop is called when something dragged is let go on a node; CanDrop (optional) says beforehand whether it fits.
	OnDrop  func(id string, payload any)
	CanDrop func(id string, payload any) bool
	// DragPayload makes nodes draggable onto others: it returns what is dragged and the words shown at the pointer; nil for nothing.
	DragPayload func(id string) (payload any, label string)
	// OnKey and OnRune see what the tree does not use itself; false hands it on to the canvas.
	OnKey  func(e *fyne.KeyEvent) bool
	OnRune func(r rune) bool

	nodes    []*TreeNode
	flat     []flatNode
	open     map[string]bool // what the user opened or closed
	selected string
	list     *List
	revealed string            // the node that Select has scrolled to
	tipped   fyne.CanvasObject // the row whose tip waits or is shown
	dwell    struct {          // the closed node that something is held over
		id    string
		timer *time.Timer
	}
}

// flatNode is a node in view with its depth.
type flatNode struct {
	*TreeNode
	depth int
	open  bool
}

const (
	treeHeader = 35
	treeInset  = 8
	treeIndent = 16
)

// NewTree is an empty tree.
func NewTree() *Tree {
	t := &Tree{open: map[string]bool{}}
	t.list = NewList(ListOptions{
		New:       func() fyne.CanvasObject { return newTreeRow() },
		Bind:      func(i int, o fyne.CanvasObject, s RowState) { o.(*treeRow).show(t.flat[i], s) },
		RowHeight: theme.FolderRowHeight, Inset: treeInset, Radius: theme.Radius,
		Skip: func(i int) bool { return i < len(t.flat) && t.flat[i].Header },
	})
	t.list.OnSelect = t.chosen
	t.list.OnOpen = func(i int) {
		if len(t.flat[i].Children) > 0 && t.OnOpen == nil {
			t.expand(i, !t.flat[i].open)
		} else if t.OnOpen != nil {
			t.OnOpen(t.flat[i].ID)
		}
	}
	t.list.OnMenu = func(i int, pos fyne.Position) {
		if t.OnMenu != nil {
			t.OnMenu(t.flat[i].ID, pos)
		}
	}
	t.list.OnTap = func(i int, x float32) {
		if n := t.flat[i]; len(n.Children) > 0 && x < 14+float32(n.depth)*treeIndent {
			t.expand(i, !n.open)
		}
	}
	t.list.OnHover = t.hovered
	t.list.OnKey, t.list.OnRune = t.key, t.letter
	t.list.MenuOfSkipped = true
	t.list.DropTargets = []DropTarget{t}
	t.list.DragPayload = func() (any, string) {
		if i := t.list.cursor; t.DragPayload != nil && i >= 0 && i < len(t.flat) {
			return t.DragPayload(t.flat[i].ID)
		}
		return nil, ""
	}
	t.ExtendBaseWidget(t)
	return t
}

// SetNodes shows these nodes. The selection and what the user expanded are kept by ID.
func (t *Tree) SetNodes(nodes []*TreeNode) {
	t.nodes = nodes
	t.flatten()
}

// Nodes are the nodes last set.
func (t *Tree) Nodes() []*TreeNode { return t.nodes }

// flatten lists the nodes in view and shows them.
func (t *Tree) flatten() {
	t.flat = t.flat[:0]
	var headers []int
	var walk func(ns []*TreeNode, depth int)
	walk = func(ns []*TreeNode, depth int) {
		for _, n := range ns {
			open, told := t.open[n.ID]
			if !told {
				open = n.Expanded
			}
			if n.Header {
				headers = append(headers, len(t.flat))
			}
			t.flat = append(t.flat, flatNode{n, depth, open})
			switch {
			case n.Header:
				walk(n.Children, depth)
			case open:
				walk(n.Children, depth+1)
			}
		}
	}
	walk(t.nodes, 0)
	t.list.headers, t.list.headerHeight = headers, treeHeader
	t.list.count = len(t.flat)
	t.sync()
	t.list.Refresh()
}

// sync puts cursor and selection of the list on the selected node.
func (t *Tree) sync() {
	i := t.index(t.selected)
	if i < 0 {
		t.list.sel, t.list.cursor = nil, -1
		return
	}
	t.list.sel, t.list.cursor, t.list.anchor = ranges{{i, i + 1}}, i, i
}

func (t *Tree) index(id string) int {
	return slices.IndexFunc(t.flat, func(n flatNode) bool { return n.ID == id && !n.Header })
}

// Select selects a node without calling OnSelect, and shows it. One that is selected already stays where the user scrolled it to.
func (t *Tree) Select(id string) {
	t.selected = id
	if t.index(id) < 0 {
		t.openTo(t.nodes, id)
		t.flatten()
	}
	t.sync()
	if t.revealed != id && t.list.cursor >= 0 && t.list.Size().Height > 0 {
		t.revealed = id
		t.list.ScrollTo(t.list.cursor)
	}
	t.list.restate()
}

// openTo opens the parents of a node and reports whether it is among ns.
func (t *Tree) openTo(ns []*TreeNode, id string) bool {
	for _, n := range ns {
		if n.ID == id && !n.Header {
			return true
		}
		if t.openTo(n.Children, id) {
			t.open[n.ID] = true
			return true
		}
	}
	return false
}

// Selected is the ID of the selected node.
func (t *Tree) Selected() string { return t.selected }

// Focus gives the tree the keyboard.
func (t *Tree) Focus() { t.list.Focus() }

// Focused reports whether the tree has the keyboard.
func (t *Tree) Focused() bool { return t.list.focused }

func (t *Tree) chosen() {
	i := t.list.cursor
	if i < 0 || i >= len(t.flat) || t.flat[i].ID == t.selected {
		return
	}
	t.selected = t.flat[i].ID
	t.revealed = t.selected // it was seen
	if t.OnSelect != nil {
		t.OnSelect(t.selected)
	}
}

// expand opens or closes a node in view.
func (t *Tree) expand(i int, open bool) {
	n := t.flat[i]
	if len(n.Children) == 0 || n.open == open {
		return
	}
	t.open[n.ID] = open
	t.flatten()
	if t.OnExpand != nil {
		t.OnExpand(n.ID, open)
	}
}

// key handles the arrows that open and close, and what the owner wants.
func (t *Tree) key(e *fyne.KeyEvent) bool {
	into, out := fyne.KeyRight, fyne.KeyLeft
	if lang.RTL() {
		into, out = out, into
	}
	if i := t.list.cursor; i >= 0 && i < len(t.flat) {
		n := t.flat[i]
		switch {
		case e.Name == into && len(n.Children) > 0 && !n.open:
			t.expand(i, true)
			return true
		case e.Name == out && n.open && len(n.Children) > 0:
			t.expand(i, false)
			return true
		case e.Name == out && n.depth > 0:
			for j := i - 1; j >= 0; j-- {
				if t.flat[j].depth < n.depth {
					t.list.choose(j, false, false)
					return true
				}
			}
		}
	}
	return t.OnKey != nil && t.OnKey(e)
}

// letter goes to the next node that begins with it, unless the owner uses the letter.
func (t *Tree) letter(r rune) bool {
	if t.OnRune != nil {
		return t.OnRune(r)
	}
	for k := 1; k <= len(t.flat); k++ {
		i := (max(t.list.cursor, 0) + k) % len(t.flat)
		if t.list.usable(i) && strings.HasPrefix(initial(t.flat[i].Text), initial(string(r))) {
			t.list.choose(i, false, false)
			return true
		}
	}
	return false
}

func (t *Tree) hovered(i int) {
	if t.tipped != nil {
		hideTip(t.tipped)
		t.tipped = nil
	}
	if i < 0 || i >= len(t.flat) {
		return
	}
	tip := t.flat[i].Tip
	if w := t.flat[i].Warn; w != "" {
		tip = w
	}
	if tip != "" {
		if r := t.list.rows[i]; r != nil {
			t.tipped = r.widget
			showTipLater(r.widget, tip)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (t *Tree) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.list) }
