package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// signals are those that end the program in order: an interrupt, the wish to end, and the end of the terminal or session, unless
// whoever started the program (nohup) had it ignore that.
func signals() []os.Signal {
	list := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		list = append(list, syscall.SIGHUP)
	}
	return list
}

// Interruptible returns a context that ends with the first signal that ends the program in order. only takes those signals from whoever else in the
// process asked for them: the toolkit of the window leaves its loop at once, with what was clicked and written last still waiting in it. stop gives
// them back to the system. All may be called from any goroutine.
func Interruptible(parent context.Context) (ctx context.Context, only, stop func()) {
	list := signals()
	ctx, cancel := context.WithCancel(parent)
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, list...)
	go func() {
		select {
		case <-heard:
			cancel()
		case <-ctx.Done():
		}
	}()
	only = func() {
		signal.Reset(list...)
		signal.Notify(heard, list...)
	}
	return ctx, only, func() {
		signal.Stop(heard)
		cancel()
	}
}
