package message

import (
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/internal/richtext"
)

// Bounds of the pictures that a quotation takes with it, in bytes; larger ones become their words.
const (
	maxQuotedImage  = 1 << 20
	maxQuotedImages = 5 << 20
)

// richReply gives an answer or an inline forward its formatting: the original as paragraphs, or in a forward as the page that it is, made harmless,
// with its pictures.
func richReply(d *mail.Draft, c *mail.Content, o ReplyOptions, id mail.Identity, t time.Time) {
	original, cut := originalDoc(c)
	if d.Forwarded && o.Page != nil && c.HTML != "" {
		if page := o.Page(c.HTML); page != "" {
			original, cut = richtext.Doc{richtext.NewPage(page)}, false
		}
	}
	doc := richtext.Doc{{}}
	if sig := richtext.SignatureDoc(id.Signature, id.SignatureHTML); sig != nil {
		doc = append(append(doc, richtext.Paragraph{}), sig...)
	}
	if d.Forwarded {
		original = original.KeepImages(takeForwarded(d))
		head := strings.TrimRight(forwardHead(o.Lang, c, t), "\n")
		for i, l := range strings.Split(head, "\n") {
			doc = append(doc, richtext.Paragraph{Text: l, Block: richtext.Block{Tight: i > 0}})
		}
		doc = append(doc, original...)
		if cut {
			attachWhole(d, c)
		}
	} else if original = original.WithoutSignature(); len(original) > 0 {
		original = original.KeepImages(takeQuoted(d, c))
		cite := richtext.Paragraph{Text: Attribution(o.Lang, firstOf(c.Row.From), t), Block: richtext.Block{Quote: 1, Cite: true}}
		quoted := original.Quoted()
		quoted[0].Tight = true
		doc = append(append(doc, cite), quoted...)
	}
	d.HTML = doc.HTML()
}

// originalDoc is the text of a message as a document; cut: the end of it is left out.
func originalDoc(c *mail.Content) (doc richtext.Doc, cut bool) {
	if c.HTML != "" {
		doc = richtext.FromHTML(c.HTML).Trim()
	}
	if len(doc) == 0 {
		text := cleanText(c.Text)
		cut = len(text) > maxQuote
		doc = richtext.FromPlain(strings.Trim(cutText(text, maxQuote), "\n"), nil).Trim()
	}
	size := 0
	for i := range doc {
		if size += len(doc[i].Text); size > maxQuote {
			return doc[:i], true
		}
	}
	return doc, cut
}

func firstOf(list []mail.Address) mail.Address {
	if len(list) == 0 {
		return mail.Address{}
	}
	return list[0]
}

// takeQuoted attaches the pictures that a quotation shows, and tells which there are.
func takeQuoted(d *mail.Draft, c *mail.Content) func(id string) bool {
	taken, size := map[string]bool{}, int64(0)
	return func(id string) bool {
		if taken[id] {
			return true
		}
		for _, a := range c.Attachments {
			if a.ContentID != id || id == "" || !strings.HasPrefix(a.ContentType, "image/") || a.Size > maxQuotedImage || size+a.Size > maxQuotedImages {
				continue
			}
			size += a.Size
			taken[id] = true
			d.Attachments = append(d.Attachments, mail.DraftAttachment{Name: a.Filename, ContentType: a.ContentType, Size: a.Size, Message: c.Row.ID, Part: a.Part,
				Inline: true, ContentID: id})
			return true
		}
		return false
	}
}

// takeForwarded marks those of the forwarded attachments that the text shows, and tells which there are.
func takeForwarded(d *mail.Draft) func(id string) bool {
	return func(id string) bool {
		for i := range d.Attachments {
			if a := &d.Attachments[i]; id != "" && a.ContentID == id {
				a.Inline = true
				return true
			}
		}
		return false
	}
}
