package message

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// replyPrefixes and forwardPrefixes are what mailers of the world put before a subject, in lower case, without the colon.
var (
	replyPrefixes = prefixSet("re", "aw", "antw", "antwort", "sv", "vs", "odp", "r", "rif", "res", "ynt", "bls", "atb", "vá", "yanit", "yanıt", "απ", "σχετ", "отв", "ответ",
		"پاسخ", "پاسخ به", "جواب", "رد", "الرد", "השב", "תשובה", "回复", "回覆", "答复", "答覆", "返信", "회신", "ตอบ", "trả lời")
	forwardPrefixes = prefixSet("fw", "fwd", "wg", "tr", "rv", "doorst", "vb", "vl", "i", "ilt", "i̇lt", "yml", "továbbítás", "προωθ", "πρθ", "пересл",
		"ارجاع", "هدایت", "هدایت‌شده", "فوروارد", "إعادة توجيه", "הועבר", "转发", "轉寄", "轉發", "転送", "전달", "ส่งต่อ", "chuyển tiếp")
)

func prefixSet(list ...string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[s] = true
	}
	return m
}

// maxPrefix is how far a subject is searched for a prefix, in bytes.
const maxPrefix = 40

// cutPrefix takes one reply or forward prefix off: "Re:", "RE[2]:", "AW :", "پاسخ:", "回复：".
func cutPrefix(s string) (rest string, reply, forward bool) {
	head := s[:min(len(s), maxPrefix)]
	i := strings.IndexAny(head, ":：")
	if i <= 0 {
		return s, false, false
	}
	_, colon := utf8.DecodeRuneInString(s[i:])
	word := strings.TrimSpace(head[:i])
	// The counters of old mailers: RE[2], Re(3), Re^4, Re*5.
	if j := strings.IndexAny(word, "[(^*"); j > 0 && strings.Trim(word[j:], "[](){}^*0123456789") == "" {
		word = strings.TrimSpace(word[:j])
	}
	word = strings.ToLower(word)
	reply, forward = replyPrefixes[word], forwardPrefixes[word]
	if !reply && !forward || len(word) == 1 && !unicode.IsUpper(rune(strings.TrimSpace(s)[0])) {
		return s, false, false
	}
	return strings.TrimSpace(s[i+colon:]), reply, !reply
}

// baseSubject takes every reply and forward prefix off a subject, also behind the tag of a mailing list, and says which
// kinds there were. It is the key of a conversation as well.
func baseSubject(s string) (base string, reply, forward bool) {
	s = strings.TrimSpace(s)
	for range 50 {
		rest, r, f := cutPrefix(s)
		if r || f {
			reply, forward, s = reply || r, forward || f, rest
			continue
		}
		// "[list] Re: hello": the tag stays, the prefix behind it goes.
		end := strings.IndexByte(s, ']')
		if !strings.HasPrefix(s, "[") || end < 0 || end > 60 {
			break
		}
		after, r, f := cutPrefix(strings.TrimSpace(s[end+1:]))
		if !r && !f {
			break
		}
		reply, forward = reply || r, forward || f
		if strings.HasPrefix(after, s[:end+1]) {
			s = after
			continue
		}
		s = s[:end+1] + " " + after
	}
	return s, reply, forward
}

// replySubject and forwardSubject put one prefix before a subject; prefixes never pile up, in whatever language.
func replySubject(s string) string {
	base, _, forward := baseSubject(s)
	if forward {
		base = "Fwd: " + base
	}
	return strings.TrimSpace("Re: " + base)
}

// forwardSubject is described at replySubject.
func forwardSubject(s string) string {
	base, reply, _ := baseSubject(s)
	if reply {
		base = "Re: " + base
	}
	return strings.TrimSpace("Fwd: " + base)
}
