//go:build unix

package mailbox

import "syscall"

// noWait lets the opening of a pipe return at once.
const noWait = syscall.O_NONBLOCK
