//go:build unix

package cli_test

import (
	"bufio"
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"peyk/internal/cli"
)

// TestSignalsEndInOrder: each of them lets a command finish what it has begun, also when the terminal goes.
func TestSignalsEndInOrder(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if signal.Ignored(sig) {
			continue // as under nohup: then it stays ignored
		}
		cmd := newPeyk(t).command("demo", "--serve")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "{}\n" {
			t.Errorf("it said %q, %v", line, err)
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		hangs := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v", sig, err)
		}
		hangs.Stop()
	}
}

// A signal reaches who stores what is being written, and not the toolkit, which would leave its loop before that.
func TestOnlyOneHearsTheSignal(t *testing.T) {
	toolkit := make(chan os.Signal, 1)
	signal.Notify(toolkit, syscall.SIGTERM)
	ctx, only, stop := cli.Interruptible(context.Background())
	defer stop()
	only()
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
	signal.Stop(toolkit) // what it was to get it has by now
	if len(toolkit) > 0 {
		t.Error("the toolkit heard the signal, too")
	}
}
