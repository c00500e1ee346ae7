package main

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestTheBinaryRuns starts the real program on the demo mailbox under Xvfb: its window shows the list, opens a message, and
// the program ends cleanly when it is told to, leaving nothing behind.
func TestTheBinaryRuns(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	binary := filepath.Join(t.TempDir(), "peyk")
	build := exec.CommandContext(ctx, "go", "build", "-tags", "sqlite_fts5", "-o", binary, "../..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	s, err := startScreen(ctx, 1280, 800)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	tmp := t.TempDir()
	p, err := start(ctx, s, binary, []string{light, english, "TMPDIR=" + tmp}, "--demo")
	if err != nil {
		t.Fatal(err)
	}
	before := waitForColours(t, ctx, p, 200)
	if err := p.do(ctx, "click 430 240\nwait 500"); err != nil {
		t.Fatal(err)
	}
	after, err := s.settled(ctx, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(before, after.Pix) {
		t.Error("a click on a message changed nothing on the screen")
	}
	if err := p.stop(); err != nil {
		t.Errorf("the program ended with: %v\n%s", err, p.output.String())
	}
	if left, _ := filepath.Glob(filepath.Join(tmp, "peyk-*")); len(left) > 0 {
		t.Errorf("the demo left %v behind", left)
	}
}

// waitForColours waits until the window shows text and avatars, and returns the screen.
func waitForColours(t *testing.T, ctx context.Context, p *program, n int) []byte {
	t.Helper()
	for range 60 {
		img, err := p.settled(ctx, 2*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if colours(img, n) >= n {
			return img.Pix
		}
	}
	t.Fatalf("the window stayed empty: %s", p.output.String())
	return nil
}

func TestDamagedWindowDumpsAreRefused(t *testing.T) {
	for name, b := range map[string][]byte{
		"empty": nil, "short": make([]byte, 50), "zeros": make([]byte, 200),
		"ones": bytes.Repeat([]byte{0xff}, 300),
	} {
		if _, err := decodeXWD(b); err == nil {
			t.Errorf("%s was taken for a picture", name)
		}
	}
}
