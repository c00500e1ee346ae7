package cli_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // to damage a row
)

// An outgoing message whose row is damaged is saved and removed when the user says so, and nothing else is.
func TestDoctorSavesWhatCannotBeRead(t *testing.T) {
	p := newPeyk(t)
	p.offline("office")
	for _, name := range []string{"one", "two"} {
		p.ok("send", p.write(name+".eml", "From: office@peyk.test\r\nTo: a@b.example\r\nSubject: "+name+"\r\nDate: Mon, 03 Mar 2025 10:00:00 +0000\r\n\r\ntext of "+name+"\r\n"))
	}
	db, err := sql.Open("sqlite3", filepath.Join(p.profile, "mail.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("UPDATE outbox SET item=substr(item,2) WHERE id=1"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "left of it")
	p.fails(2, []string{"--repair"}, "doctor", "--save-unreadable", dir)
	p.fails(1, []string{"not everything could be repaired"}, "doctor", "--repair")
	if out := p.run("doctor").out; !strings.Contains(out, "--save-unreadable DIR") {
		t.Errorf("it is not told what to do: %s", out)
	}
	if out := p.ok("doctor", "--repair", "--save-unreadable", dir); !strings.Contains(out, "the outgoing message 1 could not be read") {
		t.Errorf("it says %s", out)
	}
	p.ok("doctor")
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 2 || !strings.HasSuffix(list[0].Name(), ".eml") || !strings.HasSuffix(list[1].Name(), ".json") {
		t.Fatal(list, err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, list[0].Name())); err != nil || !strings.Contains(string(b), "text of one") {
		t.Errorf("%q, %v", b, err)
	}
	if left := p.json("outbox"); len(left) != 1 || left[0]["subject"] != "two" {
		t.Errorf("in the outbox: %v", left)
	}
	p.ok("doctor", "--repair", "--save-unreadable", dir) // nothing is left to do, and nothing is written
}
