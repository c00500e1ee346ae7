// Package mailpage writes pages of HTML that internal/htmlview draws: the text of a message with its quotations, links and
// directions (RFC 3676 for quote marks and signatures), and the block of header fields above a message that is printed.
// What it writes is escaped; nothing of the message is ever markup in it. Pure functions, safe for concurrent use.
package mailpage
