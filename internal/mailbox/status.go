package mailbox

import (
	"bufio"
	"strconv"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/message"
)

// statusFlags reads the flags that mail programs keep in the header of a message: Status and X-Status (mutt, pine, Dovecot),
// X-Mozilla-Status, X-Mozilla-Status2 and X-Mozilla-Keys (Thunderbird), X-Keywords (Dovecot, pine). expunged: Thunderbird
// has deleted it and only not compacted yet.
func statusFlags(br *bufio.Reader) (flags mail.Flags, expunged bool) {
	head, _ := br.Peek(16 << 10)
	h := message.ParseHeader(head).Header()
	add := func(f ...mail.Flag) { flags = flags.With(f...) }
	for _, c := range h.Get("Status") + h.Get("X-Status") {
		switch c {
		case 'R':
			add(mail.FlagSeen)
		case 'A':
			add(mail.FlagAnswered)
		case 'F':
			add(mail.FlagFlagged)
		case 'T':
			add(mail.FlagDraft)
		}
	}
	bits := hexField(h, "X-Mozilla-Status")&0xffff | hexField(h, "X-Mozilla-Status2")&0xffff0000
	for _, b := range mozillaBits {
		if bits&b.bit != 0 {
			add(b.flag)
		}
	}
	if n := bits & mozillaLabel >> 25; n >= 1 && n <= 5 { // labels were tags before there were tags
		add(mail.Flag("$label" + strconv.Itoa(int(n))))
	}
	for _, field := range []string{"X-Mozilla-Keys", "X-Keywords"} {
		for _, k := range strings.Fields(h.Get(field)) {
			switch strings.ToLower(k) {
			case "junk":
				add(mail.FlagJunk)
			case "nonjunk", "notjunk":
				add(mail.FlagNotJunk)
			default:
				add(mail.Flag(k))
			}
		}
	}
	return flags, bits&mozillaExpunged != 0
}

// The bits of X-Mozilla-Status (the lower half) and X-Mozilla-Status2 (the upper half), as nsMsgMessageFlags names them.
const (
	mozillaExpunged = 0x00000008
	mozillaLabel    = 0x0e000000
)

var mozillaBits = []struct {
	bit  uint32
	flag mail.Flag
}{
	{0x00000001, mail.FlagSeen}, {0x00000002, mail.FlagAnswered}, {0x00000004, mail.FlagFlagged}, {0x00001000, mail.FlagForwarded},
	{0x00200000, mail.FlagDeleted}, {0x00800000, mail.FlagMDNSent},
}

// hexField reads a number in hex digits, 0 when there is none.
func hexField(h *message.Header, name string) uint32 {
	n, err := strconv.ParseUint(strings.TrimSpace(h.Get(name)), 16, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}
