package store

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// TestSearchEqualsAPlainLook asks random queries over mail in several scripts and compares what is found, listed, counted and grouped by conversation with a
// plain look at every message, again and again while messages come, change, move, wait and go. What is kept of earlier searches is kept all the while.
func TestSearchEqualsAPlainLook(t *testing.T) {
	seeds, rounds := int64(1), 25
	if os.Getenv("PEYK_LONG") != "" {
		seeds, rounds = 30, 60
	}
	for seed := range seeds {
		w := newSearchWorld(t, seed)
		for range 40 {
			w.queries = append(w.queries, w.query())
		}
		for round := range rounds {
			w.s.limits = []matchLimits{usualLimits, {few: 0, block: 7}, {few: 9, block: 20}}[w.rnd.Intn(3)]
			if round%3 == 0 {
				w.s.found.clear() // sets that were made with other limits
			}
			w.look()
			for range 6 {
				w.compare(w.queries[w.rnd.Intn(len(w.queries))])
			}
			w.queries[w.rnd.Intn(len(w.queries))] = w.query()
			if t.Failed() {
				t.Fatalf("seed %d, round %d", seed, round)
			}
			w.change()
		}
		clean(t, w.s)
	}
}

// searchWorld is a store with what its messages say.
type searchWorld struct {
	t        *testing.T
	s        *Store
	rnd      *rand.Rand
	clock    testClock
	accounts [2]mail.AccountID
	folders  []mail.FolderID
	uids     map[mail.FolderID]mail.UID
	n        int
	said     map[mail.MessageID]mail.Summary
	queries  []modelQuery

	rows    []mail.Row // what is shown, newest first
	columns map[mail.MessageID][5][]string
	byID    map[mail.FolderID]mail.Folder
	names   map[mail.AccountID]string
}

// modelQuery is a query as it is asked and as it is meant.
type modelQuery struct {
	Query
	means *meaning
}

// meaning is a part of a query.
type meaning struct {
	op     string // "and", "or", "not", "text" and the operators
	kids   []*meaning
	value  string
	field  int // of text: the column and 1; 0: any
	prefix bool
}

var searchVocabulary = strings.Fields(`می‌روم میروم می روم کتاب‌ها کتابها کتاب ها كتاب خانه خانة مُحَمَّد محمد ۱۲۵۰۰ 12500 12,500 12 500 ١٢٬٥٠٠ Straße strasse Müller muller ÉTÉ été
 東京 東京で会議 会議 議 한국어 ﬁle naïve a ب تنها میز نمی‌شود نمی شود نمیشود بزرگ‌تر بزرگتر بزرگ تر report reports re-port C++ x@y.example 😀 שלום שָׁלוֹם ... كـتـاب ۱۲ NEAR`)

var searchTags = []string{"Blue", "كاري", "c++"}

func newSearchWorld(t *testing.T, seed int64) *searchWorld {
	w := &searchWorld{t: t, rnd: rand.New(rand.NewSource(seed)), uids: map[mail.FolderID]mail.UID{}, said: map[mail.MessageID]mail.Summary{}, clock: testClock{t0.AddDate(0, 1, 0)}}
	w.s = openTest(t, Options{Now: w.clock.now})
	for i, name := range []string{"work", "home"} {
		a, f := imapAccount(t, w.s, name)
		w.accounts[i] = a
		w.folders = append(w.folders, f[mail.RoleInbox], f[mail.RoleArchive], f[mail.RoleTrash])
	}
	for range 8 {
		w.arrive(14)
	}
	return w
}

func (w *searchWorld) text(most int) string {
	var b strings.Builder
	for range w.rnd.Intn(most + 1) {
		b.WriteString(searchVocabulary[w.rnd.Intn(len(searchVocabulary))])
		b.WriteString([]string{" ", " ", " ", "\n", ", ", "\u200c"}[w.rnd.Intn(6)])
	}
	return b.String()
}

