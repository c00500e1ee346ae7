//go:build unix

package mailtest

import (
	"os/exec"
	"syscall"
)

// ownSession makes the server the leader of a session of its own: Postfix demands it, and a signal for the terminal's
// group does not reach the server before the test.
func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
