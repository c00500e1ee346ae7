package mailsync_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// What a lying server cannot be found out by, no client can: which flags a message has, which bytes. So these lies are about everything
// else, and each contradicts something that is said before or afterwards.

var (
	number   = regexp.MustCompile(`\d+`)
	bodySize = regexp.MustCompile(`\{\d+\}\r\n`)
)

// besides are lines that a server says without being asked.
var besides = []string{
	"* 0 EXISTS\r\n", "* 1 EXISTS\r\n", "* 4294967295 EXISTS\r\n", "* 3 EXPUNGE\r\n", "* 0 EXPUNGE\r\n", "* VANISHED 1:4294967295\r\n",
	"* VANISHED (EARLIER) 1:4294967295\r\n", "* VANISHED 900000\r\n", "* 1 FETCH (UID 4000000 FLAGS (\\Deleted) MODSEQ (99))\r\n",
	"* 1 FETCH (FLAGS (\\Deleted))\r\n", "* 7 FETCH (UID 4000001 BODY[] {4}\r\nevil)\r\n", "* LIST () \"/\" Evil\r\n", "* LIST (\\Noselect) \"/\" INBOX\r\n",
	"* LIST () \"/\" \"..\"\r\n", "* STATUS INBOX (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1 HIGHESTMODSEQ 1)\r\n",
	"* OK [UIDNEXT 1] x\r\n", "* OK [HIGHESTMODSEQ 1] x\r\n", "* OK [NOMODSEQ] x\r\n", "* OK [COPYUID 1 1:5 1:5] x\r\n",
	"* OK [ALERT] call this number\r\n", "* OK [READ-ONLY] x\r\n", "* BYE for now\r\n", "* NO no\r\n", "* BAD bad\r\n", "* CAPABILITY IMAP4rev1\r\n",
	"* SEARCH 4000002\r\n", "* SEARCH\r\n", "* ESEARCH (TAG \"T1\") UID\r\n", "* ENABLED X\r\n", "+ go on\r\n", "Z9 OK whose\r\n", "P1 OK again\r\n", "T1 NO again\r\n",
	"\r\n", "\x00\x01\xff\r\n", "* \r\n", "* OK [\r\n", "HTTP/1.1 200 OK\r\n",
}

// imapLie tells one of the lies that a client can find out.
func imapLie(r *rand.Rand, verb, unit string) (string, mailtest.After) {
	if strings.HasPrefix(verb, "AUTHENTICATE") || verb == "LOGIN" || verb == "" {
		return unit, mailtest.GoOn // a password that is refused is not tried again
	}
	flags := strings.Contains(unit, "FETCH (") && !strings.Contains(unit, "BODY[") // nobody could find that out
	if strings.Contains(unit, "[CLOSED]") {
		return unit, mailtest.GoOn // nor which of two folders was meant
	}
	tagged := !strings.HasPrefix(unit, "*") && !strings.HasPrefix(unit, "+")
	switch k := r.IntN(9); {
	case k == 0:
		return besides[r.IntN(len(besides))] + unit, mailtest.GoOn
	case k == 1:
		return unit + besides[r.IntN(len(besides))], mailtest.GoOn
	case k == 2 && tagged:
		tag, _, _ := strings.Cut(unit, " ")
		return tag + []string{" NO no\r\n", " BAD what?\r\n", " NO [UNAVAILABLE] later\r\n", " NO [TRYCREATE] where?\r\n"}[r.IntN(4)], mailtest.GoOn
	case k == 3 && tagged:
		return []string{"", "X" + unit, "* " + unit}[r.IntN(3)], mailtest.CutSoon
	case k == 4 && !tagged && !flags:
		return "", mailtest.GoOn
	case k == 5:
		return unit + unit, mailtest.GoOn
	case k == 6 && strings.Contains(unit, "BODY["):
		return bodySize.ReplaceAllStringFunc(unit, func(s string) string {
			n, _ := strconv.Atoi(number.FindString(s))
			return fmt.Sprintf("{%d}\r\n", max(0, n+[]int{-1, 1, -40, 40, 1 << 20}[r.IntN(5)]))
		}), mailtest.CutSoon
	case k == 6 && !flags && !tagged && !strings.Contains(unit, "VANISHED"):
		return unit[:r.IntN(len(unit)-1)] + "\r\n", mailtest.GoOn
	case k == 7 && !flags && !strings.Contains(unit, "BODY[") && !strings.Contains(unit, "VANISHED"):
		return otherNumber(r, unit, tagged), mailtest.GoOn
	case k == 8:
		return unit[:r.IntN(len(unit))], mailtest.Cut
	}
	return unit, mailtest.GoOn
}

// otherNumber changes one of the numbers, but not a tag. A sequence of modifications that is only a little too high could not be found out.
func otherNumber(r *rand.Rand, unit string, tagged bool) string {
	at := number.FindAllStringIndex(unit, -1)
	if tagged && len(at) > 0 {
		at = at[1:]
	}
	if len(at) == 0 {
		return unit
	}
	i := at[r.IntN(len(at))]
	n, _ := strconv.ParseUint(unit[i[0]:i[1]], 10, 64)
	other := []uint64{0, 1, n / 2, n + 1_000_000, 4294967295, 18446744073709551615}[r.IntN(6)]
	return unit[:i[0]] + strconv.FormatUint(other, 10) + unit[i[1]:]
}

