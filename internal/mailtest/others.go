package mailtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Reach says how a client reaches a server that has mailboxes, whichever server it is.
type Reach struct {
	Name                                     string // of the software: "Dovecot", "Cyrus", "Courier"
	IMAPPort, IMAPSPort, POP3Port, POP3SPort int    // on 127.0.0.1; the plain ports offer STARTTLS; 0: none
	CAFile                                   string
	Users                                    map[string]string // names and passwords
}

// Reach says how this Dovecot is reached.
func (s *Server) Reach() Reach {
	return Reach{Name: "Dovecot", IMAPPort: s.IMAPPort, IMAPSPort: s.IMAPSPort, POP3Port: s.POP3Port, POP3SPort: s.POP3SPort, CAFile: s.CAFile, Users: s.Users}
}

// Debian's packages of Cyrus and Courier conflict with Dovecot's. `.ci/deps test` therefore unpacks them into this folder
// instead of installing them, so that no service of theirs is ever set up; PEYK_TEST_SERVERS names another one.
const unpackedServers = "/var/cache/peyk-test-servers"

func unpacked() string {
	if dir := os.Getenv("PEYK_TEST_SERVERS"); dir != "" {
		return dir
	}
	return unpackedServers
}

// unpackedProgram finds a program of an unpacked package, or of an installed one. Where there are no Debian packages, there is
// nothing to test with.
func unpackedProgram(tb testing.TB, path string) string {
	tb.Helper()
	for _, root := range []string{unpacked(), "/"} {
		p := filepath.Join(root, path)
		if st, err := os.Stat(p); err == nil && st.Mode()&0o111 != 0 {
			return p
		}
	}
	if _, err := os.Stat("/etc/debian_version"); err != nil {
		tb.Skipf("%s comes from Debian's packages, and this is no Debian", filepath.Base(path))
	}
	tb.Fatalf("%s is neither in %s nor installed, and these tests run against the real server: run .ci/deps test", path, unpacked())
	return ""
}

// unpackedEnv is the environment in which unpacked programs find their libraries, those of first before all others.
func unpackedEnv(first ...string) []string {
	found, _ := filepath.Glob(filepath.Join(unpacked(), "usr/lib/*-linux-gnu*"))
	dirs := append(append(first, found...), filepath.Join(unpacked(), "usr/lib"), filepath.Join(unpacked(), "usr/lib/courier-authlib"))
	return append(os.Environ(), "LD_LIBRARY_PATH="+strings.Join(dirs, ":"))
}
