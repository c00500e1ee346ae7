package lang

import (
	"strconv"
	"strings"
	"time"

	"peyk/internal/mail"
)

// Digits writes the ASCII digits of s in the digits of the language. For counts and dates; never for addresses, ports,
// versions.
func Digits(s string) string { return digits(current.Load().lang, s) }

func digits(l Language, s string) string {
	zero := rune('0')
	switch l.Code {
	case "fa":
		zero = '۰'
	case "ar":
		zero = '٠'
	default:
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return zero + r - '0'
		}
		return r
	}, s)
}

// Num writes a whole number with the grouping and the digits of the language: 12,481 · ۱۲٬۴۸۱ · 12.481.
func Num[T int | int64 | uint32 | uint64](n T) string { return num(current.Load().lang, int64(n)) }

func num(l Language, n int64) string {
	sep := ","
	switch l.Code {
	case "fa", "ar":
		sep = "٬"
	case "de":
		sep = "."
	}
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return sign + digits(l, s)
}

// Size writes a number of bytes in the unit that suits: 412 KB, 2.1 MB. Units are of 1024.
func Size(n int64) string {
	l := current.Load().lang
	unit, v := "size.b", float64(n)
	for _, u := range []string{"size.kb", "size.mb", "size.gb"} {
		if v < 1000 {
			break
		}
		v /= 1024
		unit = u
	}
	prec := 0
	if v < 10 && unit != "size.b" && unit != "size.kb" {
		prec = 1
	}
	return strings.Replace(T(unit), "{0}", fraction(l, v, prec), 1)
}

// fraction writes a number with so many places behind the point, none when they say nothing.
func fraction(l Language, v float64, prec int) string {
	s := strings.TrimSuffix(strconv.FormatFloat(v, 'f', prec, 64), ".0")
	switch l.Code {
	case "fa", "ar":
		s = strings.Replace(s, ".", "٫", 1)
	case "de":
		s = strings.Replace(s, ".", ",", 1)
	}
	return digits(l, s)
}

// Took writes how long something took that was short: 4 ms, 1.2 s.
func Took(d time.Duration) string {
	if d < time.Second {
		return T("number.ms", max(1, int(d.Milliseconds())))
	}
	l := current.Load().lang
	return strings.Replace(T("number.s"), "{0}", fraction(l, d.Seconds(), 1), 1)
}

// Percent writes a whole percentage.
func Percent(n int) string { return T("number.percent", n) }

// ParseInt reads a whole number written in any of the digits 0-9, ۰-۹, ٠-٩, with or without grouping.
func ParseInt(s string) (int, error) { return strconv.Atoi(asciiDigits(strings.TrimSpace(s))) }

// asciiDigits writes Persian and Arabic digits as 0-9 and drops grouping signs between them.
func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '٬' {
			return -1
		}
		return mail.ASCIIDigit(r)
	}, s)
}

// Keys writes the names of keys in a shortcut, or in words that hold one, as they stand on the keyboards of the language:
// "Strg+Umschalt+M". Elsewhere they are the Latin ones, as on the keys.
func Keys(s string) string {
	if Current().Code != "de" {
		return s
	}
	if name, ok := germanKeys[s]; ok {
		return name
	}
	s = strings.NewReplacer("Ctrl+", "Strg+", "Shift+", "Umschalt+").Replace(s)
	for name, german := range germanKeys {
		s = strings.ReplaceAll(s, "+"+name, "+"+german)
	}
	return s
}

var germanKeys = map[string]string{"Enter": "Eingabe", "Del": "Entf", "Space": "Leertaste", "Up": "Auf", "Down": "Ab", "Left": "Links", "Right": "Rechts"}