func (w *searchWorld) arrive(count int) {
	f := w.folders[w.rnd.Intn(len(w.folders))]
	var in []mail.Incoming
	for range count {
		w.n++
		w.uids[f]++
		m := message(w.n)
		m.UID, m.Size = w.uids[f], int64(1000+w.rnd.Intn(20)*100)
		m.Received = t0.Add(time.Duration(w.rnd.Intn(20*24)) * time.Hour)
		m.Summary.Date = m.Received
		m.Summary.Subject, m.Summary.Text = w.text(3), w.text(12)
		m.Summary.From[0].Name, m.Summary.To[0].Name = w.text(2), w.text(2)
		for _, fl := range []mail.Flag{mail.FlagSeen, mail.FlagFlagged, mail.FlagAnswered, mail.FlagForwarded, mail.TagNamed(searchTags[w.rnd.Intn(3)])} {
			if w.rnd.Intn(3) == 0 {
				m.Flags = append(m.Flags, fl)
			}
		}
		if w.rnd.Intn(4) == 0 {
			m.Summary.Attachments = []mail.Attachment{{Filename: w.text(2)}}
		}
		if w.rnd.Intn(2) == 0 {
			m.Summary.References = []string{message(w.rnd.Intn(w.n) + 1).Summary.HeaderID}
		}
		if w.rnd.Intn(3) == 0 {
			m = withBody(w.t, w.s, m)
		}
		in = append(in, m)
	}
	for i, id := range got(w.s.Ingest(context.Background(), f, in))(w.t) {
		w.said[id] = in[i].Summary
	}
}

// look reads what is shown.
func (w *searchWorld) look() {
	ctx := context.Background()
	w.rows = got(w.s.Page(ctx, Query{}, 0, 1<<20))(w.t)
	w.columns, w.byID, w.names = map[mail.MessageID][5][]string{}, map[mail.FolderID]mail.Folder{}, map[mail.AccountID]string{}
	for _, r := range w.rows {
		sum := w.said[r.ID]
		var c [5][]string
		for i, words := range entryOf(&sum).columns() {
			c[i] = strings.Fields(string(words))
		}
		w.columns[r.ID] = c
	}
	for _, f := range got(w.s.Folders(ctx, 0))(w.t) {
		w.byID[f.ID] = f
		total, unread := 0, 0
		for _, r := range w.rows {
			total += b2i(r.Folder == f.ID)
			unread += b2i(r.Folder == f.ID && r.Unread())
		}
		if f.Total != total || f.Unread != unread {
			w.t.Errorf("%s counts %d messages, %d unread; want %d, %d", f.Path, f.Total, f.Unread, total, unread)
		}
	}
	for _, a := range got(w.s.Accounts(ctx))(w.t) {
		w.names[a.ID] = fold.String(a.Name + " " + a.Email)
	}
}

