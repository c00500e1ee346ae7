package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
)

func searchStore(t *testing.T) (*Store, map[mail.Role]mail.FolderID) {
	s := openTest(t, Options{Now: func() time.Time { return t0.AddDate(0, 0, 30) }})
	_, f := imapAccount(t, s, "office")
	in := []mail.Incoming{
		{UID: 1, Summary: mail.Summary{Subject: "گزارش فروش", From: []mail.Address{{Name: "سارا احمدي", Addr: "sara@shomal.example"}}, Text: "كتاب‌هاي سال ۱۴۰۳ را می‌خواهم. مُحَمَّد"}},
		{UID: 2, Flags: mail.Flags{mail.FlagSeen, "Work"}, Summary: mail.Summary{Subject: "Invoice 4711", From: []mail.Address{{Name: "Müller GmbH", Addr: "billing@mueller.example"}},
			To: []mail.Address{{Addr: "office@shomal.example"}}, Text: "Die Straße ist gesperrt. Please pay the invoice soon.",
			Attachments: []mail.Attachment{{Part: "2", Filename: "Rechnung März.pdf", ContentType: "application/pdf", Size: 9}}}},
		{UID: 3, Flags: mail.Flags{mail.FlagFlagged}, Summary: mail.Summary{Subject: "会議の予定", From: []mail.Address{{Name: "田中", Addr: "tanaka@example.jp"}}, Text: "来週の火曜日に東京で会議があります"}},
		{UID: 4, Summary: mail.Summary{Subject: "Re: Invoice", From: []mail.Address{{Name: "Sara", Addr: "sara@shomal.example"}}, Cc: []mail.Address{{Name: "Boss", Addr: "boss@shomal.example"}}, Text: "I paid the bill yesterday; invoice settled"}},
	}
	for i := range in {
		in[i].Received = t0.AddDate(0, 0, i)
		in[i].Summary.Date = in[i].Received
		in[i].Size = int64(i+1) * 1 << 20
		in[i].Summary.HeaderID = string(rune('a'+i)) + "@x"
	}
	got(s.Ingest(context.Background(), f[mail.RoleInbox], in))(t)
	return s, f
}

