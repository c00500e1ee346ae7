package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"peyk/internal/mailtest"
)

// attack is a server that wants the memory of whoever talks to it.
type attack struct {
	name string
	play func(c *mailtest.ScriptConn)
	most int64 // MB that the process may be resident with, beyond those of a pass without attack
	long bool  // only with PEYK_LONG
}

// imapAttack plays a session in which the command that begins with verb is answered by then; the others as by a server with a message.
func imapAttack(verb string, then func(c *mailtest.ScriptConn, tag string)) func(c *mailtest.ScriptConn) {
	const caps = "IMAP4rev1 AUTH=PLAIN SASL-IR ESEARCH UIDPLUS MOVE ENABLE CONDSTORE QRESYNC LIST-EXTENDED LIST-STATUS"
	return func(c *mailtest.ScriptConn) {
		c.Send("* OK [CAPABILITY ", caps, "] hi\r\n")
		for {
			line, ok := c.Line()
			if !ok {
				return
			}
			tag, cmd, _ := strings.Cut(line, " ")
			word, _, _ := strings.Cut(cmd, " ")
			switch {
			case strings.HasPrefix(cmd, verb):
				then(c, tag)
			case word == "LIST":
				c.Send("* LIST () \"/\" INBOX\r\n* STATUS INBOX (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 7 HIGHESTMODSEQ 9)\r\n", tag, " OK\r\n")
			case word == "SELECT":
				c.Send("* 5 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 900] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n", tag, " OK [READ-WRITE] done\r\n")
			case word == "ENABLE":
				c.Send("* ENABLED CONDSTORE QRESYNC\r\n", tag, " OK\r\n")
			case strings.HasPrefix(cmd, "UID SEARCH"):
				c.Send("* ESEARCH (TAG \"", tag, "\") UID ALL 1:5\r\n", tag, " OK\r\n")
			case word == "LOGOUT":
				c.Send("* BYE\r\n", tag, " OK\r\n")
				return
			default:
				c.Send(tag, " OK [CAPABILITY ", caps, "] done\r\n")
			}
		}
	}
}

// endless is how often a stream repeats that does not end.
const endless = -1

// stream says what line makes of 1, 2, 3 and so on, n times, until the client is gone.
func stream(c *mailtest.ScriptConn, n int, line func(i int) string) bool {
	var b strings.Builder
	for i := 1; n == endless || i <= n; i++ {
		b.WriteString(line(i))
		if b.Len() > 256<<10 {
			if !c.Send(b.String()) {
				return false
			}
			b.Reset()
		}
	}
	return c.Send(b.String())
}

// each answers a command with a stream, and with end.
func each(n int, line func(i int) string, end string) func(c *mailtest.ScriptConn, tag string) {
	return func(c *mailtest.ScriptConn, tag string) {
		if stream(c, n, line) {
			c.Send(strings.ReplaceAll(end, "TAG", tag))
		}
	}
}

func same(s string) func(int) string { return func(int) string { return s } }

var longName = strings.Repeat("n", 900)

