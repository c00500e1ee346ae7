package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
)

const (
	crashEnv       = "PEYK_STORE_CRASH_DIR"
	crashRoundsEnv = "PEYK_STORE_CRASH_ROUNDS" // how often it stores; else until it is killed
	repairEnv      = "PEYK_STORE_REPAIR_DIR"   // repairs the profile in this folder
	crashUnsafeEnv = "PEYK_STORE_CRASH_UNSAFE" // does not wait for the disk: what the tests must notice
)

// TestMain lets the test binary play the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(crashEnv); dir != "" {
		crashChild(dir)
		return
	}
	if dir := os.Getenv(repairEnv); dir != "" {
		if _, err := Repair(context.Background(), dir, Options{Parse: parseStub}); err != nil {
			fmt.Println("error", err)
		}
		return
	}
	if dir := os.Getenv(olderEnv); dir != "" {
		olderChild(dir)
		return
	}
	os.Exit(m.Run())
}

// crashChild stores mail and submits operations, and says what is durable.
func crashChild(dir string) {
	ctx := context.Background()
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	if os.Getenv(crashUnsafeEnv) != "" {
		for _, w := range []*writer{s.w, s.blobs.w} {
			if err := w.conn.script("PRAGMA synchronous=OFF"); err != nil {
				fmt.Println("error", err)
				os.Exit(1)
			}
		}
	}
	f, err := s.Folders(ctx, 0)
	if err == nil && len(f) == 0 {
		f, err = firstFolders(ctx, s)
	}
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	rounds, err := strconv.Atoi(os.Getenv(crashRoundsEnv))
	if err != nil {
		rounds = 1 << 30
	}
	inbox, other := f[0].ID, f[len(f)-1].ID
	total, _, _ := s.Count(ctx, Query{})
	for n := total + 1; rounds > 0; n += 10 {
		rounds--
		var raw [][]byte
		var in []mail.Incoming
		for i := range 10 {
			m := message(n + i)
			m.UID, m.UIDL = 0, m.Summary.HeaderID
			in = append(in, m)
			size := 300
			if i == 9 {
				size = smallBlob + 500 // a file
			}
			b := []byte("Message-ID: " + m.Summary.HeaderID + "\r\nSubject: a\r\n\r\n" + strings.Repeat("x", size)) // without a row a repair knows it by its header
			if i == 7 {
				b = append(b, randomBytes(denseBlob)...) // one as well
			}
			raw = append(raw, b)
		}
		refs, err := s.PutBlobs(ctx, raw)
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		for i := range in {
			in[i].Blob = &refs[i]
		}
		ids, err := s.Ingest(ctx, inbox, in)
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println("stored", n+9)
		if _, err := s.Submit(ctx, []mail.Op{{Kind: mail.OpMove, Messages: ids[:3], Folder: other, Title: "move"}}); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
}

// firstFolders makes an account in a new profile.
func firstFolders(ctx context.Context, s *Store) ([]mail.Folder, error) {
	a, err := s.SaveAccount(ctx, mail.Account{Name: "office", Email: "office@example.org", Protocol: mail.POP3})
	for _, r := range []mail.Role{mail.RoleInbox, mail.RoleTrash} {
		if err == nil {
			_, err = s.EnsureLocalFolder(ctx, a, string(r), r)
		}
	}
	if err != nil {
		return nil, err
	}
	return s.Folders(ctx, 0)
}

// TestKilledWhileStoring kills a process at random moments. What it had reported as stored must be there, nothing twice, and
// the profile clean.
func TestKilledWhileStoring(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	s := got(Open(ctx, dir, Options{}))(t)
	popAccount(t, s, "office")
	must(t, s.Close())
	rnd := rand.New(rand.NewSource(7))
	for round := range 6 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), crashEnv+"="+dir)
		out := got(cmd.StdoutPipe())(t)
		must(t, cmd.Start())
		stored, failure := 0, ""
		done := make(chan struct{})
		first := make(chan struct{})
		go func() {
			defer close(done)
			sc := bufio.NewScanner(out)
			for sc.Scan() {
				if k, ok := strings.CutPrefix(sc.Text(), "stored "); ok {
					if stored == 0 {
						close(first)
					}
					stored, _ = strconv.Atoi(k)
				} else {
					failure = sc.Text()
				}
			}
		}()
		select {
		case <-first:
		case <-done:
		}
		time.Sleep(time.Duration(rnd.Intn(120)) * time.Millisecond)
		must(t, cmd.Process.Kill())
		<-done
		_ = cmd.Wait()
		if failure != "" {
			t.Fatal(failure)
		}
		s := got(Open(ctx, dir, Options{Parse: parseStub}))(t)
		for _, p := range afterCrash(t, s, stored) {
			t.Errorf("round %d: %s", round, p)
		}
		if round == 5 {
			got(s.Check(ctx, true))(t)
			clean(t, s)
		}
		must(t, s.Close())
	}
}

// afterCrash says what is wrong in the profile of a crashChild that had reported so many messages as stored. It offers all
// messages again, as the next pass would.
func afterCrash(t *testing.T, s *Store, stored int) (wrong []string) {
	t.Helper()
	ctx := context.Background()
	total, _, err := s.Count(ctx, Query{})
	if err != nil {
		return []string{err.Error()}
	}
	if total < stored || total > stored+10 {
		wrong = append(wrong, fmt.Sprintf("%d messages, %d were reported", total, stored))
	}
	rep, err := s.Check(ctx, false)
	if err != nil {
		return append(wrong, err.Error())
	}
	for _, p := range rep.Problems {
		if !p.Harmless {
			wrong = append(wrong, p.Where+": "+p.What)
		}
	}
	var in []mail.Incoming
	f := got(s.Folders(ctx, 0))(t)
	if total == 0 {
		return wrong
	}
	for n := 1; n <= total; n++ {
		m := message(n)
		m.UID, m.UIDL = 0, m.Summary.HeaderID
		in = append(in, m)
	}
	if _, err := s.Ingest(ctx, f[0].ID, in); err != nil {
		return append(wrong, err.Error())
	}
	if again, _, err := s.Count(ctx, Query{}); err != nil || again != total {
		wrong = append(wrong, fmt.Sprintf("%d messages after they were offered again, %d before: %v", again, total, err))
	}
	return wrong
}
