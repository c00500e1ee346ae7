package message

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/richtext"
)

func TestSubjects(t *testing.T) {
	for in, want := range map[string][2]string{
		"hello": {"Re: hello", "Fwd: hello"}, "Re: hello": {"Re: hello", "Fwd: Re: hello"}, "RE: Re: re: hello": {"Re: hello", "Fwd: Re: hello"},
		"AW: Antw: hello": {"Re: hello", "Fwd: Re: hello"}, "RE[2]: hello": {"Re: hello", "Fwd: Re: hello"}, "Re(3): hi": {"Re: hi", "Fwd: Re: hi"},
		"پاسخ: سلام": {"Re: سلام", "Fwd: Re: سلام"}, "回复：你好": {"Re: 你好", "Fwd: Re: 你好"}, "Re : x": {"Re: x", "Fwd: Re: x"},
		"Fwd: x": {"Re: Fwd: x", "Fwd: x"}, "WG: Re: FW: x": {"Re: Fwd: x", "Fwd: Re: x"}, "[list] Re: x": {"Re: [list] x", "Fwd: Re: [list] x"},
		"Re: [list] Re: [list] x": {"Re: [list] x", "Fwd: Re: [list] x"}, "": {"Re:", "Fwd:"}, "Release: 1.0": {"Re: Release: 1.0", "Fwd: Release: 1.0"},
		"r: lower": {"Re: r: lower", "Fwd: r: lower"}, "R: ciao": {"Re: ciao", "Fwd: Re: ciao"}, "الرد: مرحبا": {"Re: مرحبا", "Fwd: Re: مرحبا"},
	} {
		if got := replySubject(in); got != want[0] {
			t.Errorf("replySubject(%q) = %q", in, got)
		}
		if got := forwardSubject(in); got != want[1] {
			t.Errorf("forwardSubject(%q) = %q", in, got)
		}
	}
}

