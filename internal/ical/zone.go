package ical

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // Windows has no zone files
)

// zones turns written times into moments.
type zones struct {
	local   *time.Location
	defined map[string][]observance
}

// when reads DTSTART and the like: a date, a UTC time, a time in a zone, or a floating one.
func (z *zones) when(l line) (When, bool) {
	s := strings.ToUpper(strings.TrimSpace(l.value))
	if i := strings.IndexByte(s, ','); i >= 0 {
		s = s[:i]
	}
	s = strings.NewReplacer("-", "", ":", "").Replace(s) // some write ISO 8601 with its dashes
	if len(s) == 8 {
		t, err := time.Parse("20060102", s)
		return When{Time: t, AllDay: true}, err == nil && t.Year() > 0
	}
	utc := strings.HasSuffix(s, "Z")
	t, err := time.Parse("20060102T150405", strings.TrimSuffix(s, "Z"))
	if err != nil {
		if t, err = time.Parse("20060102T1504", strings.TrimSuffix(s, "Z")); err != nil {
			return When{}, false
		}
	}
	id := strings.TrimSpace(l.get("TZID"))
	switch {
	case t.Year() < 1 || t.Year() > 9998:
		return When{}, false
	case utc:
		return When{Time: t}, true
	case id == "":
		return When{Time: in(t, z.local)}, true
	}
	loc, ok := z.location(id, t)
	return When{Time: in(t, loc), Zone: id, Unsure: !ok}, true
}

// in is the clock time t in a zone.
func in(t time.Time, loc *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, loc)
}

// location finds a zone: by its name in the zone database, by the name Windows gives it, by the definition that came along, in that
// order, because definitions that come along are often old.
func (z *zones) location(id string, t time.Time) (*time.Location, bool) {
	name := strings.Trim(id, `"`)
	parts := strings.Split(strings.Trim(name, "/"), "/")
	for i := range parts { // "/freeassociation.sourceforge.net/Europe/Berlin"
		try := strings.Join(parts[i:], "/")
		if len(parts)-i > 3 || try == "" || try == "Local" || strings.Contains(try, "..") {
			continue
		}
		if loc, err := time.LoadLocation(try); err == nil {
			return loc, true
		}
	}
	if iana, ok := windowsZones[strings.ToLower(name)]; ok {
		if loc, err := time.LoadLocation(iana); err == nil {
			return loc, true
		}
	}
	if obs := z.defined[id]; len(obs) > 0 {
		return time.FixedZone(name, offsetAt(obs, t)), true
	}
	return z.local, false
}

// observance is a STANDARD or DAYLIGHT part of a VTIMEZONE (RFC 5545 §3.6.5).
type observance struct {
	start    time.Time // clock time, kept as UTC
	from, to int       // seconds east of UTC
	rule     *Rule     // yearly, or nil
}

// definitions collects the zones that a file defines.
func definitions(ls []line) map[string][]observance {
	out := map[string][]observance{}
	id, inside := "", false
	var obs []observance
	var o *observance
	z := &zones{local: time.UTC}
	for _, l := range ls {
		value := strings.ToUpper(strings.TrimSpace(l.value))
		switch {
		case l.name == "BEGIN" && value == "VTIMEZONE":
			id, inside, obs = "", true, nil
		case l.name == "END" && value == "VTIMEZONE":
			if id != "" && len(obs) > 0 && len(out) < 100 {
				out[id] = obs
			}
			inside = false
		case !inside:
		case l.name == "BEGIN":
			o = &observance{}
		case l.name == "END" && o != nil:
			if len(obs) < 200 && !o.start.IsZero() {
				obs = append(obs, *o)
			}
			o = nil
		case l.name == "TZID" && o == nil:
			id = strings.TrimSpace(l.value)
		case o == nil:
		case l.name == "DTSTART":
			if w, ok := z.when(l); ok {
				o.start = w.Time.UTC()
			}
		case l.name == "TZOFFSETFROM":
			o.from = offset(value)
		case l.name == "TZOFFSETTO":
			o.to = offset(value)
		case l.name == "RRULE":
			o.rule = parseRule(l.value, z)
		}
	}
	return out
}

// offset reads +0330.
func offset(s string) int {
	sign := 1
	if strings.HasPrefix(s, "-") {
		sign = -1
	}
	s = strings.TrimLeft(s, "+-")
	if len(s) < 4 {
		return 0
	}
	h, e1 := strconv.Atoi(s[:2])
	m, e2 := strconv.Atoi(s[2:4])
	if e1 != nil || e2 != nil || h > 15 || m > 59 {
		return 0
	}
	return sign * (h*3600 + m*60)
}

// offsetAt is the offset of the observance that began last before a clock time.
func offsetAt(obs []observance, t time.Time) int {
	t = in(t, time.UTC)
	var last time.Time
	first, out, found := obs[0], 0, false
	for _, o := range obs {
		if o.start.Before(first.start) {
			first = o
		}
		for _, on := range []time.Time{o.onset(t.Year() - 1), o.onset(t.Year()), o.start} {
			if !on.IsZero() && !on.After(t) && !on.Before(o.start) && (!found || on.After(last)) {
				last, out, found = on, o.to, true
			}
		}
	}
	if !found {
		return first.from
	}
	return out
}

// onset is when an observance begins in a year by its rule; zero when it has none.
func (o observance) onset(year int) time.Time {
	r := o.rule
	if r == nil || r.Freq != Yearly || !r.Until.IsZero() && r.Until.Year() < year {
		return time.Time{}
	}
	month := o.start.Month()
	if len(r.ByMonth) > 0 {
		month = time.Month(r.ByMonth[0])
	}
	day := o.start.Day()
	switch {
	case len(r.ByDay) > 0 && r.ByDay[0].N != 0:
		day = nth(year, month, r.ByDay[0])
	case len(r.ByDay) > 0 && len(r.ByMonthDay) > 0: // BYDAY=SU;BYMONTHDAY=8,9,10,…: the first Sunday from the 8th
		d := time.Date(year, month, r.ByMonthDay[0], 0, 0, 0, 0, time.UTC)
		day = d.Day() + (int(r.ByDay[0].Day)-int(d.Weekday())+7)%7
	case len(r.ByMonthDay) > 0:
		day = r.ByMonthDay[0]
	}
	return time.Date(year, month, day, o.start.Hour(), o.start.Minute(), o.start.Second(), 0, time.UTC)
}

// nth is the day of the month of "the second Sunday", "the last Sunday".
func nth(year int, month time.Month, d Weekday) int {
	if d.N > 0 {
		first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
		return 1 + (int(d.Day)-int(first.Weekday())+7)%7 + 7*(d.N-1)
	}
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
	return last.Day() - (int(last.Weekday())-int(d.Day)+7)%7 + 7*(d.N+1)
}
