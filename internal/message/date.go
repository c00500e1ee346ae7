package message

import (
	"strconv"
	"strings"
	"time"
)

// zones are the names of RFC 822 and others seen in mail, in minutes east of UTC. Where a name means several zones the
// one of RFC 5322 §4.3 counts.
var zones = map[string]int{
	"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
	"PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "AST": -240, "ADT": -180, "NST": -210, "NDT": -150,
	"BST": 60, "IST": 330, "CET": 60, "MET": 60, "MEZ": 60, "CEST": 120, "MEST": 120, "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "MSD": 240,
	"WEST": 60, "SAST": 120, "IRST": 210, "IRDT": 270, "JST": 540, "KST": 540, "HKT": 480, "SGT": 480, "AWST": 480, "ACST": 570, "AEST": 600, "AEDT": 660,
	"NZST": 720, "NZDT": 780, "BRT": -180, "ART": -180, "PKT": 300,
}

var months = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	"mrz": 3, "mär": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "fev": 2, "avr": 4, "jui": 6, "aoû": 8, "aou": 8, "déc": 12,
	"ene": 1, "abr": 4, "ago": 8, "dic": 12, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "set": 9, "ott": 10,
}

// parseDate reads a Date header (RFC 5322 §3.3, §4.3) and what mailers write instead: two-digit years, zone names,
// missing weekdays, seconds or zones, ISO 8601, ctime, comments. ok is false when no day can be made out.
func parseDate(s string) (t time.Time, ok bool) {
	if t, ok := usualDate(s); ok {
		return t, true
	}
	return anyDate(s)
}

// usualDate reads what nearly all mailers write: "Tue, 25 Nov 2025 14:05:06 +0330", perhaps with a comment after it.
func usualDate(s string) (t time.Time, ok bool) {
	if len(s) > 5 && s[3] == ',' && s[4] == ' ' {
		if strings.Index(weekdays, s[:3])%3 != 0 {
			return t, false
		}
		s = s[5:]
	}
	if len(s) > 1 && s[1] == ' ' {
		s = "0" + s
	}
	if len(s) > 27 && s[26] == ' ' && s[27] == '(' && commentEnd(s[27:]) == len(s)-27 && isPlain(s) {
		s = s[:26]
	}
	if len(s) != 26 || s[2] != ' ' || s[6] != ' ' || s[11] != ' ' || s[14] != ':' || s[17] != ':' || s[20] != ' ' || s[21] != '+' && s[21] != '-' {
		return t, false
	}
	month := strings.Index(monthNames, s[3:6])
	n := func(from, to int) int {
		v := 0
		for _, c := range []byte(s[from:to]) {
			if c < '0' || c > '9' {
				return -1
			}
			v = v*10 + int(c-'0')
		}
		return v
	}
	day, year, hour, minute, second, east, eastMin := n(0, 2), n(7, 11), n(12, 14), n(15, 17), n(18, 20), n(22, 24), n(24, 26)
	if min(hour, minute, second, east, eastMin) < 0 || month%3 != 0 || day < 1 || day > 31 || year < 1900 || year > 9999 || hour > 23 || minute > 59 || second > 59 || east > 14 || eastMin > 59 {
		return t, false
	}
	zone := east*3600 + eastMin*60
	if s[21] == '-' {
		zone = -zone
	}
	return timeIn(zone, year, time.Month(month/3+1), day, hour, minute, second, 0), true
}

const (
	weekdays   = "MonTueWedThuFriSatSun"
	monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec"
)

// timeIn is time.Date in a zone so many seconds east of UTC.
func timeIn(zone, year int, month time.Month, day, hour, minute, second, nano int) time.Time {
	loc := time.UTC
	if zone != 0 {
		loc = time.FixedZone("", zone)
	}
	return time.Date(year, month, day, hour, minute, second, nano, loc)
}

// anyDate is parseDate for every form.
func anyDate(s string) (t time.Time, ok bool) {
	s = cleanLine(stripComments(decodeLine(s)))
	if len(s) > 200 {
		s = s[:200]
	}
	s = closeColons(s)
	if t, ok := parseISO(s); ok {
		return t, true
	}
	d := dateParts{year: -1, day: -1, hour: 0}
	for _, tok := range dateTokens(s) {
		d.take(tok)
	}
	return d.time()
}

// closeColons takes out the blanks around colons ("9 : 55 : 06").
func closeColons(s string) string {
	if !strings.Contains(s, " :") && !strings.Contains(s, ": ") {
		return s
	}
	f := strings.Split(s, ":")
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	return strings.Join(f, ":")
}

// dateTokens cuts at blanks and commas; "-" stays inside ("12-Mar-99") unless it starts a zone.
func dateTokens(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == ';' || r == '"' })
}

// dateParts collects what the tokens say.
type dateParts struct {
	year, day      int
	month          time.Month
	hour, min, sec int
	nano           int
	zone           int // seconds east
	hasTime        bool
	hasZone        bool
	pm, am         bool
}

