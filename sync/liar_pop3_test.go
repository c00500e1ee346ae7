package mailsync_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// pop3Lie tells lies of all kinds about a maildrop; with mixed also about which message is which. names are the UIDLs that were heard so
// far: some are given to other messages.
func pop3Lie(mixed bool, names *[]string) mailtest.Lie {
	return func(r *rand.Rand, verb, unit string) (string, mailtest.After) {
		row := !strings.HasPrefix(unit, "+") && !strings.HasPrefix(unit, "-")
		if verb == "UIDL" && row && !mixed {
			return unit, mailtest.GoOn
		}
		if verb == "UIDL" && row {
			if f := strings.Fields(unit); len(f) == 2 {
				*names = append(*names, f[1])
				if r.IntN(2) == 0 {
					return fmt.Sprintf("%s %s\r\n", f[0], []string{(*names)[r.IntN(len(*names))], fmt.Sprintf("new%d", r.IntN(1<<30)), "1", "x y", ""}[r.IntN(5)]), mailtest.GoOn
				}
			}
		}
		if verb == "USER" || verb == "PASS" || verb == "AUTH" || verb == "" {
			return unit, mailtest.GoOn
		}
		switch k := r.IntN(8); {
		case !mixed && !row && (k == 2 || k == 5): // one answer too many: each message would come under the name of the next one
		case k == 0 && !row:
			return []string{"-ERR no\r\n", "-ERR [SYS/TEMP] later\r\n", "-ERR [SYS/PERM] never\r\n", "+OK\r\n", "+OK 0 0\r\n", "OK\r\n", "+ go on\r\n"}[r.IntN(7)], mailtest.GoOn
		case k == 1:
			return "", mailtest.CutSoon
		case k == 2:
			return unit + unit, mailtest.CutSoon
		case k == 3:
			return unit[:r.IntN(len(unit))] + "\r\n", mailtest.CutSoon
		case k == 4:
			return unit[:r.IntN(len(unit))], mailtest.Cut
		case k == 5:
			return []string{".\r\n", "\r\n", "+OK\r\n", "-ERR\r\n", "9999 9999\r\n", "1 1\r\n", "\x00\xff\r\n"}[r.IntN(7)] + unit, mailtest.CutSoon
		}
		at := number.FindAllStringIndex(unit, -1)
		if len(at) == 0 {
			return unit, mailtest.GoOn
		}
		i := at[r.IntN(len(at))]
		n, _ := strconv.ParseUint(unit[i[0]:i[1]], 10, 64)
		other := []uint64{0, 1, n + 1, n - 1, n / 2, 4294967297, 9223372036854775807, 18446744073709551615}[r.IntN(8)]
		return unit[:i[0]] + strconv.FormatUint(other, 10) + unit[i[1]:], mailtest.CutSoon
	}
}

// A maildrop whose server lies: by every rule, what was delivered is here once it tells the truth, each message once and byte for byte. Where
// it mixes up which message is which, some may be here twice, and none is lost.
func TestMaildropThatLies(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(t, 3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			rnd := rand.New(rand.NewPCG(seed, 6))
			var all [][]byte
			deliver := func(n int) {
				for range n {
					m := letter(len(all)+100, fmt.Sprintf("message %d", len(all)+100), longText([]int{40, 40, rnd.IntN(3000)}[rnd.IntN(3)]))
					all = append(all, m)
					r.dove.Deliver("ali", m)
				}
			}
			deliver(30)
			var names []string
			mixed := seed%2 == 0
			liar := mailtest.StartPOP3Liar(t, r.dove.POP3Port, seed, pop3Lie(mixed, &names))
			a := r.account("ali", mail.POP3, func(a *mail.Account) {
				a.Incoming.Port, a.Incoming.CAFile = liar.Port(), mailtest.CAFile(t)
				a.POP3 = mail.POP3Options{LeaveOnServer: seed%3 != 0, RemoveAfterDays: int(seed%3/2) * 2}
			})
			for round := range 25 {
				liar.Often([]int{10, 30, 100, 0}[round%4])
				r.pass(a)
				if round%3 == 2 {
					r.days(rnd.IntN(2))
					deliver(rnd.IntN(4))
				}
				if round == 12 {
					r.restart()
				}
			}
			liar.Often(0)
			quiet(t, r, a)
			var got [][]byte
			for _, row := range r.rows(r.inbox(a)) {
				got = append(got, r.raw(row.ID))
			}
			x, y := diff(got, all)
			if mixed {
				x, _ = diff(x, all)
			}
			if len(x)+len(y) > 0 {
				t.Errorf("%d messages here, %d delivered: %d too many or wrong (%.100q), %d missing (%.100q)", len(got), len(all), len(x), x, len(y), y)
			}
			r.sound()
			if liar.Told() < 5 {
				t.Errorf("only %d lies were told", liar.Told())
			}
		})
	}
}
