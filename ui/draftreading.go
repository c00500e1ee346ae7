package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"peyk/internal/mail"
	"peyk/internal/richtext"
)

// draftReading opens what a draft says, with its formatting, pictures and files, as far as it is stored: a file that was not read yet is where it
// was. It implements mail.Opener.
type draftReading struct {
	d      mail.Draft
	engine Composing
}

var errNoMessage = errors.New("a draft is no message yet")

func (r draftReading) content() mail.Content {
	c := mail.Content{Row: mail.Row{Account: r.d.Account, Subject: r.d.Subject, HasBody: true}, Text: r.d.Text}
	if doc := richtext.FromDraft(r.d.HTML); !r.d.Plain && doc.Formatted() { // else it is sent as text alone, too
		c.HTML = r.d.HTML
	}
	for i, a := range r.d.Attachments {
		c.Attachments = append(c.Attachments, mail.Attachment{Part: strconv.Itoa(i), Filename: a.Name, ContentType: a.ContentType, ContentID: a.ContentID, Size: a.Size, Inline: a.Inline})
	}
	return c
}

// Content implements mail.Opener.
func (r draftReading) Content(context.Context, mail.MessageID) (mail.Content, error) {
	return r.content(), nil
}

// Part implements mail.Opener.
func (r draftReading) Part(ctx context.Context, _ mail.MessageID, part string) (io.ReadCloser, error) {
	i, err := strconv.Atoi(part)
	if err != nil || i < 0 || i >= len(r.d.Attachments) {
		return nil, fmt.Errorf("draft %d has no part %q", r.d.ID, part)
	}
	return r.engine.OpenAttachment(ctx, r.d.Attachments[i])
}

// Raw implements mail.Opener.
func (draftReading) Raw(context.Context, mail.MessageID) (io.ReadCloser, error) {
	return nil, errNoMessage
}

// Inside implements mail.Opener.
func (draftReading) Inside(context.Context, mail.MessageID, string) (mail.Opener, error) {
	return nil, errNoMessage
}
