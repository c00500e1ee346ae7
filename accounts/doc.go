// Package accounts is everything about an account that is not its mail: its settings, their defaults and validation, the
// file form of the command line, guessing the servers of an address, passwords, the connection test, and opening sessions
// with the protocol packages beneath (accounts/imap, accounts/pop3, accounts/smtp).
//
// Discovery reads the provider table of package assets, the autoconfiguration format of Mozilla, and the SRV records of
// RFC 6186 and RFC 8314 §5.1. Defaults prefer implicit TLS, as RFC 8314 does.
package accounts
