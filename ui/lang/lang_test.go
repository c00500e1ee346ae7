package lang

import (
	"testing"
	"time"
)

func in(t *testing.T, code string) {
	t.Helper()
	Set(code)
	t.Cleanup(func() { Set("en") })
}

func TestListDate(t *testing.T) {
	tehran := time.FixedZone("+0330", 3*3600+1800)
	now := time.Date(2025, 11, 25, 12, 0, 0, 0, tehran) // Tuesday, 4 Azar 1404
	cases := []struct {
		t      time.Time
		en, fa string
	}{
		{now.Add(-time.Hour), "11:00", "۱۱:۰۰"},
		{now.Add(-12*time.Hour - time.Minute), "Yesterday", "دیروز"},
		{now.AddDate(0, 0, -3), "Sat", "شنبه"},
		{now.AddDate(0, 0, -7), "18 Nov", "۲۷ آبان"},
		{now.AddDate(-1, 0, 0), "2024-11-25", "۱۴۰۳/۰۹/۰۵"},
		{now.UTC().Add(-12*time.Hour - time.Minute), "Yesterday", "دیروز"}, // another zone: the day is that of now's zone
		{now.AddDate(0, 0, 1), "Tomorrow", "فردا"},
	}
	for _, c := range cases {
		in(t, "en")
		if got := ListDate(c.t, now); got != c.en {
			t.Errorf("en %v: %q, want %q", c.t, got, c.en)
		}
		in(t, "fa")
		if got := ListDate(c.t, now); got != c.fa {
			t.Errorf("fa %v: %q, want %q", c.t, got, c.fa)
		}
	}
}

