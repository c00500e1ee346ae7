package ui

import (
	"image"
	"image/draw"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// marked are the words that a row marks, of sender, subject and text.
func marked(m *messageRow) string {
	var out []string
	for _, l := range []struct {
		text  string
		place store.Place
	}{{m.who.Text(), store.InSender}, {m.subject.Text(), store.InSubject}, {m.text.Text(), store.InText}} {
		var words []string
		for _, s := range foundSpans(l.text, m.shown.found, l.place) {
			words = append(words, l.text[s.Start:s.End])
		}
		out = append(out, strings.Join(words, ","))
	}
	return strings.Join(out, "|")
}

// A row of a search shows where its words stand, also deep in the text, in the name of a file or among the recipients, and the folder; the
// open message has them marked.
func TestSearchShowsWhereTheWordsStand(t *testing.T) {
	const deep = "A long letter"
	b := newBench(t, func(b *bench) {
		b.put(b.folder(b.imap, "Projects"), 7, sampleMail{from: "Reza Ahmadi <reza@example.org>", subject: deep, at: today,
			text: strings.Repeat("nothing of interest here. ", 60) + "At last the pomegranate, and كتاب‌هاي too."})
	})
	row := newMessageRow(func(string, mail.Row) {})
	search := func(words string) func() {
		b.w.search.Show(words)
		b.w.search.now(words)
		return func() {
			r, _ := b.w.list.pager.Row(0)
			row.bind(rowShown{row: r, there: true, found: b.w.list.found.words, text: b.w.list.found.Of(r), place: b.w.list.placeOf(r)})
		}
	}
	for _, c := range []struct{ words, marks, text, place string }{
		{"pomegranate", "||pomegranate", "here. At last the pomegranate, and", "Projects"},
		{"کتاب", "||كتاب\u200cهاي", "كتاب", "Projects"},
		{"from:reza letter", "Reza|letter|", "nothing of interest", "Projects"},
		{"notes.txt", "||notes,txt", "Attachment: notes.txt", "Inbox"},
		{"to:anna", "||", "To: Anna Keller", "Inbox"},
		{"بودجة", "||بودجه", "بودجه", "Inbox"},
	} {
		show := search(c.words)
		b.until("where "+c.words+" stands", func() bool {
			if b.w.list.place.Search != c.words || b.w.list.pager.Total() == 0 {
				return false
			}
			show()
			return strings.Contains(row.text.Text(), c.text)
		})
		if have := marked(row); have != c.marks && c.words != "to:anna" {
			t.Errorf("%s: marked %q, want %q", c.words, have, c.marks)
		}
		if row.place.name.Text() != c.place || row.place.Hidden {
			t.Errorf("%s: in %q, want %q", c.words, row.place.name.Text(), c.place)
		}
	}
	search("pomegranate")
	b.until("the result", func() bool { return b.w.list.place.Search == "pomegranate" && b.w.list.pager.Total() == 1 })
	b.selectSubject(deep)
	body := b.w.reader.Current().body
	b.until("the marks in the text", func() bool { return len(body.html.marks) == 1 })
	at := body.html.marks[0]
	if s := string(body.html.view.Runes()[at[0]:at[1]]); s != "pomegranate" {
		t.Errorf("marked %q in the text", s)
	}
	// The search in the text has its own marks, and gives these back.
	b.w.reader.find.Open("nothing")
	b.until("marks of the other", func() bool { return len(body.html.marks) == 60 })
	b.w.reader.find.Close()
	if len(body.html.marks) != 1 {
		t.Errorf("%d marks when the search in the text is over", len(body.html.marks))
	}
	b.w.searchEnd()
	b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.imap, "Projects")})
	b.until("the folder", func() bool { return b.w.list.place.Kind == model.PlaceFolder && b.w.list.pager.Total() == 2 })
	b.selectSubject(deep)
	if n := len(b.w.reader.Current().body.html.marks); n != 0 {
		t.Errorf("%d marks in a message that no search found", n)
	}
}

