package mailsync

import (
	"context"
	"slices"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/internal/richtext"
)

// asNew makes a new draft of a message: its recipients, subject, text and files. Nothing stays of what made it an answer, or this one message.
func (e *Engine) asNew(ctx context.Context, id mail.MessageID) (mail.Draft, error) {
	if err := e.Want(ctx, id, nil); err != nil {
		return mail.Draft{}, err
	}
	det, err := e.st.Details(ctx, id)
	if err != nil {
		return mail.Draft{}, err
	}
	from, err := e.draftFrom(ctx, det)
	if err != nil {
		return mail.Draft{}, err
	}
	a, err := e.writer(ctx, det.Account)
	if err != nil {
		return mail.Draft{}, err
	}
	d := mail.Draft{Account: a.ID, To: from.To, Cc: from.Cc, Bcc: from.Bcc, Subject: from.Subject, Text: from.Text, HTML: from.HTML, Plain: from.Plain,
		Rtl: from.Rtl, Attachments: from.Attachments}
	if a.ID == det.Account {
		d.Identity = from.Identity
	}
	for _, b := range message.ParseAddressList(identity(a, d.Identity).Bcc) {
		if !slices.ContainsFunc(d.Bcc, func(have mail.Address) bool { return have.Addr == b.Addr }) {
			d.Bcc = append(d.Bcc, b)
		}
	}
	if e.opt.Page == nil || d.Plain || len(richtext.FromDraft(d.HTML).Pages()) > 0 {
		return d, nil
	}
	c, err := e.Content(ctx, id)
	if err != nil {
		return d, err
	}
	if page := e.opt.Page(c.HTML); page != "" { // it has a look that cannot be edited
		doc := richtext.Doc{{}, richtext.NewPage(page)}
		d.Text, d.HTML, d.Rtl = doc.Plain(), doc.HTML(), nil
	}
	return d, nil
}
