package lang

import (
	"testing"
	"time"
)

func TestCalendarsGoThereAndBack(t *testing.T) {
	defer Set("en")
	for _, code := range []string{"en", "fa", "de"} {
		Set(code)
		for day := range 900 {
			at := time.Date(2024, 12, 20+day, 9, 41, 0, 0, time.UTC)
			y, m, d := Civil(at)
			if got := FromCivil(y, m, d, 9, 41, time.UTC); !got.Equal(at) {
				t.Fatalf("%s: %v is %d-%d-%d, which is %v", code, at, y, m, d, got)
			}
			if n := DaysInMonth(y, m); d > n || n < 28 || n > 31 {
				t.Fatalf("%s: month %d-%d has %d days", code, y, m, n)
			}
			ny, nm, nd := Civil(FromCivil(y, m+1, 1, 0, 0, time.UTC))
			if wantY, wantM := carry(y, m+1); nd != 1 || ny != wantY || nm != wantM {
				t.Fatalf("%s: after %d-%d comes %d-%d-%d", code, y, m, ny, nm, nd)
			}
		}
	}
	Set("fa")
	if got := MonthYear(1404, 9); got != "آذر ۱۴۰۴" {
		t.Errorf("a month is %q", got)
	}
}
