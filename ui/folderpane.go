package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// folderPane is the leading side of the window: the unified lists, then every account with its folders.
type folderPane struct {
	env     *env
	tree    *kit.Tree
	rows    map[string]model.TreeRow
	warn    map[mail.AccountID]string
	heard   map[mail.FolderID]mail.Listening // the folders that the user marked
	reading bool
	again   bool
	act     folderActions
	content fyne.CanvasObject

	// OnPlace is called when the user chooses a place.
	OnPlace func(p model.Place)
	// OnRead is called after the tree was read from the store.
	OnRead func()
	// OnDrop is called when messages are let go on a folder.
	OnDrop func(ids []mail.MessageID, f mail.Folder)
	// OnMenu asks for the menu of a row.
	OnMenu func(r model.TreeRow, pos fyne.Position)
	// OnClosed is called when what is folded changed.
	OnClosed func()
}

func newFolderPane(e *env) *folderPane {
	p := &folderPane{env: e, act: folderActions{e}, tree: kit.NewTree(), rows: map[string]model.TreeRow{}, warn: map[mail.AccountID]string{}}
	p.tree.OnSelect = func(id string) {
		if r, ok := p.rows[id]; ok && !r.Heading && r.Place.Kind != "" {
			p.OnPlace(r.Place)
		}
	}
	p.tree.OnRune = func(rune) bool { return false } // letters are commands here
	p.tree.OnExpand = func(id string, _ bool) {
		e.tree.Toggle(id)
		p.Show() // a closed row counts what is under it
		p.OnClosed()
	}
	p.tree.OnMenu = func(id string, pos fyne.Position) {
		if r, ok := p.rows[id]; ok {
			p.OnMenu(r, pos)
		}
	}
	p.tree.DragPayload, p.tree.CanDrop, p.tree.OnDrop = p.drag, p.canDrop, p.drop
	p.content = kit.NewSurface(theme.Side, kit.Pad(0, 0, 6, 0, p.tree))
	return p
}

// draggedFolder is a folder that the pointer carries.
type draggedFolder struct{ mail.Folder }

// drag takes up a folder that can lie elsewhere.
func (p *folderPane) drag(id string) (any, string) {
	f, ok := p.env.tree.Folder(p.rows[id].Place.Folder)
	if !ok || p.rows[id].Place.Kind != model.PlaceFolder || !p.act.movable(f, func(mail.Folder) bool { return true }) {
		return nil, ""
	}
	return draggedFolder{f}, folderTitle(f)
}

// canDrop reports whether a row takes what is dragged: a folder messages, another folder of its account, the heading of an account
// a folder of it that is to lie on the top level.
func (p *folderPane) canDrop(id string, payload any) bool {
	row := p.rows[id]
	f, there := p.env.tree.Folder(row.Place.Folder)
	switch d := payload.(type) {
	case dragged:
		return there && f.Selectable && !f.Missing
	case draggedFolder:
		into := func(to mail.Folder) bool { return there && to.ID == f.ID || row.Heading && to.ID == 0 }
		return (there || row.Account == d.Account) && p.act.movable(d.Folder, into)
	}
	return false
}

func (p *folderPane) drop(id string, payload any) {
	if !p.canDrop(id, payload) {
		return
	}
	f, _ := p.env.tree.Folder(p.rows[id].Place.Folder)
	switch d := payload.(type) {
	case dragged:
		p.OnDrop(d.ids, f)
	case draggedFolder:
		p.act.moveInto(d.Folder, f)
	}
}

// Read reads accounts, folders and counts again. Calls that come while one runs are joined.
func (p *folderPane) Read() {
	if p.reading {
		p.again = true
		return
	}
	p.reading = true
	p.env.loop.Go(func(ctx context.Context) func() {
		d, err := p.data(ctx)
		var heard map[mail.FolderID]mail.Listening
		if err == nil {
			heard, err = p.env.engine.Listening(ctx)
		}
		return func() {
			p.reading = false
			if err != nil {
				p.env.fail(lang.T("fail.folders"), err)
			} else {
				p.env.tree.Set(d)
				p.heard = heard
				p.Show()
				p.OnRead()
			}
			if p.again {
				p.again = false
				p.Read()
			}
		}
	})
}

