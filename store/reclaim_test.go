package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"peyk/internal/mail"
)

// reclaimRig is a store whose clock the test sets.
type reclaimRig struct {
	*Store
	t  *testing.T
	mu sync.Mutex
	at time.Time
	a  mail.AccountID
	f  map[mail.Role]mail.FolderID
}

func newReclaimRig(t *testing.T) *reclaimRig {
	t.Helper()
	r := &reclaimRig{t: t, at: t0}
	r.Store = openTest(t, Options{Now: r.now})
	r.a, r.f = imapAccount(t, r.Store, "work")
	return r
}

func (r *reclaimRig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at
}

func (r *reclaimRig) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = r.at.Add(d)
}

// reclaim lets the store see what was released, and then take it away when that is a day ago.
func (r *reclaimRig) reclaim() {
	r.t.Helper()
	for range 2 {
		for more := true; more; {
			more = got(r.Reclaim(context.Background()))(r.t)
		}
		r.pass(25 * time.Hour)
	}
	for more := true; more; {
		more = got(r.Reclaim(context.Background()))(r.t)
	}
}

// large is a message that becomes a file.
func large(n int) []byte {
	b := make([]byte, smallBlob+100)
	rnd := rand.New(rand.NewPCG(uint64(n), 1))
	for i := range b {
		b[i] = byte(rnd.Uint32())
	}
	return append([]byte(fmt.Sprintf("Subject: large %d\r\n\r\n", n)), b...)
}

func (r *reclaimRig) put(raw []byte) mail.BlobRef {
	r.t.Helper()
	return got(r.PutBlob(context.Background(), bytes.NewReader(raw)))(r.t)
}

// receive stores a message with these bytes in a folder.
func (r *reclaimRig) receive(role mail.Role, n int, ref mail.BlobRef) mail.MessageID {
	r.t.Helper()
	in := message(n)
	in.Blob, in.Size = &ref, ref.Size
	got(r.Ingest(context.Background(), r.f[role], []mail.Incoming{in}))(r.t)
	var id mail.MessageID
	got(r.read(context.Background(), "SELECT id FROM messages WHERE folder=? AND uid=?", []any{r.f[role], n}, &id))(r.t)
	return id
}

func (r *reclaimRig) remove(ids ...mail.MessageID) {
	r.t.Helper()
	must(r.t, r.RemoveMessages(context.Background(), ids))
}

func (r *reclaimRig) here(ref mail.BlobRef) bool {
	r.t.Helper()
	b, err := r.OpenBlob(context.Background(), ref.Hash)
	if errors.Is(err, ErrNotFound) {
		return false
	}
	must(r.t, err)
	n := got(io.Copy(io.Discard, io.NewSectionReader(b, 0, b.Size())))(r.t)
	must(r.t, b.Close())
	return n == ref.Size
}

func TestBytesOfDeletedMessagesGo(t *testing.T) {
	r := newReclaimRig(t)
	ctx := context.Background()
	refs := []mail.BlobRef{r.put([]byte("Subject: small\r\n\r\n")), r.put(large(1))}
	kept := r.put([]byte("Subject: kept\r\n\r\n"))
	r.receive(mail.RoleInbox, 3, kept)
	must(t, r.RememberContent(ctx, r.a, map[string]mail.BlobRef{"one": refs[0], "three": kept}))
	must(t, r.SaveSignatures(ctx, refs[0].Hash, nil))
	for i, ref := range refs {
		r.remove(r.receive(mail.RoleInbox, i+1, ref))
	}
	for range 5 {
		got(r.Reclaim(ctx))(t)
		r.pass(4 * time.Hour)
	}
	for i, ref := range refs {
		if !r.here(ref) {
			t.Errorf("message %d is gone before a day has passed", i+1)
		}
	}
	clean(t, r.Store) // the doctor has nothing to say of what is on its way
	r.reclaim()
	for i, ref := range refs {
		if r.here(ref) {
			t.Errorf("message %d is still there", i+1)
		}
	}
	if !r.here(kept) {
		t.Error("a message that was not deleted is gone")
	}
	if _, err := os.Stat(r.blobs.filePath(refs[1].Hash)); !os.IsNotExist(err) {
		t.Errorf("the file of the large message: %v", err)
	}
	known := got(r.KnownContent(ctx, r.a, []string{"one", "three"}))(t)
	if _, ok := known["one"]; ok || len(known) != 1 {
		t.Errorf("the server's names are %v", known)
	}
	if l := got(r.released(ctx))(t); len(l) > 0 {
		t.Errorf("%d hashes are still noted", len(l))
	}
	clean(t, r.Store)
}

