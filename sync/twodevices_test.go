package mailsync_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

// device is one of two computers with Peyk on the same account.
type device struct {
	*rig
	a    mail.Account
	name string
}

// pair is two devices at one mailbox. Neither hears of what the other does but by the server, when it looks.
type pair struct {
	t    *testing.T
	rnd  *rand.Rand
	both [2]*device
	dove *mailtest.Server
	live bool // their windows are open: workers run and listen
	n    int
	sent map[string]bool // what must be somewhere in the end: messages, by subject, on the server, and words of drafts there or here
	gone map[string]bool // what was deleted for good: it may be there or not
}

func newPair(t *testing.T, seed uint64, o mailtest.DovecotOptions) *pair {
	t.Helper()
	one := newRig(t, o, false)
	two := &rig{t: t, ctx: one.ctx, dove: one.dove, box: one.box, dir: t.TempDir()}
	two.now.Store(one.now.Load())
	two.open()
	t.Cleanup(two.shut)
	p := &pair{t: t, rnd: rand.New(rand.NewPCG(seed, 8)), dove: one.dove, sent: map[string]bool{}, gone: map[string]bool{}}
	p.deliver(6)
	for i, r := range []*rig{one, two} {
		p.both[i] = &device{r, r.account("ali", mail.IMAP, nil), []string{"one", "two"}[i]}
	}
	one.do(mail.Action{Kind: mail.ActNewFolder, Account: p.both[0].a.ID, Name: "Work"})
	for _, d := range p.both {
		d.sync(d.a)
		d.sync(d.a)
	}
	return p
}

func (p *pair) deliver(n int) {
	for range n {
		subject := fmt.Sprintf("<message-%d>", p.n)
		p.dove.Deliver("ali", letter(p.n, subject, longText(p.rnd.IntN(2000))))
		p.sent[subject] = true
		p.n++
	}
}

// word is one that stands nowhere else.
func (p *pair) word() string {
	p.n++
	w := fmt.Sprintf("<word-%d>", p.n)
	p.sent[w] = true
	return w
}

var marks = regexp.MustCompile(`<(?:message|word)-\d+>`)

// forget notes that a text was deleted for good.
func (p *pair) forget(text string) {
	for _, m := range marks.FindAllString(text, -1) {
		p.gone[m] = true
	}
}

