package message

import (
	"strings"

	"peyk/internal/mail"
)

func newReply(c mail.Content, o ReplyOptions) mail.Draft {
	d := mail.Draft{Account: o.Account.ID, Source: c.Row.ID}
	d.Subject = "Re: " + c.Row.Subject
	d.To = c.Row.From
	if c.Row.HeaderID != "" {
		d.InReplyTo = c.Row.HeaderID
		d.References = append(append([]string{}, c.References...), c.Row.HeaderID)
	}
	d.Text = "\n\n> " + strings.ReplaceAll(c.Text, "\n", "\n> ")
	return d
}