// TestConversationsOfDeletedMessagesGo: what is left of a conversation stays one, and an answer to what is gone begins a new one.
func TestConversationsOfDeletedMessagesGo(t *testing.T) {
	r := newReclaimRig(t)
	ctx := context.Background()
	answer := func(n, to int) mail.MessageID {
		in := message(n)
		in.Summary.References = []string{message(to).Summary.HeaderID}
		in = withBody(t, r.Store, in)
		return got(r.Ingest(ctx, r.f[mail.RoleInbox], []mail.Incoming{in}))(t)[0]
	}
	whole, first := answer(1, 90), answer(2, 91)
	second := answer(3, 2)
	kept := row(t, r.Store, second).Thread
	count := func(table string) (n int) {
		got(r.read(ctx, "SELECT count(*) FROM "+table, nil, &n))(t)
		return n
	}
	r.remove(whole, first)
	r.reclaim()
	if threads, refs := count("threads"), count("thread_refs"); threads != 1 || refs != 3 {
		t.Errorf("%d conversations and %d ids are left", threads, refs)
	}
	if th := row(t, r.Store, answer(4, 2)).Thread; th != kept {
		t.Errorf("an answer is in conversation %d instead of %d", th, kept)
	}
	if th := row(t, r.Store, answer(5, 1)).Thread; th == kept || th == 0 {
		t.Errorf("an answer to what is gone is in conversation %d", th)
	}
	clean(t, r.Store)
}

// TestBytesThatAreNeededStay: each of these refers to the bytes of a message that was deleted.
func TestBytesThatAreNeededStay(t *testing.T) {
	ctx := context.Background()
	refers := map[string]func(r *reclaimRig, ref mail.BlobRef, other mail.MessageID){
		"another message": func(r *reclaimRig, ref mail.BlobRef, _ mail.MessageID) { r.receive(mail.RoleArchive, 9, ref) },
		"the outbox": func(r *reclaimRig, ref mail.BlobRef, _ mail.MessageID) {
			got(r.Enqueue(ctx, mail.OutboxItem{Account: r.a, Blob: ref}))(r.t)
		},
		"a draft": func(r *reclaimRig, ref mail.BlobRef, _ mail.MessageID) {
			must(r.t, r.SaveDraft(ctx, &mail.Draft{Account: r.a, Attachments: []mail.DraftAttachment{{Name: "x", Blob: &ref}}}))
		},
		"an older version of a draft": func(r *reclaimRig, ref mail.BlobRef, _ mail.MessageID) {
			d := &mail.Draft{Account: r.a, Attachments: []mail.DraftAttachment{{Name: "x", Blob: &ref}}}
			must(r.t, r.SaveDraft(ctx, d))
			r.pass(time.Hour)
			d.Attachments, d.Subject = nil, "without"
			must(r.t, r.SaveDraft(ctx, d))
		},
		"an operation": func(r *reclaimRig, ref mail.BlobRef, other mail.MessageID) {
			must(r.t, r.write(ctx, "test", func(t *wtx) error {
				h, err := packHash(ref.Hash)
				if err != nil {
					return err
				}
				return t.do(`INSERT INTO ops(grp,account,kind,folder,add_flags,remove_flags,name,old_name,blob,blob_size,date,title,state,created)
 VALUES(1,?,'append',1,'','','','',?,1,0,'','pending',0)`, r.a, h)
			}))
		},
		"who stores them again": func(r *reclaimRig, ref mail.BlobRef, _ mail.MessageID) {
			r.reclaimable()
			if again := r.put([]byte("Subject: needed\r\n\r\n")); again != ref {
				r.t.Fatalf("%v is stored as %v", ref, again)
			}
		},
		"who claims them": func(r *reclaimRig, ref mail.BlobRef, _ mail.MessageID) {
			r.reclaimable()
			must(r.t, r.ClaimBlobs(ctx, ref))
		},
	}
	for name, refer := range refers {
		t.Run(name, func(t *testing.T) {
			r := newReclaimRig(t)
			ref := r.put([]byte("Subject: needed\r\n\r\n"))
			id := r.receive(mail.RoleInbox, 1, ref)
			if name == "who stores them again" || name == "who claims them" {
				r.remove(id)
				refer(r, ref, id)
				got(r.Reclaim(ctx))(t) // a day after it was released, at once after it was claimed
			} else {
				refer(r, ref, id)
				r.remove(id)
				r.reclaim()
			}
			if !r.here(ref) {
				t.Error("the bytes are gone")
			}
		})
	}
}

