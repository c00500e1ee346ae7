package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// program is the binary running on a screen.
type program struct {
	*screen
	cmd    *exec.Cmd
	home   string
	output bytes.Buffer
	ended  chan error
}

// start runs the binary with a home folder of its own and waits for its window.
func start(ctx context.Context, s *screen, binary string, env []string, args ...string) (*program, error) {
	home, err := os.MkdirTemp("", "peyk-home-")
	if err != nil {
		return nil, fmt.Errorf("making a home folder: %w", err)
	}
	if err := os.Mkdir(filepath.Join(home, ".cache"), 0o700); err != nil { // Fyne expects it
		return nil, fmt.Errorf("making a home folder: %w", err)
	}
	p := &program{screen: s, home: home, ended: make(chan error, 1)}
	p.cmd = exec.CommandContext(ctx, binary, args...)
	p.cmd.Env = s.env(append([]string{"HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_RUNTIME_DIR=" + home}, env...)...)
	p.cmd.Stdout, p.cmd.Stderr = &p.output, &p.output
	if err := p.cmd.Start(); err != nil {
		os.RemoveAll(home)
		return nil, fmt.Errorf("starting %s: %w", binary, err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	if err := p.waitForWindow(ctx); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

func (p *program) waitForWindow(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	for {
		if id, err := p.xdotool(ctx, "search", "--onlyvisible", "--name", "."); err == nil && id != "" {
			return nil
		}
		select {
		case err := <-p.ended:
			p.ended <- err
			return fmt.Errorf("the program ended before its window showed: %v: %s", err, p.output.String())
		case <-ctx.Done():
			return fmt.Errorf("no window after three minutes: %s", p.output.String())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// stop ends the program and removes its home; the error is how it ended when it did so by itself.
func (p *program) stop() error {
	_ = p.cmd.Process.Signal(os.Interrupt) // it may be gone already
	var err error
	select {
	case err = <-p.ended:
	case <-time.After(time.Minute):
		_ = p.cmd.Process.Kill()
		<-p.ended
		err = fmt.Errorf("it did not end within a minute of an interrupt: %s", p.output.String())
	}
	_ = os.RemoveAll(p.home)
	return err
}

// do works the window, one step a line: "key ctrl+n", "type text", "click X Y", "move X Y", "wait MS",
// "fill": the newest window takes the whole screen, as no window manager would make it do.
func (p *program) do(ctx context.Context, script string) error {
	for _, line := range strings.Split(strings.TrimSpace(script), "\n") {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		var err error
		switch verb {
		case "":
		case "key":
			_, err = p.xdotool(ctx, append([]string{"key", "--delay", "60"}, strings.Fields(rest)...)...)
		case "type":
			_, err = p.xdotool(ctx, "type", "--delay", "60", rest)
		case "click", "menu", "move":
			xy := strings.Fields(rest)
			args := []string{"mousemove", "--sync", xy[0], xy[1]}
			if verb != "move" {
				button := map[string]string{"click": "1", "menu": "3"}[verb]
				args = append(args, "sleep", "0.2", "click", button)
			}
			_, err = p.xdotool(ctx, args...)
		case "fill":
			var ids string
			if ids, err = p.xdotool(ctx, "search", "--onlyvisible", "--name", "."); err == nil {
				all := strings.Fields(ids)
				_, err = p.xdotool(ctx, "windowmove", all[len(all)-1], "0", "0", "windowsize", all[len(all)-1], "100%", "100%")
			}
		case "wait":
			var ms int
			if _, err = fmt.Sscan(rest, &ms); err == nil {
				time.Sleep(time.Duration(ms) * time.Millisecond)
			}
		default:
			err = fmt.Errorf("%q is no step", line)
		}
		if err != nil {
			return fmt.Errorf("step %q: %w", line, err)
		}
	}
	return nil
}