func imapAttacks() []attack {
	return []attack{
		{"five messages", imapAttack("UID FETCH", each(5, func(i int) string {
			return fmt.Sprintf("* %d FETCH (UID %d FLAGS () RFC822.SIZE 4 BODY[] {4}\r\n\r\n\r\n)\r\n", i, i)
		}, "TAG OK\r\n")), 20, false},
		{"greeting without end", mailtest.Forever("* OK ", "x"), 30, false},
		{"capabilities without end", mailtest.Forever("* OK hi\r\n", "* CAPABILITY IMAP4rev1 "+longName+"\r\n"), 30, false},
		{"alerts without end", imapAttack("LIST", each(endless, func(i int) string { return fmt.Sprintf("* OK [ALERT] %d %s\r\n", i, longName) }, "")), 40, false},
		{"a line without end", imapAttack("LIST", each(endless, same("x"), "")), 30, false},
		{"folders without end", imapAttack("LIST", each(endless, func(i int) string { return fmt.Sprintf("* LIST () \"/\" \"%d/%s\"\r\n", i, longName) }, "")), 160, true},
		{"40,000 folders with the longest names", imapAttack("LIST", each(40_000, func(i int) string { return fmt.Sprintf("* LIST () \"/\" \"%d/%s\"\r\n", i, longName) },
			"* LIST () \"/\" INBOX\r\nTAG OK\r\n")), 260, true},
		{"sixteen million UIDs", imapAttack("UID SEARCH", func(c *mailtest.ScriptConn, tag string) {
			c.Send("* ESEARCH (TAG \"", tag, "\") UID ALL 1:16777216\r\n", tag, " OK\r\n")
		}), 120, false},
		{"more UIDs than there are numbers", imapAttack("UID SEARCH", func(c *mailtest.ScriptConn, tag string) {
			c.Send("* ESEARCH (TAG \"", tag, "\") UID ALL 1:4294967295\r\n", tag, " OK\r\n")
		}), 40, false},
		{"a listing without end", imapAttack("UID SEARCH", each(endless, func(i int) string { return fmt.Sprintf("* SEARCH %d\r\n", i) }, "")), 40, false},
		{"literals without end", imapAttack("UID FETCH", each(endless, same("* 1 FETCH (UID 1 X {100000}\r\n"+strings.Repeat("x", 100_000)), "")), 60, true},
		{"nesting without end", imapAttack("UID FETCH", each(endless, same("* 1 FETCH (UID 1 X "+strings.Repeat("(", 500_000)+"\r\n"), "")), 60, true},
		{"listings in long lines without end", imapAttack("UID SEARCH", each(endless, same("* SEARCH"+strings.Repeat(" 4294967295", 50_000)+"\r\n"), "")), 120, false},
		{"flags without end", imapAttack("UID FETCH", each(endless, func(i int) string {
			return "* 1 FETCH (UID 1 RFC822.SIZE 4 FLAGS (" + strings.Repeat(fmt.Sprintf("k%d ", i), 100_000) + ") BODY[] {4}\r\n\r\n\r\n)\r\n"
		}, "")), 60, true},
		{"a mailbox that is described without end", imapAttack("SELECT", each(endless, same("* FLAGS ("+strings.Repeat("keyword ", 50_000)+")\r\n"), "")), 60, true},
		{"a message that nobody asked for", imapAttack("UID FETCH", func(c *mailtest.ScriptConn, tag string) {
			c.Send("* 7 FETCH (UID 7 FLAGS () RFC822.SIZE 900000000000 BODY[] {900000000000}\r\n")
			each(endless, same(strings.Repeat("x", 1_000_000)), "")(c, tag)
		}), 60, true},
		{"a message of a terabyte whose number comes last", imapAttack("UID FETCH", func(c *mailtest.ScriptConn, tag string) {
			c.Send("* 1 FETCH (BODY[] {1000000000000}\r\n")
			each(endless, same(strings.Repeat("x", 1_000_000)), "")(c, tag)
		}), 60, true},
		{"a farewell, and the line stays open", imapAttack("SELECT", func(c *mailtest.ScriptConn, tag string) { c.Send("* BYE no more\r\n"); c.Drain() }), 30, false},
		{"messages without end", imapAttack("UID FETCH", each(endless, func(i int) string {
			return fmt.Sprintf("* %d FETCH (UID %d FLAGS (f%d %s) RFC822.SIZE 4 BODY[] {4}\r\n\r\n\r\n)\r\n", i, i%5+1, i, longName)
		}, "")), 50, true},
		{"headers of 16 MB", imapAttack("UID FETCH", each(20, func(i int) string {
			return fmt.Sprintf("* %d FETCH (UID %d FLAGS () RFC822.SIZE 16000000 BODY[] {16000000}\r\nSubject: %s\r\n\r\n)\r\n", i, i%5+1, strings.Repeat("s", 16_000_000-13))
		}, "TAG OK\r\n")), 50, false},
		{"a message of 600 MB", imapAttack("UID FETCH", func(c *mailtest.ScriptConn, tag string) {
			c.Send("* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 600000000 BODY[] {600000000}\r\n")
			each(600, same(strings.Repeat("x", 1_000_000)), ")\r\nTAG OK\r\n")(c, tag)
		}), 40, true},
		{"a message of 400 MB", imapAttack("UID FETCH", func(c *mailtest.ScriptConn, tag string) {
			c.Send("* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 400000000 BODY[] {400000000}\r\n")
			each(400, same(strings.Repeat("word x\r\n", 125_000)), ")\r\nTAG OK\r\n")(c, tag)
		}), 60, true},
		{"VANISHED without end", imapAttack("SELECT", each(endless, same("* VANISHED (EARLIER) 1:4294967295\r\n"), "")), 50, true},
	}
}

