package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peyk/internal/powerloss"
)

// The power fails at any moment while mail is stored and operations are submitted: what had been reported as stored is there,
// nothing is doubled, and the profile is sound. The same with SQLite told not to wait for the disk shows that the test would
// notice a missing sync.
func TestPowerLossWhileStoring(t *testing.T) {
	points := 40
	if os.Getenv("PEYK_LONG") != "" {
		points = 1000
	}
	for _, unsafe := range []bool{false, true} {
		log := traced(t, unsafe)
		rnd := rand.New(rand.NewPCG(3, 9))
		found := 0
		for i := range points {
			at := rnd.IntN(log.Points() + 1)
			wrong := cutAt(t, log, "", at, uint64(i))
			if len(wrong) == 0 {
				continue
			}
			found++
			if !unsafe {
				t.Errorf("cut %d, behind call %d of %d: %s", i, at, log.Points(), strings.Join(wrong, "; "))
			}
		}
		t.Logf("unsafe %v: %d of %d power cuts did harm", unsafe, found, points)
		if unsafe && found == 0 {
			t.Error("without syncs nothing was lost: the simulation simulates nothing")
		}
	}
}

// The power fails at any moment of the first run, in which the folder of the profile is made, too: mail that was reported as stored is not lost with
// a folder whose name never reached the disk.
func TestPowerLossInTheFirstRun(t *testing.T) {
	points := 60
	if os.Getenv("PEYK_LONG") != "" {
		points = 1000
	}
	root := got(filepath.EvalSymlinks(t.TempDir()))(t)
	profile := filepath.Join("data", "peyk")
	env := append(os.Environ(), crashEnv+"="+filepath.Join(root, profile), crashRoundsEnv+"=2")
	log := got(powerloss.Trace(root, env, os.Args[0]))(t)
	for i := range points {
		at := i * log.Points() / (points - 1)
		if wrong := cutAt(t, log, profile, at, uint64(i)); len(wrong) > 0 {
			t.Errorf("cut %d, behind call %d of %d: %s", i, at, log.Points(), strings.Join(wrong, "; "))
		}
	}
}

// The power fails at any moment of an upgrade: the profile opens, with its mail, and once anything of it is upgraded, what the older Peyk needs
// is whole beside it.
func TestPowerLossInAnUpgrade(t *testing.T) {
	points := 40
	if os.Getenv("PEYK_LONG") != "" {
		points = 1000
	}
	from := len(mailMigrations) - 3
	dir := got(filepath.EvalSymlinks(oldProfile(t, from)))(t)
	start := t.TempDir()
	must(t, os.CopyFS(start, os.DirFS(dir)))
	log := got(powerloss.Trace(dir, append(os.Environ(), crashEnv+"="+dir, crashRoundsEnv+"=0"), os.Args[0]))(t)
	log.StartFrom(start)
	upgraded := 0
	for i := range points {
		at := i * log.Points() / (points - 1)
		dir := filepath.Join(t.TempDir(), "p")
		if said := got(log.Image(dir, at, uint64(i)))(t); said != "" {
			t.Fatal(said)
		}
		path := filepath.Join(dir, mailFile)
		if version, _ := versionAndMessages(t, path); version > from {
			upgraded++
			if version, messages := versionAndMessages(t, backupName(path, from+1)); version != from || messages != 1 {
				t.Errorf("cut %d, behind call %d of %d: the backup is of schema %d and has %d messages", i, at, log.Points(), version, messages)
			}
		}
		s := got(Open(context.Background(), dir, Options{}))(t)
		wantPage(t, s, Query{Folder: 1}, "old")
		must(t, s.Close())
		must(t, os.RemoveAll(dir))
	}
	if upgraded == 0 {
		t.Error("no cut was behind the upgrade")
	}
}

// versionAndMessages are the schema of a mail.db and how many messages it has; -1 where it is not whole.
func versionAndMessages(t *testing.T, path string) (version, messages int) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		return -1, -1
	}
	c := got(openConn(dsn(path, "")))(t)
	defer c.close()
	var sound string
	if _, err := c.get("PRAGMA integrity_check", nil, &sound); err != nil || sound != "ok" {
		return -1, -1
	}
	for _, q := range []struct {
		sql string
		to  *int
	}{{"PRAGMA user_version", &version}, {"SELECT count(*) FROM messages", &messages}} {
		if _, err := c.get(q.sql, nil, q.to); err != nil {
			return -1, -1
		}
	}
	return version, messages
}

// traced records what the process of crashChild does to a profile.
func traced(t *testing.T, unsafe bool) *powerloss.Log {
	t.Helper()
	dir := got(filepath.EvalSymlinks(t.TempDir()))(t)
	s := got(Open(context.Background(), dir, Options{}))(t)
	popAccount(t, s, "office")
	must(t, s.Close())
	env := append(os.Environ(), crashEnv+"="+dir, crashRoundsEnv+"=8")
	if unsafe {
		env = append(env, crashUnsafeEnv+"=1")
	}
	start := t.TempDir()
	must(t, os.CopyFS(start, os.DirFS(dir)))
	log := got(powerloss.Trace(dir, env, os.Args[0]))(t)
	log.StartFrom(start)
	return log
}

// cutAt opens the profile, a folder of what was recorded, as a power cut left it and says what is wrong with it.
func cutAt(t *testing.T, log *powerloss.Log, profile string, at int, seed uint64) []string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "p")
	said := got(log.Image(root, at, seed))(t)
	defer os.RemoveAll(root)
	dir := filepath.Join(root, profile)
	stored := 0
	for line := range strings.Lines(said) {
		if strings.HasPrefix(line, "error") {
			return []string{line}
		}
		_, _ = fmt.Sscanf(line, "stored %d", &stored)
	}
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		return []string{err.Error()}
	}
	defer s.Close()
	return afterCrash(t, s, stored)
}
