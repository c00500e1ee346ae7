package ical

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Bounds of one file.
const (
	maxEvents    = 100
	maxAttendees = 1000
)

// The methods of RFC 5546; "" means PUBLISH.
const (
	Request = "REQUEST"
	Reply   = "REPLY"
	Cancel  = "CANCEL"
	Publish = "PUBLISH"
	Counter = "COUNTER"
)

// ErrNoEvent is returned for a file without an event.
var ErrNoEvent = errors.New("the file holds no event")

// Calendar is what a text/calendar part says.
type Calendar struct {
	Method string // in upper case
	Events []Event
	More   int // events beyond the bound
}

// Event is a VEVENT (RFC 5545 §3.6.1).
type Event struct {
	UID         string
	Recurrence  string // RECURRENCE-ID in UTC or as a date; "" for the whole
	Sequence    int
	Summary     string
	Location    string
	Description string
	URL         string
	Cancelled   bool
	Start, End  When // End is the first moment after; equal to Start when nothing is said
	Organizer   Person
	Attendees   []Person
	Rule        *Rule // nil: once
}

// When is a point in time as it was meant.
type When struct {
	// Time is the moment. Of a day it is midnight UTC of that date; of a floating time it is that time in the zone given to Parse.
	Time   time.Time
	AllDay bool
	// Zone is the name of the zone it was written in; "" for UTC, days and floating times.
	Zone string
	// Unsure: the zone it names is not known; the reader's was taken.
	Unsure bool
}

// Person is an organiser or attendee.
type Person struct {
	Name   string
	Addr   string // without "mailto:"
	Status string // PARTSTAT in upper case, "NEEDS-ACTION" when not said
	Role   string // "REQ-PARTICIPANT", "OPT-PARTICIPANT", "CHAIR", …
	Type   string // CUTYPE: "INDIVIDUAL", "ROOM", …
	RSVP   bool
}

// Optional reports whether the person need not come.
func (p Person) Optional() bool { return p.Role == "OPT-PARTICIPANT" || p.Role == "NON-PARTICIPANT" }

// Parse reads a calendar. Floating times are taken to be in local.
func Parse(data []byte, local *time.Location) (Calendar, error) {
	ls := lines(data)
	c := Calendar{}
	z := zones{local: local, defined: definitions(ls)}
	var stack []string
	var e *Event
	var p pending
	for _, l := range ls {
		switch l.name {
		case "BEGIN":
			what := strings.ToUpper(strings.TrimSpace(l.value))
			if what == "VEVENT" {
				c.finish(e, &p, &z) // the END of the one before is missing
				e, p = &Event{}, pending{}
			}
			if len(stack) < 100 {
				stack = append(stack, what)
			}
			continue
		case "END":
			what := strings.ToUpper(strings.TrimSpace(l.value))
			if what == "VEVENT" {
				c.finish(e, &p, &z)
				e = nil
			}
			for i := len(stack) - 1; i >= 0; i-- {
				if stack[i] == what {
					stack = stack[:i]
					break
				}
			}
			continue
		}
		inside := ""
		if n := len(stack); n > 0 {
			inside = stack[n-1]
		}
		switch {
		case inside == "VEVENT" && e != nil:
			e.property(l, &p)
		case l.name == "METHOD" && (inside == "VCALENDAR" || inside == ""):
			c.Method = strings.ToUpper(strings.TrimSpace(l.value))
		}
	}
	c.finish(e, &p, &z)
	if len(c.Events) == 0 {
		return c, ErrNoEvent
	}
	return c, nil
}

// pending are properties that are understood once the whole event is known.
type pending struct {
	start, end, recurrence *line
	duration               string
	rule                   string
}

