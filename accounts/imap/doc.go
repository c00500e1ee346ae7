// Package imap is the connected mode of receiving: remote.Mailboxes over IMAP4rev1 (RFC 3501) with what IMAP4rev2
// (RFC 9051) folded in, on whatever the server offers of its extensions.
//
// # Layers
//
//	Client    (client.go, fetch.go, pieces.go, list.go, move.go, …)  the verbs of remote.Mailboxes, one goroutine at a time
//	   │
//	session   (session.go, exec.go)   one live connection: capabilities, the selected mailbox, what came unasked
//	   │   ├── own commands           SELECT (QRESYNC), LIST and STATUS, FETCH, APPEND, IDLE; pipelined where allowed
//	   │   └── library (library.go)   emersion/go-imap for the rest: SEARCH, STORE, COPY, MOVE, UID EXPUNGE, folder verbs
//	   │
//	response  (response.go, scan.go, status.go)   framing into whole responses, tolerant reading of their data
//	   │
//	wire      (wire.go)   bytes: deadlines, line and literal limits, counting, COMPRESS=DEFLATE (RFC 4978)
//	   │
//	dial      (package accounts/dial)   TCP, proxy, TLS, certificates
//
// The library sits on a net.Conn of ours and is shown a synthetic PREAUTH greeting, because greeting, STARTTLS, login,
// ENABLE and COMPRESS are done below it. One strange line of a server ends a go-imap connection for good, so only
// whole, cleaned responses that the library's command needs are handed up; everything else is read here, by a scanner
// that steps over what it does not know. The session's owner drives both ways in turn: the library reads only while one
// of its commands is under way, our own commands read the rest of the time, so that no lock is needed on the stream.
//
// # Extensions
//
// CONDSTORE and QRESYNC (RFC 7162), UIDPLUS (RFC 4315), MOVE (RFC 6851), ENABLE (RFC 5161), IDLE (RFC 2177), LITERAL+
// and LITERAL- (RFC 7888), SASL-IR (RFC 4959), LIST-EXTENDED (RFC 5258), LIST-STATUS (RFC 5819), SPECIAL-USE (RFC 6154),
// NAMESPACE (RFC 2342), ID (RFC 2971), COMPRESS (RFC 4978), ESEARCH (RFC 4731), SEARCHRES (RFC 5182), UNSELECT (RFC 3691),
// NOTIFY (RFC 5465), QUOTA (RFC 9208), OBJECTID (RFC 8474), Gmail's X-GM-EXT-1 and BINARY (RFC 3516). Each is optional. What is stored of a message are its raw
// bytes; BINARY is for reading the text of a large one before the rest is here, and for storing one that holds NUL.
// UTF8=ACCEPT (RFC 6855) is not enabled: modified UTF-7 names (RFC 3501 §5.1.3) work everywhere and in both directions.
//
// # Trust
//
// What a server sends before TLS is forgotten, bytes that came in before the handshake end the connection, and PREAUTH
// before STARTTLS does too (RFC 3501 §6.2.1; the attacks are those of "Why TLS is better without STARTTLS", 2021). Every
// read has a deadline, every line and literal a limit, and every expansion of a set is bounded. Sequence numbers name
// no message (a search says how many are older than the newest ones, see sought.go): unasked EXISTS, EXPUNGE and FETCH only mean "look again".
package imap