func TestInRunes(t *testing.T) {
	text := "یک نامه، two words; نامه"
	for i, at := range inRunes(text, "نامه two") {
		if s := string([]rune(text)[at[0]:at[1]]); s != []string{"نامه", "two", "نامه"}[i] {
			t.Errorf("%d is %q", i, s)
		}
	}
	if n := len(inRunes(text, "نامه two")); n != 3 {
		t.Errorf("%d places", n)
	}
}

// What in a query may be wrong is told above the results, with a way out; not about the word that is being typed. Nothing found offers the next step.
func TestSearchTellsWhatMayBeWrong(t *testing.T) {
	b := newBench(t)
	search := func(words string) {
		b.w.search.Show(words)
		b.w.search.now(words)
		b.until("the results of "+words, func() bool { return b.w.list.place.Search == words && b.w.list.pager.Loaded() })
		b.drain()
	}
	notes := func() string {
		var out []string
		for _, n := range b.w.list.notes.shown {
			out = append(out, noteWords(n))
		}
		return strings.Join(out, " | ")
	}
	search("meeting")
	if s := notes(); s != "" {
		t.Errorf("a good query: %q", s)
	}
	search("meeting in:nowhe")
	if s := notes(); s != "There is no folder “nowhe”." { // nothing is found, so the word is as good as finished
		t.Errorf("no such folder: %q", s)
	}
	search("before:soon the")
	if s := notes(); s != "“before:soon” makes no sense here: it is searched as words." {
		t.Errorf("no date: %q", s)
	}
	search("meeting")
	if s := notes(); s != "" {
		t.Errorf("after a good query: %q", s)
	}
	search("form:reza meeting")
	if s := notes(); s != "“form:” is no operator. Did you mean “from:”?" {
		t.Errorf("a slip: %q", s)
	}
	b.w.list.notes.actions(b.w.list.notes.shown[0])[0].Do()
	b.until("the corrected search", func() bool {
		return b.w.list.place.Search == "from:reza meeting" && b.w.search.entry.Text() == "from:reza meeting" && b.w.list.pager.Total() == 1
	})
	// An operator without a value, while it is typed, changes nothing.
	b.w.search.entry.SetText("from:")
	b.w.search.typed("from:")
	time.Sleep(2 * searchDelay)
	b.drain()
	if b.w.list.place.Search != "from:reza meeting" {
		t.Errorf("searched for %q", b.w.list.place.Search)
	}
	b.w.search.entry.OnSubmit("from:")
	b.until("everything, and why", func() bool { return notes() == "There is no word in this to search for: everything is listed." })
	// With a filter, nothing found offers to take the filter away.
	search("itinerary")
	b.w.list.View(listView{filter: model.FilterUnread})
	b.until("nothing unread", func() bool { return b.w.list.empty.Visible() })
	b.w.run(b.w.byID["all"])
	b.until("all of them", func() bool { return b.w.list.pager.Total() == 1 && !b.w.list.empty.Visible() })
	if r, _ := b.w.list.pager.Row(0); r.Subject != delta || b.w.list.place.Search != "itinerary" {
		t.Errorf("the search is lost with the filter: %q of %q", r.Subject, b.w.list.place.Search)
	}
}

func TestOperatorsAreSuggestedInTheUsersWords(t *testing.T) {
	b := newBench(t)
	has := func(typed, op string) bool {
		for _, s := range b.w.search.suggest(typed) {
			if s.Text == op {
				return true
			}
		}
		return false
	}
	if !has("meeting fro", "from:") || !has("send", "from:") || has("from:", "from:") {
		t.Error("operators in English")
	}
	lang.Set("fa")
	if !has("فرست", "from:") || !has("جلسه پیوس", "has:attachment") {
		t.Error("operators in Persian")
	}
	// Commands and folders are found as words are: Arabic letters, a half-space or none.
	for typed, want := range map[string]string{"ارسال شده": "ارسال‌شده", "ارسالشد": "ارسال‌شده", "زباله دان": "زباله‌دان", "بايگاني": "بایگانی", ">تنظيمات": lang.T("cmd.settings")} {
		if !has(typed, want) {
			t.Errorf("%q does not offer %q: %+v", typed, want, b.w.search.suggest(typed))
		}
	}
}

