package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/powerloss"
)

// The power fails, or the process is killed, between any two changes of names in a repair: what the repair had saved is not lost, whether the profile is opened then or
// repaired again.
func TestPowerLossInARepair(t *testing.T) {
	const n = 5
	ctx := context.Background()
	o := Options{Parse: parseStub}
	for _, name := range []string{mailFile, blobFile} {
		dir := got(filepath.EvalSymlinks(filled(t, n)))(t)
		spoilAnIndex(t, filepath.Join(dir, name))
		start := t.TempDir()
		must(t, os.CopyFS(start, os.DirFS(dir)))
		log := got(powerloss.Trace(dir, append(os.Environ(), repairEnv+"="+dir), os.Args[0]))(t)
		log.StartFrom(start)
		moments := []int{0, log.Points()}
		for _, at := range log.Renames() {
			moments = append(moments, at-1, at, at+1)
		}
		for i, at := range moments {
			dir := filepath.Join(t.TempDir(), "p")
			if said := got(log.Image(dir, at, uint64(i)))(t); said != "" {
				t.Fatal(said)
			}
			s, err := Open(ctx, dir, o)
			if ce := (*CorruptError)(nil); err != nil && !errors.As(err, &ce) {
				t.Fatal(err)
			}
			if err == nil {
				must(t, s.Close())
			}
			got(Repair(ctx, dir, o))(t)
			s = got(Open(ctx, dir, o))(t)
			var bytes, rows int
			must(t, s.blobs.r.QueryRowContext(ctx, "SELECT count(*) FROM blobs").Scan(&bytes))
			got(s.read(ctx, "SELECT count(*) FROM messages WHERE blob IS NOT NULL AND role=?", []any{roleNumber(mail.RoleInbox)}, &rows))(t)
			if lang := got(s.Setting(ctx, "lang"))(t); bytes != n || rows != n || lang != "fa" {
				t.Errorf("%s, behind call %d of %d: the inbox has %d messages and there are the bytes of %d, of %d; the language is %q", name, at, log.Points(), rows, bytes, n, lang)
			}
			must(t, s.Close())
			must(t, os.RemoveAll(dir))
		}
	}
}

// A repair begins anew: what one before it left that was broken off may be old by now.
func TestARepairTakesNothingOfAnEarlierOne(t *testing.T) {
	ctx := context.Background()
	dir := filled(t, 3)
	path := filepath.Join(dir, mailFile)
	s := got(Open(ctx, dir, Options{}))(t)
	must(t, s.SetSetting(ctx, "lang", "de"))
	must(t, s.SetSetting(ctx, "since removed", "yes"))
	must(t, s.Close())
	for _, left := range []string{path + ".new", wholeName(path)} {
		must(t, os.WriteFile(left, got(os.ReadFile(path))(t), 0o600))
	}
	s = got(Open(ctx, dir, Options{}))(t)
	must(t, s.SetSetting(ctx, "lang", "fa"))
	must(t, s.write(ctx, "test", func(t *wtx) error { return t.do("DELETE FROM settings WHERE key='since removed'") }))
	must(t, s.Close())
	spoilAnIndex(t, path)
	if rep := got(Repair(ctx, dir, Options{Parse: parseStub}))(t); rep.Broken == "" {
		t.Fatalf("report %+v", rep)
	}
	s = got(Open(ctx, dir, Options{}))(t)
	defer s.Close()
	if lang, old := got(s.Setting(ctx, "lang"))(t), got(s.Setting(ctx, "since removed"))(t); lang != "fa" || old != "" {
		t.Errorf("the language is %q, what was removed is %q", lang, old)
	}
	for _, left := range []string{path + ".new", wholeName(path)} {
		if _, err := os.Stat(left); !os.IsNotExist(err) {
			t.Errorf("%s is left: %v", filepath.Base(left), err)
		}
	}
}