func TestSearchLanguage(t *testing.T) {
	s, _ := searchStore(t)
	ctx := context.Background()
	for _, c := range []struct{ q, want string }{
		{"گزارش", "1"}, {"سارا", "1"}, {"احمدی", "1"}, {"کتاب", "1"}, {"کتاب‌های", "1"}, {"كتابهاي", "1"}, {"1403", "1"}, {"١٤٠٣", "1"},
		{"میخواهم", "1"}, {"می‌خواهم", "1"}, {"می‌خ", "1"}, {"می‌خو", "1"}, {"می‌خ ", ""}, {`"می خواهم"`, "1"}, {"محمد", "1"}, {"فروش گزارش", "1"}, {`"فروش گزارش"`, ""},
		{"strasse", "2"}, {"STRASSE gesperrt", "2"}, {"muller", "2"}, {"müller", "2"}, {"marz", "2"}, {"filename:rechnung", "2"},
		{"会議", "3"}, {"東京で会議", "3"}, {"京都", ""}, {"火曜日", "3"}, {"東", "3"},
		{"invoice", "4 2"}, {"inv", "4 2"}, {"inv ", ""}, {"subject:invoice", "4 2"}, {"from:sara", "4 1"}, {"from:sara@shomal.example", "4 1"},
		{"to:boss", "4"}, {"to:office", "2"}, {"invoice -paid", "2"}, {"-invoice", "3 1"}, {"invoice OR 会議", "4 3 2"}, {"(invoice OR 会議) is:starred", "3"},
		{"is:unread invoice", "4"}, {"is:read", "2"}, {"has:attachment", "2"}, {"tag:work", "2"}, {"in:inbox invoice", "4 2"}, {"in:archive invoice", ""},
		{"account:office is:starred", "3"}, {"account:nobody", ""}, {"after:2025-03-03", "4 3"}, {"before:2025-03-02", "1"}, {"on:2025-03-02", "2"},
		{"larger:2M", "4 3"}, {"smaller:1500k", "1"}, {"is:unread OR has:attachment", "4 3 2 1"}, {"-(invoice OR 会議)", "1"},
		{"از:سارا", "1"}, {"موضوع:گزارش", "1"}, {"وضعیت:خوانده‌نشده فاکتور OR وضعیت:ستاره‌دار", "3"}, {"دارای:پیوست", "2"}, {"پوشه:inbox invoice", "4 2"},
		{"قبل:1403/12/12", "1"}, {"پس‌از:۱۴۰۳-۱۲-۱۳", "4 3"}, {"hat:Anhang", "2"}, {"betreff:invoice von:sara", "4"}, {"p", "2"}, {"r", "4 2"}, {"is:local", ""},
		{"from:sara -is:unread", ""}, {"invoice -from:sara", "2"}, {`subject:"invoice 4711"`, "2"}, {"«فروش»", "1"},
		// A space behind the colon.
		{"from: sara", "4 1"}, {"has: attachment", "2"}, {"in: inbox invoice", "4 2"}, {`subject: "invoice 4711"`, "2"}, {"از: سارا", "1"}, {"from: subject:invoice", "4 2"}, {"invoice from:", "4 2"},
		{"from: (invoice)", "4 2"}, {"from: -paid invoice", "2"}, {"is: unread invoice", "4"}, {"after: 2025-03-03", "4 3"}, {"from: sara OR is: starred", "4 3 1"},
		// The quotation marks and parentheses of other keyboards; sizes that are no number, or more than there can be, are words.
		{"「東京」", "3"}, {"（invoice OR 会議） is:starred", "3"}, {"larger:nan", ""}, {"larger:inf", ""}, {"larger:1000000000000G", ""}, {"larger:۲٫۵M", "4 3"}, {"larger:-1", ""},
		// What makes no sense is searched as words; nothing is an error.
		{"is:nonsense", ""}, {"before:soon", ""}, {"foo:invoice", ""}, {"invoice AND", "4 2"}, {"OR", ""}, {`"`, "4 3 2 1"}, {"(((", "4 3 2 1"}, {"invoice )", "4 2"},
		{"***", "4 3 2 1"}, {"a\"b'c;--", ""}, {"", "4 3 2 1"}, {"- -", "4 3 2 1"}, {"invoice NEAR", ""}, {"{subject}", "4 2"},
	} {
		rows, err := s.Page(ctx, Query{Search: c.q}, 0, 100)
		if err != nil {
			t.Errorf("%q: %v", c.q, err)
			continue
		}
		have := ""
		for i, r := range rows {
			if i > 0 {
				have += " "
			}
			have += string(rune('0' + r.UID))
		}
		if c.q == "{subject}" { // a word like any other
			c.want = ""
		}
		if have != c.want {
			t.Errorf("%q found %q, want %q", c.q, have, c.want)
		}
		if n, _, err := s.Count(ctx, Query{Search: c.q}); err != nil || n != len(rows) {
			t.Errorf("%q: count %d, %v; %d rows", c.q, n, err, len(rows))
		}
		if best, err := s.Search(ctx, c.q, 0, 100); err != nil || len(best) != len(rows) {
			t.Errorf("%q: ranked %d, %v; %d rows", c.q, len(best), err, len(rows))
		}
	}
}

