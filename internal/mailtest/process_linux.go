package mailtest

import (
	"sync"
	"syscall"
)

// prSetChildSubreaper is PR_SET_CHILD_SUBREAPER of prctl(2).
const prSetChildSubreaper = 36

// adopt makes this process the parent of those whose own parent dies, so that reap can take leave of them. Where nobody did (the first
// process of a container may be any), a killed Dovecot would leave nine that are dead and take up a number each.
var adopt = sync.OnceFunc(func() { _, _, _ = syscall.Syscall(syscall.SYS_PRCTL, prSetChildSubreaper, 1, 0) })

// reap waits for the processes of a group that was killed as a whole and whose leader was waited for.
func reap(group int) {
	for {
		if _, err := syscall.Wait4(-group, nil, 0, nil); err != nil && err != syscall.EINTR {
			return // there are no more
		}
	}
}
