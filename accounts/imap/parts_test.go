package imap

import (
	"bufio"
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

func TestModifiedUTF7(t *testing.T) {
	for path, wire := range map[string]string{
		"INBOX":                    "INBOX",
		"~peter/mail/台北/日本語":       "~peter/mail/&U,BTFw-/&ZeVnLIqe-", // RFC 3501 §5.1.3
		"R&D":                      "R&-D",
		"Entwürfe":                 "Entw&APw-rfe",
		"پیش‌نویس":                 "&Bn4GzAY0IAwGRgZIBswGMw-",
		"😀":                        "&2D3eAA-",
		"Отправленные":             "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-",
		"&":                        "&-",
		"tail ü":                   "tail &APw-",
		"ü ü":                      "&APw- &APw-",
		"Elementos eliminados (2)": "Elementos eliminados (2)",
	} {
		if got := encodeName(path); got != wire {
			t.Errorf("encodeName(%q) = %q, want %q", path, got, wire)
		}
		if got := decodeName(wire); got != path {
			t.Errorf("decodeName(%q) = %q, want %q", wire, got, path)
		}
	}
	// Not proper modified UTF-7: taken as it stands, and sent back as it came.
	for wire, path := range map[string]string{"R&D": "R&D", "a&b-": "a&b-", "caf\xe9": "café", "日本": "日本", "&2D0-": "&2D0-", "&AA": "&AA", "&====-": "&====-"} {
		if got := decodeName(wire); got != path {
			t.Errorf("decodeName(%q) = %q, want %q", wire, got, path)
		}
		nm := &names{}
		nm.learn(path, wire)
		if got, _ := nm.onWire(path); got != wire {
			t.Errorf("%q goes back as %q", wire, got)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"INBOX", "R&D", "&U,BTFw-", "caf\xe9", "پیش‌نویس", "&-", "😀/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		path := decodeName(s)
		if !utf8.ValidString(path) {
			t.Errorf("decodeName(%q) is not UTF-8", s)
		}
		nm := &names{}
		nm.learn(path, s)
		if got, _ := nm.onWire(path); got != s && !strings.EqualFold(s, "INBOX") {
			t.Errorf("%q goes back as %q", s, got)
		}
		if utf8.ValidString(s) && !strings.ContainsRune(s, utf8.RuneError) {
			if got := decodeName(encodeName(s)); got != s {
				t.Errorf("%q becomes %q", s, got)
			}
		}
	})
}

func TestRolesByName(t *testing.T) {
	for role, paths := range map[mail.Role][]string{
		mail.RoleSent: {"Sent", "Sent Items", "Sent Messages", "INBOX.Sent", "[Gmail]/Sent Mail", "Gesendete Objekte", "Gesendet", "Envoyés", "Éléments envoyés",
			"Enviados", "Posta inviata", "Отправленные", "ارسال‌شده", "ارسال شده", "المرسلة", "العناصر المرسلة", "送信済みメール", "已发送", "已傳送", "보낸편지함", "Itens Enviados", "Gönderilmiş Öğeler", "Wysłane", "Verzonden items"},
		mail.RoleDrafts: {"Drafts", "Entwürfe", "Brouillons", "Borradores", "Черновики", "پیش‌نویس‌ها", "پيش نويس", "المسودات", "下書き", "草稿箱", "Bozze", "Taslaklar", "INBOX/Drafts"},
		mail.RoleTrash: {"Trash", "Deleted Items", "Deleted Messages", "Papierkorb", "Gelöschte Objekte", "Corbeille", "Papelera", "Корзина", "Удаленные", "Удалённые", "زباله‌دان", "سطل زباله",
			"المهملات", "سلة المهملات", "ゴミ箱", "已删除", "휴지통", "Lixeira", "Çöp Kutusu", "Kosz", "Κάδος"},
		mail.RoleJunk:    {"Junk", "Spam", "Junk E-mail", "Bulk Mail", "Unerwünscht", "Courrier indésirable", "Correo no deseado", "Спам", "هرزنامه", "البريد العشوائي", "迷惑メール", "垃圾邮件", "스팸", "Ongewenste e-mail"},
		mail.RoleArchive: {"Archive", "Archives", "Archiv", "Archivo", "Архив", "بایگانی", "الأرشيف", "アーカイブ", "归档"},
	} {
		for _, p := range paths {
			delim := "/"
			if strings.HasPrefix(p, "INBOX.") {
				delim = "."
			}
			fs := []mail.RemoteFolder{{Path: "INBOX", Delimiter: delim, Selectable: true}, {Path: p, Delimiter: delim, Selectable: true}}
			assignRoles(fs, make([]mail.Role, 2), nil, "")
			if fs[1].Role != role || !fs[1].RoleGuessed || fs[0].Role != mail.RoleInbox {
				t.Errorf("%q: role %q, want %q", p, fs[1].Role, role)
			}
		}
	}
	for _, p := range []string{"Project", "Work/Sent", "Sentinel", "INBOX/Work/Trash", "2024", "دفتر"} {
		fs := []mail.RemoteFolder{{Path: p, Delimiter: "/", Selectable: true}}
		assignRoles(fs, make([]mail.Role, 1), nil, "")
		if fs[0].Role != mail.RoleNone {
			t.Errorf("%q: role %q, want none", p, fs[0].Role)
		}
	}
}

func TestRolesPrecedence(t *testing.T) {
	list := func() []mail.RemoteFolder {
		fs := []mail.RemoteFolder{{Path: "INBOX"}, {Path: "Trash"}, {Path: "Papierkorb"}, {Path: "Deleted Items"}, {Path: "Mine"}}
		for i := range fs {
			fs[i].Delimiter, fs[i].Selectable = "/", true
		}
		return fs
	}
	roles := func(special map[int]mail.Role, chosen map[mail.Role]string) []mail.Role {
		fs := list()
		sp := make([]mail.Role, len(fs))
		for i, r := range special {
			sp[i] = r
		}
		assignRoles(fs, sp, chosen, "")
		var out []mail.Role
		for _, f := range fs {
			out = append(out, f.Role)
		}
		return out
	}
	in, tr, no := mail.RoleInbox, mail.RoleTrash, mail.RoleNone
	if got := roles(nil, nil); !slices.Equal(got, []mail.Role{in, tr, no, no, no}) {
		t.Errorf("by name: %v", got)
	}
	if got := roles(map[int]mail.Role{3: tr}, nil); !slices.Equal(got, []mail.Role{in, no, no, tr, no}) {
		t.Errorf("SPECIAL-USE first: %v", got)
	}
	if got := roles(map[int]mail.Role{3: tr}, map[mail.Role]string{tr: "Mine"}); !slices.Equal(got, []mail.Role{in, no, no, no, tr}) {
		t.Errorf("the user first: %v", got)
	}
}

func TestSets(t *testing.T) {
	if got := formatSet(rangesOf([]mail.UID{5, 3, 4, 9, 3, 0, 1<<32 - 1, 1<<32 - 2})); got != "3:5,9,4294967294:4294967295" {
		t.Errorf("rangesOf: %s", got)
	}
	for _, bad := range []string{"", "0", "1:", ":", "a", "1,,2", "-1", "4294967296", "1:2:3"} {
		if rs, err := parseSet(bad); err == nil {
			t.Errorf("parseSet(%q) = %v", bad, rs)
		}
	}
	rs, err := parseSet("9:7,1,12:*,*:3")
	if err != nil || formatSet(rs) != "7:9,1,12:*,3:*" {
		t.Errorf("parseSet: %v, %v", rs, err)
	}
	var many []mail.UID
	for u := mail.UID(1); u < 40_000; u += 2 {
		many = append(many, u)
	}
	total := 0
	for _, ch := range chunks(rangesOf(many), 0) {
		if len(ch.text) > maxSetText {
			t.Errorf("a set of %d bytes", len(ch.text))
		}
		total += len(ch.ranges)
	}
	if total != len(many) {
		t.Errorf("%d of %d ranges in the chunks", total, len(many))
	}
	for _, rs := range [][]remote.UIDRange{rangesOf(many), {{First: 1, Last: 2500}, {First: 3000, Last: 3000}, {First: 4_294_967_000, Last: 4_294_967_295}}} {
		var out []remote.UIDRange
		for _, ch := range chunks(rs, 1000) {
			if count(ch.ranges) > 1000 || len(ch.text) > maxSetText {
				t.Errorf("a set of %d UIDs, %d bytes", count(ch.ranges), len(ch.text))
			}
			out = append(out, ch.ranges...)
		}
		want, _ := expand(rs)
		if got, err := expand(out); err != nil || !slices.Equal(got, want) {
			t.Errorf("%d UIDs in the chunks, want %d; %v", len(got), len(want), err)
		}
	}
	if cs := chunks([]remote.UIDRange{{First: 1, Last: 3}, {First: 7}}, 1000); len(cs) != 2 || cs[1].text != "7:*" {
		t.Errorf("an open range in the chunks %+v", cs)
	}
	if _, err := expand([]remote.UIDRange{{First: 1, Last: 1<<32 - 1}}); err == nil {
		t.Error("four thousand million UIDs were written out")
	}
}

// FuzzResponse: whatever a server sends, reading it ends, does not panic, and holds no more than the limits.
func FuzzResponse(f *testing.F) {
	for _, s := range []string{
		"* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[HEADER] {3}\r\na: )\r\n", "* LIST (\\Sent) \"/\" \"a\\\"b\"\r\n", "* OK [PERMANENTFLAGS (a] \\*)] x\r\n",
		"* VANISHED (EARLIER) 1:5\r\n", "P1 OK [COPYUID 1 2 3] d\r\n", "* STATUS {3}\r\nabc (MESSAGES 3)\r\n", "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n",
		"* 1 FETCH (X ((((", "+ \r\n", "* FOO ~{2+}\r\nab\r\n", "* ESEARCH (TAG \"a\") UID ALL 1:*\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		w := &wire{conn: &dial.Conn{}, br: bufio.NewReaderSize(bytes.NewReader(data), 16)}
		r := &reader{w: w}
		s := &session{w: w, r: r, alerts: &alerts{}, names: &names{}}
		l := &listing{s: s, byPath: map[string]int{}}
		sel := &selecting{live: true, q: &resync{vanished: func([]remote.UIDRange) {}, changed: func(*response) error { return nil }}}
		for {
			p, err := r.next()
			if err != nil {
				return
			}
			s.unasked(p)
			var it items
			_ = it.parse(p.scan(), false)
			_, _ = l.data(p)
			_, _ = s.takeNamespace(p)
			_, _ = sel.data(p)
			if p.status != nil {
				sel.status(p.status)
				_ = s.copyMap([]remote.UIDRange{{First: 1}}, 0)
			}
		}
	})
}

func formatSet(rs []remote.UIDRange) string {
	parts := make([]string, len(rs))
	for i, r := range rs {
		parts[i] = formatRange(r)
	}
	return strings.Join(parts, ",")
}