// What is written in several ways is found in each of them, and marked where it stands.
func TestSearchFindsOtherSpellings(t *testing.T) {
	s := openTest(t, Options{})
	_, f := imapAccount(t, s, "office")
	texts := []string{"", "من می‌روم خانه", "من میروم خانه", "من می روم خانه", "مبلغ ۱۲٬۵۰۰٬۰۰۰ ریال", "amount 12,500,000 due", "code 12500000 ok", "Betrag 12.500.000 fällig",
		"کتاب‌های ما", "کتابهای ما", "کتاب های ما", "میز ما"}
	var in []mail.Incoming
	for i, text := range texts[1:] {
		m := message(i + 1)
		m.Summary.Subject, m.Summary.Text = "x", text
		in = append(in, m)
	}
	got(s.Ingest(context.Background(), f[mail.RoleInbox], in))(t)
	for _, c := range []struct{ q, want string }{
		{"می‌روم", "3 2 1"}, {"میروم", "3 2 1"}, {"می روم", "3 2 1"}, {`"من می‌روم خانه"`, "3 2 1"}, {`"من میروم خانه"`, "3 2 1"}, {`"من می روم خانه"`, "3 2 1"},
		{"من می روم خانه", "3 2 1"}, {"خانه می رو", "3 2 1"}, {"میروم OR میز", "11 3 2 1"}, {"-میروم من", ""}, {"می روم -خانه", ""}, {"می", "11 3 2 1"}, {"میز", "11"},
		{"12500000", "7 6 5 4"}, {"12,500,000", "7 6 5 4"}, {"۱۲٬۵۰۰٬۰۰۰", "7 6 5 4"}, {"۱۲۵۰۰۰۰۰", "7 6 5 4"}, {`"12500000 ریال"`, "4"}, {"500000", "7 5 4"}, {"12500", "7 6 5 4"},
		{"12 500 000", "7 5 4"}, {`"می" روم`, "3 1"}, {"می subject:x روم", "3 1"},
		{"کتابهای", "10 9 8"}, {"کتاب‌های ما", "10 9 8"}, {"کتاب های", "10 9 8"}, {`"کتاب های ما"`, "10 9 8"},
	} {
		rows := got(s.Page(context.Background(), Query{Search: c.q}, 0, 100))(t)
		var have []string
		for _, r := range rows {
			have = append(have, fmt.Sprint(r.UID))
			if text := texts[r.UID]; len(Highlight(text, c.q, InText)) == 0 {
				t.Errorf("%s: nothing is marked in %s", c.q, text)
			}
		}
		if strings.Join(have, " ") != c.want {
			t.Errorf("%s found %v, want %s", c.q, have, c.want)
		}
		if best := got(s.Search(context.Background(), c.q, 0, 100))(t); len(best) != len(rows) {
			t.Errorf("%s: ranked %d of %d", c.q, len(best), len(rows))
		}
	}
}

// A tag is meant in whatever forms of its letters it was typed.
func TestSearchFoldsTags(t *testing.T) {
	s := openTest(t, Options{})
	_, f := imapAccount(t, s, "office")
	var in []mail.Incoming
	for i, tag := range []string{"كاري", "کاری", "Été", "c++", "c", "Work_2"} {
		m := message(i + 1)
		m.Flags = mail.Flags{mail.TagNamed(tag)}
		in = append(in, m)
	}
	got(s.Ingest(context.Background(), f[mail.RoleInbox], in))(t)
	for q, want := range map[string]string{"tag:کاری": "2 1", "tag:كاري": "2 1", "برچسب:کاري": "2 1", "tag:ete": "3", "tag:ÉTÉ": "3", "tag:c": "5", "tag:c++": "4", `tag:"work ۲"`: "6", "tag:work": "", "-tag:کاری": "6 5 4 3"} {
		var have []string
		for _, r := range got(s.Page(context.Background(), Query{Search: q}, 0, 100))(t) {
			have = append(have, fmt.Sprint(r.UID))
		}
		if strings.Join(have, " ") != want {
			t.Errorf("%s found %v, want %s", q, have, want)
		}
	}
}

