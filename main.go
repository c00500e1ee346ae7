// Peyk is a mail client for the desktop: POP3 and IMAP accounts, a window, and sub-commands for scripts.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"peyk/internal/cli"
	"peyk/internal/demo"
)

// version is set by the linker (make build).
var version = "dev"

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code, handled := cli.Run(ctx, os.Args[1:], cli.Deps{Version: version, DemoServe: demo.Serve})
	if handled {
		return code
	}
	fmt.Fprintln(os.Stderr, "peyk: this build has no window; see: peyk help")
	return 1
}
