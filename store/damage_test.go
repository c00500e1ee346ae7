package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// filled makes a profile with an IMAP inbox of n messages with bodies, closed again.
func filled(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	s := got(Open(context.Background(), dir, Options{}))(t)
	_, f := imapAccount(t, s, "work")
	in := messages(1, n)
	for i := range in {
		in[i] = withBody(t, s, in[i])
	}
	got(s.Ingest(context.Background(), f[mail.RoleInbox], in))(t)
	must(t, s.SetSetting(context.Background(), "lang", "fa"))
	must(t, s.Close())
	return dir
}

func overwrite(t *testing.T, path string, at int64, n int) {
	t.Helper()
	f := got(os.OpenFile(path, os.O_RDWR, 0))(t)
	defer f.Close()
	_, err := f.WriteAt(bytes.Repeat([]byte{0xA5}, n), at)
	must(t, err)
}

// spoilAnIndex damages a database in a place where no row is.
func spoilAnIndex(t *testing.T, path string) {
	t.Helper()
	db := got(openSQL(dsn(path, "")))(t)
	var page, size int64
	must(t, db.QueryRow("SELECT max(rootpage) FROM sqlite_schema WHERE type='index'").Scan(&page))
	must(t, db.QueryRow("PRAGMA page_size").Scan(&size))
	must(t, db.Close())
	overwrite(t, path, (page-1)*size, int(size))
}

func TestNotADatabase(t *testing.T) {
	dir := filled(t, 30)
	overwrite(t, filepath.Join(dir, mailFile), 0, 4096)
	_, err := Open(context.Background(), dir, Options{})
	var ce *CorruptError
	if !errors.As(err, &ce) || !strings.Contains(err.Error(), "peyk doctor --repair") || !strings.HasSuffix(ce.File, mailFile) {
		t.Fatalf("error %v", err)
	}
	if ce.Kind() != mail.ProblemDisk {
		t.Errorf("kind %s", ce.Kind())
	}
	rep := got(Repair(context.Background(), dir, Options{Parse: parseStub}))(t)
	if rep.Broken == "" || len(rep.Problems) == 0 {
		t.Errorf("report %+v", rep)
	}
	if _, err := os.Stat(rep.Broken); err != nil {
		t.Errorf("the broken file is gone: %v", err)
	}
	s := got(Open(context.Background(), dir, Options{Parse: parseStub}))(t)
	defer s.Close()
	if !strings.Contains(fmt.Sprint(rep.Problems), "30 stored messages have lost their place; add an account") {
		t.Errorf("it is not told how they come back: %v", rep.Problems)
	}
	// Rows and accounts are lost; the bytes are not, and come back once there is an account.
	a, _ := imapAccount(t, s, "work")
	got(s.Check(context.Background(), true))(t)
	f := got(s.FolderByPath(context.Background(), a, recoveredFolder))(t)
	if f.Total != 30 {
		t.Errorf("recovered %d of 30", f.Total)
	}
	clean(t, s)
}

// TestRepairMakesAHome: where not even an account is left, what a repair finds is in one that it makes, in more commits than one.
func TestRepairMakesAHome(t *testing.T) {
	const n = recoverBatch + 7
	dir := filled(t, n)
	overwrite(t, filepath.Join(dir, mailFile), 0, 4096)
	o := Options{Parse: parseStub, Home: func() mail.Account { return mail.Account{Name: "Local", Protocol: mail.POP3, Disabled: true} }}
	if rep := got(Repair(context.Background(), dir, o))(t); !rep.Clean() {
		t.Errorf("report %+v", rep)
	}
	s := got(Open(context.Background(), dir, o))(t)
	defer s.Close()
	a := got(s.AccountByName(context.Background(), "Local"))(t)
	if f := got(s.FolderByPath(context.Background(), a.ID, recoveredFolder))(t); f.Total != n || f.Unread != 0 {
		t.Errorf("recovered %d of %d, %d of them unread", f.Total, n, f.Unread)
	}
	clean(t, s)
}

