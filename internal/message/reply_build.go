package message

import (
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/internal/richtext"
)

func newReply(c mail.Content, o ReplyOptions) mail.Draft {
	fillRow(&c)
	own := newOwnSet(o)
	d := mail.Draft{Account: o.Account.ID, Source: c.Row.ID, Identity: own.identity(&c, o.Account)}
	var id mail.Identity
	if d.Identity < len(o.Account.Identities) {
		id = o.Account.Identities[d.Identity]
	}
	d.Plain, d.Bcc = id.PlainText, ParseAddressList(id.Bcc)
	o.Lang = replyLang(o.Lang, c.Text)
	t := c.Row.Date
	if !t.IsZero() {
		loc := o.Location
		if loc == nil {
			loc = time.UTC
		}
		t = t.In(loc)
	}
	switch o.Kind {
	case mail.ForwardInline:
		d.Forwarded = true
		d.Subject = forwardSubject(c.Row.Subject)
		d.Text = "\n" + signatureText(id) + "\n" + forwardText(o.Lang, &c, t)
		for _, a := range c.Attachments {
			d.Attachments = append(d.Attachments, mail.DraftAttachment{
				Name: a.Filename, ContentType: a.ContentType, Size: a.Size, Message: c.Row.ID, Part: a.Part, ContentID: a.ContentID,
			})
		}
		if !d.Plain {
			richReply(&d, &c, o, id, t)
		} else if len(c.Text) >= maxText {
			attachWhole(&d, &c)
		}
		return d
	case mail.Redirect:
		d.Forwarded, d.Resend, d.Plain, d.Bcc = true, true, true, nil
		d.Subject = c.Row.Subject
		_, head, _ := strings.Cut(forwardHead(o.Lang, &c, t), "\n")
		d.Text = head + fileLine(o.Lang, c.Attachments) + "\n" + strings.TrimRight(cutText(c.Text, maxText), "\n") + "\n"
		attachWhole(&d, &c)
		return d
	case mail.ForwardAttached:
		d.Forwarded = true
		d.Subject = forwardSubject(c.Row.Subject)
		attachWhole(&d, &c)
		if sig := richtext.SignatureDoc(id.Signature, id.SignatureHTML); sig != nil {
			d.Text = "\n" + signatureText(id)
			if !d.Plain {
				d.HTML = append(richtext.Doc{{}, {}}, sig...).HTML()
			}
		}
		return d
	}
	d.Subject = replySubject(c.Row.Subject)
	d.To, d.Cc = own.recipients(&c, o.Kind)
	d.InReplyTo, d.References = threadIDs(&c)
	d.Text = "\n" + signatureText(id) + "\n"
	if q := quoteText(c.Text); q != "" {
		d.Text += Attribution(o.Lang, firstOf(c.Row.From), t) + "\n" + q + "\n"
	}
	if !d.Plain {
		richReply(&d, &c, o, id, t)
	}
	return d
}

// attachWhole attaches the whole message, as it is.
func attachWhole(d *mail.Draft, c *mail.Content) {
	name := cleanFileName(c.Row.Subject)
	if name == "" {
		name = "message"
	}
	d.Attachments = append(d.Attachments, mail.DraftAttachment{Name: name + ".eml", ContentType: "message/rfc822", Size: c.Row.Size, Message: c.Row.ID})
}

// replyLang is the language of the line over a quotation: that of the text where its letters tell it, for that is what it is
// answered in; else that of the window.
func replyLang(window, text string) string {
	switch l := richtext.LanguageOf(text); l {
	case "fa", "ar":
		return l
	}
	return window
}

// signatureText is the signature over a quotation.
func signatureText(id mail.Identity) string {
	if id.Signature == "" {
		return ""
	}
	return "\n" + richtext.SignatureMark + "\n" + id.Signature + "\n"
}

// fillRow takes from the header what the caller left empty.
func fillRow(c *mail.Content) {
	get := func(name string) string {
		for _, h := range c.Headers {
			if strings.EqualFold(h.Name, name) {
				return h.Value
			}
		}
		return ""
	}
	r := &c.Row
	if len(r.From) == 0 {
		r.From = ParseAddressList(get("From"))
	}
	if len(r.To) == 0 {
		r.To = ParseAddressList(get("To"))
	}
	if r.Subject == "" {
		r.Subject = get("Subject")
	}
	if r.HeaderID == "" {
		r.HeaderID = headerID(get("Message-ID"))
	}
	if r.Date.IsZero() {
		r.Date, _ = parseDate(get("Date"))
	}
}

// threadIDs makes In-Reply-To and References of an answer (RFC 5322 §3.6.4).
func threadIDs(c *mail.Content) (inReplyTo string, refs []string) {
	refs = append(refs, c.References...)
	if len(refs) == 0 && len(c.InReplyTo) == 1 {
		refs = append(refs, c.InReplyTo[0])
	}
	id := c.Row.HeaderID
	if id == "" {
		return "", refs
	}
	if len(refs) == 0 || refs[len(refs)-1] != id {
		refs = append(refs, id)
	}
	return id, refs
}