func TestAttribution(t *testing.T) {
	at := time.Date(2025, 11, 25, 14, 5, 0, 0, time.UTC)
	for lang, want := range map[string]string{
		"fa": "سارا در ۴ آذر ۱۴۰۴ نوشت:", "en": "On 25 November 2025 at 14:05, سارا wrote:", "de": "Am 25. November 2025 um 14:05 schrieb سارا:",
		"ar": "في 25 نوفمبر 2025 كتب سارا:", "xx": "On 25 November 2025 at 14:05, سارا wrote:", "fa-IR": "سارا در ۴ آذر ۱۴۰۴ نوشت:",
	} {
		if got := Attribution(lang, mail.Address{Name: "سارا", Addr: "s@x"}, at); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	if got := Attribution("fa", mail.Address{Name: "Bob"}, at); !strings.HasPrefix(got, rlm+"Bob در") {
		t.Errorf("a Latin name must not turn the line: %q", got)
	}
	if got := Attribution("en", mail.Address{Addr: "b@x"}, time.Time{}); got != "b@x wrote:" {
		t.Errorf("no date: %q", got)
	}
}

func addrs(s string) []mail.Address { return ParseAddressList(s) }

func TestReplyRecipients(t *testing.T) {
	acc := mail.Account{ID: 1, Email: "me@x.example", Identities: []mail.Identity{{Addr: "me@x.example"}, {Addr: "work@x.example"}}}
	base := mail.Content{
		Row: mail.Row{ID: 9, From: addrs("Bob <bob@y.example>"), To: addrs("Work <work@x.example>, Eve <eve@y.example>, BOB@y.example"), HeaderID: "m1@y", Subject: "hi"},
		Cc:  addrs("eve@y.example, me+list@x.example, dan@y.example"), References: []string{"m0@y"}, Text: "line\n> old\n\n-- \nBob",
	}
	list := base
	list.Headers = []mail.HeaderField{{Name: "List-Post", Value: "<mailto:list@y.example>"}}
	mft := base
	mft.Headers = []mail.HeaderField{{Name: "Mail-Followup-To", Value: "list@y.example, me@x.example"}}
	replyTo := base
	replyTo.ReplyTo = addrs("desk@y.example")
	mine := base
	mine.Row.From = addrs("me@x.example")
	mine.Row.To = addrs("bob@y.example")
	mine.Cc = nil
	alone := base
	alone.Row.From, alone.Row.To, alone.Cc = addrs("me@x.example"), addrs("me@x.example"), nil
	for _, c := range []struct {
		name   string
		c      mail.Content
		kind   mail.ReplyKind
		to, cc string
	}{
		{"sender", base, mail.ReplySender, "bob@y.example", ""},
		{"all", base, mail.ReplyAll, "bob@y.example eve@y.example", "dan@y.example"},
		{"list", list, mail.ReplyList, "list@y.example", ""},
		{"no list", base, mail.ReplyList, "bob@y.example eve@y.example", "dan@y.example"},
		{"followup", mft, mail.ReplyAll, "list@y.example", ""},
		{"reply-to", replyTo, mail.ReplySender, "desk@y.example", ""},
		{"own message", mine, mail.ReplySender, "bob@y.example", ""},
		{"to myself", alone, mail.ReplyAll, "me@x.example", ""},
	} {
		d := NewReply(c.c, ReplyOptions{Kind: c.kind, Account: acc})
		got := func(l []mail.Address) string {
			var s []string
			for _, a := range l {
				s = append(s, a.Addr)
			}
			return strings.Join(s, " ")
		}
		if got(d.To) != c.to || got(d.Cc) != c.cc {
			t.Errorf("%s: to %q cc %q", c.name, got(d.To), got(d.Cc))
		}
		if d.InReplyTo != "m1@y" || !reflect.DeepEqual(d.References, []string{"m0@y", "m1@y"}) || d.Source != 9 {
			t.Errorf("%s: threading %q %v", c.name, d.InReplyTo, d.References)
		}
	}
	d := NewReply(base, ReplyOptions{Kind: mail.ReplySender, Account: acc})
	if d.Identity != 1 {
		t.Errorf("identity %d, the message came to the second", d.Identity)
	}
	if want := "\n\nBob wrote:\n> line\n> > old\n"; d.Text != want {
		t.Errorf("text %q", d.Text)
	}
}

// TestAttributionFollowsTheText: who answers a Persian mail in an English window writes Persian.
func TestAttributionFollowsTheText(t *testing.T) {
	c := mail.Content{Row: mail.Row{From: addrs("سارا <s@x.example>"), Date: time.Date(2025, 11, 25, 14, 5, 0, 0, time.UTC)}, Text: "لطفاً عدد Q3 را بررسی کن."}
	for text, want := range map[string]string{c.Text: "سارا در ۴ آذر ۱۴۰۴ نوشت:", "مرحبا بكم": "في 25 نوفمبر 2025 كتب سارا:", "Hello, سلام": "On 25 November 2025 at 14:05, سارا wrote:"} {
		c.Text = text
		d := NewReply(c, ReplyOptions{Kind: mail.ReplySender, Lang: "en"})
		doc := richtext.FromHTML(d.HTML)
		if !strings.Contains(d.Text, want) || len(doc) < 3 || doc[1].Text != want || !doc[1].Cite || doc[2].Quote != 1 {
			t.Errorf("%q: %q, %+v", text, d.Text, doc)
		}
	}
}

// TestReplyKeepsFormatting: the quotation of an HTML mail has its marks, links, lists and the pictures of the message, nothing
// active; a signature stands over it.
func TestReplyKeepsFormatting(t *testing.T) {
	c := mail.Content{Row: mail.Row{ID: 9, From: addrs("Bob <bob@y.example>"), To: addrs("me@x.example")}, Text: "x",
		HTML:        `<p>one <b>bold</b> <a href="https://a.example">link</a><script>x()</script></p><ul><li>item</ul><img src="cid:logo@y"><img src="https://t.example/p.gif" alt="track"><p>-- <br>Bob</p>`,
		Attachments: []mail.Attachment{{Part: "2", Filename: "logo.png", ContentType: "image/png", Size: 100, Inline: true, ContentID: "logo@y"}}}
	acc := mail.Account{Identities: []mail.Identity{{Addr: "me@x.example", Signature: "Me", SignatureHTML: "<b>Me</b>"}}}
	d := NewReply(c, ReplyOptions{Kind: mail.ReplySender, Account: acc})
	for _, want := range []string{"<b>bold</b>", `<a href="https://a.example">link</a>`, "<li", `src="cid:logo@y"`, "[track]", "<b>Me</b>"} {
		if !strings.Contains(d.HTML, want) {
			t.Errorf("the draft lacks %s:\n%s", want, d.HTML)
		}
	}
	if strings.Contains(d.HTML, "script") || strings.Contains(d.HTML, "t.example") {
		t.Errorf("the draft keeps what is active:\n%s", d.HTML)
	}
	if len(d.Attachments) != 1 || !d.Attachments[0].Inline || d.Attachments[0].Part != "2" || d.Attachments[0].Message != 9 {
		t.Errorf("attachments %+v", d.Attachments)
	}
	doc := richtext.FromHTML(d.HTML)
	if from, _ := doc.Signature(); from < 0 || doc[from+2].Quote != 1 {
		t.Errorf("the signature stands elsewhere: %+v", doc)
	}
	acc.Identities[0].PlainText = true
	if d = NewReply(c, ReplyOptions{Kind: mail.ReplySender, Account: acc}); d.HTML != "" || !d.Plain || !strings.Contains(d.Text, "\n-- \nMe\n") {
		t.Errorf("in plain text: %+v", d)
	}
	acc.Identities[0].PlainText = false
	d = NewReply(c, ReplyOptions{Kind: mail.ForwardInline, Account: acc})
	if len(d.Attachments) != 1 || !d.Attachments[0].Inline || !strings.Contains(d.HTML, `src="cid:logo@y"`) || !strings.Contains(d.HTML, "Forwarded") {
		t.Errorf("forwarded: %+v\n%s", d.Attachments, d.HTML)
	}
}

func TestForward(t *testing.T) {
	c := mail.Content{
		Row:  mail.Row{ID: 5, From: addrs("Bob <bob@y.example>"), To: addrs("me@x.example"), Subject: "Re: plan", Size: 77, Date: time.Date(2025, 11, 25, 14, 5, 0, 0, time.UTC)},
		Text: "the text\n", Attachments: []mail.Attachment{{Part: "2", Filename: "a.pdf", ContentType: "application/pdf", Size: 3}},
	}
	d := NewReply(c, ReplyOptions{Kind: mail.ForwardInline, Lang: "fa"})
	if d.Subject != "Fwd: Re: plan" || !d.Forwarded || len(d.To) != 0 || len(d.Attachments) != 1 || d.Attachments[0].Part != "2" || d.Attachments[0].Message != 5 {
		t.Errorf("inline %+v", d)
	}
	for _, s := range []string{"از: Bob <bob@y.example>", "سه‌شنبه ۴ آذر ۱۴۰۴ ۱۴:۰۵", "موضوع: Re: plan", "the text"} {
		if !strings.Contains(d.Text, s) {
			t.Errorf("text lacks %q:\n%s", s, d.Text)
		}
	}
	d = NewReply(c, ReplyOptions{Kind: mail.ForwardAttached})
	if len(d.Attachments) != 1 || d.Attachments[0].Name != "Re_ plan.eml" || d.Attachments[0].ContentType != "message/rfc822" || d.Attachments[0].Message != 5 || d.Text != "" {
		t.Errorf("attached %+v", d)
	}
}

// What is too long for the text of a forward comes along as a whole.
func TestLongMessagesAreForwardedWhole(t *testing.T) {
	long := strings.Repeat("a line of a log that goes on and on\n", 100000)
	page := func(string) string { return "<div>page</div>" }
	for name, tc := range map[string]struct {
		c    mail.Content
		page func(string) string
		acc  mail.Account
		want int
	}{
		"text":     {c: mail.Content{Text: long}, want: 1},
		"html":     {c: mail.Content{Text: "x", HTML: "<p>" + strings.ReplaceAll(long, "\n", "<p>")}, want: 1},
		"plain":    {c: mail.Content{Text: long}, acc: mail.Account{Identities: []mail.Identity{{PlainText: true}}}},
		"as it is": {c: mail.Content{Text: long, HTML: "<p>" + long}, page: page},
		"short":    {c: mail.Content{Text: "short", HTML: "<p>short"}},
	} {
		tc.c.Row = mail.Row{ID: 7, Subject: "Log"}
		d := NewReply(tc.c, ReplyOptions{Kind: mail.ForwardInline, Account: tc.acc, Page: tc.page})
		if len(d.Attachments) != tc.want || tc.want == 1 && (d.Attachments[0].Message != 7 || d.Attachments[0].Name != "Log.eml") {
			t.Errorf("%s: %+v", name, d.Attachments)
		}
	}
}

// The examples are from RFC 6068 §6.
func TestMailto(t *testing.T) {
	for url, want := range map[string]mail.Draft{
		"mailto:chris@example.com":                                                       {To: addrs("chris@example.com")},
		"mailto:infobot@example.com?subject=current-issue":                               {To: addrs("infobot@example.com"), Subject: "current-issue"},
		"mailto:infobot@example.com?body=send%20current-issue%0D%0Asend%20index":         {To: addrs("infobot@example.com"), Text: "send current-issue\nsend index"},
		"mailto:list@example.org?In-Reply-To=%3C3469A91.D10AF4C@example.com%3E":          {To: addrs("list@example.org"), InReplyTo: "3469A91.D10AF4C@example.com", References: []string{"3469A91.D10AF4C@example.com"}},
		"mailto:joe@example.com?cc=bob@example.com&body=hello":                           {To: addrs("joe@example.com"), Cc: addrs("bob@example.com"), Text: "hello"},
		"mailto:?to=addr1@an.example,addr2@an.example":                                   {To: addrs("addr1@an.example, addr2@an.example")},
		"mailto:gorby%25kremvax@example.com":                                             {To: addrs("gorby%kremvax@example.com")},
		"mailto:unlikely%3Faddress@example.com?blat=foop":                                {To: addrs("unlikely?address@example.com")},
		"mailto:%22not%40me%22@example.org":                                              {To: []mail.Address{{Addr: `"not@me"@example.org`}}},
		"mailto:user@example.org?subject=caf%C3%A9&body=caf%C3%A9":                       {To: addrs("user@example.org"), Subject: "café", Text: "café"},
		"mailto:user@example.org?subject=%3D%3Futf-8%3FQ%3Fcaf%3DC3%3DA9%3F%3D":          {To: addrs("user@example.org"), Subject: "café"},
		"MAILTO:a+b@x.example?subject=1+1%0d%0aBcc:%20v@x.example&attach=/etc/passwd":    {To: addrs("a+b@x.example"), Subject: "1+1  Bcc: v@x.example"},
		"mailto:a@x.example?from=evil@x.example&bcc=b@x.example&amp;cc=c@x.example#frag": {To: addrs("a@x.example"), Bcc: addrs("b@x.example"), Cc: addrs("c@x.example")},
	} {
		if got, err := ParseMailto(url); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n got %+v, %v\nwant %+v", url, got, err, want)
		}
	}
	if _, err := ParseMailto("http://x"); !errors.Is(err, ErrNotMailto) {
		t.Errorf("http: %v", err)
	}
}

