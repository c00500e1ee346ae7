package text

import "testing"

func TestFieldDirection(t *testing.T) {
	for s, want := range map[string]Direction{
		"Re: جلسهٔ فردا": RTL, "Fwd: Re: گزارش": RTL, "پاسخ: meeting tomorrow": LTR, "[list-fa] سلام به همه": RTL,
		"[Peyk #123] خطا در ارسال": RTL, "RE[2]: سلام": RTL, "Fw (3): سلام": RTL, "AW: WG: سلام": RTL,
		"123 سلام": RTL, "+98 912 تلفن": RTL, "ali@example.com نوشت": RTL, "https://example.com/a را ببینید": RTL,
		"report.pdf پیوست شد": RTL, "hello سلام": LTR, "سلام hello": RTL, "": Auto, "123": Auto, "Re: 😀": LTR,
		"www.example.com سایت ماست": RTL, "example.ir سایت ماست": RTL, "ali@example.com": LTR, "report.pdf": LTR,
		"Rechnung: سلام": LTR, "e.g. سلام": LTR, "השב: הצעה": RTL, "(Re: سلام)": LTR, "\u2067abc\u2069 def": LTR,
		"(فوری) urgent": RTL, "Hello. سلام": LTR, "回复: سلام": RTL,
	} {
		if got := FieldDirection(s); got != want {
			t.Errorf("FieldDirection(%q) = %v, want %v", s, got, want)
		}
	}
}

func TestBaseDirection(t *testing.T) {
	for s, want := range map[string]Direction{
		"Re: جلسه": LTR, "سلام": RTL, "12 ۳": Auto, "\nسلام": Auto, "\u2067hi\u2069 سلام": RTL, "\u200Fabc": RTL,
	} {
		if got := BaseDirection(s); got != want {
			t.Errorf("BaseDirection(%q) = %v, want %v", s, got, want)
		}
	}
}

func TestSanitize(t *testing.T) {
	for in, want := range map[string]string{
		"invoice\u202Efdp.exe":       "invoice[RLO]fdp.exe",
		"invoice\u202Efdp.exe\u202C": "invoice[RLO]fdp.exe",
		"می‌خواهم":                   "می‌خواهم",
		"a\u200Cb":                   "ab",
		"line\r\nBcc: x":             "line  Bcc: x",
		"a\u200B\u2060\uFEFFb\u00AD": "ab",
		"\u2067سلام\u2069":           "\u2067سلام\u2069",
		"\u2067سلام":                 "سلام",
		"سلام\u2069\u202C":           "سلام",
		"👨‍👩‍👧":                      "👨‍👩‍👧",
		"❤️":                         "❤️",
		"a\u0000b\u001Bc":            "a b c",
		"\u3164name":                 "name",
		"z\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301": "z\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
		"plain":        "plain",
		"a\U000E0041b": "ab",
		"\u200Fabc":    "\u200Fabc",
	} {
		got := Sanitize(in)
		if got != want {
			t.Errorf("Sanitize(%q) = %q, want %q", in, got, want)
		}
		if again := Sanitize(got); again != got {
			t.Errorf("Sanitize is not idempotent: %q, %q", got, again)
		}
	}
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"invoice\u202Efdp.exe": "invoice[RLO]fdp.exe", "a\u200Bb@x": "a[U+200B]b@x", "می‌خواهم.pdf": "می‌خواهم.pdf",
		"paypal\u200D.com": "paypal[U+200D].com", "x\u200F.exe": "x[RLM].exe", "\u2067a\u2069": "[RLI]a[PDI]",
		"a\u00ADb": "a[U+00AD]b", "report.pdf": "report.pdf", "a\u0007": "a[U+0007]",
	} {
		got := Visible(in)
		if got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
		if again := Visible(got); again != got {
			t.Errorf("Visible is not idempotent: %q, %q", got, again)
		}
	}
}

// TestIsolateHolds: whatever a field holds, the text around it keeps its levels.
func TestIsolateHolds(t *testing.T) {
	hostile := append(corpus(t), "\u2069\u2069\u202Eabc", "\u202E\u2067", "a\u202C\u202C\u2069b", "\n\u2029x", "\u2067\u202E\u2068")
	for _, field := range hostile {
		for _, frame := range [][2]string{{"From: ", " (to me) 12:30"}, {"از ", " (به من) ۱۲:۳۰"}} {
			s := frame[0] + Isolate(field) + frame[1]
			runes := []rune(s)
			cls := make([]bclass, len(runes))
			for i, r := range runes {
				cls[i] = classOf(r)
			}
			var p, q bidiPara
			base := p.resolve(cls, runes, autoBase)
			// The same frame around an object that has no direction.
			plain := []rune(frame[0] + "\uFFFC" + frame[1])
			pc := make([]bclass, len(plain))
			for i, r := range plain {
				pc[i] = classOf(r)
			}
			if got := q.resolve(pc, plain, autoBase); got != base {
				t.Errorf("%q changes the base direction around it", field)
			}
			a, b := len([]rune(frame[0])), len([]rune(frame[1]))
			for i := range a {
				if p.levels[i] != q.levels[i] {
					t.Errorf("%q changes what stands before it", field)
					break
				}
			}
			for i := 1; i <= b; i++ {
				if p.levels[len(runes)-i] != q.levels[len(plain)-i] {
					t.Errorf("%q changes what stands after it", field)
					break
				}
			}
		}
	}
}
