package model

import (
	"slices"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/weblink"
)

// SuspectTypo: the domain is one letter away from one that is known.
const SuspectTypo Suspicion = "typo"

// commonDomains are those that most people's addresses have.
var commonDomains = []string{"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "proton.me"}

// shortDomain is the length below which one letter more or less is no sign of a mistake.
const shortDomain = 9

// RecipientRisk judges an address that is about to be written to: one that imitates a known domain, mixes alphabets, hides
// what it is, or is a known domain mistyped. trusted are the domains of the user and of those written to; seen those of people
// who wrote, which may be deceivers: a domain among them is held against the trusted ones only. ok is false when there is
// nothing to say.
func RecipientRisk(a mail.Address, trusted, seen []string) (f Finding, ok bool) {
	domain := Domain(a.Addr)
	sameSite := func(d string) bool { return weblink.Site(d) == weblink.Site(domain) }
	if domain == "" || slices.ContainsFunc(trusted, sameSite) {
		return Finding{}, false
	}
	known := trusted
	if !slices.Contains(seen, domain) {
		known = append(slices.Clone(trusted), seen...)
	}
	switch like := lookalike(domain, known); {
	case like != "":
		return Finding{SuspectLookalike, like}, true
	case weblink.MixedScripts(domain):
		return Finding{SuspectScript, domain}, true
	case strings.ContainsFunc(a.Name+a.Addr, turnsAround):
		return Finding{SuspectHidden, ""}, true
	}
	if like, bad := weblink.Imitates(domain); bad {
		return Finding{SuspectLookalike, like}, true
	}
	if slices.Contains(commonDomains, domain) {
		return Finding{}, false
	}
	for _, list := range [][]string{known, commonDomains} {
		for _, k := range list {
			if len(k) >= shortDomain && nearly(domain, k) {
				return Finding{SuspectTypo, k}, true
			}
		}
	}
	return Finding{}, false
}

// nearly reports whether two words differ by one letter: changed, left out, added, or two swapped.
func nearly(a, b string) bool {
	x, y := []rune(a), []rune(b)
	i := 0
	for i < len(x) && i < len(y) && x[i] == y[i] {
		i++
	}
	k := 0
	for k < len(x)-i && k < len(y)-i && x[len(x)-1-k] == y[len(y)-1-k] {
		k++
	}
	dx, dy := len(x)-i-k, len(y)-i-k
	switch {
	case dx == 0 && dy == 0:
		return false
	case dx <= 1 && dy <= 1:
		return true
	case dx == 2 && dy == 2:
		return x[i] == y[i+1] && x[i+1] == y[i]
	}
	return false
}