// ownSet knows the addresses of the user.
type ownSet map[string]bool

func newOwnSet(o ReplyOptions) ownSet {
	s := ownSet{}
	add := func(a string) {
		if a != "" {
			s[addrKey(a)] = true
		}
	}
	add(o.Account.Email)
	for _, i := range o.Account.Identities {
		add(i.Addr)
	}
	for _, a := range o.Own {
		add(a)
	}
	return s
}

// addrKey compares addresses: case does not matter in practice, and me+list@host is me@host.
func addrKey(a string) string {
	a = strings.ToLower(strings.TrimSpace(a))
	at := strings.LastIndexByte(a, '@')
	if at < 0 {
		return a
	}
	if plus := strings.IndexByte(a[:at], '+'); plus > 0 {
		return a[:plus] + a[at:]
	}
	return a
}

// identity picks the identity that the message was sent to, or from; the first one otherwise.
func (s ownSet) identity(c *mail.Content, acc mail.Account) int {
	var seen []string
	for _, list := range [][]mail.Address{c.Row.To, c.Cc, c.Bcc, c.Row.From} {
		for _, a := range list {
			seen = append(seen, a.Addr)
		}
	}
	for _, h := range c.Headers {
		switch strings.ToLower(h.Name) {
		case "delivered-to", "x-original-to", "envelope-to", "x-envelope-to":
			for _, a := range ParseAddressList(h.Value) {
				seen = append(seen, a.Addr)
			}
		}
	}
	for _, exact := range []bool{true, false} {
		for _, a := range seen {
			for i, id := range acc.Identities {
				if strings.EqualFold(a, id.Addr) || !exact && addrKey(a) == addrKey(id.Addr) {
					return i
				}
			}
		}
	}
	return 0
}

// recipients works out who gets an answer. Own addresses are left out, each address comes once.
func (s ownSet) recipients(c *mail.Content, kind mail.ReplyKind) (to, cc []mail.Address) {
	target := c.ReplyTo
	if len(withAddr(target)) == 0 {
		target = c.Row.From
	}
	if s.allOwn(c.Row.From) && len(withAddr(c.Row.To)) > 0 {
		// An answer to one's own message goes on to those it was sent to.
		target = c.Row.To
	}
	if kind == mail.ReplyList {
		if post := listPost(c.Headers); len(post) > 0 {
			return post, nil
		}
		kind = mail.ReplyAll
	}
	if kind != mail.ReplyAll {
		return s.unique(target, map[string]bool{}, true), nil
	}
	seen := map[string]bool{}
	if mft := s.followupTo(c.Headers); len(mft) > 0 {
		return s.unique(mft, seen, false), nil
	}
	to = s.unique(append(append([]mail.Address{}, target...), c.Row.To...), seen, false)
	cc = s.unique(c.Cc, seen, false)
	if len(to) == 0 && len(cc) > 0 {
		to, cc = cc, nil
	}
	if len(to) == 0 { // everybody is us: at least answer the sender
		to = s.unique(target, map[string]bool{}, true)
	}
	return to, cc
}

func withAddr(list []mail.Address) []mail.Address {
	var out []mail.Address
	for _, a := range list {
		if strings.Contains(a.Addr, "@") {
			out = append(out, a)
		}
	}
	return out
}

func (s ownSet) allOwn(list []mail.Address) bool {
	for _, a := range list {
		if !s[addrKey(a.Addr)] {
			return false
		}
	}
	return len(list) > 0
}

// unique drops addresses seen before, those that are none, and own ones unless keepOwn.
func (s ownSet) unique(list []mail.Address, seen map[string]bool, keepOwn bool) []mail.Address {
	var out []mail.Address
	for _, a := range withAddr(list) {
		key := strings.ToLower(a.Addr)
		if seen[key] || !keepOwn && s[addrKey(a.Addr)] {
			continue
		}
		seen[key] = true
		out = append(out, a)
	}
	return out
}

// listPost reads List-Post (RFC 2369 §3.4); "NO" means nobody may post.
func listPost(headers []mail.HeaderField) []mail.Address {
	for _, h := range headers {
		if !strings.EqualFold(h.Name, "List-Post") {
			continue
		}
		for _, part := range strings.Split(h.Value, ",") {
			part = strings.Trim(stripComments(part), " <>")
			if d, err := ParseMailto(part); err == nil && len(d.To) > 0 {
				return d.To
			}
		}
	}
	return nil
}

// followupTo reads Mail-Followup-To, which lists say who wants answers.
func (s ownSet) followupTo(headers []mail.HeaderField) []mail.Address {
	for _, h := range headers {
		if strings.EqualFold(h.Name, "Mail-Followup-To") {
			return s.unique(ParseAddressList(h.Value), map[string]bool{}, false)
		}
	}
	return nil
}