// reclaimable lets a day pass, so that the next Reclaim would take away what was released.
func (r *reclaimRig) reclaimable() {
	got(r.Reclaim(context.Background()))(r.t)
	r.pass(25 * time.Hour)
}

// TestBytesInJSONAreReleased: what was written and sent, or discarded, leaves the disk as well.
func TestBytesInJSONAreReleased(t *testing.T) {
	r := newReclaimRig(t)
	ctx := context.Background()
	sent, dated, attached, dropped := r.put([]byte("sent")), r.put([]byte("dated")), r.put([]byte("attached")), r.put([]byte("dropped"))
	it := mail.OutboxItem{Account: r.a, Blob: sent}
	it.ID = got(r.Enqueue(ctx, it))(t)
	it.Blob = dated
	must(t, r.SetOutbox(ctx, it))
	both := []mail.DraftAttachment{{Name: "x", Blob: &attached}, {Name: "y", Blob: &dropped}}
	d := &mail.Draft{Account: r.a}
	for _, attachments := range [][]mail.DraftAttachment{both[:1], both, both[:1]} { // within a minute: the last replaces the version before it
		d.Attachments = attachments
		must(t, r.SaveDraft(ctx, d))
	}
	r.reclaim()
	for name, want := range map[string]struct {
		ref  mail.BlobRef
		here bool
	}{"the outbox's first": {sent, false}, "the outbox's": {dated, true}, "the draft's": {attached, true}, "the one taken out": {dropped, false}} {
		if r.here(want.ref) != want.here {
			t.Errorf("%s: here is %v", name, !want.here)
		}
	}
	must(t, r.DeleteOutbox(ctx, it.ID))
	must(t, r.DeleteDraft(ctx, d.ID))
	r.reclaim()
	if r.here(dated) {
		t.Error("what was sent is still there")
	}
	if !r.here(attached) {
		t.Error("a discarded draft cannot be brought back")
	}
	r.pass(historyDays * 24 * time.Hour)
	other := &mail.Draft{Account: r.a}
	must(t, r.SaveDraft(ctx, other))
	must(t, r.DeleteDraft(ctx, other.ID))
	r.reclaim()
	if r.here(attached) {
		t.Error("the attachment of a draft that cannot be brought back is still there")
	}
	clean(t, r.Store)
}

