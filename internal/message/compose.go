package message

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"time"

	"peyk/internal/mail"
)

// Outgoing is everything that Compose writes a message from.
type Outgoing struct {
	Draft mail.Draft
	// From is the identity; its Addr is also the envelope sender.
	From mail.Identity
	// MessageID without angle brackets; "": Draft.HeaderID; "" again: a new one, made with the domain of From.
	MessageID string
	// Date is when it is sent; the zero time means now. It is written in UTC unless ShowZone.
	Date     time.Time
	ShowZone bool
	// SMTPUTF8: the server takes UTF-8 addresses (RFC 6531); without it domains go out as punycode, and a local part
	// that is not ASCII is an error.
	SMTPUTF8 bool
	// HTML: write an HTML alternative always. Without it there is one only where the text needs it: paragraphs that run
	// right to left or mix directions.
	HTML bool
	// Keep writes a draft that will be edited again: it may have no recipient yet, and its Bcc stands in the header.
	Keep bool
	// Calendar is an iTIP object that is sent beside the text, with its method (RFC 6047); nil mostly. Attachments are left out
	// then.
	Calendar []byte
	Method   string
	// UserAgent is written when not empty.
	UserAgent string
	// Open opens the bytes of an attachment. It may be nil when there are none.
	Open func(mail.DraftAttachment) (io.ReadCloser, error)
}

// Envelope is how the message is handed to a server (RFC 5321 §2.3.1). Bcc recipients are in Rcpt only.
type Envelope struct {
	From      string
	Rcpt      []string
	MessageID string // without angle brackets
	SMTPUTF8  bool   // the server must offer SMTPUTF8
	Size      int64  // bytes written
	Resent    int64  // bytes of the fields that Resend put before the message; 0 of Compose
}

// ErrNoRecipient: the draft is addressed to nobody.
var ErrNoRecipient = errors.New("the message has no recipient")

// NewMessageID makes a Message-ID, without angle brackets, that tells nothing about this computer: random, with the
// domain of the sender's address.
func NewMessageID(from string) string { return newMessageID(from) }

// AddressField is a header field with addresses, with its CRLF; nil without any that can stand in one.
func AddressField(name string, list []mail.Address) []byte {
	var b bytes.Buffer
	h, a := headerWriter{w: &b}, addrWriter{utf8: true}
	list = slices.DeleteFunc(slices.Clone(list), func(m mail.Address) bool {
		_, err := a.wire(m.Addr)
		return err != nil
	})
	if _, err := h.addresses(&a, name, list); err != nil || h.err != nil {
		return nil
	}
	return b.Bytes()
}

// Compose writes the message of o to w with CRLF line ends.
func Compose(w io.Writer, o Outgoing) (Envelope, error) { return compose(w, o) }
