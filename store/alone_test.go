package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"peyk/internal/mail"
)

const olderEnv = "PEYK_STORE_OLDER_DIR" // the test binary plays an older Peyk that has the profile in this folder open

// olderVersion is the schema that the older Peyk knows: the last one in which a trigger counts what is added.
const olderVersion = schemaCounts - 1

// olderChild has the profile open as an older Peyk has, and adds a message, as that would, for each line it reads.
func olderChild(dir string) {
	ctx := context.Background()
	w, err := openWriter(ctx, filepath.Join(dir, mailFile), mailMigrations[:olderVersion])
	fmt.Println(err)
	for sc, n := bufio.NewScanner(os.Stdin), 10; err == nil && sc.Scan(); n++ {
		// Without what came later: that code asked for no version.
		err = w.conn.script(fmt.Sprintf(`INSERT INTO messages(account,folder,role,thread,uid,date,received,size,flags,hidden,sflags,attachments,hasbody,keywords,skeywords,header_id,subject,sender,recipients,snippet)
 VALUES(1,1,1,1,%d,100,100,5,0,0,0,0,0,'','','x@y','','','','')`, n))
		fmt.Println(err)
	}
}

// older is such a process.
type older struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startOlder(t *testing.T, dir string) *older {
	t.Helper()
	o := &older{t: t, cmd: exec.Command(os.Args[0])}
	o.cmd.Env = append(os.Environ(), olderEnv+"="+dir)
	o.in = got(o.cmd.StdinPipe())(t)
	o.out = bufio.NewReader(got(o.cmd.StdoutPipe())(t))
	must(t, o.cmd.Start())
	t.Cleanup(o.end)
	o.answer()
	return o
}

func (o *older) answer() {
	o.t.Helper()
	if line := got(o.out.ReadString('\n'))(o.t); line != "<nil>\n" {
		o.t.Fatalf("the older process: %s", line)
	}
}

func (o *older) write() {
	o.t.Helper()
	_, err := io.WriteString(o.in, "write\n")
	must(o.t, err)
	o.answer()
}

// end lets it close the profile and waits for that.
func (o *older) end() {
	_ = o.in.Close()
	_ = o.cmd.Wait()
}

// While an older Peyk has the profile open it is not upgraded: what that one writes would be wrong by the newer rules. It goes on
// undisturbed, and is waited for.
func TestUpgradeWaitsUntilOlderProcessesAreGone(t *testing.T) {
	dir := oldProfile(t, olderVersion)
	o := startOlder(t, dir)
	ctx, cancel := context.WithTimeout(context.Background(), 400*time.Millisecond)
	defer cancel()
	_, err := Open(ctx, dir, Options{})
	var busy *InUseError
	if !errors.As(err, &busy) || busy.Problem().Code != mail.CodeInUse {
		t.Fatalf("error %v", err)
	}
	if found := got(filepath.Glob(filepath.Join(dir, "*.before-*")))(t); len(found) > 0 {
		t.Errorf("refused, and yet there is %s", found)
	}
	o.write()

	opened := make(chan *Store, 1)
	go func() {
		s, err := Open(context.Background(), dir, Options{})
		if err != nil {
			t.Error(err)
		}
		opened <- s
	}()
	o.write()
	select {
	case <-opened:
		t.Fatal("upgraded under an older process")
	case <-time.After(3 * alonePoll):
	}
	o.write()
	o.end()
	s := <-opened
	if s == nil {
		return
	}
	defer s.Close()
	wantCount(t, s, Query{}, 4, 4) // counted by the older one and kept by this one
	got(s.Ingest(context.Background(), 1, []mail.Incoming{withBody(t, s, message(50))}))(t)
	wantCount(t, s, Query{}, 5, 5)
	must(t, s.Close())
	// From now on it takes nothing to have the profile open twice.
	a, b := got(Open(context.Background(), dir, Options{}))(t), got(Open(context.Background(), dir, Options{}))(t)
	defer b.Close()
	defer a.Close()
	for _, p := range got(a.Check(context.Background(), false))(t).Problems {
		if p.Where == "folders" {
			t.Errorf("%s: %s", p.Where, p.What)
		}
	}
}

