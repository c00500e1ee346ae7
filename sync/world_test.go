package mailsync_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"peyk/accounts/imap"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// served is a server, and a way to use it, that the campaign of faults goes through.
type served struct {
	name     string
	dovecot  mailtest.DovecotOptions
	cyrus    bool // OBJECTID and QUOTA
	compress bool // COMPRESS is used, although the server is on this computer
	live     bool // the workers run, and hear of every folder by NOTIFY
}

// offers is a Dovecot with these capabilities only.
func offers(capabilities string) mailtest.DovecotOptions {
	return mailtest.DovecotOptions{Compress: true, Extra: "protocol imap {\n  imap_capability = IMAP4rev1 LITERAL+ IDLE CHILDREN NAMESPACE UIDPLUS " + capabilities + "\n}\n"}
}

var servers = []served{
	{name: "everything"},
	{name: "compressed", dovecot: mailtest.DovecotOptions{Compress: true}, compress: true},
	{name: "bare", dovecot: mailtest.DovecotOptions{Extra: "protocol imap {\n  imap_capability = IMAP4rev1 LITERAL+ IDLE CHILDREN NAMESPACE\n}\n"}},
	{name: "without QRESYNC, compressed", dovecot: offers("MOVE ENABLE CONDSTORE LIST-EXTENDED LIST-STATUS SPECIAL-USE ESEARCH COMPRESS=DEFLATE"), compress: true},
	{name: "MOVE without UIDPLUS", dovecot: mailtest.DovecotOptions{Extra: "protocol imap {\n  imap_capability = IMAP4rev1 MOVE\n}\n"}},
	{name: "NOTIFY", live: true},
	{name: "NOTIFY without QRESYNC", dovecot: offers("MOVE NOTIFY LIST-STATUS"), live: true},
	{name: "OBJECTID and QUOTA", cyrus: true},
	{name: "IDLE, compressed", dovecot: offers("MOVE ENABLE CONDSTORE QRESYNC LIST-EXTENDED LIST-STATUS SPECIAL-USE COMPRESS=DEFLATE"), compress: true, live: true},
}

func (v served) world(t *testing.T, seed uint64) *world {
	t.Helper()
	var r *rig
	if v.cyrus {
		r = newRigAt(t, mailtest.StartCyrus(t, mailtest.CyrusOptions{}))
	} else {
		r = newRig(t, v.dovecot, false)
	}
	r.compress = v.compress
	return newWorld(r, seed)
}

// compressing opens IMAP sessions that use COMPRESS on this computer, too.
type compressing struct {
	remote.Opener
	a mail.Account
}

func (c compressing) Receive(ctx context.Context, start remote.Start) (remote.Remote, error) {
	s, err := imap.Dial(ctx, imap.Config{Server: c.a.Incoming, Password: "secret-" + c.a.Incoming.Username, Options: c.a.IMAP, Start: start, ForceCompress: true})
	if err != nil {
		return nil, err // not s: a nil pointer would not be a nil interface
	}
	return s, nil
}

// work lets Peyk work: a pass, or a moment for its workers.
func (w *world) work() {
	w.t.Helper()
	if w.push {
		w.e.GetMail(w.a.ID)
		time.Sleep(time.Duration(w.rnd.IntN(150)) * time.Millisecond) // wherever they are then
		return
	}
	w.pass(w.a)
}

// startAgain ends the program and starts it.
func (w *world) startAgain() {
	w.t.Helper()
	if w.push {
		w.live()
		return
	}
	w.restart()
}

// settle waits until the workers have done everything, and ends them.
func (w *world) settle() {
	w.t.Helper()
	if !w.push {
		return
	}
	w.hurry("everything is done", func() bool {
		ops, err := w.st.Ops(w.ctx, 10000)
		return err == nil && !slices.ContainsFunc(ops, func(op mail.Op) bool { return op.State != mail.OpDone && op.State != mail.OpUndone }) && w.shows("INBOX") == ""
	})
	w.push = false
	w.restart()
}

