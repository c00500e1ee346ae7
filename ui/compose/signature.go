package compose

import (
	"slices"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// signatureDoc is the signature of a sender with its mark, nil for none.
func signatureDoc(id mail.Identity) richtext.Doc {
	return richtext.SignatureDoc(id.Signature, id.SignatureHTML)
}

// findSignature finds a signature in a document: the paragraphs [from, to), from < 0 when it is not there.
func findSignature(doc, sig richtext.Doc) (from, to int) {
	if len(sig) == 0 {
		return -1, -1
	}
	want := sig.Plain()
	for i := 0; i+len(sig) <= len(doc); i++ {
		if doc[i].Text == richtext.SignatureMark && doc[i:i+len(sig)].Plain() == want {
			return i, i + len(sig)
		}
	}
	return -1, -1
}

// replaceSignature puts one signature in the place of another. Where there was none, it goes over the quotation, or to the end.
func replaceSignature(doc, old, sig richtext.Doc) richtext.Doc {
	from, to := findSignature(doc, old)
	if from >= 0 {
		return append(append(doc[:from:from], sig...), doc[to:]...)
	}
	if len(sig) == 0 {
		return doc
	}
	at := len(doc)
	for i := range doc {
		if doc[i].Quote > 0 {
			at = i
			break
		}
	}
	head := doc[:at:at]
	for len(head) > 1 && head[len(head)-1].Text == "" {
		head = head[:len(head)-1]
	}
	if len(head) == 0 || head[len(head)-1].Text == "" {
		head = append(head, richtext.Paragraph{})
	}
	return append(append(head, sig...), doc[at:]...)
}

// senderChanged puts the signature and the Bcc of the new sender in the place of those of the old one.
func (w *Window) senderChanged(int) {
	s, ok := w.sender()
	if !ok {
		return
	}
	if w.draft.Resend {
		w.changed()
		w.weigh()
		return
	}
	w.sign(signatureDoc(s.id()))
	w.replaceBcc(s.id().Bcc)
	w.changed()
	w.weigh()
}

// sign puts the signature of another sender in the place of the one that stands in the text. One that was changed by hand is the user's text: it stays, and because it may
// name the former sender, that is told, with a way to replace it.
func (w *Window) sign(sig richtext.Doc) {
	old := w.signature
	w.signature = sig
	if w.signatureTold {
		w.tell(kit.LevelInfo, "")
	}
	doc := w.document()
	for _, known := range append([]richtext.Doc{old}, w.signatures()...) { // also that of a sender from before a change that was taken back
		if from, to := findSignature(doc, w.shape(known)); from >= 0 && !goesOn(doc, to) {
			w.setDocument(replaceSignature(doc, w.shape(known), w.shape(sig)))
			return
		}
	}
	if from, _ := editedSignature(doc, w.shape(old)); from < 0 {
		w.setDocument(replaceSignature(doc, nil, w.shape(sig)))
		return
	}
	if sig.Plain() == old.Plain() {
		return
	}
	w.tell(kit.LevelWarning, lang.T("compose.signature.edited"), kit.Action{Text: lang.T("compose.signature.replace"), Do: func() {
		w.tell(kit.LevelInfo, "")
		doc := w.document()
		from, to := editedSignature(doc, w.shape(old))
		if from < 0 {
			return
		}
		w.setDocument(slices.Concat(doc[:from:from], w.shape(sig), doc[to:]))
		w.changed()
		w.body.Focus()
	}})
	w.signatureTold = true
}

// signatures are those of all senders.
func (w *Window) signatures() (out []richtext.Doc) {
	for _, s := range w.senders {
		out = append(out, signatureDoc(s.id()))
	}
	return out
}

// document is the text with its formatting, or read as text alone where it is that.
func (w *Window) document() richtext.Doc {
	if w.plain {
		return richtext.FromPlain(w.body.Text(), w.body.ForcedDirections())
	}
	return w.body.Document()
}

// shape is a signature as it stands in the text.
func (w *Window) shape(sig richtext.Doc) richtext.Doc {
	if w.plain {
		return plainDoc(sig)
	}
	return sig
}

// setDocument puts another text in the place of the one that is there, as a step that can be undone.
func (w *Window) setDocument(doc richtext.Doc) {
	if !w.plain {
		w.body.ReplaceDocument(doc)
		return
	}
	w.body.ReplaceText(doc.Plain())
	w.body.SetForcedDirections(doc.Forced())
}

// editedSignature finds what is left of a signature that was changed by hand: from its mark, or its first line where the mark was deleted, to the gap behind it, and
// further as far as lines of the signature follow. from < 0 when there is nothing of it.
func editedSignature(doc, old richtext.Doc) (from, to int) {
	end := slices.IndexFunc(doc, func(p richtext.Paragraph) bool { return p.Quote > 0 || strings.HasPrefix(p.Text, forwardRule) })
	if end < 0 {
		end = len(doc)
	}
	ofOld := func(p richtext.Paragraph) bool {
		return strings.TrimSpace(p.Text) != "" && slices.ContainsFunc(old, func(o richtext.Paragraph) bool { return o.Text == p.Text })
	}
	mark := func(p richtext.Paragraph) bool { return p.Text == richtext.SignatureMark }
	if from = slices.IndexFunc(doc[:end], mark); from < 0 {
		if from = slices.IndexFunc(doc[:end], ofOld); from < 0 {
			return -1, -1
		}
	}
	for to = from + 1; to < end && goesOn(doc, to); to++ {
	}
	for i := to; i < end; i++ {
		if ofOld(doc[i]) {
			to = i + 1
		}
	}
	return from, to
}

// goesOn reports whether paragraph i stands directly under the one before it.
func goesOn(doc richtext.Doc, i int) bool {
	return i < len(doc) && doc[i].Tight && doc[i].Quote == 0 && strings.TrimSpace(doc[i].Text) != ""
}

// forwardRule begins the line over a forwarded text.
const forwardRule = "----------"