// The order of the best: in the subject together, in the subject, in subject, people and file names, together in the text, elsewhere;
// the newest first in each.
func TestSearchBestFirst(t *testing.T) {
	s, f := searchStore(t)
	ctx := context.Background()
	texts := []struct{ subject, name, file, text string }{ // older ones first
		{"Garden tea party", "Ann", "", ""},                                // 10
		{"Nothing", "Ann", "", "the garden has some tea and a party"},      // 11
		{"Party with tea in the garden", "Ann", "", ""},                    // 12
		{"A garden", "Tea Shop", "party.pdf", ""},                          // 13
		{"Nothing", "Ann", "", "come to the garden tea party"},             // 14
		{"Nothing", "Ann", "", "party, tea, garden: garden, party, party"}, // 15
		{"Garden tea party, again", "Ann", "", ""},                         // 16
		{"A garden", "Ann", "", "a tea and a party"},                       // 17
	}
	var in []mail.Incoming
	for i, x := range texts {
		m := message(10 + i)
		m.Summary.Subject, m.Summary.From[0].Name, m.Summary.Text = x.subject, x.name, x.text
		if x.file != "" {
			m.Summary.Attachments = []mail.Attachment{{Part: "2", Filename: x.file, ContentType: "application/pdf"}}
		}
		in = append(in, m)
	}
	got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	uids := func(rows []mail.Row) (out []int) {
		for _, r := range rows {
			out = append(out, int(r.UID))
		}
		return out
	}
	for q, want := range map[string][]int{
		"garden tea party":               {16, 10, 12, 13, 14, 17, 15, 11},
		"garden tea par":                 {16, 10, 12, 13, 14, 17, 15, 11},
		"garden":                         {17, 16, 13, 12, 10, 15, 14, 11},
		`"garden tea party"`:             {16, 10, 14},
		"garden -again":                  {17, 13, 12, 10, 15, 14, 11},
		"garden from:ann tea party":      {16, 10, 12, 14, 17, 15, 11},
		"from:ann":                       {17, 16, 15, 14, 12, 11, 10},
		"party (is:unread OR pomegrane)": {16, 12, 10, 13, 17, 15, 14, 11},
	} {
		best := got(s.Search(ctx, q, 0, 20))(t)
		if have := uids(best); !slices.Equal(have, want) {
			t.Errorf("%q: %v, want %v", q, have, want)
		}
		for i := range best { // one row after the other, and where each stands
			if page := got(s.Search(ctx, q, i, 1))(t); len(page) != 1 || page[0].ID != best[i].ID {
				t.Errorf("%q: row %d is %v", q, i, uids(page))
			}
			if at := got(s.Position(ctx, Query{Search: q, Sort: SortRank}, best[i].ID))(t); at != i {
				t.Errorf("%q: row %d is said to be at %d", q, i, at)
			}
		}
	}
	// A body that comes later is found too, also by a search that was made before; the header stays found.
	wantCount(t, s, Query{Search: "pomegranate"}, 0, 0)
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(20, 20)))(t)
	in2 := withBody(t, s, message(20))
	in2.Summary.Text = "pomegranate"
	must(t, s.SetBody(ctx, ids[0], *in2.Blob, in2.Summary))
	for _, q := range []string{"pomegranate", "subject:20"} {
		wantCount(t, s, Query{Search: q}, 1, 1)
	}
	if n, _, _ := s.Count(ctx, Query{Search: "number20"}); n != 0 {
		t.Error("the old text is still found")
	}
	clean(t, s)
}

