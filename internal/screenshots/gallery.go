package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// gallery is the mails of the demo that the README shows as the engine draws them: a part of the subject and the name of the
// picture.
var gallery = []struct{ subject, name string }{
	{"قبض برق", "mail-bill-fa"},
	{"رسید سفر", "mail-receipt-fa"},
	{"کشک بادمجان", "mail-recipe-fa"},
	{"طلبك رقم", "mail-order-ar"},
	{"DL 1187", "mail-itinerary"},
	{"Captain Lüders", "mail-newsletter"},
	{"Release v1.4.0", "mail-release"},
	{"Issue 562", "mail-weekly"},
	{"Ihr Ticket", "mail-ticket-de"},
	{"Hafenblatt", "mail-news-de"},
}

// paintGallery fetches the demo's mail with the command line of the binary, as anyone could, and renders the mails of the
// gallery into a folder.
func paintGallery(ctx context.Context, binary, folder string) error {
	home, err := os.MkdirTemp("", "peyk-gallery-")
	if err != nil {
		return fmt.Errorf("making a folder for the gallery: %w", err)
	}
	defer os.RemoveAll(home)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if err := fetchDemo(ctx, binary, home); err != nil {
		return err
	}
	rows, err := peyk(ctx, binary, home, "list", "--limit", "1000", "--json")
	if err != nil {
		return err
	}
	for _, g := range gallery {
		id, err := findSubject(rows, g.subject)
		if err != nil {
			return err
		}
		raw, err := peyk(ctx, binary, home, "raw", id)
		if err != nil {
			return err
		}
		eml := filepath.Join(home, g.name+".eml")
		if err := os.WriteFile(eml, raw, 0o600); err != nil {
			return fmt.Errorf("keeping %s: %w", g.name, err)
		}
		out := filepath.Join(folder, g.name+".png")
		if _, err := peyk(ctx, binary, home, "render", eml, "-o", out, "--width", "680"); err != nil {
			return err
		}
		fmt.Println(out)
	}
	return nil
}

// fetchDemo starts the demo's servers, adds its IMAP account to the profile in home and fetches everything.
func fetchDemo(ctx context.Context, binary, home string) error {
	serve := exec.CommandContext(ctx, binary, "demo", "--serve")
	serve.Cancel = func() error { return serve.Process.Signal(os.Interrupt) }
	serve.Env = append(os.Environ(), moment)
	pipe, err := serve.StdoutPipe()
	if err != nil {
		return fmt.Errorf("listening to the demo: %w", err)
	}
	if err := serve.Start(); err != nil {
		return fmt.Errorf("starting the demo: %w", err)
	}
	defer func() { serve.Process.Signal(os.Interrupt); serve.Wait() }()
	var at struct {
		Host  string
		Ports map[string]int
		Users []struct{ User, Protocol, Password string }
		PEM   string `json:"certificate_pem"`
	}
	if err := json.NewDecoder(pipe).Decode(&at); err != nil {
		return fmt.Errorf("reading where the demo serves: %w", err)
	}
	ca := filepath.Join(home, "ca.pem")
	if err := os.WriteFile(ca, []byte(at.PEM), 0o600); err != nil {
		return fmt.Errorf("keeping the demo's certificate: %w", err)
	}
	user := at.Users[0]
	toml := fmt.Sprintf("[[account]]\nname = \"demo\"\nemail = %q\n[account.incoming]\nprotocol = %q\nhost = %q\nport = %d\nsecurity = \"tls\"\nusername = %q\npassword_command = [\"echo\", %q]\nca_file = %q\n",
		user.User, user.Protocol, at.Host, at.Ports["imaps"], user.User, user.Password, ca)
	toml += fmt.Sprintf("[account.outgoing]\nhost = %q\nport = %d\nsecurity = \"tls\"\nusername = %q\npassword_command = [\"echo\", %q]\nca_file = %q\n",
		at.Host, at.Ports["smtps"], user.User, user.Password, ca)
	file := filepath.Join(home, "demo.toml")
	if err := os.WriteFile(file, []byte(toml), 0o600); err != nil {
		return fmt.Errorf("keeping the demo's account: %w", err)
	}
	if _, err := peyk(ctx, binary, home, "account", "add", file); err != nil {
		return err
	}
	_, err = peyk(ctx, binary, home, "sync")
	return err
}

// peyk runs a sub-command of the binary on the profile in home and returns what it printed.
func peyk(ctx context.Context, binary, home string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, binary, append(args, "--profile", filepath.Join(home, "profile"))...)
	cmd.Env = append(os.Environ(), moment)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("peyk %s: %w: %s", args[0], err, said.String())
	}
	return out, nil
}

// findSubject returns the id of the newest message whose subject holds a text, in the lines of `peyk list --json`.
func findSubject(rows []byte, part string) (string, error) {
	for _, line := range strings.Split(string(rows), "\n") {
		var row struct {
			ID      json.RawMessage
			Subject string
		}
		if json.Unmarshal([]byte(line), &row) == nil && strings.Contains(row.Subject, part) {
			return strings.Trim(string(row.ID), `"`), nil
		}
	}
	return "", fmt.Errorf("no mail of the demo has %q in its subject", part)
}
