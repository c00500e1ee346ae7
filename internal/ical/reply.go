package ical

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Answer is what is written into a reply.
type Answer struct {
	Attendee Person // Addr and Name are used
	Status   string // ACCEPTED, TENTATIVE or DECLINED
	Comment  string
	Now      time.Time
}

// Reply writes the answer to an invitation (RFC 5546 §3.2.3): the event named by UID, SEQUENCE and RECURRENCE-ID, one attendee
// with the new status.
func (e Event) Reply(a Answer) []byte {
	var b strings.Builder
	put := func(s string) { fold(&b, s) }
	put("BEGIN:VCALENDAR")
	put("PRODID:-//Peyk//Peyk//EN")
	put("VERSION:2.0")
	put("METHOD:REPLY")
	put("BEGIN:VEVENT")
	put("UID:" + oneLine(e.UID))
	if e.Recurrence != "" {
		put("RECURRENCE-ID" + dated(e.Recurrence))
	}
	put("SEQUENCE:" + strconv.Itoa(e.Sequence))
	put("DTSTAMP:" + a.Now.UTC().Format("20060102T150405Z"))
	if !e.Start.Time.IsZero() {
		put("DTSTART" + dated(stamp(e.Start)))
		if e.End.Time.After(e.Start.Time) {
			put("DTEND" + dated(stamp(e.End)))
		}
	}
	if e.Organizer.Addr != "" {
		put("ORGANIZER" + named(e.Organizer.Name) + ":mailto:" + oneLine(e.Organizer.Addr))
	}
	put("ATTENDEE" + named(a.Attendee.Name) + ";PARTSTAT=" + a.Status + ":mailto:" + oneLine(a.Attendee.Addr))
	if e.Summary != "" {
		put("SUMMARY:" + escape(e.Summary))
	}
	if a.Comment != "" {
		put("COMMENT:" + escape(a.Comment))
	}
	put("END:VEVENT")
	put("END:VCALENDAR")
	return []byte(b.String())
}

// dated is the value of a date or time property.
func dated(s string) string {
	if len(s) == 8 {
		return ";VALUE=DATE:" + s
	}
	return ":" + s
}

func named(name string) string {
	name = oneLine(name)
	if name == "" {
		return ""
	}
	return `;CN="` + strings.NewReplacer("^", "^^", `"`, "^'").Replace(name) + `"` // RFC 6868
}

func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\r\n", `\n`, "\n", `\n`, ";", `\;`, ",", `\,`).Replace(clean(s))
}

// fold writes a line of at most 75 bytes a piece, cut between characters (RFC 5545 §3.1).
func fold(b *strings.Builder, s string) {
	room := 75
	for len(s) > room {
		cut := room
		for cut > 1 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		b.WriteString(s[:cut] + "\r\n ")
		s = s[cut:]
		room = 74
	}
	b.WriteString(s + "\r\n")
}
