package fold

import (
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestString(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Hello, World", "hello world"},
		{"Straße ÄÖÜ café Łódź Œuvre", "strasse aou cafe lodz oeuvre"},
		{"كتاب علي", "کتاب علی"},
		{"کتاب على", "کتاب علی"},
		{"مُحَمَّد", "محمد"},
		{"مــحــمد", "محمد"},
		{"أحمد إيران آب مؤمن مسئول", "احمد ایران اب مومن مسیول"},
		{"شركة خانهٔ", "شرکه خانه"},
		{"ﻻ ﷲ", "لا الله"},
		{"۱۲۳ ٤٥٦ ७८९ 123", "123 456 789 123"},
		{"می‌خواهم", "می خواهم"},
		{"\u202eabc\u202c a\u200eb\u00adc", "abc abc"},
		{"Привет Ёлка", "привет елка"},
		{"ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"},
		{"שָׁלוֹם", "שלום"},
		{"ｆｕｌｌ ｗｉｄｔｈ", "full width"},
		{"sara.ahmadi@shomal.example", "sara ahmadi shomal example"},
		{"हिन्दी", "हिन्दी"},
		{"e\u0301te\u0301", "ete"},
		{"😀 ok 👍🏽", "😀 ok 👍 🏽"},
	} {
		if got := String(c.in); got != c.want {
			t.Errorf("String(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestPairs(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"日本語", "日本 本語 語"},
		{"カタカナ", "かた たか かな な"},
		{"ｶﾞ", "が"},
		{"東京tower", "東京 京 tower"},
		{"สวัสดี", "สว วั ัส สด ดี ี"},
	} {
		if got := Index(c.in); got != c.want {
			t.Errorf("Index(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if q := Query("日本"); !reflect.DeepEqual(q.Words, []string{"日本"}) || q.Partial {
		t.Errorf("%+v", q)
	}
	if q := Query("日"); !reflect.DeepEqual(q.Words, []string{"日"}) || !q.Partial {
		t.Errorf("%+v", q)
	}
}

func TestJoiner(t *testing.T) {
	if got := Index("نمی‌خواهم بروم"); got != "نمی خواهم بروم نمیخواهم" {
		t.Errorf("Index = %q", got)
	}
}

// A term is looked for however it may be written.
func TestSpellings(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"می‌خواهم", "می خواهم | میخواهم"}, {"میخواهم", "میخواهم | می خواهم!"}, {"می خواهم", "می خواهم | میخواهم"}, {"كتابها", "کتابها | کتاب ها!"},
		{"خانه می‌خواهم دارم", "خانه می خواهم دارم | خانه میخواهم دارم"}, {"من میروم خانه", "من میروم خانه | من می روم خانه"},
		{"نمی‌توانم بزرگ‌تر", "نمی توانم بزرگ تر | نمیتوانم بزرگ تر | نمی توانم بزرگتر | نمیتوانم بزرگتر"},
		{"میز تنها دفتر", "میز تنها دفتر"}, {"12500000", "12500000 | 12 500 000!"}, {"۱۲٬۵۰۰٬۰۰۰", "12 500 000 | 12500000"}, {"12.500.000 تومان", "12 500 000 تومان | 12500000 تومان"},
		{"2025-11-01", "2025 11 01 | 2 025 11 01"}, {"09121234567", "09121234567"}, {"123", "123"}, {"12,50", "12 50"}, {"日本", "日本"}, {"abc", "abc"},
	} {
		q := Query(c.in)
		have := strings.Join(q.Words, " ")
		for _, o := range q.Others {
			have += " | " + strings.Join(o.Words, " ")
			if o.Whole {
				have += "!"
			}
		}
		if have != c.want {
			t.Errorf("%s: %s, want %s", c.in, have, c.want)
		}
	}
	if n := len(Query(strings.Repeat("می‌روم ", 50)).Others); n >= maxSpellings {
		t.Errorf("%d spellings", n)
	}
	for pair, want := range map[[2]string]bool{{"می", "روم"}: true, {"كتاب", "ها"}: true, {"از", "ها"}: true, {"و", "ها"}: false, {"می", "2025"}: false, {"may", "ها"}: false, {"کتاب", "من"}: false} {
		if Belong(pair[0], pair[1]) != want {
			t.Errorf("%s: %t", pair, !want)
		}
	}
}

func TestScanPlaces(t *testing.T) {
	s := "Grüße an Ali: سلام‌ها"
	var got []string
	Scan(s, func(w Word) { got = append(got, s[w.Start:w.End]) })
	if want := []string{"Grüße", "an", "Ali", "سلام", "ها"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A long text without spaces, or in quotation marks, is one term. What that takes grows with the text, not with its square.
func TestLongTerms(t *testing.T) {
	for _, s := range []string{strings.Repeat("東京", 2700), strings.Repeat("a ", 8000), strings.Repeat("12500 ", 2700), strings.Repeat("کتابها ", 1200)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		q := Query(s)
		runtime.ReadMemStats(&after)
		if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 40 {
			t.Errorf("a term of %d words, %.12s…, takes %d MB", len(q.Words), s, n)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "abc", "می‌خواهم", "日本語 x", "\xff\xfe", strings.Repeat("a", 200), "ß\u0301", "\u200c\u200c", "0\u037a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		Scan(s, func(w Word) {
			if w.Start < 0 || w.End > len(s) || w.Start >= w.End || w.Start < last && !w.Tail && utf8.RuneCountInString(w.Text) < 2 {
				t.Fatalf("%q: word %+v after %d", s, w, last)
			}
			last = w.Start
			if w.Text == "" || strings.ContainsAny(w.Text, " \"\x00") {
				t.Fatalf("%q: word %q", s, w.Text)
			}
		})
		i := Index(s)
		if !utf8.ValidString(i) || strings.Contains(i, "  ") {
			t.Fatalf("Index(%q) = %q", s, i)
		}
		Query(s)
	})
}

func BenchmarkIndex(b *testing.B) {
	for name, line := range map[string]string{"ascii": "The quick brown fox, and the lazy dog: <https://example.org/a?b=c>.\n",
		"persian": "The quick brown fox, گزارش فروش ماه گذشته را می‌خواهم 1403.\n", "other": "ｆｕｌｌ ｗｉｄｔｈ 日本語, a smile 😀\n"} {
		b.Run(name, func(b *testing.B) {
			s := strings.Repeat(line, 200)
			b.SetBytes(int64(len(s)))
			var out []byte
			for b.Loop() {
				out = Append(out[:0], s)
			}
		})
	}
}

// Lines are folded one by one, ASCII ones on a shorter way; the result is that of folding the whole.
func TestIndexByLines(t *testing.T) {
	whole := func(s string) string {
		var words, joined []string
		Scan(norm.NFKC.String(s), func(w Word) {
			words = append(words, w.Text)
			if w.Joined != "" {
				joined = append(joined, w.Joined)
			}
		})
		return strings.Join(append(words, joined...), " ")
	}
	long := strings.Repeat("Abc9", 40)
	for _, s := range []string{"", "\n", " \n \n", "Hello,\nWorld", "می‌خواهم\nplain text\nکتاب‌های من", "caf\u00e9\nline-two\r\ne\u0301te", "日本\n語",
		long + "\n" + long + "é", "a\n\u0301b", "x‌\ny", "end\u200c\n", "tab\tbed\x00nul"} {
		if got, want := Index(s), whole(s); got != want {
			t.Errorf("Index(%q) = %q, want %q", s, got, want)
		}
	}
	// Every alphabet of the table, with marks, joiners and what is not in it.
	r := rand.New(rand.NewPCG(1, 2))
	pools := [][]rune{[]rune("abcXYZ 019.,-\n"), []rune("میخواهمكتابهاىؤئأٓٔ \u200c\u200c۱۲،ـ"), []rune("éÉßœİı ÅşŻž\u0301\u0308"),
		[]rune("אבגְּ-'"), []rune("日本語ก์กา한국 "), []rune("\u200b\u200e\u00ad\ufffd😀½²ﬁ")}
	for range 30000 {
		var b strings.Builder
		pool := pools[r.IntN(len(pools))]
		for range 1 + r.IntN(90) {
			switch r.IntN(20) {
			case 0:
				pool = pools[r.IntN(len(pools))]
			case 1:
				b.WriteRune(rune(r.IntN(tableSize + 100)))
			}
			b.WriteRune(pool[r.IntN(len(pool))])
		}
		if got, want := Index(b.String()), whole(b.String()); got != want {
			t.Fatalf("Index(%q) = %q, want %q", b.String(), got, want)
		}
	}
	// Words about as long as words may be, wherever they stand.
	for range 3000 {
		var b strings.Builder
		for range 1 + r.IntN(6) {
			n := r.IntN(maxWord)
			if r.IntN(2) == 0 {
				n = maxWord - 4 + r.IntN(9)
			}
			b.WriteString(strings.Repeat([]string{"aB9", "aB9", "aé", "می"}[r.IntN(4)], n)[:n])
			b.WriteString([]string{" ", "\n", "-- ", "\u200c", "“"}[r.IntN(5)])
		}
		s := strings.ToValidUTF8(b.String(), "")
		if got, want := Index(s), whole(s); got != want {
			t.Fatalf("Index(%q) = %q, want %q", s, got, want)
		}
		if got, want := string(Append([]byte("x y"), s)), "x y"+whole(s); got != want {
			t.Fatalf("Append(%q) = %q, want %q", s, got, want)
		}
	}
}
