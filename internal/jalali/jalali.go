// Package jalali converts between the Gregorian calendar and the Solar Hijri (Jalali) calendar of Iran, and names its
// months and weekdays in Persian.
//
// It uses Kazimierz M. Borkowski's arithmetic ("The Persian calendar for 3000 years", Earth, Moon and Planets 74, 1996),
// which agrees with the astronomical rule (the year starts at the midnight nearest the vernal equinox in Tehran) for the
// years 1 to 3177. Values are plain data; everything is safe for concurrent use.
package jalali

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// MinYear and MaxYear bound the years that can be converted.
const (
	MinYear = 1
	MaxYear = 3177
)

// ErrRange is returned for a date that does not exist or lies outside MinYear to MaxYear.
var ErrRange = errors.New("jalali: no such date")

// Date is a day of the Jalali calendar: Month 1 (Farvardin) to 12 (Esfand), Day from 1.
type Date struct{ Year, Month, Day int }

// breaks are the years in which the 33-year rhythm of leap years changes.
var breaks = [...]int{-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178}

// year tells how many years ago (0 to 4) the last leap year was, and on which day of March year jy starts.
func year(jy int) (leap, march int) {
	gy := jy + 621
	leapJ, jp, jump := -14, breaks[0], 0
	for _, jm := range breaks[1:] {
		jump = jm - jp
		if jy < jm {
			break
		}
		leapJ += jump/33*8 + jump%33/4
		jp = jm
	}
	n := jy - jp
	leapJ += n/33*8 + (n%33+3)/4
	if jump%33 == 4 && jump-n == 4 {
		leapJ++
	}
	leapG := gy/4 - (gy/100+1)*3/4 - 150
	march = 20 + leapJ - leapG
	if jump-n < 6 {
		n = n - jump + (jump+4)/33*33
	}
	leap = ((n+1)%33 - 1) % 4
	if leap == -1 {
		leap = 4
	}
	return leap, march
}

// IsLeap tells whether Esfand of the year has 30 days. It is false outside MinYear to MaxYear.
func IsLeap(jy int) bool {
	if jy < MinYear || jy > MaxYear {
		return false
	}
	leap, _ := year(jy)
	return leap == 0
}

// DaysIn is the number of days of a month; 0 for a month that does not exist.
func DaysIn(jy, month int) int {
	switch {
	case month < 1 || month > 12 || jy < MinYear || jy > MaxYear:
		return 0
	case month <= 6:
		return 31
	case month <= 11 || IsLeap(jy):
		return 30
	}
	return 29
}

// Valid tells whether the date exists and can be converted.
func (d Date) Valid() bool { return d.Day >= 1 && d.Day <= DaysIn(d.Year, d.Month) }

// FromGregorian gives the Jalali date of a Gregorian one.
func FromGregorian(y int, m time.Month, day int) (Date, error) {
	t := time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || t.Month() != m || t.Day() != day {
		return Date{}, fmt.Errorf("%w: %d-%02d-%02d", ErrRange, y, m, day)
	}
	jy := y - 621
	if jy < MinYear || jy > MaxYear {
		return Date{}, fmt.Errorf("%w: Gregorian year %d", ErrRange, y)
	}
	leap, march := year(jy)
	k := int(t.Sub(time.Date(y, time.March, march, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	switch {
	case k >= 0 && k <= 185:
		return Date{jy, 1 + k/31, k%31 + 1}, nil
	case k >= 0:
		k -= 186
	default:
		if jy--; jy < MinYear {
			return Date{}, fmt.Errorf("%w: before year 1", ErrRange)
		}
		k += 179
		if leap == 1 {
			k++
		}
	}
	return Date{jy, 7 + k/30, k%30 + 1}, nil
}

// FromTime gives the Jalali date of the calendar day of t in t's own zone.
func FromTime(t time.Time) (Date, error) { return FromGregorian(t.Year(), t.Month(), t.Day()) }

// ToGregorian gives the Gregorian date.
func (d Date) ToGregorian() (y int, m time.Month, day int, err error) {
	if !d.Valid() {
		return 0, 0, 0, fmt.Errorf("%w: %d/%d/%d", ErrRange, d.Year, d.Month, d.Day)
	}
	_, march := year(d.Year)
	n := (d.Month-1)*31 - d.Month/7*(d.Month-7) + d.Day - 1
	t := time.Date(d.Year+621, time.March, march+n, 0, 0, 0, 0, time.UTC)
	return t.Year(), t.Month(), t.Day(), nil
}

var monthNames = [...]string{"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"}

// MonthName is the Persian name of month 1 to 12; "" for any other.
func MonthName(month int) string {
	if month < 1 || month > 12 {
		return ""
	}
	return monthNames[month-1]
}

var weekdayNames = [...]string{"یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه"}

// WeekdayName is the Persian name of a weekday; "" for a value that is none.
func WeekdayName(d time.Weekday) string {
	if d < 0 || int(d) >= len(weekdayNames) {
		return ""
	}
	return weekdayNames[d]
}

// Digits writes the ASCII digits of s as Persian ones (U+06F0 to U+06F9).
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, s)
}

// String is the date as Persian writes it: "۴ آذر ۱۴۰۴".
func (d Date) String() string {
	return Digits(fmt.Sprintf("%d ", d.Day)) + MonthName(d.Month) + Digits(fmt.Sprintf(" %d", d.Year))
}
