package ui

import (
	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// emptyList is what stands in place of an empty list: what belongs here, and the next step.
func (w *MainWindow) emptyList(p model.Place, v listView) fyne.CanvasObject {
	button := func(id string) *kit.Button {
		c := w.byID[id]
		return kit.NewButton(kit.Outline, c.title(), c.icon, func() { w.run(c) })
	}
	switch {
	case p.Kind == model.PlaceSearch:
		if v.filter != model.FilterAll {
			return kit.EmptyState(icons.Search, lang.T("empty.search.title"), lang.T("empty.search.filtered", p.Search), button("all"))
		}
		clear := kit.NewButton(kit.Outline, lang.T("search.clear"), icons.X, w.search.Clear)
		return kit.EmptyState(icons.Search, lang.T("empty.search.title"), lang.T("empty.search", p.Search)+" "+lang.T("empty.search.hint"), clear)
	case p.Kind == model.PlaceDrafts:
		return kit.EmptyState(icons.FilePen, lang.T("empty.drafts.title"), lang.T("empty.drafts"), button("compose"))
	case p.Kind == model.PlaceOutbox:
		return kit.EmptyState(icons.Send, lang.T("empty.outbox.title"), lang.T("empty.outbox"), nil)
	case v.filter != model.FilterAll:
		return kit.EmptyState(icons.ListChecks, lang.T("empty."+string(v.filter)+".title"), lang.T("empty."+string(v.filter)), button("all"))
	case p.Kind == model.PlaceStarred:
		return kit.EmptyState(icons.Star, lang.T("empty.starred.title"), lang.T("empty.starred"), nil)
	case p.Kind == model.PlaceSnoozed:
		return kit.EmptyState(icons.Clock, lang.T("empty.snoozed.title"), lang.T("empty.snoozed"), nil)
	case p.Kind == model.PlaceInboxes && w.hasAccounts() && !w.receives() && w.env.open.AddAccount != nil:
		return kit.EmptyState(icons.Mail, lang.T("empty.imported.title"), lang.T("empty.imported", lang.T("place.local")), button("addaccount"))
	case (p.Kind == model.PlaceInboxes || !w.hasAccounts()) && !w.receives() && w.env.open.AddAccount != nil:
		return kit.EmptyState(icons.Mail, lang.T("empty.noaccount.title"), lang.T("empty.noaccount"), button("addaccount"))
	}
	role := roleOf(p, w.env.tree)
	icon := folderIcon(role)
	if missing, busy := w.unfetched(p); busy {
		return kit.EmptyState(icon, lang.T("empty.fetching.title"), lang.T("empty.fetching"), nil)
	} else if missing {
		return kit.EmptyState(icon, lang.T("empty.unfetched.title"), lang.T("empty.unfetched"), button("getmail"))
	}
	switch role { // what belongs there, where that is not new mail
	case mail.RoleSent, mail.RoleArchive, mail.RoleTrash, mail.RoleJunk:
		return kit.EmptyState(icon, lang.T("empty.folder.title"), lang.T("empty."+string(role)), nil)
	case mail.RoleNone:
		if f, ok := w.env.tree.Folder(p.Folder); ok && f.Local {
			return kit.EmptyState(icon, lang.T("empty.folder.title"), lang.T("empty.other"), nil)
		}
		return kit.EmptyState(icon, lang.T("empty.folder.title"), lang.T("empty.other"), button("getmail"))
	}
	return kit.EmptyState(icon, lang.T("empty.folder.title"), lang.T("empty.folder"), button("getmail"))
}

// unfetched reports whether a place is empty only because its mail has not been fetched yet, and whether that is under way.
func (w *MainWindow) unfetched(p model.Place) (yes, busy bool) {
	if p.Kind != model.PlaceFolder && p.Kind != model.PlaceInboxes {
		return false, false
	}
	for _, f := range w.env.tree.Snapshot() {
		here := p.Kind == model.PlaceFolder && f.ID == p.Folder || p.Kind == model.PlaceInboxes && f.Role == mail.RoleInbox
		if !here || f.Local || f.UIDNext != 0 || !f.Selectable {
			continue
		}
		yes = true
		busy = busy || working(w.status.states[f.Account])
	}
	return yes, yes && busy
}
