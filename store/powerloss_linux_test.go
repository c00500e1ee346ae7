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
			wrong := cutAt(t, log, at, uint64(i))
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

// cutAt opens the profile as a power cut left it and says what is wrong with it.
func cutAt(t *testing.T, log *powerloss.Log, at int, seed uint64) []string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "p")
	said := got(log.Image(dir, at, seed))(t)
	defer os.RemoveAll(dir)
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