func (e *Event) property(l line, p *pending) {
	switch l.name {
	case "UID":
		e.UID = clean(l.value)
	case "SEQUENCE":
		e.Sequence, _ = strconv.Atoi(strings.TrimSpace(l.value))
		e.Sequence = max(e.Sequence, 0)
	case "SUMMARY":
		e.Summary = text(l.value)
	case "LOCATION":
		e.Location = text(l.value)
	case "DESCRIPTION":
		e.Description = text(l.value)
	case "URL":
		e.URL = clean(l.value)
	case "STATUS":
		e.Cancelled = strings.EqualFold(strings.TrimSpace(l.value), "CANCELLED")
	case "ORGANIZER":
		e.Organizer = person(l)
	case "ATTENDEE":
		if len(e.Attendees) < maxAttendees {
			e.Attendees = append(e.Attendees, person(l))
		}
	case "DTSTART":
		p.start = &l
	case "DTEND":
		p.end = &l
	case "RECURRENCE-ID":
		p.recurrence = &l
	case "DURATION":
		p.duration = l.value
	case "RRULE":
		p.rule = l.value
	}
}

func person(l line) Person {
	p := Person{Name: clean(l.get("CN")), Status: strings.ToUpper(l.get("PARTSTAT")), Role: strings.ToUpper(l.get("ROLE")), Type: strings.ToUpper(l.get("CUTYPE")),
		RSVP: strings.EqualFold(l.get("RSVP"), "TRUE")}
	addr := clean(l.value)
	if len(addr) > 7 && strings.EqualFold(addr[:7], "mailto:") {
		addr = addr[7:]
	} else if e := l.get("EMAIL"); e != "" {
		addr = clean(e)
	}
	if u, err := url.PathUnescape(addr); err == nil {
		addr = clean(u)
	}
	if i := strings.IndexByte(addr, '?'); i >= 0 {
		addr = addr[:i]
	}
	if strings.Contains(addr, "@") && !strings.ContainsAny(addr, " \n\t<>,;\"") {
		p.Addr = addr
	}
	if p.Status == "" {
		p.Status = "NEEDS-ACTION"
	}
	return p
}

// finish completes an event and adds it; one without a beginning in time is none, unless it only cancels.
func (c *Calendar) finish(e *Event, p *pending, z *zones) {
	if e == nil {
		return
	}
	if len(c.Events) == maxEvents {
		c.More++
		return
	}
	ok := false
	if p.start != nil {
		e.Start, ok = z.when(*p.start)
	}
	if !ok && c.Method != Cancel && c.Method != Reply {
		return
	}
	e.End = e.Start
	switch {
	case p.end != nil:
		if end, ok := z.when(*p.end); ok && !end.Time.Before(e.Start.Time) {
			e.End = end
		}
	case p.duration != "":
		if d, ok := duration(p.duration); ok && d >= 0 {
			e.End.Time = e.Start.Time.Add(d)
		}
	case e.Start.AllDay:
		e.End.Time = e.Start.Time.AddDate(0, 0, 1)
	}
	if p.recurrence != nil {
		if w, ok := z.when(*p.recurrence); ok {
			e.Recurrence = stamp(w)
		}
	}
	if p.rule != "" {
		e.Rule = parseRule(p.rule, z)
	}
	c.Events = append(c.Events, *e)
}

// duration reads P1W, P1DT2H30M, -PT15M (RFC 5545 §3.3.6).
func duration(s string) (time.Duration, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	sign := time.Duration(1)
	if strings.HasPrefix(s, "-") {
		sign = -1
	}
	s, ok := strings.CutPrefix(strings.TrimLeft(s, "+-"), "P")
	if !ok {
		return 0, false
	}
	unit := map[byte]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	var d time.Duration
	n := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if n = n*10 + int(c-'0'); n > 1e6 {
				return 0, false
			}
		case c == 'T':
		default:
			u, ok := unit[c]
			if !ok {
				return 0, false
			}
			if d += time.Duration(n) * u; d > 10*365*24*time.Hour || d < 0 {
				return 0, false
			}
			n = 0
		}
	}
	return sign * d, true
}

// stamp writes a time as UTC, a day as a date.
func stamp(w When) string {
	if w.AllDay {
		return w.Time.Format("20060102")
	}
	return w.Time.UTC().Format("20060102T150405Z")
}
