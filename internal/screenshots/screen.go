package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// screen is an X server without a monitor. It keeps its frame buffer in a file (-fbdir), which is where capture reads.
type screen struct {
	dir     string
	display string
	server  *exec.Cmd
	done    chan error
}

// startScreen starts Xvfb on a display number of its own choice; it ends with ctx or close.
func startScreen(ctx context.Context, width, height int) (*screen, error) {
	dir, err := os.MkdirTemp("", "peyk-screen-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the frame buffer: %w", err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe to Xvfb: %w", err)
	}
	defer r.Close()
	cmd := exec.CommandContext(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-fbdir", dir, "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		w.Close()
		os.RemoveAll(dir)
		return nil, fmt.Errorf("starting Xvfb (Debian's package xvfb): %w", err)
	}
	w.Close()
	s := &screen{dir: dir, server: cmd, done: make(chan error, 1)}
	go func() { s.done <- cmd.Wait() }()
	_ = r.SetReadDeadline(time.Now().Add(2 * time.Minute))
	// Up to the end of the line, which Xvfb writes by itself: it would die of a pipe closed before.
	line, err := bufio.NewReader(r).ReadString('\n')
	number, perr := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || perr != nil {
		s.close()
		return nil, fmt.Errorf("the X server did not say which display it serves: %w", errors.Join(err, perr))
	}
	s.display = fmt.Sprintf(":%d", number)
	return s, nil
}

func (s *screen) close() {
	_ = s.server.Process.Kill() // nothing of it is to be kept
	<-s.done
	_ = os.RemoveAll(s.dir)
}

// env is the environment of a program on this screen; extra replaces what it names.
func (s *screen) env(extra ...string) []string {
	out := []string{"DISPLAY=" + s.display, "LIBGL_ALWAYS_SOFTWARE=1"}
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		switch name {
		case "DISPLAY", "WAYLAND_DISPLAY", "LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "DBUS_SESSION_BUS_ADDRESS":
		default:
			out = append(out, e)
		}
	}
	return append(out, extra...)
}

// xdotool works the keyboard and the pointer.
func (s *screen) xdotool(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = s.env()
	var errText bytes.Buffer
	cmd.Stderr = &errText
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("xdotool %s: %w %s", strings.Join(args, " "), err, strings.TrimSpace(errText.String()))
	}
	return strings.TrimSpace(string(out)), nil
}

// capture reads what the screen shows.
func (s *screen) capture() (*image.RGBA, error) {
	b, err := os.ReadFile(filepath.Join(s.dir, "Xvfb_screen0"))
	if err != nil {
		return nil, fmt.Errorf("reading the frame buffer: %w", err)
	}
	return decodeXWD(b)
}

// settled captures once two looks in a row are the same, or after limit.
func (s *screen) settled(ctx context.Context, limit time.Duration) (*image.RGBA, error) {
	end := time.Now().Add(limit)
	var last *image.RGBA
	for {
		img, err := s.capture()
		if err != nil {
			return nil, err
		}
		if last != nil && bytes.Equal(last.Pix, img.Pix) || time.Now().After(end) {
			return img, nil
		}
		last = img
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(400 * time.Millisecond):
		}
	}
}

// colours counts different colours, up to most: an empty window has few.
func colours(img *image.RGBA, most int) int {
	seen := map[[3]byte]bool{}
	for i := 0; i+3 < len(img.Pix) && len(seen) < most; i += 4 {
		seen[[3]byte{img.Pix[i], img.Pix[i+1], img.Pix[i+2]}] = true
	}
	return len(seen)
}
