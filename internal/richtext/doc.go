// Package richtext is the model of a text that is being written: paragraphs with a direction of their own, quotes, lists
// and headings; marks, links and pictures in them; and its ways to and from HTML and plain text. It knows no window.
//
//   - spans.go: what stands on stretches of a paragraph, and how it moves when the text is edited.
//   - direction.go: the direction of each paragraph (UAX #9 P2, P3), as every reader must find it again.
//   - page.go: a message that is sent on as it was, as one object of the text.
//   - plain.go: plain text, with "> " for quotes and markers for lists.
//   - write.go: HTML that mail programs show alike: dir on every block, inline styles, no style sheet.
//   - read.go, readstyle.go: HTML of drafts and of quoted mail. Nothing active comes through: no scripts, no remote
//     pictures, no addresses but of the web, mail and telephone. Linear time, bounded memory, no error.
//   - links.go: web addresses in running text.
//
// Values are plain data. A Doc must not be changed while another goroutine reads it.
package richtext
