package message

import (
	"time"

	"peyk/internal/mail"
)

// ReplyOptions say how an answer is made.
type ReplyOptions struct {
	Kind    mail.ReplyKind
	Account mail.Account // its identities are "us"; the one the message came to becomes the sender
	// Own are further addresses of the user (other accounts): they are never answered.
	Own []string
	// Lang is the language of the attribution line: "en", "fa", "de", "ar"; anything else is English. A Persian or Arabic text
	// is attributed in its own language whatever Lang says.
	Lang string
	// Location is the zone in which the date of the attribution line is given; nil: UTC.
	Location *time.Location
	// Page makes the HTML of a message part of the one that forwards it, as it was; "" where its text says it all, or it cannot be taken over.
	// nil: there is nobody who can, and forwards have the text.
	Page func(src string) string
}

// NewReply prepares a draft that answers or forwards c. c.Row should be set; where it is empty the headers count.
func NewReply(c mail.Content, o ReplyOptions) mail.Draft { return newReply(c, o) }

// ParseMailto reads a mailto URL (RFC 6068) into a draft.
func ParseMailto(url string) (mail.Draft, error) { return parseMailto(url) }
