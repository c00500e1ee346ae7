// Package demo is a whole mail world inside the process: an IMAP server, a POP3 server and an SMTP server on loopback
// ports, with sample mail in several languages written for it. `peyk --demo` opens the window on it, `peyk demo --serve`
// runs only the servers. Everything lives in memory: nothing is left behind when Close returns.
//
// Mail sent to one of the two accounts arrives there; the people of the samples answer automatically; any other address is
// refused the way a real server would, so that refusals can be tried too.
//
// The servers are for trying the client, not for use on a network: they listen on 127.0.0.1 only.
package demo