// Commands and operators are found by what they are called in any language: in a Persian window by "import", too.
func TestCommandsAreFoundInEveryLanguage(t *testing.T) {
	b := newBench(t)
	has := func(typed, want string) bool {
		for _, s := range b.w.search.suggest(typed) {
			if s.Text == want {
				return true
			}
		}
		return false
	}
	for _, code := range []string{"fa", "en"} {
		lang.Set(code)
		for _, typed := range []string{"settings", ">تنظیمات", "einstell", "الإعدادات"} {
			if !has(typed, lang.T("cmd.settings")) {
				t.Errorf("%s: %q does not offer the settings: %+v", code, typed, b.w.search.suggest(typed))
			}
		}
		for typed, op := range map[string]string{"sender": "from:", "فرستنده": "from:", "anhang": "has:attachment"} {
			if !has(typed, op) {
				t.Errorf("%s: %q does not offer %s", code, typed, op)
			}
		}
	}
	// Two letters are not taken for the beginning of a word that nobody thought of.
	for _, s := range b.w.search.suggest(">ei") {
		if c, ok := s.Value.(*command); ok && !model.Begins(c.title(), "ei") {
			t.Errorf("ei offers %s", s.Text)
		}
	}
}

// While a search is shown its keys, what it took and how much of the mail it knows are said, and no longer.
func TestTheFootOfASearch(t *testing.T) {
	b := newBench(t)
	before := b.w.status.last.Text()
	b.w.search.Show("meeting")
	b.w.search.now("meeting")
	b.until("the results", func() bool { return b.w.list.place.Search == "meeting" && b.w.list.pager.Loaded() })
	b.drain()
	total := 0
	for _, f := range b.w.env.tree.Folders(0) {
		total += f.Total
	}
	want := lang.Dots(lang.Took(b.w.list.pager.Took()), lang.N("search.indexed", total, lang.Percent((total-b.w.list.partly)*100/total)))
	if got := b.w.status.last.Text(); got != want || total == 0 || b.w.list.pager.Took() == 0 {
		t.Errorf("at the end %q, want %q", got, want)
	}
	if got := b.w.status.words.Text(); got != "↑↓ move · Enter open · Ctrl+A select all · E archive · Esc close" || !b.w.status.boxes.words.Visible() {
		t.Errorf("at the start %q", got)
	}
	b.w.status.Fail("a failure")
	if b.w.status.boxes.words.Visible() {
		t.Error("the keys hide a failure")
	}
	b.w.status.Fail("")
	b.w.search.Clear()
	b.until("the end of the search", func() bool { return b.w.list.place.Kind != model.PlaceSearch })
	if b.w.status.boxes.words.Visible() || b.w.status.last.Text() != before {
		t.Errorf("after the search: %q, %q", b.w.status.words.Text(), b.w.status.last.Text())
	}
	folders := []mail.Folder{{Total: 600}, {Total: 400}}
	for partly, want := range map[int]string{0: "100 % of 1,000 messages indexed", 1: "99 % of 1,000 messages indexed", 1000: "0 % of 1,000 messages indexed", 2000: "0 % of 1,000 messages indexed"} {
		if got := searchedWords(folders, partly); got != want {
			t.Errorf("%d by header only: %q", partly, got)
		}
	}
}

// What the status bar says about the row under the pointer goes with the row.
func TestTheDateUnderThePointerGoesWithItsList(t *testing.T) {
	b := newBench(t)
	lang.Set("fa")
	b.drain()
	row, _ := b.w.list.pager.Row(0)
	b.w.list.hintDate(row, true)
	if b.w.status.hint == "" {
		t.Fatal("no date of the other calendar")
	}
	b.w.search.now("nothing-has-this-word")
	if b.w.status.hint != "" {
		t.Errorf("%q stays without its row", b.w.status.hint)
	}
}

