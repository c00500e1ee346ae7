package cli_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/cli"
	"peyk/internal/mail"
	"peyk/store"
)

// A message whose bytes were lost says how they come back.
func TestBytesThatAreMissing(t *testing.T) {
	p := newPeyk(t)
	p.ok("import", p.write("a.mbox", mbox(letters(0, 2)...)))
	for _, name := range []string{"blobs.db", "blobs.db-wal", "blobs.db-shm"} {
		if err := os.Remove(filepath.Join(p.profile, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	for _, verb := range []string{"show", "raw"} {
		p.fails(1, []string{"message 1", "missing", "doctor --repair"}, verb, "1")
	}
	p.fails(1, []string{"problems"}, "doctor")
	// They were imported: nobody has them. The repair says so, once.
	p.fails(1, []string{"gone for good", "peyk import"}, "doctor", "--repair")
	p.ok("doctor", "--repair")
	p.ok("doctor")
	p.fails(1, []string{"message 1"}, "show", "1")
}

// doctor names what could not be fetched, and calls the profile well all the same.
func TestDoctorNamesWhatWasSetAside(t *testing.T) {
	p := newPeyk(t)
	p.ok("import", p.write("a.mbox", mbox(letters(0, 2)...)))
	ctx := context.Background()
	st, err := cli.OpenStore(ctx, p.profile)
	if err != nil {
		t.Fatal(err)
	}
	fs, err := st.Folders(ctx, 0)
	if err != nil || len(fs) == 0 {
		t.Fatal(fs, err)
	}
	why := (&mail.Problem{Summary: "it is broken"}).Store()
	for _, q := range []store.Quarantined{{UID: 7, Subject: "report\x1b[2J", From: []mail.Address{{Name: "Reza", Addr: "reza@example.org"}}, Sent: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}, {UID: 8}, {UIDL: "000b4"}} {
		q.Folder, q.Reason = fs[len(fs)-1].ID, why
		if err := st.Quarantine(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	as, err := st.Accounts(ctx)
	if err != nil || len(as) == 0 {
		t.Fatal(as, err)
	}
	if err := st.SetRefusedFolders(ctx, as[0].ID, []store.RefusedFolder{{Path: "Shared", Why: why, Tries: 3, Due: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}}); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	out := p.ok("doctor")
	for _, want := range []string{", Shared: it is broken; the next try is due on 2026-03-02", "“report", "” from Reza <reza@example.org> of 2026-03-02 could not be fetched and stays on the server: it is broken", "it is broken; the next try is due on 20", "a message with UID 8 ", "that its server calls 000b4 ", "all is well"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in:\n%s", want, out)
		}
	}
	if strings.Contains(out, "\x1b") {
		t.Errorf("a stranger's subject reaches the terminal as it is: %q", out)
	}
	report := p.objects(p.ok("doctor", "--json"))[0]
	if refused := report["refused_folders"].([]any); len(refused) != 1 || refused[0].(map[string]any)["folder"] != "Shared" || refused[0].(map[string]any)["tries"] != 3.0 {
		t.Errorf("refused_folders: %v", refused)
	}
	list := report["set_aside"].([]any)
	if len(list) != 3 || !slices.ContainsFunc(list, func(q any) bool {
		return q.(map[string]any)["subject"] == "report\x1b[2J" && q.(map[string]any)["next_try"] != nil
	}) {
		t.Errorf("set_aside: %v", list)
	}
}