// folders are those that a device shows and that lie on the server.
func (d *device) folders() []mail.Folder {
	d.t.Helper()
	fs, err := d.st.Folders(d.ctx, d.a.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return slices.DeleteFunc(fs, func(f mail.Folder) bool { return f.Local || !f.Selectable })
}

// try does something that may be refused, because the other device was quicker.
func (d *device) try(a mail.Action) {
	d.t.Helper()
	d.t.Logf("%s: %s %v folder %d %q", d.name, a.Kind, a.Messages, a.Folder, a.Name)
	var refused *mail.Refusal
	if _, err := d.e.Do(d.ctx, a); err != nil && !errors.As(err, &refused) && !errors.Is(err, store.ErrNotFound) {
		d.t.Logf("%s: %v", d.name, err)
	}
}

func (p *pair) step() {
	d := p.both[p.rnd.IntN(2)]
	fs := d.folders()
	f := fs[p.rnd.IntN(len(fs))]
	rows := d.rows(f)
	var row mail.Row
	if len(rows) > 0 {
		row = rows[p.rnd.IntN(len(rows))]
	}
	one := func(k mail.ActionKind, folder mail.FolderID) {
		if row.ID != 0 && f.Role != mail.RoleDrafts {
			d.try(mail.Action{Kind: k, Messages: []mail.MessageID{row.ID}, Folder: folder})
		}
	}
	switch p.rnd.IntN(20) {
	case 0, 1, 2, 3:
		if p.live {
			d.e.GetMail(d.a.ID)
			time.Sleep(time.Duration(p.rnd.IntN(100)) * time.Millisecond) // wherever they are then
			return
		}
		res := d.pass(d.a)
		d.t.Logf("%s: a pass, %+v", d.name, res)
	case 4:
		p.deliver(1 + p.rnd.IntN(2))
	case 5:
		one([]mail.ActionKind{mail.ActStar, mail.ActUnstar}[p.rnd.IntN(2)], 0)
	case 6:
		one([]mail.ActionKind{mail.ActRead, mail.ActUnread}[p.rnd.IntN(2)], 0)
	case 7, 8, 9:
		if to := fs[p.rnd.IntN(len(fs))]; to.Role != mail.RoleDrafts && to.ID != f.ID {
			one(mail.ActMove, to.ID)
		}
	case 10:
		one(mail.ActArchive, 0)
	case 11, 12:
		if f.Role == mail.RoleTrash {
			p.forget(row.Subject)
		}
		one(mail.ActDelete, 0)
	case 13:
		p.n++
		d.try(mail.Action{Kind: mail.ActNewFolder, Account: d.a.ID, Name: fmt.Sprintf("New%d", p.n)})
	case 14:
		if f.Role == mail.RoleNone {
			p.n++
			d.try(mail.Action{Kind: mail.ActRename, Account: d.a.ID, Folder: f.ID, Name: fmt.Sprintf("Renamed%d", p.n)})
		}
	case 15:
		if f.Role == mail.RoleNone && !strings.HasPrefix(f.Path, "Trash/") { // else it is for good, with what the other device puts there
			d.try(mail.Action{Kind: mail.ActDropFolder, Account: d.a.ID, Folder: f.ID})
		}
	case 16:
		if kind, err := d.e.Undo(d.ctx); err == nil {
			d.t.Logf("%s: undo %s", d.name, kind)
		}
	default:
		p.draft(d)
	}
}

// draft begins a draft, or writes on one: on one of this device, or on what stands in Drafts.
func (p *pair) draft(d *device) {
	own, err := d.st.Drafts(d.ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	var it mail.Draft
	switch p.rnd.IntN(4) {
	case 0:
		if it, err = d.e.NewDraft(d.ctx, d.a.ID); err != nil {
			p.t.Fatal(err)
		}
		it.Subject = "draft"
	case 1:
		if len(own) == 0 {
			return
		}
		it = own[p.rnd.IntN(len(own))]
	default:
		rows := d.rows(d.folder(d.a, "Drafts"))
		if len(rows) == 0 {
			return
		}
		if it, err = d.e.EditDraft(d.ctx, rows[p.rnd.IntN(len(rows))].ID); err != nil {
			d.t.Logf("%s: edit: %v", d.name, err)
			return
		}
	}
	if it.ID != 0 && p.rnd.IntN(8) == 0 {
		d.t.Logf("%s: discards %q", d.name, it.Text)
		p.forget(it.Text)
		if err := d.e.DiscardDraft(d.ctx, it.ID); err != nil {
			p.t.Fatal(err)
		}
		return
	}
	it.Text = strings.TrimSpace(it.Text + " " + p.word())
	d.t.Logf("%s: draft %d is %q", d.name, it.ID, it.Text)
	d.keep(&it)
}

// open opens the windows of both.
func (p *pair) open() {
	p.t.Helper()
	p.live = true
	for _, d := range p.both {
		d.push = true
		d.restart()
		if err := d.e.Start(d.ctx); err != nil {
			p.t.Fatal(err)
		}
	}
}

// settle closes their windows and lets both look until neither has anything to do.
func (p *pair) settle() {
	p.t.Helper()
	for _, d := range p.both {
		if d.push {
			d.push = false
			d.restart()
		}
	}
	for range 12 {
		quiet := true
		for _, d := range p.both {
			res := d.pass(d.a)
			quiet = quiet && !res.Did() && len(res.Failed) == 0
		}
		if quiet {
			return
		}
	}
	p.t.Error("the two devices never come to rest")
}

// equal compares both devices with the server, and looks for everything that must be there.
func (p *pair) equal() {
	p.t.Helper()
	found := map[string]int{}
	var paths []string
	for _, path := range strings.Fields(p.dove.Doveadm("mailbox", "list", "-u", "ali")) {
		paths = append(paths, path)
		for _, raw := range p.dove.Messages("ali", path) {
			seen := map[string]bool{}
			for _, m := range marks.FindAllString(string(raw), -1) {
				if !seen[m] {
					found[m]++
				}
				seen[m] = true
			}
		}
	}
	slices.Sort(paths)
	for _, d := range p.both { // a draft is whole without its copy on the server
		drafts, err := d.st.Drafts(d.ctx)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, it := range drafts {
			for _, m := range marks.FindAllString(it.Text, -1) {
				found[m]++
			}
		}
	}
	for m := range p.sent {
		if found[m] == 0 && !p.gone[m] {
			p.t.Errorf("%s is lost", m)
		}
		if strings.HasPrefix(m, "<message") && found[m] > 1 {
			p.t.Errorf("%s is there %d times", m, found[m])
		}
	}
	for _, d := range p.both {
		var here []string
		for _, f := range d.folders() {
			here = append(here, f.Path)
			if slices.Contains(paths, f.Path) {
				d.sameCards("ali", f)
			}
		}
		slices.Sort(here)
		if !slices.Equal(here, paths) {
			p.t.Errorf("%s shows the folders %q, the server has %q", d.name, here, paths)
		}
		d.whole()
		ops, err := d.st.Ops(d.ctx, 10000)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, op := range ops {
			if op.State == mail.OpPending {
				p.t.Errorf("%s: operation %d (%s) still waits: %s", d.name, op.ID, op.Kind, op.Error)
			}
		}
	}
}

// sameCards compares a folder with the server's: which messages there are, and their flags.
func (d *device) sameCards(user string, f mail.Folder) {
	d.t.Helper()
	raws, flags := d.dove.Messages(user, f.Path), d.dove.Flags(user, f.Path)
	var want, got []string
	for i, raw := range raws {
		_, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
		want = append(want, card(subjectOf(raw)+" "+string(body), flags[i]))
	}
	for _, row := range d.rows(f) {
		var flags []string
		for _, fl := range row.Flags {
			flags = append(flags, string(fl))
		}
		_, body, _ := bytes.Cut(d.raw(row.ID), []byte("\r\n\r\n"))
		got = append(got, card(row.Subject+" "+string(body), flags))
	}
	if diff := differ(want, got); diff != "" {
		d.t.Errorf("%s, %s: %s", d.name, f.Path, diff)
	}
}

// Two computers with Peyk on one account, each doing what comes to its user's mind on what it has seen last: both end as the server is, no message is lost or doubled, and
// no word that was written in a draft is.
func TestTwoDevices(t *testing.T) {
	t.Parallel()
	seeds := 3
	if os.Getenv("PEYK_LONG") != "" {
		seeds = 60
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			o := mailtest.DovecotOptions{}
			if seed%3 == 1 {
				o = offers("MOVE ENABLE CONDSTORE LIST-EXTENDED LIST-STATUS SPECIAL-USE ESEARCH")
			}
			p := newPair(t, uint64(seed), o)
			if seed%3 == 2 {
				p.open()
			}
			for range 120 {
				p.step()
			}
			p.settle()
			p.equal()
		})
	}
}

// Both give a folder the same name, or delete it, before either hears of the other: it has that name at both, and no ghost of it stays.
func TestTwoDevicesDoTheSameToAFolder(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]mail.Action{
		"rename": {Kind: mail.ActRename, Name: "Done"},
		"delete": {Kind: mail.ActDropFolder},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t, 1, mailtest.DovecotOptions{})
			for _, d := range p.both {
				do.Account, do.Folder = d.a.ID, d.folder(d.a, "Work").ID
				d.do(do)
			}
			p.settle()
			p.equal()
		})
	}
}
