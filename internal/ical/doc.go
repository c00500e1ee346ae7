// Package ical reads calendar invitations and business cards that come with mail, and writes the answer to an invitation.
//
// Reading takes what is meant: iCalendar (RFC 5545) with iTIP methods (RFC 5546) and vCard (RFC 6350 and 2.1, 3.0) with the
// mistakes that programs make: any line end, folds in the middle of a character, missing END lines, names in lower case,
// time zones by Windows' names. Everything is bounded; no input makes it panic. Nothing is fetched: ATTACH, PHOTO and
// URL are only told. Alarms are ignored.
//
// Writing is a METHOD:REPLY (RFC 5546 §3.2.3) with times in UTC, so that no time zone has to be sent along.
package ical