// world is what a mailbox should be in the end: for every folder, each message by its subject and flags, as often as it is
// there. It is kept by the test alone, from what the user and another client do.
type world struct {
	*rig
	a     mail.Account
	user  string
	rnd   *rand.Rand
	boxes map[string][]string // folder → "subject|flags"
	mine  map[string]bool     // subjects that were acted upon here
	n     int
}

func newWorld(r *rig, seed uint64) *world {
	return &world{rig: r, user: "ali", rnd: rand.New(rand.NewPCG(seed, 4)), boxes: map[string][]string{}, mine: map[string]bool{}, n: 1000}
}

func card(subject string, flags []string) string {
	flags = slices.DeleteFunc(slices.Clone(flags), func(f string) bool { return f == `\Recent` })
	slices.Sort(flags)
	return subject + "|" + strings.Join(flags, " ")
}

func rowCard(r mail.Row) string {
	var flags []string
	for _, f := range r.Flags {
		flags = append(flags, string(f))
	}
	return card(r.Subject, flags)
}

// deliver brings new mail.
func (w *world) deliver(n int) {
	for range n {
		body := longText(w.rnd.IntN(3000))
		if w.rnd.IntN(25) == 0 {
			body = longText(200_000)
		}
		subject := fmt.Sprintf("message %d", w.n)
		if w.dove != nil {
			w.dove.Deliver(w.user, letter(w.n, subject, body))
		} else {
			w.box.Append(w.t, w.user, "INBOX", letter(w.n, subject, body))
		}
		w.boxes["INBOX"] = append(w.boxes["INBOX"], card(subject, nil))
		w.n++
	}
}

// file puts new messages into other folders than the inbox, as another client or a rule of the server does.
func (w *world) file(n int) {
	for range n {
		box := []string{"Work", "Archive"}[w.rnd.IntN(2)]
		subject := fmt.Sprintf("message %d", w.n)
		w.box.Append(w.t, w.user, box, letter(w.n, subject, longText(w.rnd.IntN(3000))))
		w.put(box, card(subject, nil))
		w.n++
	}
}

// gaps removes n messages of a folder from the server, wherever they are, and returns their subjects.
func (w *world) gaps(box string, n int) (gone []string) {
	w.t.Helper()
	for range n {
		i := w.rnd.IntN(len(w.boxes[box]))
		subject, _, _ := strings.Cut(w.boxes[box][i], "|")
		w.boxes[box] = slices.Delete(w.boxes[box], i, i+1)
		w.expunge(box, w.box.UIDOf(w.t, w.user, box, "Subject: "+subject))
		gone = append(gone, subject)
	}
	return gone
}

// gap removes messages of a folder from the server by their UIDs.
func (w *world) gap(box string, uids ...int) {
	w.t.Helper()
	for _, u := range uids {
		w.expunge(box, strconv.Itoa(u))
	}
}

func (w *world) expunge(box, uid string) {
	w.t.Helper()
	w.box.Command(w.t, w.user, "SELECT "+box, "UID STORE "+uid+` +FLAGS.SILENT (\Deleted)`, "EXPUNGE")
}

// take removes one card of a folder.
func (w *world) take(box, c string) {
	w.t.Helper()
	i := slices.Index(w.boxes[box], c)
	if i < 0 {
		subject, _, _ := strings.Cut(c, "|")
		var known []string
		for f, cards := range w.boxes {
			for _, k := range cards {
				if strings.HasPrefix(k, subject+"|") {
					known = append(known, f+": "+k)
				}
			}
		}
		w.t.Fatalf("%s shows %q, which should not be there; expected are %q", box, c, known)
	}
	w.boxes[box] = slices.Delete(w.boxes[box], i, i+1)
}

func (w *world) put(box, c string) { w.boxes[box] = append(w.boxes[box], c) }