func TestFullDate(t *testing.T) {
	at := time.Date(2025, 11, 25, 9, 15, 0, 0, time.UTC)
	for code, want := range map[string]string{"en": "Tue 25 Nov 2025, 09:15", "fa": "سه‌شنبه ۴ آذر ۱۴۰۴، ۰۹:۱۵",
		"de": "Di, 25. Nov. 2025, 09:15", "ar": "الثلاثاء ٢٥ نوفمبر ٢٠٢٥، ٠٩:١٥"} {
		in(t, code)
		if got := FullDate(at); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	in(t, "fa")
	// The Gregorian date under Persian is in Persian as well; the offset keeps its sign in front.
	if got, want := Other(at.In(time.FixedZone("", 12600))), "سه‌شنبه ۲۵ نوامبر ۲۰۲۵، ۱۲:۴۵ \u2066+۰۳:۳۰\u2069"; got != want {
		t.Errorf("Other: %q, want %q", got, want)
	}
	if got, want := OtherDate(at), "سه‌شنبه ۲۵ نوامبر ۲۰۲۵"; got != want {
		t.Errorf("OtherDate: %q, want %q", got, want)
	}
}

// A path of several directions keeps its order and its slashes; one of a single direction has no need of that.
func TestPath(t *testing.T) {
	in(t, "fa")
	for want, levels := range map[string][]string{"INBOX / Projects": {"INBOX", "Projects"}, "بایگانی / سال ۱۴۰۳": {"بایگانی", "سال ۱۴۰۳"},
		"\u2068واردشده‌ها\u2069 / \u2068ImapMail\u2069 / \u2068imap\u2069": {"واردشده‌ها", "ImapMail", "imap"}} {
		if got := Path(levels...); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTook(t *testing.T) {
	for code, want := range map[string][3]string{"en": {"1 ms", "4 ms", "1.2 s"}, "de": {"1 ms", "4 ms", "1,2 s"}, "fa": {"۱ میلی‌ثانیه", "۴ میلی‌ثانیه", "۱٫۲ ثانیه"}} {
		in(t, code)
		for i, d := range []time.Duration{time.Microsecond, 4 * time.Millisecond, 1234 * time.Millisecond} {
			if got := Took(d); got != want[i] {
				t.Errorf("%s: %q, want %q", code, got, want[i])
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	cases := []struct{ code, num, size, small string }{
		{"en", "12,481", "2.1 MB", "412 KB"},
		{"fa", "۱۲٬۴۸۱", "۲٫۱ مگابایت", "۴۱۲ کیلوبایت"},
		{"de", "12.481", "2,1 MB", "412 KB"},
		{"ar", "١٢٬٤٨١", "٢٫١ ميغابايت", "٤١٢ كيلوبايت"},
	}
	for _, c := range cases {
		in(t, c.code)
		if got := Num(12481); got != c.num {
			t.Errorf("%s: Num %q, want %q", c.code, got, c.num)
		}
		if got := Size(2_202_010); got != c.size {
			t.Errorf("%s: Size %q, want %q", c.code, got, c.size)
		}
		if got := Size(412 * 1024); got != c.small {
			t.Errorf("%s: Size %q, want %q", c.code, got, c.small)
		}
	}
	in(t, "en")
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1 KB", 1023 * 1024: "1 MB", -5: "-5 B"} {
		if got := Size(n); got != want {
			t.Errorf("Size(%d) = %q, want %q", n, got, want)
		}
	}
	if n, err := ParseInt(" ۱٬۲۳۴ "); n != 1234 || err != nil {
		t.Errorf("ParseInt: %d, %v", n, err)
	}
	if got := Num(-1234567); got != "-1,234,567" {
		t.Errorf("Num: %q", got)
	}
}

func TestPluralCategories(t *testing.T) {
	cases := []struct {
		code string
		n    int
		want string
	}{
		{"en", 0, "other"}, {"en", 1, "one"}, {"en", 2, "other"},
		{"fa", 0, "one"}, {"fa", 1, "one"}, {"fa", 2, "other"},
		{"ar", 0, "zero"}, {"ar", 1, "one"}, {"ar", 2, "two"}, {"ar", 3, "few"}, {"ar", 110, "few"}, {"ar", 11, "many"},
		{"ar", 100, "other"}, {"ar", 102, "other"},
	}
	for _, c := range cases {
		if got := category(c.code, c.n); got != c.want {
			t.Errorf("%s %d: %s, want %s", c.code, c.n, got, c.want)
		}
	}
}

func TestFill(t *testing.T) {
	fa := &state{lang: all[1]}
	if got, want := fill(fa, "{0} از {1} در {2}", []any{5, 10000, "Inbox"}), "۵ از ۱۰٬۰۰۰ در \u2068Inbox\u2069"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	en := &state{lang: all[0]}
	if got, want := fill(en, "{1} {0} {9} {x", []any{"a", "b"}), "b a {9} {x"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Plain("\u2068a\u2069 b"); got != "a b" {
		t.Errorf("Plain: %q", got)
	}
}

func TestSetTellsListeners(t *testing.T) {
	in(t, "en")
	var heard []string
	stop := OnChange(func() { heard = append(heard, Current().Code) })
	Set("fa-IR")
	Set("fa")
	Set("xx")
	stop()
	Set("de")
	if len(heard) != 2 || heard[0] != "fa" || heard[1] != "en" {
		t.Errorf("heard %v", heard)
	}
}

func TestWeekStart(t *testing.T) {
	for code, want := range map[string]time.Weekday{"en": time.Sunday, "de": time.Monday, "fa": time.Saturday, "ar": time.Saturday} {
		in(t, code)
		if got := FirstWeekday(); got != want {
			t.Errorf("%s: the week starts on %v, want %v", code, got, want)
		}
	}
}

func TestArabicCounts(t *testing.T) {
	in(t, "ar")
	for n, want := range map[int]string{0: "لا رسائل", 1: "رسالة واحدة", 2: "رسالتان", 3: "٣ رسائل", 11: "١١ رسالة", 100: "١٠٠ رسالة"} {
		if got := N("list.messages", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// TestArgumentsDoNotReorderTheSentence looks at what is put around arguments in each direction of the sentence.
func TestArgumentsDoNotReorderTheSentence(t *testing.T) {
	t.Cleanup(func() { Set("en") })
	for _, c := range []struct{ code, arg, want string }{
		{"en", "a.pdf", "a.pdf"}, {"en", "گزارش", "\u2068گزارش\u2069"}, {"fa", "گزارش", "گزارش"}, {"fa", "a.pdf", "\u2068a.pdf\u2069"},
		{"fa", "\u2068a\u2069: \u2068b\u2069", "\u2067\u2068a\u2069: \u2068b\u2069\u2069"}, {"fa", "\u2068a\u2069 ب", "\u2068\u2068a\u2069 ب\u2069"}, {"en", "\u2068ب\u2069: \u2068ج\u2069", "\u2068\u2068ب\u2069: \u2068ج\u2069\u2069"},
		{"fa", "ا\u202eب", "\u2068ا\u202eب\u202c\u2069"}, {"en", "x\u2069y", "\u2068xy\u2069"},
	} {
		Set(c.code)
		if got := Dots("", c.arg); got != c.want {
			t.Errorf("%s: %q becomes %q, want %q", c.code, c.arg, got, c.want)
		}
	}
	Set("fa")
	if got := Dots("a.pdf", "۰ بایت"); got != "\u2068a.pdf\u2069 · ۰ بایت" {
		t.Errorf("%q", got)
	}
}

func TestKeysAsOnTheKeyboard(t *testing.T) {
	t.Cleanup(func() { Set("en") })
	for _, c := range [][3]string{{"en", "Ctrl+Shift+M", "Ctrl+Shift+M"}, {"de", "Ctrl+Shift+M", "Strg+Umschalt+M"}, {"de", "Shift+Del", "Umschalt+Entf"},
		{"de", "Down", "Ab"}, {"de", "Download", "Download"}, {"de", "Ordner nach oben (Alt+Up)", "Ordner nach oben (Alt+Auf)"}, {"fa", "Ctrl+K", "Ctrl+K"}} {
		Set(c[0])
		if got := Keys(c[1]); got != c[2] {
			t.Errorf("%s: %q becomes %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

// Names in different directions stay in their order in a line of either direction: each is isolated.
func TestList(t *testing.T) {
	t.Cleanup(func() { Set("en") })
	for code, want := range map[string]string{
		"en": "a.pdf, \u2068نامه.txt\u2069, b.pdf",
		"fa": "\u2068a.pdf\u2069، نامه، \u2068b.pdf\u2069",
	} {
		Set(code)
		second := map[string]string{"en": "نامه.txt", "fa": "نامه"}[code]
		if got := List("a.pdf", second, "b.pdf"); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
