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
	at := quotationAt(doc)
	head, rest := doc[:at:at], slices.Clone(doc[at:])
	for len(head) > 1 && head[len(head)-1].Text == "" {
		head = head[:len(head)-1]
	}
	if len(head) == 0 || head[len(head)-1].Text == "" {
		head = append(head, richtext.Paragraph{})
	}
	if len(rest) > 0 {
		rest[0].Tight = false
	}
	return slices.Concat(head, sig, rest)
}

// quotationAt is where what others wrote begins: the line that says who, or the first quoted one. In a text without a quotation it is the end.
func quotationAt(doc richtext.Doc) int {
	at := slices.IndexFunc(doc, func(p richtext.Paragraph) bool { return p.Quote > 0 })
	if at < 0 {
		return len(doc)
	}
	said := at - 1 // "Sara wrote:", right over what she wrote
	if said >= 0 && doc[at].Tight && strings.HasSuffix(doc[said].Text, ":") && (said == 0 || !doc[said].Tight) {
		return said
	}
	return at
}

// apart is the text of the user, with what is quoted in it, and what is sent on under it, which nothing here may change.
func apart(doc richtext.Doc) (own, forwarded richtext.Doc) {
	at := slices.IndexFunc(doc, func(p richtext.Paragraph) bool { return p.Quote == 0 && forwardRule(p.Text) })
	if at < 0 {
		return doc, nil
	}
	return doc[:at:at], doc[at:]
}

// joined is what apart took apart, with a gap between.
func joined(own, forwarded richtext.Doc) richtext.Doc {
	out := slices.Concat(own, forwarded)
	if n := len(own); n > 0 && n < len(out) && own[n-1].Text != "" {
		out[n].Tight = false
	}
	return out
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
	if w.signatureTold {
		w.tell(kit.LevelInfo, "")
	}
	own, forwarded := apart(w.document())
	put := func(own richtext.Doc) {
		w.signature = sig
		w.setDocument(joined(own, forwarded))
	}
	for _, known := range append([]richtext.Doc{old}, w.signatures()...) { // also that of a sender from before a change that was taken back
		if from, to := findSignature(own, w.shape(known)); from >= 0 && !goesOn(own, to) {
			put(replaceSignature(own, w.shape(known), w.shape(sig)))
			return
		}
	}
	if from, _ := editedSignature(own, w.shape(old)); from < 0 {
		put(replaceSignature(own, nil, w.shape(sig)))
		return
	}
	// What stands in the text is still the old one, as it was changed, under whichever sender comes next.
	if sig.Plain() == old.Plain() {
		return
	}
	w.tell(kit.LevelWarning, lang.T("compose.signature.edited"), kit.Action{Text: lang.T("compose.signature.replace"), Do: func() { w.replaceEdited(old, sig) }})
	w.signatureTold = true
}

// replaceEdited puts a signature in the place of an old one that was changed by hand.
func (w *Window) replaceEdited(old, sig richtext.Doc) {
	w.tell(kit.LevelInfo, "")
	own, forwarded := apart(w.document())
	from, to := editedSignature(own, w.shape(old))
	if from < 0 {
		return
	}
	w.signature = sig
	w.setDocument(joined(slices.Concat(own[:from:from], w.shape(sig), own[to:]), forwarded))
	w.changed()
	w.body.Focus()
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

// editedSignature finds what is left in the user's text of a signature that was changed by hand: from its mark, or where the mark was deleted from the last of its lines
// that stand together, to the gap behind it, and further as far as lines of the signature follow. from < 0 when there is nothing of it.
func editedSignature(own, old richtext.Doc) (from, to int) {
	ofOld := func(p richtext.Paragraph) bool {
		return p.Quote == 0 && strings.TrimSpace(p.Text) != "" && slices.ContainsFunc(old, func(o richtext.Paragraph) bool { return o.Text == p.Text })
	}
	from = slices.IndexFunc(own, func(p richtext.Paragraph) bool { return p.Quote == 0 && p.Text == richtext.SignatureMark })
	if from < 0 {
		for from = len(own) - 1; from >= 0 && !ofOld(own[from]); from-- {
		}
		for ; from > 0 && ofOld(own[from-1]); from-- {
		}
	}
	if from < 0 {
		return -1, -1
	}
	for to = from + 1; goesOn(own, to); to++ {
	}
	for i := to; i < len(own) && own[i].Quote == 0; i++ {
		if ofOld(own[i]) {
			to = i + 1
		}
	}
	return from, to
}

// goesOn reports whether paragraph i stands directly under the one before it.
func goesOn(doc richtext.Doc, i int) bool {
	return i < len(doc) && doc[i].Tight && doc[i].Quote == 0 && strings.TrimSpace(doc[i].Text) != ""
}

// forwardRule reports whether a line is the one over a forwarded text.
func forwardRule(line string) bool {
	return strings.HasPrefix(line, "---------- ") && strings.HasSuffix(line, " ----------")
}
