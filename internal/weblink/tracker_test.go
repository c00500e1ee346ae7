package weblink

import (
	"slices"
	"testing"
)

func TestOpeners(t *testing.T) {
	for raw, want := range map[string]string{
		"https://acme.us1.list-manage.com/track/open.php?u=1&id=2":   "mailchimp.com",
		"https://acme.us1.list-manage.com/images/logo.png":           "",
		"http://u123.ct.sendgrid.net/wf/open?upn=abc":                "sendgrid.net",
		"https://mail.acme.co.uk/wf/open?upn=abc":                    "acme.co.uk",
		"//www.google-analytics.com/collect?v=1":                     "google-analytics.com",
		"https://notlist-manage.com/track/openings/logo.png":         "notlist-manage.com",
		"https://example.org/images/pixel-art.png":                   "",
		"https://example.org/pixel.gif?id=7":                         "example.org",
		"https://k7.eu-west-1.awstrack.me/I0/0102018f-aaaa-bbbb/x=1": "amazonses.com",
		"cid:logo": "",
		"":         "",
	} {
		who, ok := Opener(raw)
		if who != want || ok != (want != "") {
			t.Errorf("%s: %q %v", raw, who, ok)
		}
	}
}

func TestSplitAndOwners(t *testing.T) {
	remote := []string{"https://a.example/logo.png", "https://x.list-manage.com/track/open.php", "https://a.example/dot.png"}
	hidden := []string{"https://a.example/dot.png", "https://b.example/gone.png"}
	pictures, trackers := Split(remote, hidden)
	if !slices.Equal(pictures, remote[:1]) || len(trackers) != 3 {
		t.Errorf("pictures %v, trackers %v", pictures, trackers)
	}
	if got := Owners(trackers); !slices.Equal(got, []string{"a.example", "b.example", "mailchimp.com"}) {
		t.Errorf("owners %v", got)
	}
}
