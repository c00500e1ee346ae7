// Package mailbox reads and writes mail kept in files: mbox, single messages (EML), Maildir, and the mail folders of a
// Thunderbird profile. It streams: no message is ever whole in memory, and mailboxes may be of any size.
//
// mbox follows RFC 4155 with the "mboxrd" quoting: a line of a message that is ">*From " gets one more ">", so that
// what Reader gives back is byte for byte what Writer was given, whatever it holds: CRLF, NULs, no line end at the end.
// Foreign mboxes differ in their From_ lines and in what they quote: mboxo and mboxcl quote "From " only, mboxcl2 quotes
// nothing and counts (see mbox_length.go). Reader takes a From_ line for a separator by the rules at isSeparator.
//
// Nothing here is safe for concurrent use, except that different readers and writers do not know of each other.
package mailbox
