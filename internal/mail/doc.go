// Package mail holds the domain types that every room of Peyk shares: accounts, folders, messages, flags, operations,
// changes and capabilities. It depends on the standard library only, knows no protocol, no database and no toolkit, and
// its values are plain data: copying them is always safe, and nothing in here starts a goroutine or does I/O.
package mail
