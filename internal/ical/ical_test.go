package ical

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func berlin(t testing.TB) *time.Location {
	t.Helper()
	l, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

const outlook = `BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN
VERSION:2.0
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Iran Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0330
TZOFFSETTO:+0330
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;CN="Noori, Maryam";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:maryam@example.org
ATTENDEE;CN=Anna;ROLE=OPT-PARTICIPANT;PARTSTAT=ACCEPTED:MAILTO:anna@example.net
ATTENDEE;CUTYPE=ROOM;CN="Room 4^nupstairs":invalid:nomail
CLASS:PUBLIC
DESCRIPTION:Agenda:\n1. Budget\, Q3\n2. یادداشت‌های جلسه که خیلی طولانی است و باید در چن
 د سطر شکسته شود
DTEND;TZID="Iran Standard Time":20251202T113000
DTSTAMP:20251125T071500Z
DTSTART;TZID="Iran Standard Time":20251202T100000
LOCATION:Room 4
ORGANIZER;CN="رضا احمدی":mailto:reza@example.org
SEQUENCE:2
SUMMARY;LANGUAGE=fa:جلسهٔ بودجه
UID:040000008200E00074C5B7101A82E008
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20260301T000000Z;WKST=SU
BEGIN:VALARM
TRIGGER:-PT15M
ACTION:DISPLAY
DESCRIPTION:Reminder
SUMMARY:not this one
END:VALARM
END:VEVENT
END:VCALENDAR
`

func TestAnInvitation(t *testing.T) {
	for name, data := range map[string][]byte{
		"CRLF": crlf(outlook), "LF": []byte(outlook), "CR": []byte(strings.ReplaceAll(outlook, "\n", "\r")),
		"cut off": []byte(outlook[:strings.Index(outlook, "END:VEVENT")]), "lower case": []byte(strings.NewReplacer("BEGIN:", "begin:", "DTSTART", "dtstart", "SUMMARY;LANGUAGE", "summary;language").Replace(outlook)),
	} {
		c, err := Parse(data, berlin(t))
		if err != nil || c.Method != Request || len(c.Events) != 1 {
			t.Fatalf("%s: %v, %+v", name, err, c)
		}
		e := c.Events[0]
		if got := e.Start.Time.UTC().Format(time.RFC3339); got != "2025-12-02T06:30:00Z" || e.Start.Zone != "Iran Standard Time" || e.Start.Unsure {
			t.Errorf("%s: start %s %+v", name, got, e.Start)
		}
		if d := e.End.Time.Sub(e.Start.Time); d != 90*time.Minute {
			t.Errorf("%s: it lasts %v", name, d)
		}
		if e.Summary != "جلسهٔ بودجه" || e.Location != "Room 4" || e.Sequence != 2 || !strings.Contains(e.Description, "1. Budget, Q3\n2.") || !strings.Contains(e.Description, "چند سطر") {
			t.Errorf("%s: %q %q %d %q", name, e.Summary, e.Location, e.Sequence, e.Description)
		}
		if e.Organizer.Addr != "reza@example.org" || len(e.Attendees) != 3 || e.Attendees[0].Name != "Noori, Maryam" || !e.Attendees[0].RSVP || !e.Attendees[1].Optional() ||
			e.Attendees[1].Addr != "anna@example.net" || e.Attendees[2].Addr != "" || e.Attendees[2].Type != "ROOM" {
			t.Errorf("%s: people %+v %+v", name, e.Organizer, e.Attendees)
		}
		r := e.Rule
		if r == nil || r.Freq != Weekly || r.Interval != 2 || len(r.ByDay) != 2 || r.ByDay[1].Day != time.Thursday || r.Until.IsZero() || r.Rare {
			t.Errorf("%s: rule %+v", name, r)
		}
	}
}

func TestTimes(t *testing.T) {
	zone := `BEGIN:VTIMEZONE
TZID:My own
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE
`
	for in, want := range map[string]string{
		"DTSTART:20251202T063000Z":                               "2025-12-02T06:30:00Z",
		"DTSTART:20251202T100000":                                "2025-12-02T09:00:00Z", // floating: the reader's zone
		"DTSTART;VALUE=DATE:20251202":                            "2025-12-02T00:00:00Z day",
		"DTSTART:20251202":                                       "2025-12-02T00:00:00Z day",
		"DTSTART;TZID=Asia/Tehran:20251202T100000":               "2025-12-02T06:30:00Z",
		"DTSTART;TZID=/x.org/2007/Europe/Berlin:20250702T100000": "2025-07-02T08:00:00Z",
		"DTSTART;TZID=W. Europe Standard Time:20250702T100000":   "2025-07-02T08:00:00Z",
		"DTSTART;TZID=My own:20250702T100000":                    "2025-07-02T14:00:00Z",
		"DTSTART;TZID=My own:20251202T100000":                    "2025-12-02T15:00:00Z",
		"DTSTART;TZID=My own:20250309T030000":                    "2025-03-09T07:00:00Z",
		"DTSTART;TZID=My own:20250309T010000":                    "2025-03-09T06:00:00Z",
		"DTSTART;TZID=Nowhere/Such:20251202T100000":              "2025-12-02T09:00:00Z unsure",
		"DTSTART;TZID=../../etc/passwd:20251202T100000":          "2025-12-02T09:00:00Z unsure",
		"DTSTART;TZID=Local:20251202T100000":                     "2025-12-02T09:00:00Z unsure",
		"DTSTART:2025-12-02T10:00:00":                            "2025-12-02T09:00:00Z",
		"DTSTART:20251202T1000":                                  "2025-12-02T09:00:00Z",
		"DTSTART:tomorrow":                                       "",
		"DTSTART:":                                               "",
		"DTSTART:99999999T999999":                                "",
	} {
		c, err := Parse([]byte("BEGIN:VCALENDAR\n"+zone+"BEGIN:VEVENT\nUID:1\n"+in+"\nEND:VEVENT\nEND:VCALENDAR"), berlin(t))
		got := ""
		if err == nil {
			s := c.Events[0].Start
			got = s.Time.UTC().Format(time.RFC3339)
			if s.AllDay {
				got += " day"
			}
			if s.Unsure {
				got += " unsure"
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s (%v)", in, got, want, err)
		}
	}
}

func TestHowLong(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"DTSTART:20251202T060000Z\nDTEND:20251202T070000Z":                   time.Hour,
		"DTSTART:20251202T060000Z\nDURATION:PT1H30M":                         90 * time.Minute,
		"DTSTART:20251202T060000Z\nDURATION:P1DT2H":                          26 * time.Hour,
		"DTSTART:20251202T060000Z\nDURATION:P2W":                             14 * 24 * time.Hour,
		"DTSTART:20251202T060000Z\nDURATION:-PT1H":                           0,
		"DTSTART:20251202T060000Z\nDURATION:P99999999999W":                   0,
		"DTSTART:20251202T060000Z":                                           0,
		"DTSTART:20251202T060000Z\nDTEND:20251201T060000Z":                   0,
		"DTSTART;VALUE=DATE:20251202":                                        24 * time.Hour,
		"DTSTART;VALUE=DATE:20251202\nDTEND;VALUE=DATE:20251205":             72 * time.Hour,
		"DURATION:PT1H\nDTSTART;TZID=Europe/Berlin:20251202T100000":          time.Hour,
		"DTEND;TZID=Europe/Berlin:20251202T100000\nDTSTART:20251202T080000Z": time.Hour,
	} {
		c, err := Parse([]byte("BEGIN:VEVENT\n"+in+"\nEND:VEVENT"), time.UTC)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if e := c.Events[0]; e.End.Time.Sub(e.Start.Time) != want {
			t.Errorf("%q lasts %v, want %v", in, e.End.Time.Sub(e.Start.Time), want)
		}
	}
}

func TestNotACalendar(t *testing.T) {
	for _, s := range []string{"", "BEGIN:VCALENDAR\nEND:VCALENDAR", "hello", "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\nEND:VTODO\nEND:VCALENDAR", "BEGIN:VEVENT\nSUMMARY:no time\nEND:VEVENT"} {
		if _, err := Parse([]byte(s), time.UTC); !errors.Is(err, ErrNoEvent) {
			t.Errorf("%q: %v", s, err)
		}
	}
	// A cancellation may say no more than what is cancelled.
	c, err := Parse([]byte("BEGIN:VCALENDAR\nMETHOD:cancel\nBEGIN:VEVENT\nUID:7\nRECURRENCE-ID;TZID=Europe/Berlin:20251202T100000\nSTATUS:CANCELLED\nEND:VEVENT\nEND:VCALENDAR"), time.UTC)
	if err != nil || c.Method != Cancel || !c.Events[0].Cancelled || c.Events[0].Recurrence != "20251202T090000Z" {
		t.Errorf("%v %+v", err, c)
	}
	many := strings.Repeat("BEGIN:VEVENT\nDTSTART:20251202\nEND:VEVENT\n", 500)
	if c, err = Parse([]byte(many), time.UTC); err != nil || len(c.Events) != maxEvents || c.More != 400 {
		t.Errorf("%v, %d events and %d more", err, len(c.Events), c.More)
	}
}

func TestReplyCanBeReadBack(t *testing.T) {
	c, err := Parse([]byte(outlook), berlin(t))
	if err != nil {
		t.Fatal(err)
	}
	e := c.Events[0]
	e.Recurrence = "20251204T063000Z"
	now := time.Date(2025, 11, 25, 9, 0, 0, 0, time.UTC)
	out := e.Reply(Answer{Attendee: Person{Name: `Maryam "M" Noori; نوری`, Addr: "maryam@example.org"}, Status: "TENTATIVE", Comment: "دیر می‌رسم، ولی می‌آیم.\nفعلاً", Now: now})
	for l := range strings.SplitSeq(string(out), "\r\n") {
		if len(l) > 75 || strings.Contains(l, "\n") {
			t.Errorf("a line of %d bytes: %q", len(l), l)
		}
	}
	for _, want := range []string{"METHOD:REPLY\r\n", "UID:040000008200E00074C5B7101A82E008\r\n", "SEQUENCE:2\r\n", "DTSTAMP:20251125T090000Z\r\n", "RECURRENCE-ID:20251204T063000Z\r\n", "DTSTART:20251202T063000Z\r\n"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	back, err := Parse(out, time.UTC)
	if err != nil || back.Method != Reply {
		t.Fatalf("%v %+v", err, back)
	}
	r := back.Events[0]
	if len(r.Attendees) != 1 || r.Attendees[0].Name != `Maryam "M" Noori; نوری` || r.Attendees[0].Status != "TENTATIVE" || r.Summary != e.Summary || r.Organizer.Addr != "reza@example.org" || !r.Start.Time.Equal(e.Start.Time) {
		t.Errorf("read back: %+v", r)
	}
	// What strangers wrote cannot add lines.
	e.UID, e.Organizer.Name = "1\r\nATTENDEE:mailto:x", "a\r\nMETHOD:CANCEL"
	if s := string(e.Reply(Answer{Attendee: Person{Addr: "m@e\r\nX:y"}, Status: "ACCEPTED", Now: now})); strings.Contains(s, "\r\nX:") || strings.Contains(s, "\nMETHOD:CANCEL") || strings.Count(s, "\r\nATTENDEE") != 1 {
		t.Errorf("injected:\n%s", s)
	}
	day, err := Parse([]byte("BEGIN:VEVENT\nUID:d\nDTSTART;VALUE=DATE:20251202\nEND:VEVENT"), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(day.Events[0].Reply(Answer{Status: "DECLINED", Now: now})); !strings.Contains(s, "DTSTART;VALUE=DATE:20251202\r\nDTEND;VALUE=DATE:20251203\r\n") {
		t.Errorf("a whole day:\n%s", s)
	}
}

func TestRules(t *testing.T) {
	z := &zones{local: time.UTC}
	for in, rare := range map[string]bool{
		"FREQ=DAILY": false, "FREQ=MONTHLY;BYDAY=-1FR": false, "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1": false, "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=5": false,
		"FREQ=HOURLY": true, "FREQ=YEARLY;BYWEEKNO=20": true, "FREQ=WEEKLY;BYDAY=XX": true, "freq=weekly;interval=x": false, "FREQ=MONTHLY;BYMONTHDAY=99": true,
	} {
		if r := parseRule(in, z); r == nil || r.Rare != rare || r.Interval != 1 {
			t.Errorf("%s: %+v", in, r)
		}
	}
	if parseRule("COUNT=3", z) != nil || parseRule("", z) != nil {
		t.Error("no frequency, but a rule")
	}
}

func TestCards(t *testing.T) {
	cards, err := ParseCards(crlf(`BEGIN:VCARD
VERSION:3.0
FN:سارا محمدی
N:محمدی;سارا;;;
ORG:Shomal;Accounting
TITLE:Accountant
item1.EMAIL;TYPE=INTERNET,WORK:sara@example.org
TEL;TYPE=cell:+98 912 000
ADR;TYPE=HOME:;;1 Street;Tehran;;1234;Iran
URL:https\://example.org/sara
BDAY:1990-01-02
NOTE:first\nsecond
PHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgo=
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=
=F6rg
TEL;WORK;VOICE:123
PHOTO;VALUE=uri:https://tracker.example/p.png
END:VCARD
BEGIN:VCARD
END:VCARD
`))
	if err != nil || len(cards) != 2 {
		t.Fatalf("%v %+v", err, cards)
	}
	c := cards[0]
	if c.Name != "سارا محمدی" || c.Org != "Shomal, Accounting" || c.Emails[0] != (Contact{"sara@example.org", "work"}) || c.Phones[0].Kind != "cell" || c.Addrs[0].Value != "1 Street, Tehran, 1234, Iran" ||
		c.Note != "first\nsecond" || string(c.Photo) != "\x89PNG\r\n\x1a\n" || c.URLs[0] != "https://example.org/sara" {
		t.Errorf("%+v", c)
	}
	if c = cards[1]; c.Name != "Jörg Müller" || c.Phones[0] != (Contact{"123", "work"}) || c.Photo != nil {
		t.Errorf("%+v", c)
	}
	if _, err := ParseCards([]byte("hello")); !errors.Is(err, ErrNoCard) {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(outlook))
	f.Add([]byte("BEGIN:VEVENT\nDTSTART;TZID=\"x:20251202\nRRULE:FREQ=YEARLY;BYDAY=-9SU\nEND:VEVENT"))
	f.Add([]byte("BEGIN:VCARD\nN;QUOTED-PRINTABLE:=\n=\nPHOTO;ENCODING=b:=\nEND:VCARD"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := Parse(data, time.UTC); err == nil {
			for _, e := range c.Events {
				back, err := Parse(e.Reply(Answer{Attendee: Person{Addr: "a@b.example"}, Status: "ACCEPTED", Now: time.Unix(0, 0)}), time.UTC)
				if err != nil || len(back.Events) != 1 || back.Method != Reply {
					t.Errorf("the reply cannot be read: %v", err)
				}
			}
		}
		_, _ = ParseCards(data)
	})
}
