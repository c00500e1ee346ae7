package mailsync_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// smtpLie tells lies of all kinds about sending, but one: that a message was refused which the server took. Nobody could know better then.
func smtpLie(r *rand.Rand, verb, reply string) (string, mailtest.After) {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	k := r.IntN(10)
	switch {
	case k == 0 && verb != ".":
		return pick("450 4.2.1 later", "451 4.3.0 later, in 5 seconds", "550 5.1.1 nobody", "554 5.7.1 no", "550 2.0.0 fine", "530 5.7.0 log in", "535 5.7.8 wrong", "538 encrypt",
			"500 what?", "552 5.3.4 too big", "421 4.3.2 bye") + "\r\n", mailtest.GoOn
	case k == 1 && verb != ".":
		return "421 4.7.0 \x1b[2Jbye\r\n", mailtest.Cut
	case k == 2:
		return "", mailtest.CutSoon
	case k == 3:
		return reply + reply, mailtest.GoOn
	case k == 4:
		return reply[:r.IntN(len(reply))] + "\r\n", mailtest.CutSoon
	case k == 5:
		return reply[:r.IntN(len(reply))], mailtest.Cut
	case k == 6:
		return pick("250 ok", "354 go", "334 YWJj", "235 2.7.0 in", "220 x", "199 x", "650 x", "999 x", "\x00\xff", "250-", "* OK", "", "250 5.7.1 refused", "354-go") + "\r\n" + pick("", reply), mailtest.CutSoon
	case k == 7:
		return pick(
			strings.ReplaceAll(reply, " ", " \x1b]0;evil\x07\u202e"),
			reply[:3]+"-"+strings.Repeat("x", 1900)+"\r\n"+reply,
			reply[:3]+"-"+strings.Repeat("x", 3000)+"\r\n"+reply,
			strings.Repeat(reply[:3]+"-more\r\n", 300)+reply,
			strings.Repeat(reply[:3]+"-"+strings.Repeat("m", 500)+"\r\n", 2000)+reply,
			reply[:3]+"-mixed\r\n"+pick("250", "354", "421", "550")+" codes\r\n",
		), mailtest.CutSoon
	case verb == "EHLO":
		lines := strings.SplitAfter(strings.TrimSuffix(reply, "\r\n"), "\r\n")
		last := "250 " + lines[len(lines)-1][4:] + "\r\n"
		out := lines[0]
		for _, l := range lines[1 : len(lines)-1] {
			if r.IntN(3) > 0 {
				out += l
			}
		}
		for range r.IntN(4) {
			out += "250-" + pick("SIZE 10", "SIZE 99999999999999999999", "SIZE x", "SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "BINARYMIME", "AUTH X-ODD", "AUTH", "AUTH=PLAIN",
				"STARTTLS", "REQUIRETLS", "DELIVERBY 1", "\x1b[31mRED") + "\r\n"
		}
		return out + last, mailtest.GoOn
	case verb == "DATA": // taken before it was sent
		return reply + "250 2.0.0 Ok: queued as 4711\r\n", mailtest.GoOn
	}
	return reply, mailtest.GoOn
}

// A sending server that lies: nothing is sent twice by itself, nothing is lost, and nothing counts as sent that the server did not take.
// What it says reaches nobody's terminal as it is.
func TestSendingServerThatLies(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(t, 3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, true)
			liar := mailtest.StartSMTPLiar(t, r.mta.Port25, seed, smtpLie)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) {
				a.Outgoing.Port, a.Outgoing.CAFile, a.Outgoing.TimeoutSeconds = liar.Port(), mailtest.CAFile(t), 10
			})
			r.sync(a)
			var ids []mail.OutboxID
			for round := range 24 {
				liar.Often([]int{3, 6, 12, 0}[round%4])
				ids = append(ids, r.write(a, r.mta.Address("sara"), fmt.Sprintf("letter %d", round), longText([]int{10, 3000, 70_000}[round%3])))
				for _, f := range r.pass(a).Failed {
					harmless(t, f)
				}
				r.now.Add(600)
			}
			liar.Often(0)
			r.delivered()
			arrived := subjects(r.dove.Messages("sara", "INBOX"))
			for i, id := range ids {
				it, err := r.st.OutboxItem(r.ctx, id)
				n := arrived[fmt.Sprintf("letter %d", i)]
				switch {
				case err != nil && n != 1:
					t.Errorf("letter %d counts as sent, and arrived %d times", i, n)
				case err == nil && (n > 1 || n == 1 && it.State != mail.OutboxUncertain):
					t.Errorf("letter %d arrived %d times, and is %s: %s", i, n, it.State, it.Reason)
				case err == nil && it.State == mail.OutboxFailed: // the user tries again
					if err := r.e.RetryOutbox(r.ctx, id); err != nil {
						t.Error(err)
					}
				}
				if err == nil {
					p := mail.StoredProblem(it.Reason)
					harmless(t, p.Summary+p.Said+p.Detail+strings.Join(p.Args, ""))
				}
			}
			for range 3 {
				r.days(1)
				r.sync(a)
			}
			r.delivered()
			arrived = subjects(r.dove.Messages("sara", "INBOX"))
			asked := 0
			for i, id := range ids {
				it, err := r.st.OutboxItem(r.ctx, id)
				n := arrived[fmt.Sprintf("letter %d", i)]
				switch {
				case err == nil && it.State == mail.OutboxUncertain && n <= 1:
					asked++
				case err == nil || n != 1:
					t.Errorf("letter %d arrived %d times in the end, and is %+v, %v", i, n, it, err)
				}
			}
			t.Logf("%d of %d uncertain, %d lies", asked, len(ids), liar.Told())
			if liar.Told() < 5 {
				t.Errorf("only %d lies were told", liar.Told())
			}
			r.sound()
		})
	}
}

// harmless looks for what a server must not bring into a message for the user.
func harmless(t *testing.T, s string) {
	t.Helper()
	if i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' || r == '\u202e' }); i >= 0 {
		t.Errorf("a server's words as they came: %q", s)
	}
	if strings.Contains(s, "secret-") {
		t.Errorf("the password is in %q", s)
	}
}
