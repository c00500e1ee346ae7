package lang

import (
	"time"

	"peyk/internal/jalali"
)

// ListDate is the short date of a list row, relative to now: the time today, "Yesterday", the weekday within the last
// week, the day and month within the year, else the date.
func ListDate(t, now time.Time) string {
	t = t.In(now.Location())
	days := dayNumber(now) - dayNumber(t)
	switch {
	case days == 0:
		return Time(t)
	case days == 1:
		return T("date.yesterday")
	case days == -1:
		return T("date.tomorrow")
	case days > 1 && days < 7:
		return T(weekdayShort[t.Weekday()])
	}
	y, m, d := civil(t)
	if ny, _, _ := civil(now); ny == y {
		return T("date.day.month", Digits(itoa(d)), monthName(m, true))
	}
	return T("date.numeric", Digits(pad(y, 4)), Digits(pad(m, 2)), Digits(pad(d, 2)))
}

// When is a moment that lies ahead, short: "08:00" today, "Tomorrow, 08:00", "28 Nov, 08:00".
func When(t, now time.Time) string {
	t = t.In(now.Location())
	if dayNumber(t) == dayNumber(now) {
		return Time(t)
	}
	return T("date.when", ListDate(t, now), Time(t))
}

// FullDate is the date of a message in its header: "Tue 25 Nov 2025, 09:15".
func FullDate(t time.Time) string {
	y, m, d := civil(t)
	return T("date.full", T(weekdayShort[t.Weekday()]), Digits(itoa(d)), monthName(m, true), Digits(itoa(y)), Time(t))
}

// Date is a date without the time: "25 November 2025".
func Date(t time.Time) string {
	y, m, d := civil(t)
	return T("date.long", Digits(itoa(d)), monthName(m, false), Digits(itoa(y)))
}

// Time is the time of day, hours and minutes.
func Time(t time.Time) string { return Digits(t.Format("15:04")) }

// Other is the same moment in the calendar that the language does not use first (Gregorian under Persian), in the words of the
// language, with the zone it is told in; "" where there is none. It is for tooltips and details.
func Other(t time.Time) string {
	if Current().Code != "fa" {
		return ""
	}
	return T("date.other", gregorian(t), Time(t), Digits(t.Format("-07:00")))
}

// OtherDate is Other without the time.
func OtherDate(t time.Time) string {
	if Current().Code != "fa" {
		return ""
	}
	return gregorian(t)
}

// gregorian names a day of the Gregorian calendar in the words and digits of the language.
func gregorian(t time.Time) string {
	return T("date.other.day", T(weekdayShort[t.Weekday()]), Digits(itoa(t.Day())), T("date.mon."+pad(int(t.Month()), 2)), Digits(itoa(t.Year())))
}

// FirstWeekday is the day a week begins with.
func FirstWeekday() time.Weekday {
	switch Current().Code {
	case "fa", "ar":
		return time.Saturday
	case "de":
		return time.Monday
	}
	return time.Sunday
}

// Weekday and WeekdayShort name a day of the week.
func Weekday(d time.Weekday) string { return T(weekdayLong[d]) }

// WeekdayShort is the short name of a day of the week.
func WeekdayShort(d time.Weekday) string { return T(weekdayShort[d]) }

var (
	weekdayShort = [7]string{"date.sun", "date.mon", "date.tue", "date.wed", "date.thu", "date.fri", "date.sat"}
	weekdayLong  = [7]string{"date.sunday", "date.monday", "date.tuesday", "date.wednesday", "date.thursday", "date.friday", "date.saturday"}
)

func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 12, 0, 0, 0, time.UTC).Unix() / 86400)
}

func monthName(m int, short bool) string {
	switch {
	case Current().Code == "fa":
		return T("date.jalali." + pad(m, 2))
	case short:
		return T("date.mon." + pad(m, 2))
	}
	return T("date.month." + pad(m, 2))
}

// civil is the year, month and day in the calendar of the language.
func civil(t time.Time) (y, m, d int) {
	if Current().Code == "fa" {
		if d, err := jalali.FromTime(t); err == nil {
			return d.Year, d.Month, d.Day
		}
	}
	gy, gm, gd := t.Date()
	return gy, int(gm), gd
}

func itoa(n int) string { return pad(n, 1) }

func pad(n, width int) string {
	var b [8]byte
	i := len(b)
	for n > 0 || width > 0 {
		i--
		b[i] = byte('0' + n%10)
		n /= 10
		width--
	}
	return string(b[i:])
}
