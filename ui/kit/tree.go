package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/icons"
)

// TreeNode is one row of a Tree: a folder, or the header of a group.
type TreeNode struct {
	ID        string
	Text      string
	Icon      icons.Name
	Count     int  // shown when > 0
	Strong    bool // semi-bold text (unread mail)
	Muted     bool // not selectable on the server, missing
	Header    bool // a small header with no icon; not selectable
	Droppable bool
	Tip       string
	Warn      string // a warning icon with this tip (an account with a problem)
	Expanded  bool
	Children  []*TreeNode
}

// Tree is the folder pane: headers, folders with counts, sub-folders to expand.
type Tree struct {
	widget.BaseWidget
	// OnSelect is called when the user selects another node.
	OnSelect func(id string)
	// OnMenu is called for a secondary tap or the menu key; pos is absolute.
	OnMenu func(id string, pos fyne.Position)
	// OnExpand is called when the user opens or closes a node.
	OnExpand func(id string, open bool)
	// OnDrop is called when something dragged is let go on a node; CanDrop (optional) says beforehand whether it fits.
	OnDrop  func(id string, payload any)
	CanDrop func(id string, payload any) bool
	// OnKey and OnRune see what the tree does not use itself; false hands it on to the canvas.
	OnKey  func(e *fyne.KeyEvent) bool
	OnRune func(r rune) bool

	nodes    []*TreeNode
	selected string
}

// NewTree is an empty tree.
func NewTree() *Tree {
	t := &Tree{}
	t.ExtendBaseWidget(t)
	return t
}

// SetNodes shows these nodes. The selection and what the user expanded are kept by ID.
func (t *Tree) SetNodes(nodes []*TreeNode) { t.nodes = nodes; t.Refresh() }

// Nodes are the nodes last set.
func (t *Tree) Nodes() []*TreeNode { return t.nodes }

// Select selects a node without calling OnSelect, and shows it.
func (t *Tree) Select(id string) { t.selected = id; t.Refresh() }

// Selected is the ID of the selected node.
func (t *Tree) Selected() string { return t.selected }

// Focus gives the tree the keyboard.
func (t *Tree) Focus() {}

// DragOver implements DropTarget.
func (t *Tree) DragOver(pos fyne.Position, payload any) bool { return false }

// DragOut implements DropTarget.
func (t *Tree) DragOut() {}

// DropAt implements DropTarget.
func (t *Tree) DropAt(pos fyne.Position, payload any) bool { return false }

// CreateRenderer implements fyne.Widget.
func (t *Tree) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{fixed(), func(fyne.Size) {}, func() fyne.Size { return fyne.NewSize(60, 60) }, func() {}, nil}
}
