// Package pop3 is the maildrop model of receiving over POP3 (RFC 1939) with its extensions: CAPA (RFC 2449), STLS
// (RFC 2595), AUTH (RFC 5034), response codes (RFC 2449 §8, RFC 3206) and PIPELINING (RFC 2449 §6.6).
//
// go-pop3 writes the commands and reads the status lines. It has no TLS upgrade, no login but USER and PASS, no limits,
// and keeps whole messages in memory, so it is given a connection of ours (wire) that has done the greeting, STLS and the
// login already, hands it one checked line at a time, and leaves the multi-line answers to this package: bodies stream,
// byte for byte.
//
// What a server sends is never taken for complete on good faith: a list must have as many lines as STAT said, a body
// must end with its CRLF.CRLF and be followed by a proper answer. Anything else is an error, and the session is over.
package pop3