// pop3Attack plays a session with n messages, as imapAttack does.
func pop3Attack(n int, verb string, then func(c *mailtest.ScriptConn, tag string)) func(c *mailtest.ScriptConn) {
	return func(c *mailtest.ScriptConn) {
		c.Send("+OK hi\r\n")
		for {
			line, ok := c.Line()
			if !ok {
				return
			}
			word, _, _ := strings.Cut(strings.ToUpper(line), " ")
			switch word {
			case verb:
				then(c, "")
			case "CAPA":
				c.Send("+OK\r\nUIDL\r\nTOP\r\nUSER\r\n.\r\n")
			case "STAT":
				c.Send(fmt.Sprintf("+OK %d %d\r\n", n, n))
			case "LIST":
				c.Send("+OK\r\n")
				stream(c, n, func(i int) string { return fmt.Sprintf("%d 1\r\n", i) })
				c.Send(".\r\n")
			case "UIDL":
				c.Send("+OK\r\n")
				stream(c, n, func(i int) string { return fmt.Sprintf("%d %070d\r\n", i, i) })
				c.Send(".\r\n")
			case "QUIT":
				c.Send("+OK\r\n")
				return
			default:
				c.Send("+OK\r\n")
			}
		}
	}
}

func pop3Attacks() []attack {
	body := func(first string, n int, line string) func(c *mailtest.ScriptConn, tag string) {
		return func(c *mailtest.ScriptConn, tag string) {
			c.Send("+OK\r\n", first)
			each(n, same(line), ".\r\n")(c, tag)
		}
	}
	return []attack{
		{"nothing new", pop3Attack(0, "XXX", nil), 20, false},
		{"greeting without end", mailtest.Forever("+OK ", "x"), 20, false},
		{"capabilities without end", pop3Attack(1, "CAPA", body("", endless, "X-MORE\r\n")), 20, false},
		{"LIST without end", pop3Attack(5, "LIST", body("", endless, "1 1\r\n")), 20, false},
		{"a name without end", pop3Attack(5, "UIDL", body("1 ", endless, "u")), 20, false},
		{"a million messages that do not come", pop3Attack(1_000_000, "RETR", func(c *mailtest.ScriptConn, _ string) { c.Reset() }), 300, true},
		{"a message without end", pop3Attack(1, "RETR", body("Subject: x\r\n\r\n", endless, strings.Repeat("word x ", 100)+"\r\n")), 30, false},
		{"a header without end", pop3Attack(1, "RETR", body("", endless, "X-Header: "+longName+"\r\n")), 30, false},
		{"a line without end", pop3Attack(1, "RETR", body("Subject: ", endless, strings.Repeat("x", 1000))), 100, false},
	}
}

// smtpAttack plays a session up to the command verb.
func smtpAttack(verb string, then func(c *mailtest.ScriptConn, tag string)) func(c *mailtest.ScriptConn) {
	return func(c *mailtest.ScriptConn) {
		c.Send("220 x\r\n")
		for data := false; ; {
			line, ok := c.Line()
			if !ok {
				return
			}
			word, _, _ := strings.Cut(strings.ToUpper(line), " ")
			switch {
			case data && line != ".":
			case word == verb:
				then(c, "")
			case data:
				data = false
				c.Send("250 taken\r\n")
			case word == "EHLO":
				c.Send("250-x\r\n250 AUTH PLAIN\r\n")
			case word == "AUTH":
				c.Send("235 in\r\n")
			case word == "DATA":
				data = true
				c.Send("354 go\r\n")
			case word == "QUIT":
				c.Send("221 bye\r\n")
				return
			default:
				c.Send("250 ok\r\n")
			}
		}
	}
}

func smtpAttacks() []attack {
	out := []attack{{"a message is taken", smtpAttack("XXX", nil), 20, false},
		{"greeting without end", mailtest.Forever("", "220-more\r\n"), 20, false}}
	for _, verb := range []string{"EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."} {
		out = append(out, attack{verb + " answered without end", smtpAttack(verb, each(endless, same("250-"+longName+"\r\n"), "")), 20, false})
	}
	return append(out, attack{"a line without end", smtpAttack("MAIL", each(endless, same("2"), "")), 20, false})
}