// clicks does something at random to what is shown, and nothing that it could know the outcome of.
func (w *world) clicks(destroyed map[string]bool) {
	w.t.Helper()
	for range 3 {
		f, err := w.st.FolderByPath(w.ctx, w.a.ID, []string{"INBOX", "Work", "Archive", "Trash"}[w.rnd.IntN(4)])
		if err != nil {
			continue
		}
		rows := w.rows(f)
		if len(rows) == 0 {
			continue
		}
		row := rows[w.rnd.IntN(len(rows))]
		act := mail.Action{Messages: []mail.MessageID{row.ID}, Kind: []mail.ActionKind{mail.ActMove, mail.ActMove, mail.ActCopy, mail.ActArchive, mail.ActDelete, mail.ActStar, mail.ActRead,
			mail.ActDestroy}[w.rnd.IntN(8)]}
		if act.Kind == mail.ActMove || act.Kind == mail.ActCopy {
			to, err := w.st.FolderByPath(w.ctx, w.a.ID, []string{"INBOX", "Work", "Archive"}[w.rnd.IntN(3)])
			if err != nil || to.ID == f.ID {
				continue
			}
			act.Folder = to.ID
		}
		w.t.Logf("%s: %q in %s (message %d, UID %d)", act.Kind, row.Subject, f.Path, row.ID, row.UID)
		if act.Kind == mail.ActDestroy || act.Kind == mail.ActDelete && f.Role == mail.RoleTrash {
			destroyed[row.Subject] = true
		}
		if _, err := w.e.Do(w.ctx, act); err != nil {
			w.t.Logf("not done: %v", err) // a folder that is said not to be there
		}
	}
}

// A server that lies at every step: no message is lost on it that the user did not destroy, and once it tells the truth everything here is
// as there.
func TestServerThatLies(t *testing.T) {
	t.Parallel()
	kinds := []served{{name: "everything"}, servers[2], {name: "without QRESYNC", dovecot: offers("MOVE ENABLE CONDSTORE LIST-EXTENDED LIST-STATUS SPECIAL-USE ESEARCH")}}
	for _, seed := range seeds(t, 3) {
		v := kinds[seed%uint64(len(kinds))]
		t.Run(fmt.Sprintf("seed %d, %s", seed, v.name), func(t *testing.T) {
			t.Parallel()
			w := v.world(t, seed)
			w.box.Command(t, "ali", "CREATE Work", "SUBSCRIBE Work")
			w.deliver(40)
			w.file(20)
			destroyed := map[string]bool{}
			for _, s := range append(w.gaps("INBOX", 6), w.gaps("Work", 3)...) {
				destroyed[s] = true
			}
			liar := mailtest.StartIMAPLiar(t, w.box.IMAPPort, seed, imapLie)
			w.a = w.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port, a.Incoming.CAFile = liar.Port(), mailtest.CAFile(t) })
			if seed%2 == 0 { // else in the first download, too
				w.sync(w.a)
			}
			for round := range 25 {
				liar.Often([]int{8, 20, 50}[round%3])
				w.pass(w.a)
				w.clicks(destroyed)
				if round%8 == 7 {
					w.days(1)
					w.deliver(3)
					w.box.Command(t, "ali", "SELECT INBOX", fmt.Sprintf(`UID STORE %d:%d +FLAGS (\Answered)`, round, round+3))
				}
			}
			liar.Often(0)
			w.afterLies(destroyed)
			if liar.Told() < 20 {
				t.Errorf("only %d lies were told", liar.Told())
			}
		})
	}
}

// afterLies looks at both sides once the truth is told.
func (w *world) afterLies(destroyed map[string]bool) {
	t := w.t
	t.Helper()
	quiet(t, w.rig, w.a)
	list, _, err := w.st.SetAside(w.ctx, 10000)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range list {
		if err := w.e.RetrySetAside(w.ctx, q.ID()); err != nil {
			t.Fatal(err)
		}
	}
	quiet(t, w.rig, w.a)
	there := map[string]bool{}
	for _, box := range []string{"INBOX", "Work", "Archive", "Trash", "Junk", "Sent", "Drafts"} {
		var server, local []string
		raws, flags := w.box.Messages(t, w.user, box), w.box.Flags(t, w.user, box)
		for i, raw := range raws {
			there[subjectOf(raw)] = true
			if !slices.Contains(flags[i], `\Deleted`) {
				server = append(server, card(subjectOf(raw), flags[i]))
			}
		}
		for _, row := range w.rows(w.folder(w.a, box)) {
			local = append(local, rowCard(row))
			if !slices.ContainsFunc(raws, func(b []byte) bool { return bytes.Equal(b, w.raw(row.ID)) }) {
				t.Errorf("%s: the bytes of %q are not those of the server", box, row.Subject)
			}
		}
		slices.Sort(server)
		slices.Sort(local)
		if d := differ(server, local); d != "" {
			t.Errorf("%s here: %s", box, d)
		}
	}
	for n := 1000; n < w.n; n++ {
		if s := fmt.Sprintf("message %d", n); !there[s] && !destroyed[s] {
			t.Errorf("%q is lost on the server", s)
		}
	}
	w.whole()
}
