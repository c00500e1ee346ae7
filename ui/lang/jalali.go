package lang

import "time"

// jalali converts a date to the Solar Hijri calendar (valid 1178–1633 AP by the 33-year rule with its breaks).
func jalali(t time.Time) (y, m, d int) {
	gy, gmon, gd := t.Date()
	gm := int(gmon)
	before := [12]int{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}
	gy2 := gy
	if gm > 2 {
		gy2++
	}
	days := 355666 + 365*gy + (gy2+3)/4 - (gy2+99)/100 + (gy2+399)/400 + gd + before[gm-1]
	y = -1595 + 33*(days/12053)
	days %= 12053
	y += 4 * (days / 1461)
	days %= 1461
	if days > 365 {
		y += (days - 1) / 365
		days = (days - 1) % 365
	}
	if days < 186 {
		return y, 1 + days/31, 1 + days%31
	}
	return y, 7 + (days-186)/30, 1 + (days-186)%30
}