func (d *dateParts) take(tok string) {
	low := strings.ToLower(tok)
	switch {
	case low == "am" || low == "a.m.":
		d.am = true
	case low == "pm" || low == "p.m.":
		d.pm = true
	case strings.Contains(tok, ":") && !d.hasTime && tok[0] >= '0' && tok[0] <= '9':
		d.clock(tok)
	case (tok[0] == '+' || tok[0] == '-') && len(tok) > 1 && d.zoneOffset(tok):
	case isDigits(tok):
		d.number(tok)
	case strings.Contains(tok, ".") && d.day > 0 && d.month != 0 && d.year > 0 && !d.hasTime && isDigits(strings.ReplaceAll(tok, ".", "")):
		d.clock(strings.ReplaceAll(tok, ".", ":"))
	case strings.ContainsAny(tok, "-/.") && (tok[0] >= '0' && tok[0] <= '9'):
		for _, x := range strings.FieldsFunc(tok, func(r rune) bool { return r == '-' || r == '/' || r == '.' }) {
			d.take(x)
		}
	default:
		d.word(tok, low)
	}
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// word takes a month or a zone; weekdays and everything else are skipped.
func (d *dateParts) word(tok, low string) {
	if d.month == 0 {
		if r := []rune(low); len(r) >= 3 {
			if m, ok := months[string(r[:3])]; ok && !isWeekday(low) {
				d.month = m
				return
			}
		}
	}
	if off, ok := zones[strings.ToUpper(tok)]; ok && d.hasTime && !d.hasZone {
		d.zone, d.hasZone = off*60, true
		return
	}
	for _, p := range []string{"GMT", "UTC", "UT"} {
		if rest, ok := strings.CutPrefix(strings.ToUpper(tok), p); ok && len(rest) > 1 && (rest[0] == '+' || rest[0] == '-') {
			d.hasZone = false
			d.zoneOffset(rest)
			return
		}
	}
	// "1st", "2nd", "23rd": the day.
	if n := strings.TrimRight(low, "stndrh"); d.day < 0 && isDigits(n) && len(n) <= 2 {
		d.number(n)
	}
}

func isWeekday(low string) bool {
	switch {
	case strings.HasPrefix(low, "mon") && low != "month", strings.HasPrefix(low, "mar") && (low == "martes" || low == "mardi" || low == "martedì"):
		return true
	}
	return false
}

// number takes a day or a year.
func (d *dateParts) number(tok string) {
	n, err := strconv.Atoi(tok)
	if err != nil {
		return
	}
	switch {
	case len(tok) >= 4 && d.year < 0 && (len(tok) == 4 || n > 1900 && n < 10000):
		d.year = n
	case d.day < 0 && n >= 1 && n <= 31:
		d.day = n
	case d.month == 0 && n >= 1 && n <= 12:
		d.month = time.Month(n)
	case d.year < 0 && len(tok) <= 3:
		d.year = fullYear(n)
	}
}

// fullYear reads two- and three-digit years (RFC 5322 §4.3).
func fullYear(n int) int {
	switch {
	case n < 50:
		return n + 2000
	case n < 1000:
		return n + 1900
	}
	return n
}

// clock takes 12:34, 12:34:56, 12:34:56.789, with a zone or am/pm stuck to it.
func (d *dateParts) clock(tok string) {
	end := len(tok)
	for i := 0; i < len(tok); i++ {
		if c := tok[i]; !(c >= '0' && c <= '9' || c == ':' || c == '.') {
			end = i
			break
		}
	}
	f := strings.Split(tok[:end], ":")
	num := func(i int) int {
		if i >= len(f) {
			return 0
		}
		n, _ := strconv.Atoi(strings.SplitN(f[i], ".", 2)[0])
		return n
	}
	d.hour, d.min, d.sec, d.hasTime = num(0), num(1), num(2), true
	if rest := tok[end:]; rest != "" {
		d.take(rest)
	}
}

// zoneOffset takes +hhmm, +hh:mm, +hh, +hmm.
func (d *dateParts) zoneOffset(tok string) bool {
	if d.hasZone || !d.hasTime {
		return d.hasZone
	}
	digits := strings.ReplaceAll(tok[1:], ":", "")
	if !isDigits(digits) || len(digits) > 6 {
		return false
	}
	n, _ := strconv.Atoi(digits)
	h, m := n/100, n%100
	switch {
	case len(digits) <= 2:
		h, m = n, 0
	case len(digits) > 4:
		h, m = n/10000, n/100%100
	}
	if h > 24 || m > 59 && h > 14 {
		return false
	}
	d.zone = h*3600 + m*60
	if tok[0] == '-' {
		d.zone = -d.zone
	}
	d.hasZone = true
	return true
}

func (d *dateParts) time() (time.Time, bool) {
	if d.pm && d.hour < 12 {
		d.hour += 12
	}
	if d.am && d.hour == 12 {
		d.hour = 0
	}
	if d.year < 0 || d.month == 0 || d.day < 1 || d.hour > 24 || d.min > 60 || d.sec > 61 || d.year < 1 || d.year > 9999 {
		return time.Time{}, false
	}
	return timeIn(d.zone, d.year, d.month, d.day, d.hour, d.min, d.sec, d.nano), true
}

// parseISO reads RFC 3339 and its looser cousins.
func parseISO(s string) (time.Time, bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return time.Time{}, false
	}
	for _, f := range []string{time.RFC3339Nano, "2006-01-02T15:04:05-0700", "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02"} {
		if t, err := time.Parse(f, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
