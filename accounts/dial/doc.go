// Package dial opens connections to mail servers and keeps the promises every protocol above it relies on: a deadline on
// each read and write, counted bytes, limits, TLS of at least version 1.2 verified by the rules of the platform (or by a
// certificate the user pinned), and failures that say in a sentence what happened and what to do.
//
// It implements the client side of implicit TLS (RFC 8314 §3) and, through Conn.StartTLS, the upgrade that IMAP (RFC 9051
// §6.2.1), POP3 (RFC 2595 §4) and SMTP (RFC 3207) negotiate; SOCKS5 (RFC 1928) and HTTP CONNECT (RFC 9110 §9.3.6) proxies.
// Certificates are checked as in RFC 5280 and RFC 9525 (names); a pin is the SHA-256 of the leaf certificate.
package dial
