//go:build !unix

package mailtest

import (
	"os"
	"os/exec"
)

func ownSession(*exec.Cmd) {}

// reserve does nothing here: the tests with servers run on Unix.
func reserve(int) (*os.File, bool) { return nil, true }
