package lang

import (
	"time"

	"peyk/internal/jalali"
)

// Civil is the year, month and day of a moment in the calendar of the language.
func Civil(t time.Time) (y, m, d int) { return civil(t) }

// FromCivil is the time of day hour:minute on a date of the calendar of the language. Months and days beyond their range go
// on into the next or the last one.
func FromCivil(y, m, d, hour, minute int, loc *time.Location) time.Time {
	y, m = carry(y, m)
	gy, gm, gd := y, time.Month(m), 1
	if Current().Code == "fa" {
		var err error
		if gy, gm, gd, err = (jalali.Date{Year: y, Month: m, Day: 1}).ToGregorian(); err != nil {
			gy, gm, gd = time.Now().Date()
		}
	}
	return time.Date(gy, gm, gd+d-1, hour, minute, 0, 0, loc)
}

// carry brings a month into 1 to 12.
func carry(y, m int) (int, int) {
	m--
	y += m / 12
	if m %= 12; m < 0 {
		m += 12
		y--
	}
	return y, m + 1
}

// DaysInMonth is how many days a month of the calendar of the language has.
func DaysInMonth(y, m int) int {
	y, m = carry(y, m)
	if Current().Code == "fa" {
		return jalali.DaysIn(y, m)
	}
	return time.Date(y, time.Month(m)+1, 0, 12, 0, 0, 0, time.UTC).Day()
}

// MonthYear names a month of a year.
func MonthYear(y, m int) string {
	y, m = carry(y, m)
	return monthName(m, false) + " " + Digits(itoa(y))
}