func TestDamagedPagesSalvaged(t *testing.T) {
	const n = 400
	dir := filled(t, n)
	path := filepath.Join(dir, mailFile)
	st := got(os.Stat(path))(t)
	// A stretch in the middle of the file is overwritten.
	overwrite(t, path, st.Size()/2/4096*4096, 6*4096)
	rep := got(Repair(context.Background(), dir, Options{Parse: parseStub}))(t)
	if rep.Broken == "" {
		t.Fatalf("the damage was not seen: %+v", rep)
	}
	if !strings.Contains(fmt.Sprint(rep.Problems), "could not be read") {
		t.Errorf("it is not told that something is lost: %v", rep.Problems)
	}
	s := got(Open(context.Background(), dir, Options{Parse: parseStub}))(t)
	defer s.Close()
	total, _, err := s.Count(context.Background(), Query{})
	must(t, err)
	if total < n {
		t.Errorf("%d of %d messages are here after the repair", total, n)
	}
	clean(t, s)
}

// What is sound is left alone by a repair.
func TestRepairOfASoundProfile(t *testing.T) {
	dir := filled(t, 3)
	rep := got(Repair(context.Background(), dir, Options{Parse: parseStub}))(t)
	if rep.Broken != "" || len(rep.Problems) != 0 {
		t.Errorf("report %+v", rep)
	}
	if aside := got(filepath.Glob(filepath.Join(dir, "*.broken-*")))(t); len(aside) != 0 {
		t.Errorf("put aside: %v", aside)
	}
}

func TestDamagedBlob(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	a, p := popAccount(t, s, "office")
	one := withBody(t, s, message(1))
	two := drop(t, s, 2, "u2")
	got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{one}))(t)
	got(s.Ingest(ctx, p[mail.RoleInbox], []mail.Incoming{two}))(t)
	verifyAll(t, s, a)
	must(t, s.blobs.w.run(ctx, nil, func(t *wtx) error {
		return t.do("UPDATE blobs SET data=CAST(substr(data,1,length(data)-3)||'xxx' AS BLOB), enc=0")
	}))
	if err := s.VerifyBlob(ctx, one.Blob.Hash); err == nil {
		t.Error("a damaged message verified")
	}
	hash := got(packHash(one.Blob.Hash))(t)
	must(t, s.blobs.w.run(ctx, nil, func(t *wtx) error {
		return t.do("UPDATE blobs SET data=substr(data,1,9) WHERE hash=?", hash)
	}))
	if _, err := s.OpenBlob(ctx, one.Blob.Hash); err == nil {
		t.Error("half a message was opened")
	}
	rep := got(s.Check(ctx, false))(t)
	if rep.Clean() {
		t.Error("the damage was not seen")
	}
	got(s.Check(ctx, true))(t)
	clean(t, s)
	if w := got(s.MissingBodies(ctx, f[mail.RoleInbox], t0, 9))(t); len(w) != 1 {
		t.Errorf("missing %+v: it must be fetched again", w)
	}
	if d := due(t, s, a, t0, mail.POP3Options{}); d != "" {
		t.Errorf("the last good copy would be deleted: %s", d)
	}
}

func TestDiskFull(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	limit := func(w *writer, pages string) {
		must(t, w.conn.script("PRAGMA max_page_count="+pages))
	}
	limit(s.w, "1")
	var de *DiskError
	_, err := s.Ingest(ctx, f[mail.RoleInbox], messages(1, 500))
	if !errors.As(err, &de) || !de.Full || de.Kind() != mail.ProblemDisk {
		t.Fatalf("error %v", err)
	}
	limit(s.blobs.w, "1")
	if _, err = s.PutBlob(ctx, bytes.NewReader(randomBytes(100<<10))); !errors.As(err, &de) || !de.Full {
		t.Fatalf("error %v", err)
	}
	wantCount(t, s, Query{}, 0, 0)
	limit(s.w, "1000000")
	limit(s.blobs.w, "1000000")
	got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 500)))(t)
	wantCount(t, s, Query{}, 500, 500)
	clean(t, s)
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