// The buttons of the window write into a query, and read what somebody wrote.
func TestOperatorsOfAQuery(t *testing.T) {
	for _, c := range []struct{ q, operator, value, has, want string }{
		{"invoice", "in", "inbox", "", "in:inbox invoice"}, {"in:inbox invoice", "in", "", "inbox", "invoice"}, {"a folder:x b", "in", "Projects/2025", "x", "in:Projects/2025 a b"},
		{"sale in:a in:b re", "in", "my folder", "a", `in:"my folder" sale re`}, {`in:"my folder" x `, "in", "", "my folder", "x "}, {"", "has", "attachment", "", "has:attachment"},
		{"دارای:پیوست فاکتور", "has", "", "attachment", "فاکتور"}, {"-in:trash x", "in", "inbox", "", "in:inbox -in:trash x"}, {`"in:inbox" x`, "in", "", "", `"in:inbox" x`},
		{"in: inbox invoice", "in", "", "inbox", "invoice"}, {"x in: inbox", "in", "archive", "inbox", "in:archive x"}, {"since:7d (a OR b)", "after", "12m", "7d", "after:12m (a OR b)"}, {"x", "in", `a"b`, "", `in:"a b" x`},
	} {
		if has := OperatorOf(c.q, c.operator); has != c.has {
			t.Errorf("%q has %s:%s, want %q", c.q, c.operator, has, c.has)
		}
		if have := WithOperator(c.q, c.operator, c.value); have != c.want {
			t.Errorf("%q with %s:%s is %q, want %q", c.q, c.operator, c.value, have, c.want)
		}
	}
}

// What stands out in a query are the operators that are understood.
func TestOperators(t *testing.T) {
	for q, want := range map[string]string{"from:سارا budget": "from:سارا", `-in:trash has:attachment "from:x" y`: "-in:trash|has:attachment", "is:nonsense before:soon foo:bar": "", "from: sara x": "from: sara",
		`از:"سارا احمدی" کتاب`: `از:"سارا احمدی"`, "from:": "", "from:***": "", "دارای:پیوست": "دارای:پیوست", "(tag:work OR x)": "tag:work"} {
		var have []string
		for _, s := range Operators(q) {
			have = append(have, q[s.Start:s.End])
		}
		if got := strings.Join(have, "|"); got != want {
			t.Errorf("%s: %s, want %s", q, got, want)
		}
	}
	want := []Operator{{Span{0, 19}, "-from", "Reza Ahmadi", false}, {Span{26, 35}, "is", "unread", true}}
	if have := Operators(`-from:"Reza Ahmadi"       is:unread`); len(have) != 2 || have[0].Name != want[0].Name || have[0].Value != want[0].Value || have[0].Flag || have[1] != want[1] {
		t.Errorf("%+v, want %+v", have, want)
	}
}

// An abbreviation of Hebrew has a quotation mark inside of it: nothing begins there.
func TestHebrewAbbreviations(t *testing.T) {
	for q, want := range map[string]string{`צה"ל בסיס`: `צה"ל|בסיס`, `from:ד"ר`: `from:ד"ר`, `a"b c"`: `a|"b c"`} {
		var have []string
		for _, tok := range tokenize(q) {
			s := tok.text
			if tok.quoted {
				s = `"` + s
				if !tok.open {
					s += `"`
				}
			}
			if tok.key != "" {
				s = tok.key + ":" + s
			}
			have = append(have, s)
		}
		if s := strings.Join(have, "|"); s != want {
			t.Errorf("%s: %s, want %s", q, s, want)
		}
	}
}

// A folder that is named as it is written is meant, also where another one has the role of that name; else the role is, and then what is like it.
func TestFoldersOfAQuery(t *testing.T) {
	w := &fieldWords{folders: []mail.Folder{
		{ID: 1, Account: 1, Path: "INBOX", Role: mail.RoleInbox}, {ID: 2, Account: 1, Path: "Sent Items", Role: mail.RoleSent}, {ID: 3, Account: 1, Path: "Sent"}, {ID: 4, Account: 1, Path: "Work/sent"},
		{ID: 5, Account: 2, Path: "INBOX", Role: mail.RoleInbox}, {ID: 6, Account: 2, Path: "[Gmail]/Sent Mail", Role: mail.RoleSent},
	}}
	for name, want := range map[string]string{"Sent": "3,6", "sent": "2,6", "Sent Items": "2", "inbox": "1,5", "INBOX": "1,5", "work": "4", "[Gmail]/Sent Mail": "6", "gmail sent": "6", "nothing": ""} {
		if have := w.folderIDs(name); have != want {
			t.Errorf("in:%s is %s, want %s", name, have, want)
		}
	}
}