// TestReclaimLeavesWhatNobodyLetGo: bytes without a row are mail whose row was lost, as when an older mail.db was put back; and while a salvage has not been
// looked through, or another process has the profile open, nothing goes.
func TestReclaimLeavesWhatNobodyLetGo(t *testing.T) {
	r := newReclaimRig(t)
	ctx := context.Background()
	lost, gone := r.put([]byte("lost")), r.put([]byte("gone"))
	r.remove(r.receive(mail.RoleInbox, 1, gone))
	must(t, r.SetSetting(ctx, salvagedSetting, "1"))
	r.reclaim()
	if !r.here(gone) {
		t.Error("it was taken away after a salvage")
	}
	must(t, r.SetSetting(ctx, salvagedSetting, ""))
	other := got(Open(ctx, r.dir, Options{Now: r.now}))(t)
	r.reclaim()
	if !r.here(gone) {
		t.Error("it was taken away beside another process")
	}
	must(t, other.Close())
	r.reclaim()
	if r.here(gone) || !r.here(lost) {
		t.Errorf("the deleted one is here: %v, the one without a row: %v", r.here(gone), r.here(lost))
	}
}

// TestReclaimReadsNothingBesideAnother: to find out what refers to what reads every row, which another process, open for days, must not make it do every minute for nothing.
func TestReclaimReadsNothingBesideAnother(t *testing.T) {
	r := newReclaimRig(t)
	ctx := context.Background()
	r.remove(r.receive(mail.RoleInbox, 1, r.put([]byte("gone"))))
	r.reclaimable()
	other := got(Open(ctx, r.dir, Options{Now: r.now}))(t)
	must(t, r.write(ctx, "test", func(t *wtx) error { return t.do("ALTER TABLE drafts RENAME TO elsewhere") }))
	got(r.Reclaim(ctx))(t) // would miss the table
	must(t, other.Close())
	if _, err := r.Reclaim(ctx); err == nil {
		t.Error("alone it read nothing, either")
	}
}

// TestReclaimWalksOnce: however many messages were deleted, what refers to what is read once for all of them, and each call takes some away.
func TestReclaimWalksOnce(t *testing.T) {
	r := newReclaimRig(t)
	ctx := context.Background()
	const n = 2*reclaimPart + 100
	kept, gone := r.put([]byte("kept")), r.put([]byte("gone"))
	r.receive(mail.RoleInbox, 1, kept)
	must(t, r.write(ctx, "test", func(t *wtx) error {
		for i := range n {
			ref := mail.BlobRef{Hash: fmt.Sprintf("%064x", i)}
			if err := t.letGo(&ref); err != nil {
				return err
			}
		}
		return errors.Join(t.letGo(&kept), t.letGo(&gone))
	}))
	r.reclaimable()
	calls := 1
	for more := got(r.Reclaim(ctx))(t); more; calls++ {
		must(t, r.write(ctx, "test", func(t *wtx) error { return t.script("ALTER TABLE drafts RENAME TO elsewhere") })) // would be missed by another walk
		more = got(r.Reclaim(ctx))(t)
		must(t, r.write(ctx, "test", func(t *wtx) error { return t.script("ALTER TABLE elsewhere RENAME TO drafts") }))
	}
	if l := got(r.released(ctx))(t); calls != 3 || len(l) != 0 {
		t.Errorf("after %d calls %d hashes are noted", calls, len(l))
	}
	if !r.here(kept) || r.here(gone) {
		t.Errorf("the kept one is here: %v, the one that was deleted: %v", r.here(kept), r.here(gone))
	}
}

// TestAnAttachmentThatIsPutBackStays: what was taken out of a draft days ago, and is put back by an undo, is what the draft refers to again.
func TestAnAttachmentThatIsPutBackStays(t *testing.T) {
	r := newReclaimRig(t)
	ctx := context.Background()
	ref := r.put([]byte("attached"))
	with := []mail.DraftAttachment{{Name: "x", Blob: &ref}}
	d := &mail.Draft{Account: r.a}
	for _, attachments := range [][]mail.DraftAttachment{nil, with, nil} { // within a minute: no version keeps it
		d.Attachments = attachments
		must(t, r.SaveDraft(ctx, d))
	}
	r.reclaimable()
	found := got(r.findSpent(ctx, r.now()))(t)
	d.Attachments = with
	must(t, r.SaveDraft(ctx, d))
	must(t, r.takeAway(ctx, found.unused, found.cut))
	if len(found.unused) != 1 || !r.here(ref) {
		t.Errorf("%d were found; it is here: %v", len(found.unused), r.here(ref))
	}
}