// act does something at random, as a user does: on what the store shows, whether the server was reached or not.
func (w *world) act() {
	w.t.Helper()
	box := []string{"INBOX", "INBOX", "Work", "Archive"}[w.rnd.IntN(4)]
	f, err := w.st.FolderByPath(w.ctx, w.a.ID, box)
	if err != nil {
		return // not seen yet
	}
	rows := w.rows(f)
	if len(rows) == 0 {
		return
	}
	row := rows[w.rnd.IntN(len(rows))]
	c := rowCard(row)
	w.mine[row.Subject] = true
	subject, list, _ := strings.Cut(c, "|")
	flags := strings.Fields(list)
	one := func(kind mail.ActionKind, dest string) {
		w.t.Logf("%s: %q in %s (message %d, UID %d) %s", kind, c, box, row.ID, row.UID, dest)
		act := mail.Action{Kind: kind, Messages: []mail.MessageID{row.ID}}
		if kind == mail.ActMove || kind == mail.ActCopy {
			act.Folder = w.folder(w.a, dest).ID
		}
		w.do(act)
	}
	move := func(kind mail.ActionKind, dest string) {
		if dest == box {
			return
		}
		one(kind, dest)
		w.take(box, c)
		w.put(dest, c)
	}
	switch w.rnd.IntN(9) {
	case 0, 1:
		move(mail.ActMove, []string{"INBOX", "Work", "Archive"}[w.rnd.IntN(3)])
	case 2:
		move(mail.ActArchive, "Archive")
	case 3:
		move(mail.ActDelete, "Trash")
	case 4:
		one(mail.ActCopy, "Work")
		w.put("Work", c)
	case 5:
		one(mail.ActStar, "")
		w.take(box, c)
		w.put(box, card(subject, append(slices.DeleteFunc(flags, func(f string) bool { return f == `\Flagged` }), `\Flagged`)))
	case 6:
		kind, seen := mail.ActRead, slices.Contains(flags, `\Seen`)
		rest := slices.DeleteFunc(flags, func(f string) bool { return f == `\Seen` })
		if seen {
			kind = mail.ActUnread
		} else {
			rest = append(rest, `\Seen`)
		}
		one(kind, "")
		w.take(box, c)
		w.put(box, card(subject, rest))
	case 7:
		one(mail.ActDestroy, "")
		w.take(box, c)
	case 8:
		w.upload()
	}
}