// Who wrote a query is told how it was understood, but not about what is still being typed.
func TestExplainQuery(t *testing.T) {
	folders := []mail.Folder{{ID: 1, Path: "INBOX", Role: mail.RoleInbox}, {ID: 2, Path: "Projects/2025"}}
	accounts := []mail.Account{{ID: 1, Name: "office", Email: "office@shomal.example"}}
	for _, c := range []struct {
		q      string
		typing bool
		want   string
	}{
		{"invoice from:sara before:2025-01-01", false, ""}, {"before:soon", false, "value before:soon "}, {"before:soon", true, ""}, {"before:soon ", true, "value before:soon "},
		{"before:soon x", true, "value before:soon "}, {"is:nonsense", false, "value is:nonsense "}, {"is:نخوانده", false, ""}, {"larger:big", false, "value larger:big "},
		{"form:sara", false, "operator form: from:"}, {"subjct:x", false, "operator subjct: subject:"}, {"http://example.org", false, ""}, {"Re: x", false, ""}, {"10:30", false, ""},
		{"in:inbox", false, ""}, {"in:2025", false, ""}, {"in:nowhere", false, "folder nowhere "}, {"account:home", false, "account home "}, {"account:office", false, ""},
		{`"two words`, false, "quote two words "}, {`"two words"`, false, ""}, {`"two words`, true, ""}, {"***", false, "empty  "}, {"***", true, ""}, {"", false, ""},
		{"from:***", false, "empty  "}, {"پوشه:هیچ", false, "folder هیچ "}, {"in:nowhere before:x", false, "folder nowhere |value before:x "},
	} {
		var have []string
		for _, n := range ExplainQuery(c.q, c.typing, folders, accounts) {
			have = append(have, string(n.Kind)+" "+n.Term+" "+n.Hint)
		}
		if s := strings.Join(have, "|"); s != c.want {
			t.Errorf("%q: %q, want %q", c.q, s, c.want)
		}
	}
}

// Days of both calendars, in all digits.
func TestDays(t *testing.T) {
	now := time.Date(2025, 11, 26, 15, 0, 0, 0, time.UTC)
	for s, want := range map[string]string{
		"2024-05-03": "2024-05-03 2024-05-04", "2024/5/3": "2024-05-03 2024-05-04", "2024-05": "2024-05-01 2024-06-01", "2024": "2024-01-01 2025-01-01",
		"1404-09-05": "2025-11-26 2025-11-27", "۱۴۰۴/۹/۵": "2025-11-26 2025-11-27", "1403-12-30": "2025-03-20 2025-03-21", "1404-12": "2026-02-20 2026-03-21",
		"1404-01": "2025-03-21 2025-04-21", "1404": "2025-03-21 2026-03-21", "today": "2025-11-26 2025-11-27", "دیروز": "2025-11-25 2025-11-26",
		"7d": "2025-11-19 2025-11-20", "1404-12-30": "", "1404-13": "", "1404-0": "", "1404-1-1-1": "", "1404-x": "", "-1404": "", "99999": "", "1404-": "", "": "",
	} {
		have := ""
		if from, to, ok := parseDay(s, now); ok {
			have = from.Format(time.DateOnly) + " " + to.Format(time.DateOnly)
		}
		if have != want {
			t.Errorf("%q is %q, want %q", s, have, want)
		}
	}
}

