package weblink

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// openers are addresses by which mailing services count who opened a mail. A host matches with all below it; a path must match
// as well where one is given. Taken from what these services document and from mail seen.
var openers = []struct {
	host string
	path func() *regexp.Regexp
	name string
}{
	{"list-manage.com", pattern(`^/track/open`), "mailchimp.com"},
	{"mandrillapp.com", pattern(`^/track/open`), "mailchimp.com"},
	{"hubspotemail.net", nil, "hubspot.com"},
	{"hubspotlinks.com", nil, "hubspot.com"},
	{"hubspotfree.net", nil, "hubspot.com"},
	{"mailtrack.io", nil, "mailtrack.io"},
	{"mltrk.io", nil, "mailtrack.io"},
	{"yesware.com", pattern(`^/t/`), "yesware.com"},
	{"bananatag.com", nil, "bananatag.com"},
	{"mailfoogae.appspot.com", nil, "streak.com"},
	{"bl-1.com", nil, "boomeranggmail.com"},
	{"emltrk.com", nil, "litmus.com"},
	{"google-analytics.com", nil, "google-analytics.com"},
	{"doubleclick.net", nil, "doubleclick.net"},
	{"facebook.com", pattern(`^/(tr|email_open_log_pic\.php)`), "facebook.com"},
	{"linkedin.com", pattern(`^/emimp/`), "linkedin.com"},
	{"rs6.net", pattern(`^/on\.jsp`), "constantcontact.com"},
	{"createsend.com", pattern(`^/t/[^/]+/o`), "campaignmonitor.com"},
	{"cmail19.com", pattern(`/o\.gif`), "campaignmonitor.com"},
	{"cmail20.com", pattern(`/o\.gif`), "campaignmonitor.com"},
	{"klaviyomail.com", pattern(`/open`), "klaviyo.com"},
	{"intercom-mail.com", pattern(`^/(via/)?o`), "intercom.com"},
	{"customeriomail.com", pattern(`^/e/o/`), "customer.io"},
	{"customer.io", pattern(`^/e/o/`), "customer.io"},
	{"substack.com", pattern(`^/o/`), "substack.com"},
	{"mjt.lu", pattern(`^/oo/`), "mailjet.com"},
	{"sparkpostmail.com", pattern(`^/q/`), "sparkpost.com"},
	{"exct.net", pattern(`(?i)/open\.aspx`), "salesforce.com"},
	{"pardot.com", pattern(`^/r/`), "pardot.com"},
	{"mktoresp.com", nil, "marketo.com"},
	{"convertkit-mail.com", pattern(`^/o/`), "kit.com"},
	{"activehosted.com", pattern(`(?i)^/lt\.php`), "activecampaign.com"},
	{"getresponse.com", pattern(`^/open\.html`), "getresponse.com"},
	{"awstrack.me", pattern(`^/I0/`), "amazonses.com"},
	{"amazonses.com", pattern(`^/I0/`), "amazonses.com"},
}

// openPaths are paths that mean the same on every host, because customers of a service use it under a name of their own.
var openPaths = pattern(`(?i)^/(wf/open|track/open(\.php)?|trk/open|email/open|emailopen|open\.aspx|open\.gif|o\.gif|pixel\.(gif|png)|trackingpixel|e/o/|ss/o/|oo/[0-9a-z]{8,}|mpss/o/|I0/[0-9a-f-]{20,}|__utm\.gif)`)

// Opener reports whether an address serves to count who opened a mail, and whose it is: a service's name where it is known,
// else the site.
func Opener(raw string) (who string, ok bool) {
	u := parse(raw)
	if u == nil {
		return "", false
	}
	host := strings.ToLower(u.Hostname())
	for _, o := range openers {
		if (host == o.host || strings.HasSuffix(host, "."+o.host)) && (o.path == nil || o.path().MatchString(u.Path)) {
			return o.name, true
		}
	}
	if openPaths().MatchString(u.Path) {
		return Site(host), true
	}
	return "", false
}

// Owners names whose trackers these are: each service or site once, in alphabetical order.
func Owners(urls []string) []string {
	var out []string
	for _, raw := range urls {
		who, ok := Opener(raw)
		if !ok {
			if u := parse(raw); u != nil {
				who = Site(strings.ToLower(u.Hostname()))
			}
		}
		if who != "" && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	slices.Sort(out)
	return out
}

// Split divides the remote pictures of a message into those that show something and those that only tell of the reading:
// hidden lists the ones that nobody could see.
func Split(remote, hidden []string) (pictures, trackers []string) {
	for _, u := range remote {
		if _, opener := Opener(u); opener || slices.Contains(hidden, u) {
			continue
		}
		pictures = append(pictures, u)
	}
	for _, u := range append(slices.Clone(remote), hidden...) {
		if !slices.Contains(pictures, u) && !slices.Contains(trackers, u) {
			trackers = append(trackers, u)
		}
	}
	return pictures, trackers
}

// Remote reports whether the address of a picture lies on a server.
func Remote(raw string) bool {
	l := strings.ToLower(strings.TrimSpace(raw))
	return strings.HasPrefix(l, "http:") || strings.HasPrefix(l, "https:") || strings.HasPrefix(l, "//")
}

// Site is the registered part of a host ("mail.example.co.uk" → "example.co.uk").
func Site(host string) string {
	host = strings.TrimSuffix(host, ".")
	if s, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return s
	}
	return host
}

func parse(raw string) *url.URL {
	raw = strings.TrimSpace(raw)
	if strings.HasPrefix(raw, "//") {
		raw = "https:" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return nil
	}
	return u
}
