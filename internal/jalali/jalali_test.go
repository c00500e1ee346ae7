package jalali

import (
	"errors"
	"testing"
	"time"
)

func TestKnownDates(t *testing.T) {
	for _, c := range []struct {
		y   int
		m   time.Month
		d   int
		jal Date
		str string
	}{
		{2025, 11, 25, Date{1404, 9, 4}, "۴ آذر ۱۴۰۴"},
		{2024, 3, 20, Date{1403, 1, 1}, "۱ فروردین ۱۴۰۳"},
		{2025, 3, 20, Date{1403, 12, 30}, "۳۰ اسفند ۱۴۰۳"},
		{2025, 3, 21, Date{1404, 1, 1}, "۱ فروردین ۱۴۰۴"},
		{1979, 2, 11, Date{1357, 11, 22}, "۲۲ بهمن ۱۳۵۷"},
		{2000, 1, 1, Date{1378, 10, 11}, "۱۱ دی ۱۳۷۸"},
		{1970, 1, 1, Date{1348, 10, 11}, "۱۱ دی ۱۳۴۸"},
		{2026, 11, 23, Date{1405, 9, 2}, "۲ آذر ۱۴۰۵"},
		{622, 3, 22, Date{1, 1, 1}, "۱ فروردین ۱"},
		{2023, 9, 22, Date{1402, 6, 31}, "۳۱ شهریور ۱۴۰۲"},
		{2023, 9, 23, Date{1402, 7, 1}, "۱ مهر ۱۴۰۲"},
	} {
		got, err := FromGregorian(c.y, c.m, c.d)
		if err != nil || got != c.jal || got.String() != c.str {
			t.Errorf("FromGregorian(%d, %d, %d) = %v %q, %v; want %v %q", c.y, c.m, c.d, got, got, err, c.jal, c.str)
		}
		y, m, d, err := c.jal.ToGregorian()
		if err != nil || y != c.y || m != c.m || d != c.d {
			t.Errorf("%v.ToGregorian() = %d-%d-%d, %v; want %d-%d-%d", c.jal, y, m, d, err, c.y, c.m, c.d)
		}
	}
}

// Every day from 700 to 3700 must follow the one before it and come back unchanged.
func TestEveryDay(t *testing.T) {
	day := time.Date(700, 1, 1, 0, 0, 0, 0, time.UTC)
	prev, err := FromTime(day)
	if err != nil {
		t.Fatal(err)
	}
	for day = day.AddDate(0, 0, 1); day.Year() < 3700; day = day.AddDate(0, 0, 1) {
		d, err := FromTime(day)
		if err != nil {
			t.Fatalf("%v: %v", day, err)
		}
		next := Date{prev.Year, prev.Month, prev.Day + 1}
		if next.Day > DaysIn(prev.Year, prev.Month) {
			next = Date{prev.Year, prev.Month + 1, 1}
		}
		if next.Month > 12 {
			next = Date{prev.Year + 1, 1, 1}
		}
		if d != next {
			t.Fatalf("%v: got %v after %v", day, d, prev)
		}
		y, m, g, err := d.ToGregorian()
		if err != nil || y != day.Year() || m != day.Month() || g != day.Day() {
			t.Fatalf("%v became %v became %d-%d-%d, %v", day, d, y, m, g, err)
		}
		prev = d
	}
}

func TestLeapYears(t *testing.T) {
	leap := map[int]bool{1370: true, 1375: true, 1379: true, 1383: true, 1387: true, 1391: true, 1395: true, 1399: true, 1403: true, 1408: true}
	for y := 1370; y <= 1408; y++ {
		if IsLeap(y) != leap[y] {
			t.Errorf("IsLeap(%d) = %v", y, IsLeap(y))
		}
	}
}

func TestBounds(t *testing.T) {
	for _, d := range []Date{{0, 1, 1}, {1404, 13, 1}, {1404, 12, 30}, {1404, 7, 31}, {3178, 1, 1}, {1404, 1, 0}} {
		if _, _, _, err := d.ToGregorian(); !errors.Is(err, ErrRange) {
			t.Errorf("%v: %v", d, err)
		}
	}
	if _, err := FromGregorian(2025, 2, 30); !errors.Is(err, ErrRange) {
		t.Errorf("30 February: %v", err)
	}
	if _, err := FromGregorian(100, 1, 1); !errors.Is(err, ErrRange) {
		t.Errorf("year 100: %v", err)
	}
}

func TestNames(t *testing.T) {
	if MonthName(9) != "آذر" || MonthName(0) != "" || MonthName(13) != "" {
		t.Error("month names")
	}
	if WeekdayName(time.Saturday) != "شنبه" || WeekdayName(time.Tuesday) != "سه‌شنبه" || WeekdayName(9) != "" {
		t.Error("weekday names")
	}
}