func TestHighlightAndSnippet(t *testing.T) {
	both := "من میخواهم و او می‌خواهد"
	for query, want := range map[string]string{"می‌خواهم": "میخواهم", "می‌خ": "میخواهم|می‌خواهد", "می‌خوا": "میخواهم|می‌خواهد", "میخوا": "میخواهم|می‌خواهد", `"می‌خواهد"`: "می‌خواهد"} {
		var have []string
		for _, sp := range Highlight(both, query, InText) {
			have = append(have, both[sp.Start:sp.End])
		}
		if s := strings.Join(have, "|"); s != want {
			t.Errorf("%q marks %q, want %q", query, s, want)
		}
	}
	text := "Bitte die Rechnung für März bezahlen. گزارش كتاب‌هاي فروش"
	phrase := "words of two words, and two Wordsmiths"
	for query, want := range map[string]string{`"two words"`: "two|words", "two.words": "two|words|two|Wordsmiths", "two words": "words|two|words|two|Wordsmiths", `"two two"`: ""} {
		var have []string
		for _, sp := range Highlight(phrase, query, InText) {
			have = append(have, phrase[sp.Start:sp.End])
		}
		if s := strings.Join(have, "|"); s != want {
			t.Errorf("%q marks %q, want %q", query, s, want)
		}
	}
	var marked []string
	for _, sp := range Highlight(text, "marz rech کتاب -bezahlen from:bitte", InText) {
		marked = append(marked, text[sp.Start:sp.End])
	}
	if len(marked) != 2 || marked[0] != "März" || marked[1] != "كتاب" {
		t.Errorf("marked %q", marked)
	}
	if sp := Highlight(text, "rech", InText); len(sp) != 1 || text[sp[0].Start:sp[0].End] != "Rechnung" {
		t.Errorf("prefix: %v", sp)
	}
	if sp := Highlight("Sara Bitte", "from:bitte rech", InSender); len(sp) != 1 || sp[0].Start != 5 {
		t.Errorf("an operator's word in its place: %v", sp)
	}
	snip, sp := Snippet("one two three four five six seven eight nine ten eleven twelve", "nine", 24)
	if len(sp) != 1 || snip[sp[0].Start:sp[0].End] != "nine" {
		t.Errorf("snippet %q %v", snip, sp)
	}
	if snip, _ := Snippet("short", "nothing", 100); snip != "short" {
		t.Errorf("snippet %q", snip)
	}
}

