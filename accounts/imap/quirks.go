package imap

import "strings"

// quirks are what is known about servers that advertise what they cannot do.
type quirks struct {
	noQResync bool // iCloud: VANISHED is wrong
	wantsID   bool // 163, 126, yeah.net, qq: SELECT is refused ("Unsafe Login") without ID
}

// quirksOf recognises a server by its name and greeting.
func quirksOf(host, greeting string) quirks {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	under := func(domains ...string) bool {
		for _, d := range domains {
			if host == d || strings.HasSuffix(host, "."+d) {
				return true
			}
		}
		return false
	}
	return quirks{
		noQResync: under("mail.me.com", "icloud.com", "me.com", "mac.com") || strings.Contains(greeting, "iSCREAM") ||
			strings.Contains(greeting, "iCloud"),
		wantsID: under("163.com", "126.com", "yeah.net", "qq.com", "188.com", "netease.com") ||
			strings.Contains(greeting, "Coremail"),
	}
}
