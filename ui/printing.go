package ui

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Printing hands files to printers. The one of the program asks CUPS; where there is none, as on Windows, there are no
// printers, and files go to the viewer of the desktop.
type Printing interface {
	// Printers names the printers, the default first. Nothing is an answer.
	Printers(ctx context.Context) []string
	// Send prints a PDF.
	Send(ctx context.Context, printer, path string) error
}

// cups speaks to CUPS by its commands.
type cups struct{}

// How long the commands may take: a print server may be far away.
const (
	listTime = 3 * time.Second
	sendTime = time.Minute
)

// Printers implements Printing.
func (cups) Printers(ctx context.Context) []string {
	ctx, end := context.WithTimeout(ctx, listTime)
	defer end()
	out, err := exec.CommandContext(ctx, "lpstat", "-e").Output()
	if err != nil {
		return nil
	}
	names := strings.Fields(string(out))
	if out, err := exec.CommandContext(ctx, "lpstat", "-d").Output(); err == nil {
		_, name, _ := strings.Cut(strings.TrimSpace(string(out)), ": ")
		for i, n := range names {
			if n == name {
				names[0], names[i] = names[i], names[0]
			}
		}
	}
	return names
}

// Send implements Printing.
func (cups) Send(ctx context.Context, printer, path string) error {
	ctx, end := context.WithTimeout(ctx, sendTime)
	defer end()
	if out, err := exec.CommandContext(ctx, "lp", "-d", printer, "--", path).CombinedOutput(); err != nil {
		return fmt.Errorf("lp: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}
