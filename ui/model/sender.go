package model

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"peyk/internal/mail"
	"peyk/internal/text"
	"peyk/internal/weblink"
)

// Suspicion is a reason to warn about a sender. The window has a sentence for each.
type Suspicion string

// The reasons, the worst first.
const (
	SuspectAuth      Suspicion = "auth"      // the receiving server says the sender's domain did not send this
	SuspectOtherAddr Suspicion = "otheraddr" // the name shows an address that is not the sender's
	SuspectMe        Suspicion = "me"        // it claims to come from the reader, but not from the reader's address
	SuspectLookalike Suspicion = "lookalike" // the domain looks like one that is known, but is another
	SuspectScript    Suspicion = "script"    // letters of several alphabets in one domain
	SuspectHidden    Suspicion = "hidden"    // control characters that turn the text around
	SuspectReplyTo   Suspicion = "replyto"   // answers go to a free mailbox elsewhere
)

// Finding is one suspicion with what it is about: the other address, the domain it imitates.
type Finding struct {
	Why  Suspicion
	What string
}

// SenderInfo is what the judgement needs to know.
type SenderInfo struct {
	From    mail.Address
	ReplyTo []mail.Address
	List    bool           // the message came through a mailing list
	Auth    AuthVerdict    // what the receiving server found
	Mine    []mail.Address // the reader's own identities
	Known   []string       // domains the reader knows: own ones and those of people written to
}

// Suspicions judges a sender. An empty result does not mean that the sender is genuine.
func Suspicions(i SenderInfo) []Finding {
	var out []Finding
	add := func(w Suspicion, what string) { out = append(out, Finding{w, what}) }
	if i.Auth == AuthFail {
		add(SuspectAuth, Domain(i.From.Addr))
	}
	name := strings.TrimSpace(i.From.Name)
	if other := addressIn(name); other != "" && !strings.EqualFold(other, i.From.Addr) {
		add(SuspectOtherAddr, other)
	}
	if claimsMe(i, name) {
		add(SuspectMe, i.From.Addr)
	}
	domain := Domain(i.From.Addr)
	if like := lookalike(domain, append(ownDomains(i.Mine), i.Known...)); like != "" {
		add(SuspectLookalike, like)
	} else if weblink.MixedScripts(domain) {
		add(SuspectScript, domain)
	} else if like, bad := weblink.Imitates(domain); bad {
		add(SuspectLookalike, like)
	}
	if strings.ContainsFunc(name+i.From.Addr, turnsAround) {
		add(SuspectHidden, "")
	}
	if to := strangeReplyTo(i, domain); to != "" {
		add(SuspectReplyTo, to)
	}
	return out
}

// Domain is the part after the "@", lower case.
func Domain(addr string) string {
	if i := strings.LastIndexByte(addr, '@'); i >= 0 {
		return strings.ToLower(strings.TrimSuffix(addr[i+1:], "."))
	}
	return ""
}

var addrPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
})

func addressIn(name string) string { return addrPattern().FindString(name) }

func claimsMe(i SenderInfo, name string) bool {
	for _, me := range i.Mine {
		if strings.EqualFold(me.Addr, i.From.Addr) {
			return false
		}
	}
	for _, me := range i.Mine {
		if me.Name != "" && strings.EqualFold(strings.TrimSpace(me.Name), name) && strings.ContainsRune(name, ' ') {
			return true
		}
	}
	return false
}

// Domains lists the domains of addresses, each once.
func Domains(as []mail.Address) []string {
	var out []string
	for _, a := range as {
		if d := Domain(a.Addr); d != "" && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

func ownDomains(mine []mail.Address) []string {
	var out []string
	for _, m := range mine {
		out = append(out, Domain(m.Addr))
	}
	return out
}

// lookalike returns the known domain that domain imitates, or "".
func lookalike(domain string, known []string) string {
	if domain == "" {
		return ""
	}
	site := weblink.Site(domain)
	shape := weblink.Skeleton(site)
	for _, k := range known {
		k = weblink.Site(strings.ToLower(k))
		if k == "" || k == site {
			continue
		}
		if weblink.Skeleton(k) == shape {
			return k
		}
	}
	return ""
}

// Straight is s without the characters that turn text around.
func Straight(s string) string {
	return strings.Map(func(r rune) rune {
		if turnsAround(r) {
			return -1
		}
		return r
	}, s)
}

func turnsAround(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

var freeMail = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "outlook.com": true, "hotmail.com": true, "live.com": true, "yahoo.com": true, "aol.com": true,
	"gmx.com": true, "gmx.de": true, "gmx.net": true, "web.de": true, "mail.ru": true, "yandex.ru": true, "yandex.com": true, "proton.me": true,
	"protonmail.com": true, "tutanota.com": true, "icloud.com": true, "mail.com": true, "zoho.com": true, "163.com": true, "126.com": true, "qq.com": true,
}

func strangeReplyTo(i SenderInfo, domain string) string {
	if i.List || freeMail[weblink.Site(domain)] {
		return ""
	}
	for _, a := range i.ReplyTo {
		if d := weblink.Site(Domain(a.Addr)); d != "" && d != weblink.Site(domain) && freeMail[d] {
			return VisibleName(a.Addr)
		}
	}
	return ""
}

// ShownName is what a list shows for a sender: the name, unless the name pretends to be an address of someone else.
func ShownName(a mail.Address) string {
	name := Visible(a.Name)
	if other := addressIn(Straight(a.Name)); name == "" || other != "" && !strings.EqualFold(other, a.Addr) {
		if a.Addr != "" {
			return VisibleName(a.Addr)
		}
	}
	return name
}

// Visible makes a field from a stranger (subject, name, snippet) fit to stand among others: one line, nothing in it that
// draws nothing, characters that turn text around shown as [RLO].
func Visible(s string) string { return strings.Join(strings.Fields(text.Sanitize(s)), " ") }

// VisibleName is Visible for what must not look like something else: file names and addresses. Every character that
// cannot be seen is shown.
func VisibleName(s string) string { return strings.Join(strings.Fields(text.Visible(s)), " ") }
