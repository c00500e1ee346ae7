package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os/exec"
	"path/filepath"
	"strings"
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
	waitForColours(t, ctx, p, 200)
	openFirst(t, ctx, p)
	if err := p.stop(); err != nil {
		t.Errorf("the program ended with: %v\n%s", err, p.output.String())
	}
	if left, _ := filepath.Glob(filepath.Join(tmp, "peyk-*")); len(left) > 0 {
		t.Errorf("the demo left %v behind", left)
	}
	fitsTheScreen(t, ctx, binary)
}

// fitsTheScreen: what is larger than a small screen could not be reached, and nothing here makes windows smaller but the program.
func fitsTheScreen(t *testing.T, ctx context.Context, binary string) {
	t.Helper()
	s, err := startScreen(ctx, 900, 620)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	p, err := start(ctx, s, binary, []string{light, english}, "--profile", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	waitForColours(t, ctx, p, 20)
	out, err := p.xdotool(ctx, "search", "--onlyvisible", "--name", ".", "getwindowgeometry", "--shell")
	var w, h int
	for _, line := range strings.Fields(out) {
		_, _ = fmt.Sscanf(line, "WIDTH=%d", &w)
		_, _ = fmt.Sscanf(line, "HEIGHT=%d", &h)
	}
	if err != nil || w == 0 || w > 900 || h == 0 || h > 620 {
		t.Errorf("the window is %d by %d on a screen of 900 by 620: %v\n%s", w, h, err, out)
	}
	if err := p.stop(); err != nil {
		t.Errorf("the program ended with: %v\n%s", err, p.output.String())
	}
}

// waitForColours waits until the window shows text and avatars.
func waitForColours(t *testing.T, ctx context.Context, p *program, n int) {
	t.Helper()
	for ctx.Err() == nil {
		img, err := p.settled(ctx, 2*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if colours(img, n) >= n {
			return
		}
	}
	t.Fatalf("the window stayed empty: %s", p.output.String())
}

// reader is where a message that is open is shown.
var reader = image.Rect(700, 130, 1260, 740)

// openFirst clicks on a message until the reader shows one: on a machine that is busy a click can come before the list takes any, and the
// picture long after it.
func openFirst(t *testing.T, ctx context.Context, p *program) {
	t.Helper()
	before := part(t, ctx, p, reader)
	for try := 0; ctx.Err() == nil; try++ {
		if err := p.do(ctx, fmt.Sprintf("click 430 %d", 236+try%2*8)); err != nil { // xdotool waits for ever for a pointer that is there
			t.Fatal(err)
		}
		for range 10 {
			if !bytes.Equal(before, part(t, ctx, p, reader)) {
				return
			}
		}
	}
	t.Error("a click on a message changed nothing in the reader")
}

// part is what a part of the screen shows once nothing moves.
func part(t *testing.T, ctx context.Context, p *program, r image.Rectangle) (pix []byte) {
	t.Helper()
	img, err := p.settled(ctx, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		pix = append(pix, img.Pix[img.PixOffset(r.Min.X, y):img.PixOffset(r.Max.X, y)]...)
	}
	return pix
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