func (w *searchWorld) pick() []mail.MessageID {
	var out []mail.MessageID
	for range w.rnd.Intn(5) + 1 {
		if len(w.rows) > 0 {
			out = append(out, w.rows[w.rnd.Intn(len(w.rows))].ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ofOne keeps those of one account.
func (w *searchWorld) ofOne(ids []mail.MessageID) (mail.AccountID, []mail.MessageID) {
	account := got(w.s.Row(context.Background(), ids[0]))(w.t).Account
	return account, slices.DeleteFunc(ids, func(id mail.MessageID) bool { return got(w.s.Row(context.Background(), id))(w.t).Account != account })
}

func (w *searchWorld) change() {
	ctx := context.Background()
	account, ids := w.ofOne(w.pick())
	op := mail.Op{Kind: mail.OpFlags, Messages: ids}
	switch w.rnd.Intn(10) {
	case 0:
		w.arrive(w.rnd.Intn(4) + 1)
	case 1, 2:
		fl := []mail.Flag{mail.FlagSeen, mail.FlagFlagged, mail.FlagAnswered, mail.FlagDeleted, mail.TagNamed(searchTags[w.rnd.Intn(3)])}[w.rnd.Intn(5)]
		if op.Add = (mail.Flags{fl}); w.rnd.Intn(2) == 0 {
			op.Add, op.Remove = nil, op.Add
		}
		submit(w.t, w.s, op)
	case 3:
		op.Kind, op.Folder = mail.OpMove, w.folders[w.rnd.Intn(3)+3*b2i(account == w.accounts[1])]
		submit(w.t, w.s, op)
	case 4:
		op.Kind = mail.OpExpunge
		submit(w.t, w.s, op)
	case 5:
		if g, _, err := w.s.LastUndoable(ctx); err == nil && g != 0 {
			got(w.s.UndoGroup(ctx, g))(w.t)
		}
	case 6:
		op.Kind, op.Date = mail.OpSnooze, w.clock.t.Add(time.Duration(w.rnd.Intn(4))*time.Hour)
		submit(w.t, w.s, op)
	case 7:
		w.clock.t = w.clock.t.Add(time.Hour)
		got(w.s.WakeSnoozed(ctx))(w.t)
	case 8:
		f := w.folders[1+3*w.rnd.Intn(2)]
		submit(w.t, w.s, mail.Op{Kind: mail.OpRename, Folder: f, Name: []string{"Archive", "Projects"}[w.rnd.Intn(2)]})
	case 9:
		sum := w.said[ids[0]]
		sum.Text = w.text(12)
		if got(w.s.Row(ctx, ids[0]))(w.t).HasBody {
			must(w.t, w.s.RemoveMessages(ctx, ids[:1]))
			return
		}
		must(w.t, w.s.SetBody(ctx, ids[0], *withBody(w.t, w.s, mail.Incoming{Summary: sum}).Blob, sum))
		w.said[ids[0]] = sum
	}
}

// query makes one.
func (w *searchWorld) query() modelQuery {
	m := modelQuery{Query: Query{Unread: w.rnd.Intn(8) == 0, Starred: w.rnd.Intn(8) == 0, WithAttachment: w.rnd.Intn(9) == 0, Reverse: w.rnd.Intn(4) == 0, Threads: w.rnd.Intn(3) == 0}}
	switch w.rnd.Intn(6) {
	case 0:
		m.Folder = w.folders[w.rnd.Intn(len(w.folders))]
	case 1:
		m.Role = []mail.Role{mail.RoleInbox, mail.RoleArchive}[w.rnd.Intn(2)]
	case 2:
		m.Account = w.accounts[w.rnd.Intn(2)]
	}
	if w.rnd.Intn(6) == 0 {
		m.Snoozed = SnoozedLeftOut
	}
	if w.rnd.Intn(6) == 0 {
		m.Tag = mail.TagNamed(searchTags[w.rnd.Intn(3)])
	}
	m.Sort = []Sort{SortDate, SortDate, SortRank, SortSize}[w.rnd.Intn(4)]
	for m.means == nil {
		m.Search, m.means = w.and(3, true)
	}
	return m
}

// and makes parts that must all be; whole: of the whole query.
func (w *searchWorld) and(depth int, whole bool) (written string, m *meaning) {
	var parts []string
	var kids []*meaning
	word, joined := false, false // the last kid is what the last part says: a word, two words that may be one
	for range w.rnd.Intn(3) + 1 {
		s, k := w.part(depth)
		parts = append(parts, s)
		free := k != nil && k.op == "text" && k.value == s
		switch n := len(kids); {
		case k == nil:
			word, joined = false, false
		case free && word && fold.Belong(kids[n-1].value, s):
			a := kids[n-1]
			kids[n-1] = &meaning{op: "or", kids: []*meaning{{op: "and", kids: []*meaning{a, k}}, {op: "text", value: a.value + s}}}
			word, joined = false, true
		default:
			kids, word, joined = append(kids, k), free, false
		}
	}
	written = strings.Join(parts, " ")
	switch last := len(kids) - 1; {
	case !whole:
	case word && w.rnd.Intn(2) == 0:
		kids[last].prefix = true
	case joined && w.rnd.Intn(2) == 0:
		both, one := kids[last].kids[0], kids[last].kids[1]
		both.kids[1].prefix, one.prefix = true, true
	default:
		written += " "
	}
	if len(kids) == 0 {
		return written, nil
	}
	return written, &meaning{op: "and", kids: kids}
}

func (w *searchWorld) word() string {
	word := searchVocabulary[w.rnd.Intn(len(searchVocabulary))]
	if w.rnd.Intn(4) == 0 {
		rs := []rune(word)
		word = string(rs[:w.rnd.Intn(len(rs))+1])
	}
	return word
}

func textMeaning(value string, field int, prefix bool) *meaning {
	if len(fold.Query(value).Words) == 0 {
		return nil
	}
	return &meaning{op: "text", value: value, field: field, prefix: prefix}
}

func (w *searchWorld) part(depth int) (string, *meaning) {
	n := w.rnd.Intn(12)
	if depth == 0 {
		n = w.rnd.Intn(9)
	}
	switch {
	case n < 4:
		word := w.word()
		return word, textMeaning(word, 0, false)
	case n == 4:
		phrase := w.word() + " " + w.word()
		return `"` + phrase + `"`, textMeaning(phrase, 0, false)
	case n == 5:
		at, word := w.rnd.Intn(4), w.word()
		return []string{"subject", "from", "to", "filename"}[at] + ":" + word, textMeaning(word, at+1, true)
	case n < 9:
		op := []string{"is:unread", "is:read", "is:starred", "is:unstarred", "is:answered", "is:unanswered", "is:local", "is:snoozed", "has:attachment", "tag:blue", "tag:کاری", "tag:c", "in:inbox",
			"in:archive", "in:projects", "in:trash", "account:work", "account:home", "larger:1900", "smaller:1500", "before:2025-03-09", "after:2025-03-10", "on:2025-03-12", "after:2025-03-05"}[w.rnd.Intn(24)]
		key, value, _ := strings.Cut(op, ":")
		return op, &meaning{op: key, value: value}
	case n == 9:
		s, k := w.part(depth - 1)
		if k == nil || strings.HasPrefix(s, "-") {
			return s, k
		}
		return "-" + s, &meaning{op: "not", kids: []*meaning{k}}
	case n == 10:
		s, k := w.and(depth-1, false)
		return "(" + s + ")", k
	}
	a, x := w.and(depth-1, false)
	b, y := w.and(depth-1, false)
	switch {
	case x == nil:
		return "(" + a + " OR " + b + ")", y
	case y == nil:
		return "(" + a + " OR " + b + ")", x
	}
	return "(" + a + " OR " + b + ")", &meaning{op: "or", kids: []*meaning{x, y}}
}

// fits reports whether a message is what a part of a query means.
func (w *searchWorld) fits(m *meaning, r mail.Row) bool {
	day := func() int {
		return r.Date.Local().Year()*10000 + int(r.Date.Local().Month())*100 + r.Date.Local().Day()
	}
	switch m.op {
	case "and":
		return !slices.ContainsFunc(m.kids, func(k *meaning) bool { return !w.fits(k, r) })
	case "or":
		return slices.ContainsFunc(m.kids, func(k *meaning) bool { return w.fits(k, r) })
	case "not":
		return !w.fits(m.kids[0], r)
	case "text":
		return w.says(m, w.columns[r.ID])
	case "has":
		return r.Attachments > 0
	case "tag":
		return slices.ContainsFunc(r.Flags, func(f mail.Flag) bool { return f.IsTag() && fold.Name(f.TagName()) == fold.Name(m.value) })
	case "in":
		f := w.byID[r.Folder]
		return string(f.Role) == m.value || m.value == "projects" && f.Path == "Projects"
	case "account":
		return strings.Contains(w.names[r.Account], m.value)
	case "larger":
		return r.Size > 1900
	case "smaller":
		return r.Size < 1500
	case "before":
		return day() < dayOf(m.value)
	case "after":
		return day() >= dayOf(m.value)
	case "on":
		return day() == dayOf(m.value)
	}
	return map[string]bool{"unread": r.Unread(), "read": !r.Unread(), "starred": r.Starred(), "unstarred": !r.Starred(), "answered": r.Flags.Has(mail.FlagAnswered),
		"unanswered": !r.Flags.Has(mail.FlagAnswered), "local": r.HasBody, "snoozed": !r.Snoozed.IsZero()}[m.value]
}

func dayOf(value string) (n int) {
	_, _ = fmt.Sscanf(strings.ReplaceAll(value, "-", ""), "%d", &n)
	return n
}

// says reports whether a text stands in one of the columns that are meant, in any of its spellings.
func (w *searchWorld) says(m *meaning, columns [5][]string) bool {
	t := fold.Query(m.value)
	short := utf8.RuneCountInString(t.Words[len(t.Words)-1]) < 2
	at := func(words []string, goes bool, columns [][]string) bool {
		for _, c := range columns {
			for i := 0; i+len(words) <= len(c); i++ {
				same := slices.Equal(words[:len(words)-1], c[i:i+len(words)-1])
				last, have := words[len(words)-1], c[i+len(words)-1]
				if same && (last == have || goes && strings.HasPrefix(have, last)) {
					return true
				}
			}
		}
		return false
	}
	in := columns[:]
	if m.field > 0 {
		in = columns[m.field-1 : m.field]
	}
	goes := t.Partial || m.prefix && (!short || m.field > 0 && len(t.Words) == 1)
	if at(t.Words, goes, in) {
		return true
	}
	for _, o := range t.Others {
		if at(o.Words, m.prefix && !o.Whole, in) {
			return true
		}
	}
	// A single letter begins words above the text only.
	return m.prefix && m.field == 0 && len(t.Words) == 1 && len(t.Others) == 0 && at(t.Words, true, columns[:4])
}

// scoped reports whether a message is one that a list is about.
func (w *searchWorld) scoped(q Query, r mail.Row) bool {
	return (q.Folder == 0 || q.Folder == r.Folder) && (q.Role == "" || q.Role == w.byID[r.Folder].Role) && (q.Account == 0 || q.Account == r.Account) &&
		(!q.Unread || r.Unread()) && (!q.Starred || r.Starred()) && (!q.WithAttachment || r.Attachments > 0) && (q.Snoozed == SnoozedToo || r.Snoozed.IsZero()) &&
		(q.Tag == "" || r.Flags.Has(q.Tag))
}

// want is what a query lists, and how many rows of it are unread.
func (w *searchWorld) want(q modelQuery) (ids []mail.MessageID, unread int) {
	var rows []mail.Row
	for _, r := range w.rows {
		if w.scoped(q.Query, r) && w.fits(q.means, r) {
			rows = append(rows, r)
		}
	}
	if q.threaded() {
		news, unreads := map[mail.ThreadID]bool{}, map[mail.ThreadID]bool{}
		for _, r := range rows {
			unreads[r.Thread] = unreads[r.Thread] || r.Unread()
		}
		rows = slices.DeleteFunc(rows, func(r mail.Row) bool {
			was := news[r.Thread]
			news[r.Thread] = true
			return was
		})
		for _, u := range unreads {
			unread += b2i(u)
		}
	}
	if q.Reverse {
		slices.Reverse(rows)
	}
	if q.Sort == SortSize {
		if q.Reverse {
			slices.Reverse(rows) // those of a size stay newest first
		}
		sort.SliceStable(rows, func(i, j int) bool {
			return rows[i].Size < rows[j].Size && !q.Reverse || rows[i].Size > rows[j].Size && q.Reverse
		})
	}
	for _, r := range rows {
		ids = append(ids, r.ID)
		unread += b2i(r.Unread() && !q.threaded())
	}
	return ids, unread
}

func (w *searchWorld) compare(q modelQuery) {
	w.t.Helper()
	ctx := context.Background()
	want, unread := w.want(q)
	have := got(w.s.IDs(ctx, q.Query, 0, 1<<20))(w.t)
	if q.Sort == SortRank {
		sorted := slices.Clone(have)
		slices.Sort(sorted)
		slices.Sort(want)
		if !slices.Equal(sorted, want) {
			w.t.Fatalf("%+v: found %v, want %v", q.Query, sorted, want)
		}
		want = have
	}
	if !slices.Equal(have, want) {
		w.t.Fatalf("%+v: listed %v, want %v", q.Query, have, want)
	}
	wantCount(w.t, w.s, q.Query, len(want), unread)
	for range 2 {
		at := w.rnd.Intn(len(want) + 2)
		part := got(w.s.IDs(ctx, q.Query, at, 4))(w.t)
		if !slices.Equal(part, want[min(at, len(want)):min(at+4, len(want))]) {
			w.t.Fatalf("%+v: at %d %v, of %v", q.Query, at, part, want)
		}
	}
	if len(want) > 0 {
		i := w.rnd.Intn(len(want))
		if at := got(w.s.Position(ctx, q.Query, want[i]))(w.t); at != i {
			w.t.Fatalf("%+v: message %d is at %d, want %d", q.Query, want[i], at, i)
		}
	}
}
