package mailtest

import (
	"bytes"
	"testing"
)

func TestDovecotDeliversAndServes(t *testing.T) {
	for _, format := range []string{"maildir", "sdbox"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			s := StartDovecot(t, DovecotOptions{Format: format})
			first := []byte("Subject: one\r\n\r\n.dot\r\nbody \xff\r\n")
			s.Deliver("ali", first, []byte("Subject: two\n\nbody\n"))
			s.DeliverTo("ali", "Archive/2026", []byte("Subject: three\r\n\r\n"))
			got := s.Messages("ali", "INBOX")
			if len(got) != 2 || !bytes.Equal(got[0], first) || string(got[1]) != "Subject: two\r\n\r\nbody\r\n" {
				t.Fatalf("INBOX holds %q", got)
			}
			if got := s.Messages("ali", "Archive/2026"); len(got) != 1 {
				t.Fatalf("Archive/2026 holds %q", got)
			}
			s.Doveadm("flags", "add", "-u", "ali", `\Flagged tag1`, "mailbox", "INBOX", "2")
			flags := s.Flags("ali", "INBOX")
			if len(flags) != 2 || len(flags[0]) != 0 || len(flags[1]) != 2 || flags[1][0] != `\Flagged` || flags[1][1] != "tag1" {
				t.Fatalf("flags are %q", flags)
			}
			s.Stop()
			s.Start()
			if got := s.Messages("ali", "INBOX"); len(got) != 2 {
				t.Fatalf("after a restart INBOX holds %q", got)
			}
		})
	}
}

// TestPortsAreReserved: a port that was given to a server is given to no other, also not by another process.
func TestPortsAreReserved(t *testing.T) {
	for _, port := range freePorts(t, 3) {
		if f, ok := reserve(port); ok && f != nil {
			t.Errorf("port %d was reserved twice", port)
		}
	}
}