func TestBlobs(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	var refs []mail.BlobRef
	for _, data := range [][]byte{{}, []byte("small"), bytes.Repeat([]byte("text "), 100000), randomBytes(smallBlob), randomBytes(3 << 20)} {
		ref := got(s.PutBlob(ctx, bytes.NewReader(data)))(t)
		again := got(s.PutBlobs(ctx, [][]byte{data}))(t)
		refs = append(refs, ref)
		if ref != again[0] || ref.Size != int64(len(data)) {
			t.Errorf("%+v and %+v", ref, again)
		}
		must(t, s.VerifyBlob(ctx, ref.Hash))
		b := got(s.OpenBlob(ctx, ref.Hash))(t)
		all := got(io.ReadAll(b))(t)
		if !bytes.Equal(all, data) || b.Size() != int64(len(data)) {
			t.Errorf("%d bytes read back as %d", len(data), len(all))
		}
		if len(data) > 4 {
			p := make([]byte, 3)
			if _, err := b.ReadAt(p, 1); err != nil || !bytes.Equal(p, data[1:4]) {
				t.Errorf("ReadAt: %q %v", p, err)
			}
		}
		must(t, b.Close())
	}
	if _, err := s.OpenBlob(ctx, strings.Repeat("0", 64)); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v", err)
	}
	if _, err := s.OpenBlob(ctx, "../../etc/passwd"); err == nil {
		t.Error("a path was taken for a hash")
	}
	// Nobody refers to them: a repair collects what somebody let go of, and nothing else.
	for _, want := range []int{5, 0} {
		for i := range refs[want:] {
			must(t, s.write(ctx, "test", func(t *wtx) error { return t.letGo(&refs[i]) }))
		}
		if rep := got(s.Check(ctx, true))(t); !rep.Clean() || rep.Blobs != 5 {
			t.Errorf("report %+v", rep)
		}
		if rep := got(s.Check(ctx, false))(t); !rep.Clean() || rep.Blobs != want || (len(rep.Problems) == 0) != (want == 0) {
			t.Errorf("%d are to be here afterwards: %+v", want, rep)
		}
	}
	// An error of the reader is an error, and leaves nothing.
	if _, err := s.PutBlob(ctx, io.MultiReader(bytes.NewReader(randomBytes(2<<20)), brokenReader{})); err == nil {
		t.Error("a broken stream was stored")
	}
	if l := got(filepath.Glob(filepath.Join(s.Dir(), blobDir, "*-*")))(t); len(l) != 0 {
		t.Errorf("left behind: %v", l)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("the line broke") }

// Spoiled bytes of the search index are found and the index is made again in place; until then a search finds less or says what to do, and
// nothing else is touched.
func TestDamagedSearchIndex(t *testing.T) {
	seeds := 6
	if os.Getenv("PEYK_LONG") != "" {
		seeds = 200
	}
	for seed := range int64(seeds) {
		s := openTest(t, Options{Parse: parseStub})
		ctx := context.Background()
		_, f := imapAccount(t, s, "work")
		var in []mail.Incoming
		for _, m := range messages(1, 300) {
			m.Summary.Text += " common"
			in = append(in, withBody(t, s, m))
		}
		for n := 0; n < len(in); n += 100 {
			got(s.Ingest(ctx, f[mail.RoleInbox], in[n:n+100]))(t)
		}
		rnd := rand.New(rand.NewSource(seed))
		must(t, s.write(ctx, "spoiling the index", func(t *wtx) error { return spoilIndex(t, rnd) }))
		for _, q := range []string{"common", "text number7", "subj", "from:writer -number8"} {
			var ce *CorruptError
			if _, err := s.Page(ctx, Query{Search: q}, 0, 50); err != nil && !errors.As(err, &ce) {
				t.Fatalf("seed %d: searching a spoiled index: %v", seed, err)
			}
		}
		rep := got(s.Check(ctx, false))(t)
		if len(rep.Problems) == 0 || rep.Problems[0].Where != "search index" || rep.Clean() {
			t.Fatalf("seed %d: the damage was not found: %+v", seed, rep.Problems)
		}
		rep = got(s.Check(ctx, true))(t)
		for _, p := range rep.Problems {
			if p.Where != "search index" || !p.Repaired {
				t.Errorf("seed %d: %+v", seed, p)
			}
		}
		if rep = got(s.Check(ctx, false))(t); len(rep.Problems) != 0 {
			t.Errorf("seed %d: after the repair: %+v", seed, rep.Problems)
		}
		wantCount(t, s, Query{Search: "common"}, 300, 300)
		wantCount(t, s, Query{Search: "subject:subject text"}, 300, 300)
	}
}

