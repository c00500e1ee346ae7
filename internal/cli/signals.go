package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// Signals are those that end the program in order: an interrupt, the wish to end, and the end of the terminal or session, unless
// whoever started the program (nohup) had it ignore that.
func Signals() []os.Signal {
	list := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		list = append(list, syscall.SIGHUP)
	}
	return list
}
