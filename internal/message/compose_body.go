package message

import (
	"strings"

	"peyk/internal/mail"
	"peyk/internal/richtext"
)

// written is the text of a draft as it goes into the message.
type written struct {
	text  string                 // text/plain, not flowed yet
	page  string                 // text/html; "": there is none
	inner []mail.DraftAttachment // pictures that the page shows
	files []mail.DraftAttachment
}

// written decides what shape the text takes. A text of one direction without formatting goes as text/plain alone; so does
// what the user wants as text, with marks (RLM, LRM) where its letters would give a paragraph another direction than it has.
// Everything else is written twice, as text and as HTML.
func (c *composer) written() written {
	d := &c.o.Draft
	doc, text := c.document()
	var w written
	w.inner, w.files = shown(doc, d.Attachments)
	if !c.o.Keep {
		text = named(text, w.inner)
	}
	exact := c.o.Keep && (d.HTML != "" || doc.NeedsDirections())
	switch {
	case d.Plain && !exact:
		w.text = directed(text, doc)
		w.files = d.Attachments
		w.inner = nil
	case !exact && !c.o.HTML && len(w.inner) == 0 && !doc.Formatted() && !doc.NeedsDirections():
		w.text = text
	default:
		w.text, w.page = text, doc.Page(exact, d.Lang)
	}
	return w
}

// document is the draft's text with its formatting, and in words.
func (c *composer) document() (richtext.Doc, string) {
	d := &c.o.Draft
	if d.HTML != "" {
		doc := richtext.FromDraft(d.HTML)
		if !d.Plain {
			return doc, cleanText(doc.Plain())
		}
	}
	text := cleanText(d.Text)
	doc := richtext.FromPlain(text, d.Rtl)
	if d.Plain {
		return doc, text
	}
	var cids []string
	for _, a := range d.Attachments {
		if id := safeID(a.ContentID); a.Inline && id != "" {
			cids = append(cids, id)
		}
	}
	return placeImages(doc, cids), text
}

// named gives pictures that have no words of their own the names of their files, for who reads the text alone: [cid:…] says nothing to people. A draft that is
// kept says it all the same, because its text is read again.
func named(text string, pictures []mail.DraftAttachment) string {
	for _, a := range pictures {
		if name := strings.Join(strings.Fields(a.Name), " "); name != "" {
			text = strings.ReplaceAll(text, "[cid:"+safeID(a.ContentID)+"]", "["+name+"]")
		}
	}
	return text
}

// placeImages shows the pictures of a draft that was written as text: where the text says [cid:…], the others at its end.
func placeImages(doc richtext.Doc, cids []string) richtext.Doc {
	for _, id := range cids {
		picture := richtext.Attr{Image: &richtext.Image{ID: id}}
		placed := false
		for i := range doc {
			p := &doc[i]
			if at := strings.Index(p.Text, "[cid:"+id+"]"); at >= 0 {
				end := at + len("[cid:"+id+"]")
				p.Spans = richtext.Splice(p.Spans, at, end, len(richtext.Object), picture)
				p.Text = p.Text[:at] + richtext.Object + p.Text[end:]
				placed = true
			}
		}
		if !placed {
			doc = append(doc, richtext.Paragraph{Text: richtext.Object, Spans: []richtext.Span{{End: len(richtext.Object), Attr: picture}}})
		}
	}
	return doc
}

// shown parts the attachments into the pictures that the text shows and the files beside it.
func shown(doc richtext.Doc, all []mail.DraftAttachment) (inner, files []mail.DraftAttachment) {
	used := map[string]bool{}
	for _, id := range doc.Images() {
		used[safeID(id)] = true
	}
	for _, a := range all {
		if id := safeID(a.ContentID); a.Inline && id != "" && used[id] {
			inner = append(inner, a)
			continue
		}
		a.Inline = false
		files = append(files, a)
	}
	return inner, files
}

// directed puts a mark before paragraphs that run otherwise than their first letter says, so that every reader that goes by
// UAX #9 P2 shows them as they were written. Marks are invisible and take no part in words.
func directed(text string, doc richtext.Doc) string {
	plain := richtext.FromPlain(text, nil)
	if len(plain) != len(doc) {
		return text
	}
	for i, rtl := range doc.Directions() {
		p := &plain[i]
		if p.Text == "" || p.Text == richtext.SignatureMark {
			continue
		}
		switch byLetters, _ := richtext.FirstStrong(p.Text); {
		case rtl && !byLetters:
			p.Text = rlm + p.Text
		case !rtl && byLetters:
			p.Text = lrm + p.Text
		}
	}
	return plain.Plain()
}

// content writes the MIME header fields of the message and its body.
func (c *composer) content() error {
	if c.o.Calendar != nil {
		return c.calendarBody()
	}
	w := c.written()
	if len(w.files) == 0 {
		return c.body(w)
	}
	return c.multipart("mixed", nil, func(part func() error) error {
		if err := part(); err != nil {
			return err
		}
		if err := c.body(w); err != nil {
			return err
		}
		return c.attachments(w.files, part)
	})
}

func (c *composer) attachments(list []mail.DraftAttachment, part func() error) error {
	for _, a := range list {
		if err := part(); err != nil {
			return err
		}
		if err := c.attachment(a); err != nil {
			return err
		}
	}
	return nil
}

// body writes the text, and its HTML alternative with the pictures in it.
func (c *composer) body(w written) error {
	flowed := func() error { return c.text("plain", flow(w.text), param{name: "format", value: "flowed"}) }
	if w.page == "" {
		return flowed()
	}
	return c.multipart("alternative", nil, func(part func() error) error {
		if err := part(); err != nil {
			return err
		}
		if err := flowed(); err != nil {
			return err
		}
		if err := part(); err != nil {
			return err
		}
		if len(w.inner) == 0 {
			return c.text("html", w.page)
		}
		return c.related(w.page, w.inner)
	})
}

// related writes the HTML with its images (RFC 2387).
func (c *composer) related(page string, inner []mail.DraftAttachment) error {
	return c.multipart("related", []param{{name: "type", value: "text/html"}}, func(part func() error) error {
		if err := part(); err != nil {
			return err
		}
		if err := c.text("html", page); err != nil {
			return err
		}
		return c.attachments(inner, part)
	})
}
