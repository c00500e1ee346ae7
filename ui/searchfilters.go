package ui

import (
	"fmt"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// searchFilters are the buttons above the results that narrow a search: they write the operators into the query that others type, and show
// those that are there.
type searchFilters struct {
	env     *env
	query   string
	when    *kit.Chip
	where   *kit.Chip
	account *kit.Chip
	files   *kit.Chip
	threads *kit.Chip
	save    *kit.Chip
	content *fyne.Container

	// changed is called when they show or hide.
	changed func()
	// OnQuery is called with the query that a button made.
	OnQuery func(query string)
	// OnThreads lists what was found by conversation, or no longer.
	OnThreads func()
	// OnSave asks for a name to keep the query under.
	OnSave func()
}

// spans are the times that are offered, as values of after:.
var spans = []string{"7d", "1m", "12m"}

func newSearchFilters(e *env) *searchFilters {
	s := &searchFilters{env: e, OnQuery: func(string) {}, OnThreads: func() {}, OnSave: func() {}}
	s.when = kit.NewToggleChip("", s.chooseWhen)
	s.where = kit.NewToggleChip("", s.chooseWhere)
	s.account = kit.NewToggleChip("", s.chooseAccount)
	s.files = kit.NewToggleChip(lang.T("search.files"), func() {
		s.set("has", pick(s.has("has") == "", "attachment", ""))
	})
	s.threads = kit.NewToggleChip(lang.T("search.threads"), func() { s.OnThreads() }).Tip(lang.T("search.threads.tip"))
	s.save = kit.NewToggleChip("", func() { s.OnSave() })
	s.save.Set(true) // it does something, the others say what is asked for
	row := kit.Flow(6, 6, s.when, s.account, s.where, s.threads, s.files, s.save)
	s.content = kit.VBox(0, kit.Pad(8, rowPad, 8, rowPad, row), kit.HLine())
	s.content.Hide()
	return s
}

// Show shows what a place is searched by; other places have no such buttons.
func (s *searchFilters) Show(p model.Place) {
	s.query = p.Search
	if on := p.Kind == model.PlaceSearch; on != s.content.Visible() {
		s.content.Hidden = !on
		s.content.Refresh()
		s.changed()
	}
	when, where, account := s.whenWords(), s.has("in"), s.has("account")
	s.when.SetText(pick(when == "", lang.T("search.when"), when))
	s.where.SetText(pick(where == "", lang.T("search.where"), s.folderNamed(where)))
	s.account.SetText(pick(account == "", lang.T("search.accounts"), s.accountNamed(account)))
	s.when.Set(when != "")
	s.where.Set(where != "")
	s.account.Set(account != "")
	s.files.Set(s.has("has") != "")
	s.threads.Set(s.env.prefs.Threads)
	saved := s.env.tree.Searches.Of(s.query) >= 0
	s.save.SetText(lang.T(pick(saved, "searches.kept", "searches.save")))
	if one := len(s.env.tree.Accounts()) < 2; one != s.account.Hidden {
		s.account.Hidden = one
		s.content.Refresh()
	}
}

// whenWords say from which time messages are wanted; "" for any.
func (s *searchFilters) whenWords() string {
	after, on := s.has("after"), s.has("on")
	for _, v := range spans {
		if v == after {
			return lang.T("search.when." + v)
		}
	}
	for _, m := range s.months() {
		if m.value == on {
			return m.title
		}
	}
	if after != "" {
		return lang.T("search.op.after") + " " + after
	}
	return model.Visible(on)
}

// month is one of the calendar, as a value of on:.
type month struct{ title, value string }

// offeredMonths is how many months are offered, this one included.
const offeredMonths = 4

// months are the last ones of the calendar of the window.
func (s *searchFilters) months() (out []month) {
	y, m, _ := lang.Civil(s.env.now())
	for range offeredMonths {
		out = append(out, month{lang.MonthYear(y, m), fmt.Sprintf("%d-%02d", y, m)})
		if m--; m == 0 {
			y, m = y-1, 12
		}
	}
	return out
}

func (s *searchFilters) has(operator string) string { return store.OperatorOf(s.query, operator) }

func (s *searchFilters) set(operator, value string) {
	s.OnQuery(store.WithOperator(s.query, operator, value))
}

// folderNamed is how a folder is called in the window that a query names by its path.
func (s *searchFilters) folderNamed(path string) string {
	for _, f := range s.env.tree.Folders(0) {
		if f.Path == path || f.Role != mail.RoleNone && string(f.Role) == path {
			return folderTitle(f)
		}
	}
	return model.Visible(path)
}

// accountNamed is how an account is called in the window that a query names by its address.
func (s *searchFilters) accountNamed(address string) string {
	for _, a := range s.env.tree.Accounts() {
		if a.Email == address {
			return accountWords(a)
		}
	}
	return model.Visible(address)
}

// choice is an item of a menu that gives an operator a value.
func (s *searchFilters) choice(title, operator, value string) *kit.MenuItem {
	it := kit.Item(title, "", func() { s.set(operator, value) })
	it.Checked = s.has(operator) == value
	return it
}

func (s *searchFilters) chooseWhen() { kit.ShowMenuBelow(s.when, s.whenItems()...) }

// whenItems are the times that are offered: the last days, and months of the calendar.
func (s *searchFilters) whenItems() []*kit.MenuItem {
	shown := s.whenWords()
	item := func(title, operator, value string) *kit.MenuItem {
		it := kit.Item(title, "", func() {
			q := store.WithOperator(store.WithOperator(s.query, "after", ""), "on", "") // one of them is enough
			s.OnQuery(store.WithOperator(q, operator, value))
		})
		it.Checked = title == shown || value == "" && shown == ""
		return it
	}
	items := []*kit.MenuItem{item(lang.T("search.when"), "after", "")}
	for _, v := range spans {
		items = append(items, item(lang.T("search.when."+v), "after", v))
	}
	items = append(items, kit.MenuLine())
	for _, m := range s.months() {
		items = append(items, item(m.title, "on", m.value))
	}
	return items
}

func (s *searchFilters) chooseWhere() {
	if s.has("in") != "" {
		s.set("in", "")
		return
	}
	pickFolder(s.env, lang.T("search.where.title"), nil, 0, 0, s.in)
}

// in narrows the search to a folder. Another account may have one of that name, so the query says which account is meant.
func (s *searchFilters) in(f mail.Folder) {
	q := s.query
	if a, ok := s.env.tree.Account(f.Account); ok && len(s.env.tree.Accounts()) > 1 {
		q = store.WithOperator(q, "account", a.Email)
	}
	s.OnQuery(store.WithOperator(q, "in", f.Path))
}

func (s *searchFilters) chooseAccount() {
	items := []*kit.MenuItem{s.choice(lang.T("search.accounts"), "account", "")}
	for _, a := range s.env.tree.Accounts() {
		items = append(items, s.choice(accountWords(a), "account", a.Email))
	}
	kit.ShowMenuBelow(s.account, items...)
}
