package weblink

import (
	"net/url"
	"strings"
)

// redirectors carry their target in a parameter, unchanged.
var redirectors = []struct{ host, path, param string }{
	{"www.google.com", "/url", "q"},
	{"www.google.com", "/url", "url"},
	{"l.facebook.com", "/l.php", "u"},
	{"lm.facebook.com", "/l.php", "u"},
	{"l.instagram.com", "/", "u"},
	{"safelinks.protection.outlook.com", "/", "url"},
	{"www.youtube.com", "/redirect", "q"},
	{"www.linkedin.com", "/redir/redirect", "url"},
	{"out.reddit.com", "/", "url"},
	{"steamcommunity.com", "/linkfilter/", "u"},
	{"t.umblr.com", "/redirect", "z"},
	{"slack-redir.net", "/link", "url"},
	{"vk.com", "/away.php", "to"},
	{"duckduckgo.com", "/l/", "uddg"},
	{"urldefense.proofpoint.com", "/v1/url", "u"},
}

var defense3 = pattern(`^/v3/__(https?:/{1,2}[^*]+)__;`)

// unwrap returns where an address leads when it belongs to a redirector that carries its target openly, up to three of them in one
// another; else the address itself. Only for showing: what is opened is the link as it was sent.
func unwrap(raw string) string {
	for range 3 {
		to := unwrapOnce(raw)
		if to == raw {
			break
		}
		raw = to
	}
	return raw
}

func unwrapOnce(raw string) string {
	u := parse(raw)
	if u == nil {
		return raw
	}
	host := strings.ToLower(u.Hostname())
	if strings.HasPrefix(host, "urldefense.") {
		if m := defense3().FindStringSubmatch(u.EscapedPath()); m != nil && host != "urldefense.proofpoint.com" {
			return web(raw, strings.Replace(m[1], ":/", "://", b2i(!strings.Contains(m[1], "://"))))
		}
		if u.Path == "/v2/url" && host == "urldefense.proofpoint.com" {
			to, err := url.QueryUnescape(strings.NewReplacer("-", "%", "_", "/").Replace(u.Query().Get("u")))
			if err != nil {
				return raw
			}
			return web(raw, to)
		}
	}
	for _, r := range redirectors {
		if host != r.host && !(strings.Count(r.host, ".") > 2 && strings.HasSuffix(host, "."+r.host)) || r.path != "/" && u.Path != r.path {
			continue
		}
		if to := u.Query().Get(r.param); to != "" {
			return web(raw, to)
		}
	}
	return raw
}

// web is the target when it is a web address, else what was.
func web(raw, to string) string {
	if l := strings.ToLower(to); strings.HasPrefix(l, "http://") || strings.HasPrefix(l, "https://") {
		return to
	}
	return raw
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
