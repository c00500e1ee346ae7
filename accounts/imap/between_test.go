package imap

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// between stands before a server, and lets something happen when it has answered a SELECT, before the commands behind it reach it.
type between struct {
	mailtest.Heard
	ln   net.Listener
	port int
	then func()
	wg   sync.WaitGroup
}

func startBetween(t *testing.T, port int, then func()) *between {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	b := &between{ln: ln, port: port, then: then}
	b.wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			b.wg.Go(func() { b.serve(c) })
		}
	})
	t.Cleanup(func() { ln.Close(); b.wg.Wait() })
	return b
}

func (b *between) serve(c net.Conn) {
	defer c.Close()
	s, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", b.port))
	if err != nil {
		return
	}
	defer s.Close()
	answered := make(chan string, 1000) // tags
	b.wg.Go(func() {
		defer close(answered)
		defer c.Close()
		for r := bufio.NewReader(s); ; {
			line, err := r.ReadString('\n')
			io.WriteString(c, line)
			if tag, _, _ := strings.Cut(line, " "); strings.HasPrefix(tag, "P") {
				answered <- tag
			}
			if err != nil {
				return
			}
		}
	})
	for r := bufio.NewReader(c); ; {
		line, err := r.ReadString('\n')
		io.WriteString(s, line)
		if err != nil {
			return
		}
		tag, cmd, _ := strings.Cut(strings.TrimSpace(line), " ")
		b.Note(cmd)
		if strings.HasPrefix(cmd, "SELECT ") {
			for t := range answered {
				if t == tag {
					break
				}
			}
			b.then()
		}
	}
}

// What comes while a folder with gaps is opened, after its SELECT and before it was listed, is not a reason to ask for its messages once more.
func TestAMessageComesWhileAFolderIsOpened(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	r := d.Reach()
	r.Append(t, "ali", "INBOX", messages(1, 10)...)
	r.Command(t, "ali", "SELECT INBOX", `UID STORE 4 +FLAGS (\Deleted)`, "EXPUNGE")
	b := startBetween(t, r.IMAPPort, func() { r.Append(t, "ali", "INBOX", message(11)) })
	c := dialDovecot(t, d, "ali", func(cfg *Config) {
		cfg.Server = serverOf(d, mail.SecurityNone, "ali")
		cfg.Server.Port = b.ln.Addr().(*net.TCPAddr).Port
	})
	st, err := c.SelectNext(testContext(t), "INBOX", remote.Since{Newest: &remote.Newest{Skip: 4, List: true}, Want: remote.WantBody})
	must(t, err)
	uids, err := c.UIDs(testContext(t), "INBOX")
	must(t, err)
	if !slices.Equal(uids, []mail.UID{1, 2, 3, 5, 6, 7, 8, 9, 10}) || st.Exists != 9 || st.UIDNext != 11 {
		t.Errorf("listed %v in %+v", uids, st)
	}
	if all, bad := fetchAll(t, c, "INBOX", rangesOf(uids[4:]), remote.WantBody); len(all) != 5 || len(bad) > 0 {
		t.Errorf("%d messages, %v", len(all), bad)
	}
	heard(t, &b.Heard, map[string]int{"SELECT": 1, "UID SEARCH": 2, "UID FETCH": 1})
}
