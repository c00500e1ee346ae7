package model

import (
	"strconv"
	"time"
)

// Age sorts a date by how a list writes it: today by the hour, this week by the day, this year by day and month.
type Age int

// The ages, seen from the local calendar.
const (
	Today Age = iota
	Yesterday
	ThisWeek // the six days before today
	ThisYear // within 300 days, so that December's mail keeps its short date in January
	Older
	Future // after the end of today: a wrong clock, shown with the year
)

// AgeOf sorts t; both times are taken in now's location.
func AgeOf(t, now time.Time) Age {
	t = t.In(now.Location())
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	switch {
	case !t.Before(day.AddDate(0, 0, 1)):
		return Future
	case !t.Before(day):
		return Today
	case !t.Before(day.AddDate(0, 0, -1)):
		return Yesterday
	case !t.Before(day.AddDate(0, 0, -6)):
		return ThisWeek
	case t.After(day.AddDate(0, 0, -300)):
		return ThisYear
	}
	return Older
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
