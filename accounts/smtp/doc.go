// Package smtp sends: a session with a submission server (RFC 6409) or a relay (RFC 5321), over go-smtp's client.
//
// What that client lacks is done beneath it: the connection with its deadlines and limits is package dial's; STARTTLS
// (RFC 3207) is negotiated here, before the library sees the connection; the login (RFC 4954) is chosen by package sasl.
// The transaction is driven command by command, so that each recipient's refusal is known (RFC 5321 §3.3), with
// 8BITMIME (RFC 6152), SIZE (RFC 1870) and SMTPUTF8 (RFC 6531) where offered. When the connection is lost after the final
// dot nobody knows whether the server took the message: such an error is marked Uncertain, and nothing is sent again here.
package smtp