// spoilIndex changes bytes in some pieces of the index, behind its back.
func spoilIndex(t *wtx, rnd *rand.Rand) error {
	type piece struct {
		id   int64
		data []byte
	}
	var pieces []piece
	if err := t.each("SELECT id,block FROM fts_data WHERE id>10", nil, func(r scanner) error {
		var p piece
		err := r.Scan(&p.id, &p.data)
		pieces = append(pieces, p)
		return err
	}); err != nil {
		return err
	}
	for _, i := range rnd.Perm(len(pieces))[:max(1, len(pieces)/3)] {
		for range 6 {
			pieces[i].data[rnd.Intn(len(pieces[i].data))] ^= byte(1 + rnd.Intn(255))
		}
		if err := t.do("UPDATE fts_data SET block=? WHERE id=?", pieces[i].data, pieces[i].id); err != nil {
			return err
		}
	}
	return nil
}

func TestCheckFindsAndRepairs(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 5)))(t)
	for _, q := range []string{
		"UPDATE folders SET total=99, unread=1 WHERE role=1",
		"DELETE FROM fts WHERE rowid=2",
		"INSERT INTO fts(rowid,subject,sender,recipients,names,body) VALUES(777,'x','','','','')",
		"DELETE FROM details WHERE id=3",
		"UPDATE messages SET role=4 WHERE id=4",
		"UPDATE messages SET folder=12345 WHERE id=5",
	} {
		must(t, s.write(ctx, "breaking things", func(t *wtx) error { return t.do(q) }))
	}
	rep := got(s.Check(ctx, false))(t)
	if len(rep.Problems) < 6 || rep.Clean() {
		t.Errorf("found %+v", rep.Problems)
	}
	got(s.Check(ctx, true))(t)
	clean(t, s)
	if r := row(t, s, ids[4]); got(s.Folder(ctx, r.Folder))(t).Path != recoveredFolder {
		t.Errorf("row %+v", r)
	}
	if n, _, _ := s.Count(ctx, Query{Search: "subject:2"}); n != 1 {
		t.Error("the lost index entry was not made again")
	}
}

// A check that only looks does so on both files at once: it ends with the context, and what is wrong in either is in one report.
func TestCheckLooksAtBothFiles(t *testing.T) {
	s := openTest(t, Options{})
	_, f := imapAccount(t, s, "office")
	ref := got(s.PutBlob(context.Background(), strings.NewReader("Subject: x\r\n\r\nbytes that are kept")))(t)
	in := mail.Incoming{UID: 1, Size: ref.Size, Blob: &ref, Summary: mail.Summary{Subject: "x"}}
	got(s.Ingest(context.Background(), f[mail.RoleInbox], []mail.Incoming{in}))(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Check(ctx, false); !errors.Is(err, context.Canceled) {
		t.Errorf("a check that was cancelled: %v", err)
	}
	must(t, s.w.run(context.Background(), nil, func(w *wtx) error { return w.do("UPDATE folders SET total=7") }))
	must(t, s.blobs.w.run(context.Background(), nil, func(w *wtx) error { return w.do("UPDATE blobs SET data=x'00'") }))
	rep := got(s.Check(context.Background(), false))(t)
	said := ""
	for _, p := range rep.Problems {
		said += p.What + "\n"
	}
	if !strings.Contains(said, "counted 7 messages") || !strings.Contains(said, "the stored bytes are damaged") || rep.Messages != 1 || rep.Blobs != 1 {
		t.Errorf("%+v", rep)
	}
}