// Operators that are understood stand out in the field, others do not.
func TestOperatorsStandOut(t *testing.T) {
	b := newBench(t)
	for query, want := range map[string]int{"from:anna has:attachment budget": 2, "is:foo x": 0, strings.Repeat("from:a ", 400): 0} {
		if got := operatorPills(query); len(got) != want {
			t.Errorf("%.30s: %v", query, got)
		}
	}
	shot := func(words string) *image.NRGBA {
		b.w.search.Show(words)
		b.drain()
		img := image.NewNRGBA(b.w.Window().Canvas().Capture().Bounds())
		draw.Draw(img, img.Bounds(), b.w.Window().Canvas().Capture(), image.Point{}, draw.Src)
		return img
	}
	chips := func(img *image.NRGBA) (n int) {
		c := theme.Current().AccentBG
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b.w.search.entry)
		for y := int(at.Y); y < int(at.Y+b.w.search.entry.Size().Height); y++ {
			for x := int(at.X); x < int(at.X+b.w.search.entry.Size().Width); x++ {
				if img.NRGBAAt(x, y) == c {
					n++
				}
			}
		}
		return n
	}
	if chips(shot("is:foo budget")) != 0 {
		t.Error("what is no operator stands out")
	}
	if chips(shot("from:anna budget")) < 200 {
		t.Error("an operator does not stand out")
	}
}

// A word that is also the name of a command or of a folder can be searched for: Enter searches, and what is offered is chosen with the arrow keys.
func TestEnterSearchesForTheNameOfACommand(t *testing.T) {
	b := newBench(t)
	for _, word := range []string{"settings", "sent"} {
		b.w.search.Focus()
		b.w.search.entry.SetText("")
		for _, r := range word {
			b.w.search.entry.TypedRune(r)
		}
		if len(b.w.search.suggest(word)) == 0 {
			t.Fatalf("nothing is offered for %q", word)
		}
		b.w.search.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		b.until("the search for "+word, func() bool { return b.w.list.place.Search == word && b.w.list.pager.Loaded() })
		if b.w.Window().Canvas().Overlays().Top() != nil {
			t.Fatalf("Enter after %q did something else", word)
		}
	}
}

// The buttons above the results write operators into the query and show those that are there.
func TestSearchFilters(t *testing.T) {
	b := newBench(t)
	search := func(words string) {
		b.w.search.Show(words)
		b.w.search.now(words)
	}
	at := func(words string, n int) {
		t.Helper()
		b.until(words, func() bool {
			return b.w.list.place.Search == words && b.w.search.entry.Text() == words && b.w.list.pager.Loaded() && b.w.list.pager.Total() == n
		})
	}
	f := b.w.list.filters
	if f.content.Visible() {
		t.Error("buttons of a search above a folder")
	}
	search("reza")
	at("reza", 3)
	f.files.OnTapped()
	at("has:attachment reza", 2)
	if !f.files.On() || f.where.On() {
		t.Error("the buttons do not show what is asked for")
	}
	f.files.OnTapped()
	at("reza", 3)
	projects, _ := b.w.env.tree.Folder(b.folder(b.imap, "Projects"))
	f.in(projects) // of two accounts, either of which may have a folder of that name
	at("in:Projects account:"+b.w.env.tree.Accounts()[0].Email+" reza", 1)
	f.set("account", "")
	at("in:Projects reza", 1)
	if !f.where.On() || f.where.Text() != "Projects" {
		t.Errorf("the folder's button says %q", f.where.Text())
	}
	f.chooseWhere()
	at("reza", 3)
	f.set("after", "7d")
	at("after:7d reza", 3)
	if f.when.Text() != "Last 7 days" {
		t.Errorf("the time's button says %q", f.when.Text())
	}
	choose := func(title string) {
		t.Helper()
		for _, it := range f.whenItems() {
			if it.Text == title {
				it.Do()
				return
			}
		}
		t.Fatalf("%q is not offered", title)
	}
	choose("November 2025")
	at("on:2025-11 reza", 3)
	if f.when.Text() != "November 2025" || !f.when.On() {
		t.Errorf("the time's button says %q", f.when.Text())
	}
	choose("September 2025")
	at("on:2025-09 reza", 0)
	lang.Set("fa")
	b.until("the window in Persian", func() bool { return b.w.list.filters != f })
	f = b.w.list.filters
	choose("آذر ۱۴۰۴")
	at("on:1404-09 reza", 2)
	choose(lang.T("search.when.7d"))
	at("after:7d reza", 3)
	lang.Set("en")
	b.until("the window in English", func() bool { return b.w.list.filters != f })
	f = b.w.list.filters
	f.set("account", "office@shomal.example")
	at("account:office@shomal.example after:7d reza", 0)
	search("in:inbox reza")
	b.until("a typed operator", func() bool { return f.where.On() && f.where.Text() == "Inbox" })
	b.w.search.Clear()
	b.until("back", func() bool { return b.w.list.place.Kind != model.PlaceSearch && !f.content.Visible() })
}

