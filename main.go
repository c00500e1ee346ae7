// Peyk is a mail client for the desktop: POP3 and IMAP accounts, a window, and sub-commands for scripts.
//
// This file wires the rooms of the house together and does nothing else; docs/architecture.md shows them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"

	"peyk/accounts"
	"peyk/accounts/remote"
	"peyk/internal/cli"
	"peyk/internal/demo"
	"peyk/internal/instance"
	"peyk/internal/mail"
	"peyk/internal/mailpage"
	"peyk/internal/transfer"
	mailsync "peyk/sync"
	"peyk/ui"
)

// version is set by the linker (make build).
var version = "dev"

func main() { os.Exit(run()) }

func run() int {
	ctx, only, stop := cli.Interruptible(context.Background())
	defer stop()
	if code, handled := cli.Run(ctx, os.Args[1:], cli.Deps{Version: version, DemoServe: demo.Serve}); handled {
		return code
	}
	fs := flag.NewFlagSet("peyk", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	profile := fs.String("profile", "", "the profile folder")
	isDemo := fs.Bool("demo", false, "open the demo mailbox")
	if err := fs.Parse(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "peyk: %s; see: peyk help\n", cli.FlagWords(err))
		return 2
	}
	err := error(nil)
	if *isDemo {
		err = openDemo(ctx, only)
	} else {
		err = openProfile(ctx, only, *profile, fs.Args())
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintf(os.Stderr, "peyk: %v\n", err)
		return 1
	}
	return 0
}

// openProfile opens the window on a profile, or hands the arguments to the one that is open.
func openProfile(ctx context.Context, only func(), flagDir string, args []string) error {
	dir, err := cli.ProfileDir(flagDir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return ui.Refuse(ctx, fmt.Errorf("making the profile folder: %w", err))
	}
	cwd, _ := os.Getwd() // "" when it was removed: relative arguments then name nothing, which the window says
	holder, err := instance.Claim(dir)
	if errors.Is(err, instance.ErrRunning) {
		return instance.Hand(ctx, dir, instance.Request{Args: args, Dir: cwd})
	}
	if err != nil {
		return ui.Refuse(ctx, err)
	}
	defer holder.Close()
	opts, err := cli.EngineOptions(dir)
	if err != nil {
		return err
	}
	later := make(chan ui.OpenRequest, 1)
	later <- ui.OpenRequest{Args: args, Dir: cwd}
	go func() { // ends with holder.Close
		defer close(later)
		for r := range holder.Requests {
			select {
			case later <- ui.OpenRequest{Args: r.Args, Dir: r.Dir}:
			case <-ctx.Done():
			}
		}
	}()
	return window(ctx, dir, opts, nil, ui.Options{Requests: later, Demo: startDemo, Ready: func(*ui.MainWindow) { only() }}, holder.Close)
}

// openDemo opens the window on the embedded servers, with a profile that goes when the window closes.
func openDemo(ctx context.Context, only func()) error {
	servers, err := demo.Start(demo.Options{Now: cli.Now()})
	if err != nil {
		return err
	}
	defer servers.Close()
	dir, err := os.MkdirTemp("", "peyk-demo-")
	if err != nil {
		return fmt.Errorf("making a folder for the demo: %w", err)
	}
	defer os.RemoveAll(dir)
	secret := accounts.NewMemoryVault(mail.Secrets{Incoming: demo.Password, Outgoing: demo.Password})
	opts := mailsync.Options{Profile: dir, Now: cli.Now, Vault: secret,
		OpenerFor: func(a mail.Account) remote.Opener { return accounts.NewOpener(a, secret) }}
	return window(ctx, dir, opts, servers.Accounts(), ui.Options{Ready: func(*ui.MainWindow) { only() }}, func() {})
}

// startDemo opens the demo in a process of its own, so that it shares nothing with the profile.
func startDemo() {
	exe, err := os.Executable()
	if err == nil {
		err = exec.Command(exe, "--demo").Start()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "peyk: starting the demo: %v\n", err)
	}
}

// window runs engine and window over the profile in dir until the window is closed, and says at once that it is gone; fresh accounts are stored before.
func window(ctx context.Context, dir string, opts mailsync.Options, fresh []mail.Account, o ui.Options, gone func()) error {
	st, err := cli.OpenStore(ctx, dir)
	if err != nil {
		gone()
		return ui.Refuse(ctx, fmt.Errorf("opening the profile %s: %w", dir, err))
	}
	defer st.Close()
	opts.Push, opts.Page = true, mailpage.Embed
	engine := mailsync.New(st, opts)
	defer engine.Close()
	defer gone() // first: the engine may still have an exchange to end, and who starts Peyk meanwhile wants a new window
	if err := engine.Start(ctx); err != nil {
		return fmt.Errorf("starting the engine: %w", err)
	}
	for _, a := range fresh {
		if _, err := engine.SaveAccount(ctx, a, mail.Secrets{}); err != nil {
			return fmt.Errorf("storing the account %s: %w", a.Name, err)
		}
	}
	o.Store, o.Engine, o.Now, o.Transfer = st, engine, cli.Now, transfer.Profile{Store: st, Engine: engine}
	o.OpenFile = func(ctx context.Context, path string) (mail.FolderID, mail.MessageID, error) {
		return cli.OpenFile(ctx, st, engine, path)
	}
	return ui.Run(ctx, o)
}