// upload puts messages of this computer on the server: one like any other, one twice, and one without Message-ID.
func (w *world) upload() {
	w.t.Helper()
	subject := fmt.Sprintf("upload %d", w.n)
	raw := letter(w.n, subject, longText(w.rnd.IntN(5000)))
	w.n++
	times := 1 + w.rnd.IntN(2)
	if w.rnd.IntN(2) == 0 {
		raw = bytes.Replace(raw, []byte("Message-ID:"), []byte("X-Was-ID:"), 1)
	}
	im, err := w.e.ImporterAgain(w.ctx, w.folder(w.a, "Work").ID, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	for range times {
		if err := im.Add(bytes.NewReader(raw), mail.Flags{mail.FlagSeen}, w.clock()); err != nil {
			w.t.Fatal(err)
		}
		w.put("Work", card(subject, []string{`\Seen`}))
	}
	if _, err := im.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// elsewhere does what another client does: new mail, a flag, a deletion. It leaves alone what the user here touches.
func (w *world) elsewhere() {
	w.t.Helper()
	w.deliver(w.rnd.IntN(4))
	w.file(w.rnd.IntN(5))
	var free []string
	for _, c := range w.boxes["INBOX"] {
		if subject, flags, _ := strings.Cut(c, "|"); flags == "" && !w.mine[subject] {
			free = append(free, subject)
		}
	}
	if len(free) < 2 {
		return
	}
	subject := free[w.rnd.IntN(len(free))]
	w.mine[subject] = true
	uid := w.box.UIDOf(w.t, w.user, "INBOX", "Subject: "+subject)
	w.take("INBOX", card(subject, nil))
	if w.rnd.IntN(2) == 0 {
		w.box.Command(w.t, w.user, "SELECT INBOX", "UID STORE "+uid+` +FLAGS.SILENT (\Answered)`)
		w.put("INBOX", card(subject, []string{`\Answered`}))
	} else {
		w.box.Command(w.t, w.user, "SELECT INBOX", "UID STORE "+uid+` +FLAGS.SILENT (\Deleted)`, "UID EXPUNGE "+uid)
	}
	w.through()
}

// through runs passes until one is not broken: the user here does not act on a message whose state cannot be known here. While the
// workers run it waits until they have seen what there is.
func (w *world) through() {
	w.t.Helper()
	if w.push {
		w.hurry("what another client did is seen", func() bool { return w.shows("INBOX") == "" })
		return
	}
	res := w.pass(w.a)
	for range 40 {
		if len(res.Failed) == 0 {
			return
		}
		w.days(1)
		res = w.pass(w.a)
	}
	w.t.Fatalf("no pass comes through: %v", res.Failed)
}

// hurry waits for something that the workers do, and lets them forget their back-off meanwhile, as after sleep: each time a little later,
// since that ends what they are about, which may take them long on a busy machine.
func (w *world) hurry(what string, ok func() bool) {
	w.t.Helper()
	end, pause := time.Now().Add(patience), 500*time.Millisecond
	for next := time.Now().Add(pause); !ok(); time.Sleep(25 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("%s: did not happen; %s", what, w.shows("INBOX"))
		}
		if time.Now().After(next) {
			w.days(1)
			w.e.Wake()
			pause = min(pause*3/2, 20*time.Second)
			next = time.Now().Add(pause)
		}
	}
}

// shows says how a folder here differs from what it should be.
func (w *world) shows(box string) string {
	f, err := w.st.FolderByPath(w.ctx, w.a.ID, box)
	if err != nil {
		return err.Error()
	}
	var local []string
	for _, row := range w.rows(f) {
		local = append(local, rowCard(row))
	}
	return differ(slices.Sorted(slices.Values(w.boxes[box])), local)
}

// equal compares the three: what should be, what a second client sees, what is shown here; and the bytes of the two sides.
func (w *world) equal() {
	w.t.Helper()
	for _, box := range []string{"INBOX", "Work", "Archive", "Trash"} {
		want := slices.Sorted(slices.Values(w.boxes[box]))
		var server, local []string
		raws, flags := w.box.Messages(w.t, w.user, box), w.box.Flags(w.t, w.user, box)
		for i, raw := range raws {
			if !slices.Contains(flags[i], `\Deleted`) {
				server = append(server, card(subjectOf(raw), flags[i]))
			}
		}
		for _, row := range w.rows(w.folder(w.a, box)) {
			local = append(local, rowCard(row))
			if !slices.ContainsFunc(raws, func(b []byte) bool { return bytes.Equal(b, w.raw(row.ID)) }) {
				w.t.Errorf("%s: the bytes of %q are not those of the server", box, row.Subject)
			}
		}
		slices.Sort(server)
		slices.Sort(local)
		if d := differ(want, server); d != "" {
			w.t.Errorf("%s on the server: %s", box, d)
		}
		if d := differ(want, local); d != "" {
			w.t.Errorf("%s here: %s", box, d)
		}
	}
	w.sound()
}

// whole is what `peyk doctor` asks for.
func (r *rig) whole() {
	r.t.Helper()
	rep, err := r.st.Check(r.ctx, false)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, p := range rep.Problems {
		if !p.Harmless {
			r.t.Errorf("doctor: %s: %s", p.Where, p.What)
		}
	}
}

// sound is whole, with nothing left that waits or failed.
func (r *rig) sound() {
	r.t.Helper()
	r.whole()
	ops, err := r.st.Ops(r.ctx, 10000)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, op := range ops {
		if op.State != mail.OpDone && op.State != mail.OpUndone {
			r.t.Errorf("operation %d (%s) is %s: %s", op.ID, op.Kind, op.State, op.Error)
		}
	}
}

func subjectOf(raw []byte) string {
	_, rest, _ := bytes.Cut(raw, []byte("Subject: "))
	s, _, _ := bytes.Cut(rest, []byte("\r\n"))
	return string(s)
}

// differ says in which elements two sorted lists differ.
func differ(want, got []string) string {
	count := map[string]int{}
	for _, s := range want {
		count[s]++
	}
	for _, s := range got {
		count[s]--
	}
	var out []string
	for _, s := range slices.Sorted(maps.Keys(count)) {
		if n := count[s]; n > 0 {
			out = append(out, fmt.Sprintf("%q is missing %d times", s, n))
		} else if n < 0 {
			out = append(out, fmt.Sprintf("%q is there %d times too often", s, -n))
		}
	}
	return strings.Join(out, "; ")
}