// hostileQueries are what nobody means: too long, too deep, unfinished, or in the index's own language.
var hostileQueries = []string{
	"invoice" + strings.Repeat(" -zz", 400), strings.Repeat("invoice ", 5000), strings.Repeat("invoice OR ", 5000) + "x", strings.Repeat("(", 5000) + "a",
	strings.Repeat("(a OR ", 5000), strings.Repeat("-(a ", 300), strings.Repeat("(a (b OR -(c ", 300), `"` + strings.Repeat("invoice ", 20000) + `"`, strings.Repeat("x", 1<<18),
	strings.Repeat("in:inbox ", 3000), strings.Repeat("-is:unread -(a b) ", 500), strings.Repeat("会議", 5000), strings.Repeat("a\u200c", 5000), "a\x00b", "a\xff\xfeb",
	`invoice" OR rowid:1 --`, `{subject}:x`, `NEAR(a b, 5)`, `^invoice`, `a + b`, `subject : x`, `"a" * `, `'; DROP TABLE messages; --`, `"unclosed`, `from:"`, `-"`, `()`, `-()`, `OR OR OR`,
	`before:9999999-99-99`, `after:-1d`, `larger:1e400`, `smaller:-5`, `on:0000-00-00`, `in:"` + "%_'" + `"`, `tag:%_\`,
}

// No query is an error, whatever it holds, and none takes long.
func TestHostileQueries(t *testing.T) {
	s, _ := searchStore(t)
	for _, l := range []matchLimits{usualLimits, {few: 0, block: 2}} {
		s.limits = l
		for _, q := range hostileQueries {
			askAll(t, s, q)
		}
	}
	got(s.Page(context.Background(), Query{Search: "invoice"}, 0, 10))(t)
}

func askAll(t *testing.T, s *Store, q string) {
	t.Helper()
	ctx := context.Background()
	short := q[:min(len(q), 60)]
	rows, err := s.Search(ctx, q, 0, 100)
	if err != nil {
		t.Fatalf("%q: %v", short, err)
	}
	byDate, err := s.Page(ctx, Query{Search: q}, 0, 100)
	if err != nil || len(byDate) != len(rows) {
		t.Fatalf("%q: %d best and %d newest, %v", short, len(rows), len(byDate), err)
	}
	if n, _, err := s.Count(ctx, Query{Search: q}); err != nil || n < len(rows) {
		t.Fatalf("%q: %d of %d, %v", short, len(rows), n, err)
	}
	text := "the invoice of (a) 会議 " + short
	for _, sp := range Highlight(text, q, InText) {
		if sp.Start < 0 || sp.End > len(text) || sp.Start >= sp.End {
			t.Fatalf("%q: marks %v of %d", short, sp, len(text))
		}
	}
	Snippet(text, q, 20)
	ExplainQuery(q, false, nil, nil)
}

func FuzzParseQuery(f *testing.F) {
	for _, q := range append([]string{"a b", `"x y" -z`, "from:a OR (b c)", "((((", "after:7d", "-", "a:b:c", "«فروش» از", "از:x قبل:۱۴۰۴", "is:unread OR -(x y)"}, hostileQueries...) {
		f.Add(q)
	}
	s, err := Open(context.Background(), f.TempDir(), Options{})
	must(f, err)
	f.Cleanup(func() { _ = s.Close() })
	_, box := imapAccount(f, s, "work")
	in := messages(1, 8)
	in[2].Summary.Text, in[3].Flags = "invoice 会議 (a) سلام", mail.Flags{mail.FlagSeen}
	got(s.Ingest(context.Background(), box[mail.RoleInbox], in))(f)
	s.limits = matchLimits{few: 1, block: 2}
	f.Fuzz(func(t *testing.T, q string) { askAll(t, s, q) })
}

// Senders are in the order of what a list shows of them, subjects without their reply marks, both by the alphabet.
func TestOrderOfSendersAndSubjects(t *testing.T) {
	s := openTest(t, Options{})
	_, f := imapAccount(t, s, "office")
	from := []mail.Address{{Name: "Žofie", Addr: "a@x"}, {Name: "پارسا", Addr: "b@x"}, {Addr: "martin@x"}, {Name: "نوری", Addr: "c@x"}, {Name: "albert", Addr: "z@x"}, {Name: "كاوه", Addr: "d@x"}, {Name: "Bob", Addr: "e@x"}}
	var in []mail.Incoming
	for i, a := range from {
		subject := "Re: " + a.Name + a.Addr[:strings.IndexByte(a.Addr, '@')]
		in = append(in, mail.Incoming{UID: mail.UID(i + 1), Summary: mail.Summary{Subject: subject, From: []mail.Address{a}, HeaderID: a.Addr}, Received: t0})
	}
	got(s.Ingest(context.Background(), f[mail.RoleInbox], in))(t)
	for _, c := range []struct {
		sort Sort
		want string
	}{{SortSender, "z@x e@x martin@x a@x b@x d@x c@x"}, {SortSubject, "z@x e@x martin@x a@x b@x d@x c@x"}} {
		var have []string
		for _, r := range got(s.Page(context.Background(), Query{Folder: f[mail.RoleInbox], Sort: c.sort}, 0, 10))(t) {
			have = append(have, r.From[0].Addr)
		}
		if order := strings.Join(have, " "); order != c.want {
			t.Errorf("by %d: %s, want %s", c.sort, order, c.want)
		}
	}
}

// TestAnOperatorWithoutAValue says nothing yet, whichever it is: what is listed stays until its value is typed.
func TestAnOperatorWithoutAValue(t *testing.T) {
	for _, name := range []string{"from", "to", "subject", "in", "folder", "account", "tag", "is", "has", "before", "after", "on", "larger", "حساب", "ordner"} {
		if q := name + ":"; !SaysNothing(q) || !SaysNothing(q+" ") {
			t.Errorf("%q is searched as a word", q)
		}
		if SaysNothing(name) || SaysNothing("budget "+name+":") {
			t.Errorf("%q as a word, or behind one, says nothing", name)
		}
	}
}