// resident runs a command and gives the most memory that its process was resident with, in bytes, and how it ended.
func (p *peyk) resident(args ...string) (int64, result) {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "status")
	p.env = append(p.env, tellPeakIn+"="+file)
	r := p.run(args...)
	status, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	kb := 0
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(peak, &kb); err != nil {
		p.t.Fatalf("no peak in %q: %v", status, err)
	}
	return int64(kb) << 10, r
}

// scripted adds an account whose servers are scripts.
func (p *peyk) scripted(proto string, in, out int) {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "account.toml")
	text := fmt.Sprintf(`[[account]]
name = "x"
email = "ali@peyk.test"
[account.incoming]
protocol = %q
host = "127.0.0.1"
port = %d
security = "tls"
username = "ali"
password_env = "PEYK_TEST_SECRET"
ca_file = %[3]q
timeout_seconds = 20
[account.outgoing]
host = "127.0.0.1"
port = %[4]d
security = "tls"
username = "ali"
password_env = "PEYK_TEST_SECRET"
ca_file = %[3]q
save_sent = false
`, proto, in, mailtest.CAFile(p.t), out)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.env = append(p.env, "PEYK_TEST_SECRET=secret")
	p.ok("account", "add", file)
}

// Whatever a server sends, the process stays small, ends, says in one line what was wrong, and leaves a profile that is sound. The memory is
// that of the whole process, in three protocols; `go test -v -run TestMemoryUnderAttack` prints it, with PEYK_LONG=1 of every class.
func TestMemoryUnderAttack(t *testing.T) {
	for proto, attacks := range map[string][]attack{"imap": imapAttacks(), "pop3": pop3Attacks(), "smtp": smtpAttacks()} {
		t.Run(proto, func(t *testing.T) {
			base := int64(0)
			for i, a := range attacks {
				if i == 0 { // what the others are measured by: also where only one of them is run
					base = a.suffer(t, proto, 0)
					continue
				}
				if a.long && os.Getenv("PEYK_LONG") == "" {
					continue
				}
				t.Run(a.name, func(t *testing.T) { a.suffer(t, proto, base) })
			}
		})
	}
}

// suffer lets a profile of its own meet the attack and gives what the process was resident with. With base 0 it is no attack, and must go well.
func (a attack) suffer(t *testing.T, proto string, base int64) int64 {
	s := mailtest.StartScript(t, mailtest.Good, a.play)
	p := newPeyk(t)
	if proto == "smtp" {
		in := mailtest.StartScript(t, mailtest.Good, pop3Attack(0, "XXX", nil))
		p.scripted("pop3", in.Port, s.Port)
		p.ok("send", message(t))
	} else {
		p.scripted(proto, s.Port, 465)
	}
	start := time.Now()
	rss, r := p.resident("sync")
	took := time.Since(start)
	calm := base == 0
	if calm {
		base = rss
	}
	grown := (rss - base) >> 20
	lines := strings.Split(strings.TrimSpace(r.err), "\n")
	t.Logf("%s: %s: %d MB, %d more; %.1f s; %d connections; exit %d: %.200s", proto, a.name, rss>>20, grown, took.Seconds(), s.Connections(), r.code,
		lines[len(lines)-1])
	if grown > a.most*raceMemory {
		t.Errorf("%s: %s: %d MB more than without", proto, a.name, grown)
	}
	if calm && r.code != 0 || r.code > 1 || r.code < 0 {
		t.Errorf("%s: %s: exit %d: %s", proto, a.name, r.code, r.err)
	}
	if strings.Contains(r.err, "panic") || strings.Contains(r.err, "secret") {
		t.Errorf("%s: %s: %.500s", proto, a.name, r.err)
	}
	p.ok("doctor")
	return rss
}

// message is a file with a message to send.
func message(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "m.eml")
	if err := os.WriteFile(file, []byte("From: ali@peyk.test\r\nTo: sara@peyk.test\r\nSubject: x\r\nMessage-ID: <1@peyk.test>\r\n\r\nx\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
