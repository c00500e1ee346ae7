package richtext

import "strings"

// SignatureDoc is a signature with its mark above: from its HTML where it has one, else from its words. It is nil for none.
func SignatureDoc(plain, html string) Doc {
	if plain == "" && html == "" {
		return nil
	}
	out := Doc{{Text: SignatureMark}}
	body := FromHTML(html)
	if len(body) == 0 {
		for _, l := range strings.Split(plain, "\n") {
			body = append(body, Paragraph{Text: l, Block: Block{Tight: true}})
		}
	}
	body = body.Clone()
	body[0].Tight = true
	return append(out, body...)
}

// Trim is the document without empty paragraphs at its start and end.
func (d Doc) Trim() Doc {
	for len(d) > 0 && strings.TrimSpace(d[0].Text) == "" {
		d = d[1:]
	}
	for len(d) > 0 && strings.TrimSpace(d[len(d)-1].Text) == "" {
		d = d[:len(d)-1]
	}
	return d
}

// Quoted is the document one level deeper in quotation.
func (d Doc) Quoted() Doc {
	out := d.Clone()
	for i := range out {
		out[i].Quote = min(out[i].Quote+1, MaxQuote)
	}
	return out
}

// WithoutSignature is the document up to its signature, unless what follows the mark is too long to be one.
func (d Doc) WithoutSignature() Doc {
	from, to := d.Signature()
	if from < 0 || to < len(d) || to-from > maxSignature {
		return d
	}
	return d[:from].Trim()
}

// maxSignature is how many lines a signature may have.
const maxSignature = 20

// KeepImages leaves the pictures whose Content-ID keep knows; the others become their words.
func (d Doc) KeepImages(keep func(id string) bool) Doc {
	out := d.Clone()
	for i := range out {
		p := &out[i]
		for k := len(p.Spans) - 1; k >= 0; k-- {
			s := p.Spans[k]
			if s.Image != nil && s.Image.Page != "" {
				for _, id := range s.Image.shows() {
					keep(id) // its place stays where it is, also without it
				}
				continue
			}
			if s.Image == nil || keep(s.Image.ID) {
				continue
			}
			words := ""
			if s.Image.Alt != "" {
				words = "[" + s.Image.Alt + "]"
			}
			p.Text = p.Text[:s.Start] + words + p.Text[s.End:]
			p.Spans = Splice(p.Spans, s.Start, s.End, len(words), Attr{})
		}
	}
	return out
}