// Where locks do not hold, a profile may be upgraded under a process that has it open: that notices, tells, and writes nothing any more.
func TestUpgradedUnderARunningProcess(t *testing.T) {
	s := openTest(t, Options{PollEvery: 5 * time.Millisecond})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{withBody(t, s, message(1))}))(t)
	sub := s.Subscribe()
	defer sub.Close()
	next := append(append([]migration(nil), mailMigrations...), migration{name: "next", sql: "ALTER TABLE gens RENAME TO later"})
	w := got(openConn(dsn(filepath.Join(s.Dir(), mailFile), "")))(t)
	must(t, w.script(next[len(next)-1].sql))
	must(t, w.script(fmt.Sprintf("PRAGMA user_version=%d", len(next))))
	must(t, w.close())

	for !(<-sub.C).Newer {
	}
	_, err := s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{withBody(t, s, message(2))})
	var se *SchemaError
	if !errors.As(err, &se) || !se.Meanwhile || se.Have != len(next) || se.Problem().Code != mail.CodeUpgraded {
		t.Fatalf("error %v", err)
	}
	if err := s.SetSetting(ctx, "x", "1"); !errors.As(err, &se) {
		t.Errorf("error %v", err)
	}
	if !errors.As(s.Upgraded(), &se) {
		t.Error("not remembered")
	}
	late := s.Subscribe()
	defer late.Close()
	if c := <-late.C; !c.Newer {
		t.Errorf("who listens later is told %+v", c)
	}
	if v := got(s.Setting(ctx, "x"))(t); v != "" {
		t.Error("it was written")
	}
	wantCount(t, s, Query{}, 1, 1)
	must(t, s.Close())
	if _, err = Open(ctx, s.Dir(), Options{}); !errors.As(err, &se) || se.Meanwhile || se.Problem().Code != mail.CodeNewer {
		t.Errorf("error %v", err)
	}
}

// A damaged file is not put aside under a process that has it open: that would go on writing into it, and what it wrote would be lost. Bytes that nobody
// refers to are left alone, too, for they may be those of a message that is just coming.
func TestRepairWantsToBeAlone(t *testing.T) {
	ctx := context.Background()
	dir := filled(t, 60)
	running := got(Open(ctx, dir, Options{}))(t)
	coming := got(running.PutBlobs(ctx, [][]byte{[]byte("a message whose row comes next")}))(t)[0]
	doctor := got(Open(ctx, dir, Options{Parse: parseStub}))(t)
	rep := got(doctor.Check(ctx, true))(t)
	if len(rep.Problems) != 1 || rep.Problems[0].Repaired || !rep.Clean() {
		t.Errorf("report %+v", rep)
	}
	must(t, running.VerifyBlob(ctx, coming.Hash))
	must(t, doctor.Close())
	path := filepath.Join(dir, mailFile)
	must(t, running.w.conn.script("PRAGMA wal_checkpoint(TRUNCATE)"))
	overwrite(t, path, 8*4096, 4096)
	var busy *InUseError
	if _, err := Repair(ctx, dir, Options{Parse: parseStub}); !errors.As(err, &busy) {
		t.Errorf("repaired under a running process: %v", err)
	}
	if found := got(filepath.Glob(filepath.Join(dir, "*.broken-*")))(t); len(found) > 0 {
		t.Errorf("put aside: %s", found)
	}
	_ = running.Close()
	if rep := got(Repair(ctx, dir, Options{Parse: parseStub}))(t); rep.Broken == "" {
		t.Errorf("report %+v", rep)
	}
}

// Who writes to a closed store gets an error, and does not wait for a turn that never comes.
func TestWritingAfterClose(t *testing.T) {
	s := got(Open(context.Background(), t.TempDir(), Options{}))(t)
	must(t, s.Close())
	if err := s.SetSetting(context.Background(), "x", "1"); err == nil {
		t.Error("stored in a closed store")
	}
	if _, err := s.PutBlobs(context.Background(), [][]byte{[]byte("x")}); err == nil {
		t.Error("stored in a closed store")
	}
}
