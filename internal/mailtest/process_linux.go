package mailtest

import (
	"os/exec"
	"syscall"
)

// dieWithParent lets the kernel end the server when the test process is gone, and gives it a session of its own.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGTERM}
}

func terminate(cmd *exec.Cmd) { cmd.Process.Signal(syscall.SIGTERM) }