// TestAnAnswerHasTheBccOfItsSender: where the user sees it.
func TestAnAnswerHasTheBccOfItsSender(t *testing.T) {
	a := mail.Account{ID: 1, Identities: []mail.Identity{{Addr: "me@x.example"}, {Addr: "team@x.example", Bcc: "Archive <archive@x.example>"}}}
	c := mail.Content{Row: mail.Row{From: addrs("b@x.example"), To: addrs("team@x.example"), Subject: "s"}, Text: "x"}
	for _, kind := range []mail.ReplyKind{mail.ReplySender, mail.ForwardInline, mail.ForwardAttached} {
		if d := NewReply(c, ReplyOptions{Kind: kind, Account: a, Own: []string{"me@x.example", "team@x.example"}}); d.Identity != 1 || len(d.Bcc) != 1 || d.Bcc[0].Addr != "archive@x.example" {
			t.Errorf("%v: from %d, Bcc %v", kind, d.Identity, d.Bcc)
		}
	}
}

// TestAddressesOverAForwardedTextKeepTheirOrder: in a line from right to left, too.
func TestAddressesOverAForwardedTextKeepTheirOrder(t *testing.T) {
	c := mail.Content{Row: mail.Row{From: addrs("علی <ali@x.example>"), To: addrs("Sara Ahmadi <sara@x.example>, bob@x.example"), Subject: "s"}, Text: "متن"}
	for lang, want := range map[string]string{"fa": "به: Sara Ahmadi <sara@x.example>" + lrm + ", " + rlm + "bob@x.example" + lrm + "\n", "en": "To: Sara Ahmadi <sara@x.example>, bob@x.example\n"} {
		if got := forwardHead(lang, &c, time.Time{}); !strings.Contains(got, want) || !strings.Contains(got, ": علی <ali@x.example>\n") {
			t.Errorf("%s:\n%q, want %q in it", lang, got, want)
		}
	}
}
