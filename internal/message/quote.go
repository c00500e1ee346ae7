package message

import (
	"fmt"
	"strings"
	"time"

	"peyk/internal/jalali"
	"peyk/internal/mail"
	"peyk/internal/richtext"
)

// maxQuote bounds the quoted text of a reply, in bytes.
const maxQuote = 512 << 10

// quoteText puts "> " before every line; the signature of the original is left out.
func quoteText(text string) string {
	text = strings.TrimRight(cutText(normalizeLines(text), maxQuote), "\n ")
	if i := strings.LastIndex("\n"+text, "\n-- \n"); i >= 0 && strings.Count(text[i:], "\n") < 20 {
		text = strings.TrimRight(text[:i], "\n ")
	}
	if text == "" {
		return ""
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if l == "" {
			lines[i] = ">"
		} else {
			lines[i] = "> " + l
		}
	}
	return strings.Join(lines, "\n")
}

var arMonths = [...]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"}

var deMonths = [...]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}

// rlm makes a line that starts with a Latin name run right to left all the same, lrm the other way round (UAX #9 §2.6). What stands between fsi and pdi has its own direction (§2.4).
const (
	rlm = "\u200f"
	lrm = "\u200e"
	fsi = "\u2068"
	pdi = "\u2069"
)

// Attribution is the line over a quoted text: who wrote it and when, in the words and the calendar of lang ("en", "fa",
// "de", "ar"; anything else is English). Without a date it only says who.
func Attribution(lang string, from mail.Address, t time.Time) string {
	who := cleanLine(from.Display())
	var s string
	switch base, _, _ := strings.Cut(strings.ToLower(lang), "-"); base {
	case "fa":
		s = who + " نوشت:"
		if d, err := jalali.FromTime(t); err == nil && !t.IsZero() {
			s = who + " در " + d.String() + " نوشت:"
		}
		return rtlLine(s)
	case "ar":
		s = "كتب " + who + ":"
		if !t.IsZero() {
			s = fmt.Sprintf("في %d %s %d كتب %s:", t.Day(), arMonths[t.Month()-1], t.Year(), who)
		}
		return rtlLine(s)
	case "de":
		s = who + " schrieb:"
		if !t.IsZero() {
			s = fmt.Sprintf("Am %d. %s %d um %s schrieb %s:", t.Day(), deMonths[t.Month()-1], t.Year(), t.Format("15:04"), who)
		}
		return s
	}
	if t.IsZero() {
		return who + " wrote:"
	}
	return fmt.Sprintf("On %d %s %d at %s, %s wrote:", t.Day(), t.Month(), t.Year(), t.Format("15:04"), who)
}

func rtlLine(s string) string {
	if rtl, _ := richtext.FirstStrong(s); !rtl {
		return rlm + s
	}
	return s
}

// forwardWords are the words of the header block over a forwarded text.
type forwardWords struct{ title, from, date, subject, to, cc, files string }

var forwardLang = map[string]forwardWords{
	"en": {"---------- Forwarded message ----------", "From", "Date", "Subject", "To", "Cc", "Attachments"},
	"de": {"---------- Weitergeleitete Nachricht ----------", "Von", "Datum", "Betreff", "An", "Cc", "Anhänge"},
	"fa": {"---------- پیام هدایت‌شده ----------", "از", "تاریخ", "موضوع", "به", "رونوشت", "پیوست‌ها"},
	"ar": {"---------- رسالة معاد توجيهها ----------", "من", "التاريخ", "الموضوع", "إلى", "نسخة", "المرفقات"},
}

// forwardText is the text of an inline forward: who, when, what, to whom, then the text as it was.
func forwardText(lang string, c *mail.Content, t time.Time) string {
	return forwardHead(lang, c, t) + "\n" + strings.TrimRight(cutText(c.Text, maxText), "\n") + "\n"
}

// forwardHead are the lines over a forwarded text, in the words of lang.
func forwardHead(lang string, c *mail.Content, t time.Time) string {
	base, w := forwardWordsIn(lang)
	rtl, _ := richtext.FirstStrong(w.from)
	var b strings.Builder
	b.WriteString(w.title + "\n")
	line := func(label, v string) {
		if v == "" {
			return
		}
		s := label + ": " + v
		b.WriteString(s + "\n")
	}
	line(w.from, joinAddresses(c.Row.From, rtl))
	if !t.IsZero() {
		date := t.Format("Mon, 2 Jan 2006 15:04 -0700")
		if d, err := jalali.FromTime(t); err == nil && base == "fa" {
			date = jalali.WeekdayName(t.Weekday()) + " " + d.String() + " " + jalali.Digits(t.Format("15:04"))
		}
		line(w.date, date)
	}
	line(w.subject, c.Row.Subject)
	line(w.to, joinAddresses(c.Row.To, rtl))
	line(w.cc, joinAddresses(c.Cc, rtl))
	return b.String()
}

func forwardWordsIn(lang string) (base string, w forwardWords) {
	base, _, _ = strings.Cut(strings.ToLower(lang), "-")
	w, ok := forwardLang[base]
	if !ok {
		w = forwardLang["en"]
	}
	return base, w
}

// fileLine names the files that go with a message, "" for none. Each name keeps its own order.
func fileLine(lang string, files []mail.Attachment) string {
	var names []string
	for _, a := range files {
		if name := cleanFileName(a.Filename); name != "" && !(a.Inline && a.ContentID != "") {
			names = append(names, fsi+name+pdi)
		}
	}
	if len(names) == 0 {
		return ""
	}
	_, w := forwardWordsIn(lang)
	return w.files + ": " + strings.Join(names, ", ") + "\n"
}

// joinAddresses lists addresses. In a line that runs from right to left each keeps its order: the bracket at its end belongs to it, not to the line.
func joinAddresses(list []mail.Address, rtl bool) string {
	var out []string
	comma := ", "
	if rtl {
		comma += rlm
	}
	for _, a := range list {
		s := a.String()
		if name, strong := richtext.FirstStrong(s); rtl && strong && !name {
			s += lrm
		}
		out = append(out, s)
	}
	return strings.Join(out, comma)
}
