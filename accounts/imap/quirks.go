package imap

import "strings"

// quirks are what is known about servers that advertise what they cannot do.
type quirks struct {
	noQResync  bool // iCloud: VANISHED is wrong
	takesAhead bool // Dovecot: what is sent behind the login is carried out after it
	wantsID    bool // 163, 126, yeah.net, qq: SELECT is refused ("Unsafe Login") without ID
	// limit is how many messages a command may be about at most; 0: any number, or as MESSAGELIMIT says. Yahoo cuts the answer
	// to a search at a thousand, whether or not it says so.
	limit uint32
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
	q := quirks{
		noQResync: under("mail.me.com", "icloud.com", "me.com", "mac.com") || strings.Contains(greeting, "iSCREAM") ||
			strings.Contains(greeting, "iCloud"),
		takesAhead: strings.Contains(greeting, "Dovecot"),
		wantsID: under("163.com", "126.com", "yeah.net", "qq.com", "188.com", "netease.com") ||
			strings.Contains(greeting, "Coremail"),
	}
	if under("yahoo.com", "aol.com", "mail.att.net") || strings.Contains(greeting, "imapgate") {
		q.limit = 1000
	}
	return q
}
