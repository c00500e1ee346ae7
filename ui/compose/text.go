package compose

import (
	"slices"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// loadText shows the text of a draft, with its formatting unless the user wants it as text alone.
func (w *Window) loadText(d mail.Draft) {
	w.plain = d.Plain
	w.body.SetRich(!d.Plain, w.pictures.get)
	if d.Plain {
		w.body.SetText(d.Text)
		w.body.SetForcedDirections(d.Rtl)
	} else {
		w.body.SetDocument(docOf(d))
	}
	w.format.enable(!d.Plain)
}

// docOf is the text of a draft as a document.
func docOf(d mail.Draft) richtext.Doc {
	if d.HTML != "" {
		return richtext.FromDraft(d.HTML)
	}
	return richtext.FromPlain(d.Text, d.Rtl)
}

// Prepend puts a text that was written elsewhere (under a message) over what an answer has: its signature and quotation.
func Prepend(d *mail.Draft, text string) {
	if words := strings.TrimRight(text, "\n "); words == "" || strings.Contains(text[len(words):], "\n") {
		text = words // but for the space between two words of a line that is not finished
	}
	d.Text, d.Unsaved, d.Written = text+d.Text, d.Unsaved || text != "", len(text)
	if d.HTML == "" {
		return
	}
	rest := richtext.FromDraft(d.HTML).Trim()
	if len(rest) > 0 {
		rest[0].Tight = false
	}
	d.HTML = append(richtext.FromPlain(text, nil), rest...).HTML()
}

// written is where the text ends that was written elsewhere, in bytes of what the editor has; 0: there is none.
func (w *Window) written() int {
	text := w.begun.Text[:min(w.begun.Written, len(w.begun.Text))]
	if !w.plain {
		lines := make([]string, 0, 8)
		for _, p := range richtext.FromPlain(text, nil) {
			lines = append(lines, p.Text)
		}
		text = strings.Join(lines, "\n")
	}
	if !strings.HasPrefix(w.body.Text(), text) {
		return 0
	}
	return len(text)
}

// Type writes at the caret what was typed elsewhere while the window opened.
func (w *Window) Type(text string) { w.body.Insert(text) }

// snapshot is the message as it stood in the window at one moment. To take it costs little; to write the text of it out, which takes long for a large one, needs no UI
// thread: nothing in it is changed afterwards.
type snapshot struct {
	d        mail.Draft // without its text
	doc      richtext.Doc
	pictures []mail.DraftAttachment
}

// snapshot takes one.
func (w *Window) snapshot() snapshot {
	d := w.draft
	if s, ok := w.sender(); ok {
		d.Account, d.Identity = s.account.ID, s.identity
	}
	d.To, d.Cc, d.Bcc = w.to.addresses(), w.cc.addresses(), w.bcc.addresses()
	d.Subject = strings.TrimSpace(w.subject.Text())
	d.Lang, d.Plain = lang.Current().Code, w.plain
	d.Attachments = append([]mail.DraftAttachment(nil), w.files.list...)
	if w.plain {
		d.Text, d.HTML, d.Rtl = w.body.Text(), "", w.body.ForcedDirections()
		return snapshot{d: d}
	}
	return snapshot{d, w.body.Document(), slices.Clone(w.pictures.list)}
}

// draft writes the text out. It may be called from any goroutine.
func (s snapshot) draft() mail.Draft {
	d := s.d
	d.Attachments = slices.Clone(d.Attachments) // the engine writes into it
	if !d.Plain {
		d.Text, d.HTML, d.Rtl = s.doc.Plain(), s.doc.HTML(), s.doc.Forced()
		d.Attachments = append(d.Attachments, used(s.pictures, s.doc)...)
	}
	return d
}

// SetPlain changes between formatted text and text alone. What would be lost is asked about first.
func (w *Window) SetPlain(plain bool) {
	switch {
	case plain == w.plain:
	case plain && w.body.Document().Formatted():
		kit.Confirm(w.win, lang.T("compose.plain.title"), lang.T("compose.plain.text"), lang.T("compose.plain.ok"), false, w.toPlain)
	case plain:
		w.toPlain()
	default:
		doc := richtext.FromPlain(w.body.Text(), w.body.ForcedDirections())
		w.plain = false
		w.body.SetRich(true, w.pictures.get)
		w.body.SetDocument(doc)
		w.format.enable(true)
		w.changed()
	}
	w.body.Focus()
}

// toPlain keeps the words; pictures become attachments.
func (w *Window) toPlain() {
	w.dirty = true
	w.save(nil) // the formatted text stays a version to come back to
	doc := w.body.Document()
	for _, a := range used(w.pictures.list, doc) {
		a.Inline = false
		w.files.list = append(w.files.list, a)
	}
	w.files.rebuild()
	w.plain = true
	w.body.SetRich(false, nil)
	w.body.SetText(doc.Plain())
	w.body.SetForcedDirections(doc.Forced())
	w.format.enable(false)
	w.changed()
	w.body.Focus()
}

// plainDoc is a document as it is when its words are read.
func plainDoc(d richtext.Doc) richtext.Doc {
	if len(d) == 0 {
		return nil
	}
	return richtext.FromPlain(d.Plain(), nil)
}

// blank reports whether nothing was written: the text holds at most the signature.
func (w *Window) blank() bool {
	doc := w.body.Document()
	if w.plain {
		doc = richtext.FromPlain(w.body.Text(), nil)
	}
	sig := w.signature
	if w.plain {
		sig = plainDoc(sig)
	}
	if from, to := findSignature(doc, sig); from >= 0 {
		doc = append(doc[:from:from], doc[to:]...)
	}
	return strings.TrimSpace(doc.Plain()) == ""
}
