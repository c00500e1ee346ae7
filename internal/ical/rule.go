package ical

import (
	"strconv"
	"strings"
	"time"
)

// Freq is how often an event recurs.
type Freq string

// The frequencies that events have.
const (
	Daily   Freq = "DAILY"
	Weekly  Freq = "WEEKLY"
	Monthly Freq = "MONTHLY"
	Yearly  Freq = "YEARLY"
)

// Rule is a recurrence rule (RFC 5545 §3.3.10), as far as it is put into words.
type Rule struct {
	Freq       Freq
	Interval   int       // at least 1
	Count      int       // 0: no end by number
	Until      time.Time // zero: no end by date
	UntilDay   bool      // Until is a date
	ByDay      []Weekday
	ByMonthDay []int // negative: from the end of the month
	ByMonth    []int
	BySetPos   []int
	// Rare: the rule has parts that these fields do not hold; words about it must not claim to be all.
	Rare bool
}

// Weekday is a day of the week, the N-th of a month or year where N is not 0 (negative: from the end).
type Weekday struct {
	N   int
	Day time.Weekday
}

var weekdays = map[string]time.Weekday{"SU": time.Sunday, "MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday, "TH": time.Thursday, "FR": time.Friday, "SA": time.Saturday}

// parseRule reads a rule; what cannot be read makes it Rare. nil: it is none.
func parseRule(s string, z *zones) *Rule {
	r := &Rule{Interval: 1}
	for _, part := range strings.Split(strings.ToUpper(s), ";") {
		key, val, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch key {
		case "FREQ":
			r.Freq = Freq(val)
		case "INTERVAL":
			if n, err := strconv.Atoi(val); err == nil && n > 0 && n < 1000 {
				r.Interval = n
			}
		case "COUNT":
			if n, err := strconv.Atoi(val); err == nil && n > 0 {
				r.Count = n
			}
		case "UNTIL":
			if w, ok := z.when(line{value: val}); ok {
				r.Until, r.UntilDay = w.Time, w.AllDay
			}
		case "BYDAY":
			r.ByDay = r.days(val)
		case "BYMONTHDAY":
			r.ByMonthDay = r.numbers(val, -31, 31)
		case "BYMONTH":
			r.ByMonth = r.numbers(val, 1, 12)
		case "BYSETPOS":
			r.BySetPos = r.numbers(val, -366, 366)
		case "WKST", "":
		default:
			r.Rare = true
		}
	}
	switch r.Freq {
	case Daily, Weekly, Monthly, Yearly:
		return r
	case "HOURLY", "MINUTELY", "SECONDLY":
		r.Rare = true
		return r
	}
	return nil
}

func (r *Rule) days(s string) []Weekday {
	var out []Weekday
	for _, f := range strings.Split(s, ",") {
		f = strings.TrimSpace(f)
		if len(f) < 2 {
			r.Rare = true
			continue
		}
		d, ok := weekdays[f[len(f)-2:]]
		n, err := 0, error(nil)
		if len(f) > 2 {
			n, err = strconv.Atoi(strings.TrimPrefix(f[:len(f)-2], "+"))
		}
		if !ok || err != nil || n < -53 || n > 53 || len(out) == 7*8 {
			r.Rare = true
			continue
		}
		out = append(out, Weekday{n, d})
	}
	return out
}

func (r *Rule) numbers(s string, low, high int) []int {
	var out []int
	for _, f := range strings.Split(s, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(f))
		if err != nil || n == 0 || n < low || n > high || len(out) == 400 {
			r.Rare = true
			continue
		}
		out = append(out, n)
	}
	return out
}