func (p *folderPane) data(ctx context.Context) (d model.TreeData, err error) {
	if d.Accounts, err = p.env.store.Accounts(ctx); err != nil {
		return d, err
	}
	if d.Folders, err = p.env.store.Folders(ctx, 0); err != nil {
		return d, err
	}
	if d.Snoozed, err = p.env.store.Snoozed(ctx); err != nil {
		return d, err
	}
	drafts, err := model.DraftRows(ctx, p.env.store)
	if err != nil {
		return d, err
	}
	out, err := p.env.store.OutboxItems(ctx)
	d.Drafts, d.Outbox = len(drafts), len(out)
	return d, err
}

// Warn marks an account that has a problem; "" takes the mark away.
func (p *folderPane) Warn(id mail.AccountID, words string) {
	if p.warn[id] != words {
		p.warn[id] = words
		p.Show()
	}
}

// Select marks the row of a place.
func (p *folderPane) Select(place model.Place) {
	id := ""
	for k, r := range p.rows {
		if !r.Heading && r.Place == place {
			id = k
		}
	}
	p.tree.Select(id)
}

// Show brings the tree to what the model says.
func (p *folderPane) Show() {
	p.rows = map[string]model.TreeRow{}
	var roots []*kit.TreeNode
	var path []*kit.TreeNode // the last node of each depth
	for _, r := range p.env.tree.AllRows() {
		p.rows[r.Key] = r
		n := p.node(r)
		if r.Heading || r.Depth == 0 {
			roots = append(roots, n)
			path = []*kit.TreeNode{n}
			continue
		}
		parent := path[min(r.Depth, len(path))-1]
		parent.Children = append(parent.Children, n)
		path = append(path[:min(r.Depth, len(path))], n)
	}
	p.tree.SetNodes(roots)
}

// accountWords name an account: by its address, or as the place that it is.
func accountWords(a mail.Account) string {
	if a.Local() {
		return lang.T("place.local")
	}
	return model.VisibleName(a.Email)
}

// settingsWords names the settings of an account.
func settingsWords(a mail.Account) string { return lang.T("setup.settings.of", accountWords(a)) }

// accountHeading names an account and how it receives, on one line in the direction of the name.
func accountHeading(r model.TreeRow) string {
	if r.Protocol == "" {
		return lang.T("place.local")
	}
	return model.Visible(r.Name) + " · " + strings.ToUpper(string(r.Protocol))
}

// Fit shows the pane, or hides it where the window has no room for it.
func (p *folderPane) Fit(room bool) {
	switch {
	case room == p.content.Visible():
	case room:
		p.content.Show()
	default:
		p.content.Hide()
	}
}

func (p *folderPane) node(r model.TreeRow) *kit.TreeNode {
	if r.Heading {
		n := &kit.TreeNode{ID: r.Key, Header: true, Text: lang.T("place.unified")}
		if r.Key == model.SearchesKey {
			n.Text = lang.T("place.searches")
		} else if r.Account != 0 {
			n.Text, n.Droppable = accountHeading(r), true
			n.Warn = p.warn[r.Account]
		}
		return n
	}
	n := &kit.TreeNode{
		ID: r.Key, Text: model.Visible(r.Name), Icon: folderIcon(r.Role), Count: r.Count, Muted: r.Dimmed, Expanded: r.Open,
		Droppable: r.Place.Kind == model.PlaceFolder && !r.Dimmed,
	}
	if r.Place.Kind == model.PlaceSnoozed {
		n.Icon = icons.Clock
	}
	if r.Place.Kind == model.PlaceSearch {
		n.Icon, n.Tip = icons.Search, model.Visible(r.Place.Search)
	} else if r.Place.Kind != model.PlaceFolder && r.Place.Kind != "" {
		n.Text = placeTitle(r.Place, p.env.tree)
	} else if f, ok := p.env.tree.Folder(r.Place.Folder); ok {
		n.Text = folderTitle(f)
	} else if own := ownFolder(r.Name); own != "" && r.Depth == 0 {
		n.Text = own // only a level above folders
	}
	if l, ok := p.heard[r.Place.Folder]; ok && r.Place.Kind == model.PlaceFolder {
		n.Sign, n.Tip = pick[icons.Name](l.Now, icons.Bell, icons.Clock), listenWords(l)
	}
	return n
}

func folderIcon(r mail.Role) icons.Name {
	switch r {
	case mail.RoleInbox:
		return icons.Inbox
	case mail.RoleSent, mail.RoleOutbox:
		return icons.Send
	case mail.RoleDrafts:
		return icons.FilePen
	case mail.RoleTrash:
		return icons.Trash2
	case mail.RoleJunk:
		return icons.ShieldAlert
	case mail.RoleArchive, mail.RoleAll:
		return icons.Archive
	case mail.RoleFlagged:
		return icons.Star
	}
	return icons.Folder
}
