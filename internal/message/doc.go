// Package message reads any mail message and writes ones that everybody can read.
//
// # Reading
//
// Parse and ParseBytes never fail: bytes that exist are a message, whatever they are. The result is a tree of parts with
// offsets into the raw bytes (RFC 5322, RFC 2045 to 2049), decoded views of it, and warnings in sentences for people.
// Reading takes one pass, linear time, and memory for headers and texts only: an attachment of any size streams. Beyond
// the limits (50 levels, 10,000 parts, 1 MB of one header, 8 MB of one text) nothing is lost: what is not taken apart can
// be saved, and the message as received is OpenPart("").
//
// What real mail does against the standards is taken as it was meant:
//   - A header ends at an empty line; at a line of blanks when no header field follows; before a line that is no field
//     when no field follows (then the empty line was forgotten). Lines that are no fields between fields are left out:
//     somebody took the blanks of folded lines.
//   - CRLF, LF, CR CR LF and, where there is no LF at all, CR end lines. A byte order mark, empty lines and mbox From_
//     lines before the header are skipped; NULs are dropped from everything that is shown.
//   - A boundary counts only as a whole line (blanks after it allowed), so that one boundary may be the start of another.
//     A missing closing boundary ends at the outer one or at the end. When the named boundary never comes, or none is
//     named, a line "--x" followed by a Content- field is taken for it; without one the body is text.
//   - Encoded words (RFC 2047) are decoded in every broken form that mailers write: split inside characters or base64
//     groups, with blanks inside, in quotes, without their end. Parameters follow RFC 2231 and RFC 5987 with their usual
//     mistakes; extended forms win over plain ones.
//   - Charsets are those of WHATWG, more names from IANA, UTF-7 (also the one of IMAP), UTF-16 and -32, HZ, ISO-2022-JP
//     with its extensions, -KR and -CN. A label that is missing, unknown or plainly wrong (valid UTF-8 with three or more
//     characters under another name, words of another alphabet under a Latin one) is replaced: UTF-8 where it is valid,
//     else the charset of the message, else a guess (by the frequency of letters for Persian, Arabic, Cyrillic, Greek and
//     Hebrew, by a detector for the rest), else Windows-1252. text/html without charset is asked for its own <meta>.
//   - base64 and quoted-printable skip what they cannot read; uuencode, yEnc and BinHex are found inside texts too.
//
// # What is the body, what is attached
//
// The rules are those that Thunderbird and Apple Mail share, as far as they do:
//   - multipart/alternative is one thing said several ways: the last HTML alternative is shown, and the text beside it is
//     its plain form. The standard says that later is better; of two texts the first counts.
//   - multipart/related is its root (start=, else the first part); the rest belongs to the HTML, which names it by
//     Content-ID or by Content-Location (MHTML). multipart/signed is its
//     first part. Every other multipart is read from top to bottom: each text that was not attached is part of what is
//     read, because mailing lists add footers and mail programs put text between pictures.
//   - A text is attached, not read, when its disposition is "attachment", or when it has a file name and the disposition
//     is not "inline": a name means that somebody attached a file. A named inline text is both shown and listed, so that
//     it can be saved. The root of a message is always read, and listed as well when it has a name.
//   - Everything else is listed. It is Inline when the HTML shows it by its Content-ID, when it is an image that is inline
//     or in a multipart/related, or a signature: it does not count as "has attachments".
//   - message/rfc822 is listed as one file; files inside it belong to it, not to the outer message. A winmail.dat (TNEF),
//     BinHex and Apple wrappings are replaced in the list by what is in them.
//   - A delivery report is put in words before the text of the server that sent it.
//
// # Who it is from
//
// From keeps nothing that deceives: see (*Message).From. File names lose paths, control and direction characters; types
// that can run are Risky.
//
// # Writing
//
// Compose writes what every reader understands: 7-bit, lines folded, encoded words cut between characters, file names by
// RFC 2231 with encoded words as fallback, format=flowed text, an HTML alternative where a paragraph runs right to left,
// mixes directions or has images (each <p> with its dir). Values are cleaned or checked token by token, so that no line
// break in any of them becomes a new field. Message-ID and Date tell neither host name nor zone; Bcc goes into the
// Envelope only.
package message