// TestACommandFoundByItsName is carried out on what was selected before its name was typed, which is a search as well: one message, and several.
func TestACommandFoundByItsName(t *testing.T) {
	b := newBench(t)
	archive := func(n int) {
		t.Helper()
		before, chosen := b.w.list.pager.Total(), slices.Clone(b.w.list.Selected())
		if len(chosen) != n {
			t.Fatalf("%d are selected, want %d", len(chosen), n)
		}
		b.w.search.entry.SetText("arch")
		b.w.search.now("arch")
		b.until("the search", func() bool { return b.w.list.place.Kind == model.PlaceSearch && b.w.list.pager.Loaded() })
		if !slices.Contains(b.w.possible(), b.w.byID["archive"]) {
			t.Error("what can be done with what was selected is not offered while its name is typed")
		}
		b.w.search.take(kit.Suggestion{Value: b.w.byID["archive"]})
		b.until("the list without them", func() bool {
			return b.w.list.place == model.Inboxes && b.w.list.pager.Loaded() && b.w.list.pager.Total() == before-n
		})
		for _, r := range b.w.list.SelectedRows() {
			if slices.Contains(chosen, r.ID) {
				t.Errorf("%q is still there", r.Subject)
			}
		}
	}
	b.w.list.list.Focus()
	b.key(fyne.KeyJ)
	b.until("a message", func() bool { return b.w.reader.Message() != 0 })
	archive(1)
	b.w.list.list.SetSelected([]int{0, 2}, 2)
	b.w.list.userSelected()
	b.until("two", func() bool { return len(b.w.list.Selected()) == 2 })
	archive(2)

	// Of what was found it is what is selected there, and the search stays.
	b.w.search.entry.SetText("subject:re")
	b.w.search.now("subject:re")
	b.until("results", func() bool {
		return b.w.list.place.Kind == model.PlaceSearch && b.w.list.pager.Loaded() && b.w.list.pager.Total() > 0
	})
	b.w.list.list.Select(0)
	b.w.list.userSelected()
	b.until("a result", func() bool { return len(b.w.list.Selected()) == 1 })
	id := b.w.list.Selected()[0]
	b.w.search.entry.SetText(">star")
	b.w.search.take(kit.Suggestion{Value: b.w.byID["star"]})
	b.until("it starred", func() bool {
		r, err := b.store.Row(b.Context(), id)
		b.ok(err)
		return r.Starred()
	})
	if b.w.list.place.Kind != model.PlaceSearch || b.w.search.entry.Text() != "subject:re" {
		t.Errorf("the list is of %+v, the field says %q", b.w.list.place, b.w.search.entry.Text())
	}
}

// TestSettingsFoundByTheirName: the settings of each account are offered where commands are.
func TestSettingsFoundByTheirName(t *testing.T) {
	b := newBench(t)
	edited := mail.AccountID(0)
	b.w.env.open.EditAccount = func(id mail.AccountID) { edited = id }
	for _, typed := range []string{"account settings", "settings", "office@"} {
		found := b.w.search.suggest(typed)
		at := slices.IndexFunc(found, func(g kit.Suggestion) bool { return g.Value == any(b.pop) })
		if at < 0 {
			t.Errorf("%q finds %+v", typed, found)
			continue
		}
		edited = 0
		b.w.search.take(found[at])
		if edited != b.pop {
			t.Errorf("%q opens the settings of %d", typed, edited)
		}
	}
}
