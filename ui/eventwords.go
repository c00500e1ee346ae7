package ui

import (
	"strings"
	"time"

	"peyk/internal/ical"
	"peyk/ui/lang"
)

// eventTime is when an event takes place, in the reader's zone and calendar: "Tue 2 Dec 2025, 10:00 – 11:30".
func eventTime(e ical.Event, loc *time.Location) string {
	if e.Start.Time.IsZero() {
		return ""
	}
	if e.Start.AllDay {
		first, last := e.Start.Time, e.End.Time.AddDate(0, 0, -1) // the end is the first day after
		if !last.After(first) {
			return lang.T("invite.day", lang.Weekday(first.Weekday()), lang.Date(first))
		}
		return lang.T("invite.span", lang.Date(first), lang.Date(last))
	}
	start, end := e.Start.Time.In(loc), e.End.Time.In(loc)
	switch {
	case !end.After(start):
		return lang.FullDate(start)
	case start.Format(time.DateOnly) == end.Format(time.DateOnly):
		return lang.T("invite.span", lang.FullDate(start), lang.Time(end))
	}
	return lang.T("invite.span", lang.FullDate(start), lang.FullDate(end))
}

// eventTimeOther is the start in the calendar that the language does not use first.
func eventTimeOther(e ical.Event, loc *time.Location) string {
	if e.Start.AllDay {
		return lang.OtherDate(e.Start.Time)
	}
	return lang.Other(e.Start.Time.In(loc))
}

// eventZone says the time in the zone it was written in where that is not the reader's.
func eventZone(e ical.Event, loc *time.Location) string {
	w := e.Start
	switch {
	case w.Unsure:
		return lang.T("invite.zone.unknown", w.Zone)
	case w.AllDay || w.Zone == "" || w.Time.IsZero():
		return ""
	}
	_, theirs := w.Time.Zone()
	if _, ours := w.Time.In(loc).Zone(); ours == theirs {
		return ""
	}
	return lang.T("invite.zone", lang.Time(w.Time), w.Zone)
}

// ruleWords puts a recurrence rule into words: "every 2 weeks on Tuesday and Thursday, until 1 March 2026".
func ruleWords(r *ical.Rule, loc *time.Location) string {
	if r == nil {
		return ""
	}
	unit := map[ical.Freq]string{ical.Daily: "rule.day", ical.Weekly: "rule.week", ical.Monthly: "rule.month", ical.Yearly: "rule.year"}[r.Freq]
	if unit == "" {
		return lang.T("rule.rare")
	}
	s := lang.N(unit, r.Interval)
	if on := ruleDays(r); on != "" {
		s = lang.T("rule.on", s, on)
	}
	switch {
	case r.Count > 0:
		s = lang.T("rule.end", s, lang.N("rule.count", r.Count))
	case !r.Until.IsZero() && r.UntilDay:
		s = lang.T("rule.end", s, lang.T("rule.until", lang.Date(r.Until)))
	case !r.Until.IsZero():
		s = lang.T("rule.end", s, lang.T("rule.until", lang.Date(r.Until.In(loc))))
	}
	if r.Rare || len(r.ByMonth) > 0 && r.Freq != ical.Yearly || len(r.BySetPos) > 1 {
		s = lang.T("rule.end", s, lang.T("rule.more"))
	}
	return s
}

// maxRuleDays is how many days are named before the words become longer than helpful.
const maxRuleDays = 7

func ruleDays(r *ical.Rule) string {
	var out []string
	for _, d := range r.ByDay {
		name := lang.Weekday(d.Day)
		n := d.N
		if n == 0 && len(r.BySetPos) == 1 && len(r.ByDay) == 1 {
			n = r.BySetPos[0]
		}
		switch {
		case n == -1:
			name = lang.T("rule.last", name)
		case n >= 1 && n <= 5:
			name = lang.T("rule.nth", lang.T("rule.nth."+string(rune('0'+n))), name)
		case n != 0:
			return "" // the third Monday from the end of a year: nobody says that
		}
		out = append(out, name)
	}
	if len(out) == 0 {
		for _, n := range r.ByMonthDay {
			if n == -1 {
				out = append(out, lang.T("rule.lastday"))
			} else if n > 0 {
				out = append(out, lang.T("rule.monthday", n))
			}
		}
	}
	if len(out) > maxRuleDays {
		return ""
	}
	return strings.Join(out, lang.T("rule.comma"))
}
