//go:build unix

package mailtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// reserve keeps a port for the servers of this process until the file is closed: `go test` runs the tests of several packages at once,
// and a port of a server that is being started, or that is stopped for a while, looks free to the others. Where no file can be made,
// every port may be tried.
func reserve(port int) (*os.File, bool) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("peyk-test-ports-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, true
	}
	f, err := os.OpenFile(filepath.Join(dir, strconv.Itoa(port)), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, true
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		f.Close()
		return nil, false
	}
	return f, true
}

// ownSession makes the server the leader of a session of its own: Postfix demands it, and a signal for the terminal's
// group does not reach the server before the test.
func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