// TestReclaimLeavesWhatComesBack: a repair notes of messages that their bytes are gone. That is no deletion: when the user finds them and puts them back, they stay.
func TestReclaimLeavesWhatComesBack(t *testing.T) {
	r := newReclaimRig(t)
	ctx := context.Background()
	refs := []mail.BlobRef{r.put([]byte("Subject: small\r\n\r\n")), r.put(large(1))}
	aside := t.TempDir() + "/aside"
	for i, ref := range refs {
		r.receive(mail.RoleInbox, i+1, ref)
	}
	path := r.blobs.filePath(refs[1].Hash)
	must(t, os.Rename(path, aside))
	h := got(packHash(refs[0].Hash))(t)
	must(t, r.blobs.removeRows(ctx, [][32]byte{[32]byte(h)}))
	got(r.Check(ctx, true))(t)
	must(t, os.Rename(aside, path))
	packed, done := r.blobs.packAll([][]byte{[]byte("Subject: small\r\n\r\n")})
	must(t, r.blobs.insert(ctx, [][]byte{[]byte("Subject: small\r\n\r\n")}, packed))
	done()
	r.reclaim()
	for i, ref := range refs {
		if !r.here(ref) {
			t.Errorf("message %d was taken away", i+1)
		}
	}
}

// TestReclaimLeavesWhatIsToBeReadBack: POP3 takes from its server only what it has read back here. Bytes that are gone before would be told as damage for ever, and stay there.
func TestReclaimLeavesWhatIsToBeReadBack(t *testing.T) {
	r := newReclaimRig(t)
	ctx := context.Background()
	a, f := popAccount(t, r.Store, "office")
	ref := r.put([]byte("Subject: interrupted\r\n\r\n"))
	in := message(1)
	in.UID, in.UIDL, in.Blob, in.Size = 0, "u1", &ref, ref.Size
	r.remove(got(r.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{in}))(t)...)
	r.reclaim()
	l := got(r.LedgerUnverified(ctx, a))(t)
	if len(l) != 1 || r.VerifyBlob(ctx, ref.Hash) != nil {
		t.Fatalf("%d messages are to be read back: %v", len(l), r.VerifyBlob(ctx, ref.Hash))
	}
	must(t, r.LedgerVerified(ctx, []LedgerID{l[0].ID}))
	r.reclaim()
	if r.here(ref) {
		t.Error("it was read back and is still here")
	}
}

// TestReclaimRacesWithStoring: the same bytes come again and again while they are taken away.
func TestReclaimRacesWithStoring(t *testing.T) {
	r := newReclaimRig(t)
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			if _, err := r.Reclaim(ctx); err != nil && ctx.Err() == nil {
				t.Error(err)
				return
			}
		}
	})
	taken := 0
	raws := [][]byte{[]byte("Subject: small\r\n\r\n"), large(2)}
	for n := range 150 {
		raw := raws[n%2]
		ref := r.put(raw)
		id := r.receive(mail.RoleInbox, n+1, ref)
		if !r.here(ref) {
			t.Errorf("round %d: the bytes of a message are gone", n)
			break
		}
		r.remove(id)
		got(r.Reclaim(ctx))(t) // sees it
		r.pass(50 * time.Hour)
		if n%3 == 0 {
			got(r.Reclaim(ctx))(t)
		}
		if !r.here(ref) {
			taken++
		}
	}
	stop()
	wg.Wait()
	if taken == 0 {
		t.Error("nothing was taken away at all")
	}
}
