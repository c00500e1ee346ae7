//go:build !linux

package mailtest

import (
	"os"
	"os/exec"
)

func dieWithParent(*exec.Cmd) {}

func terminate(cmd *exec.Cmd) { cmd.Process.Signal(os.Interrupt) }
