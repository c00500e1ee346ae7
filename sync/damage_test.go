package mailsync_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/internal/message"
	"peyk/store"
)

// Some bytes of any file of a profile go bad. The repair makes it sound, the next pass brings back what a server has, nothing twice, and mail that
// is nowhere else is either there, byte for byte, or the repair said that it is lost.
func TestDamageAnywhereIsRepaired(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{Users: map[string]string{"ali": "secret-ali", "sara": "secret-sara"}}, false)
	rnd := rand.New(rand.NewPCG(4, 2))
	var drops [][]byte
	for n := range 40 {
		size := rnd.IntN(9000)
		if n == 7 {
			size = 3 << 19 // a file of its own
		}
		m := letter(n, fmt.Sprintf("letter %d", n), longText(size))
		r.dove.Deliver("ali", m)
		d := letter(1000+n, fmt.Sprintf("drop %d", n), longText(size))
		r.dove.Deliver("sara", d)
		drops = append(drops, d)
	}
	ali := r.account("ali", mail.IMAP, nil)
	sara := r.account("sara", mail.POP3, func(a *mail.Account) { a.POP3 = mail.POP3Options{} })
	r.sync(ali)
	r.sync(sara)
	pristine := t.TempDir()
	copyTree(t, r.dir, pristine) // while it is open: what a log holds is not in the databases yet
	r.shut()
	rounds := 10
	if os.Getenv("PEYK_LONG") != "" {
		rounds = 200
	}
	for i := range rounds {
		r.dir = filepath.Join(t.TempDir(), "profile")
		copyTree(t, pristine, r.dir)
		what := damage(t, r.dir, rnd)
		rep, err := store.Repair(r.ctx, r.dir, store.Options{Now: r.clock,
			Parse: func(b io.ReaderAt, size int64) mail.Summary { return message.Parse(b, size).Summary() }})
		if err != nil {
			t.Errorf("round %d, %s: the repair failed: %v", i, what, err)
			continue
		}
		r.open()
		for _, a := range []*mail.Account{&ali, &sara} {
			again, err := r.st.AccountByName(r.ctx, a.Name)
			if err != nil { // its row was lost: the user adds it again
				again = r.account(a.Incoming.Username, a.Protocol, func(x *mail.Account) { x.POP3 = a.POP3 })
			}
			*a = again
			r.pass(*a)
		}
		if problem := r.afterDamage(ali, drops, rep); problem != "" {
			t.Errorf("round %d, %s: %s\nthe repair said: %v", i, what, problem, rep.Problems)
		}
		r.shut()
		if err := os.RemoveAll(r.dir); err != nil {
			t.Error(err)
		}
	}
}

// afterDamage says what is wrong after the repair and a pass.
func (r *rig) afterDamage(ali mail.Account, drops [][]byte, rep store.Report) string {
	r.t.Helper()
	check, err := r.st.Check(r.ctx, false)
	if err != nil {
		return err.Error()
	}
	for _, p := range check.Problems {
		if !p.Harmless {
			return fmt.Sprintf("still %s: %s", p.Where, p.What)
		}
	}
	var have [][]byte
	for _, row := range r.rows(r.inbox(ali)) {
		have = append(have, r.raw(row.ID))
	}
	if extra, missing := diff(have, r.dove.Messages("ali", "INBOX")); len(extra)+len(missing) > 0 {
		return fmt.Sprintf("%d messages are doubled or wrong, %d missing of the inbox", len(extra), len(missing))
	}
	all, err := r.st.Page(r.ctx, store.Query{}, 0, 10000)
	if err != nil {
		return err.Error()
	}
	var texts [][]byte
	for _, row := range all {
		if rd, err := r.e.Raw(r.ctx, row.ID); err == nil {
			b, _ := io.ReadAll(rd)
			_ = rd.Close()
			texts = append(texts, b)
		}
	}
	once := map[string]bool{}
	for _, b := range texts {
		if once[string(b)] {
			return "a message is there twice"
		}
		once[string(b)] = len(b) > 0 // else they are lost
	}
	if _, lost := diff(texts, drops); len(lost) > 0 && len(rep.Problems) == 0 {
		return fmt.Sprintf("%d messages that were only here are lost, and nobody said so", len(lost))
	}
	return ""
}

// damage spoils one of the files that hold mail and says how.
func damage(t *testing.T, dir string, rnd *rand.Rand) string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(p, "-shm") {
			if st, serr := d.Info(); serr == nil && st.Size() > 1000 {
				files = append(files, p)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	path := files[rnd.IntN(len(files))]
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := rnd.IntN(len(b))
	what := ""
	switch rnd.IntN(4) {
	case 0:
		b[at] ^= 1 << rnd.IntN(8)
		what = "one bit"
	case 1:
		page := b[at/4096*4096 : min(len(b), at/4096*4096+4096)]
		for i := range page {
			page[i] = byte(rnd.Uint32())
		}
		what = "a page of noise"
	case 2:
		copy(b[at:], bytes.Repeat([]byte{0}, 1+rnd.IntN(20000)))
		what = "zeros"
	default:
		b = b[:at]
		what = "cut off"
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s at %d of %s", what, at, strings.TrimPrefix(path, dir))
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(to, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
