package mailtest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// courierCaps is what Courier offers by Debian's configuration: no LIST-EXTENDED, MOVE, ENABLE, CONDSTORE or SPECIAL-USE.
const courierCaps = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"

// StartCourier starts private Courier IMAP (5.0) and POP3 servers that end with the test. Its users are ali and sara with the
// passwords "secret-" + name. Courier asks a daemon for passwords whose socket has one fixed path on the machine, so the
// logins are answered here, as imaplogin and pop3login would; everything after them is Courier's imapd and pop3d, which get
// the connection in the way those two hand it over.
func StartCourier(tb testing.TB) Reach {
	tb.Helper()
	c := &courier{tb: tb, dir: baseDir(tb, "courier"), conns: map[net.Conn]bool{}, tls: TLSConfig(tb, Good),
		imapd: unpackedProgram(tb, "usr/bin/imapd"), pop3d: unpackedProgram(tb, "usr/lib/courier/courier/courierpop3d"),
		make: unpackedProgram(tb, "usr/bin/maildirmake.courier")}
	c.withoutNotifications()
	r := Reach{Name: "Courier", Users: map[string]string{"ali": "secret-ali", "sara": "secret-sara"}, CAFile: CAFile(tb)}
	c.users = r.Users
	tb.Cleanup(func() {
		c.stop()
		os.RemoveAll(c.dir)
	})
	for name := range r.Users {
		c.maildir(name)
	}
	r.IMAPPort, r.IMAPSPort = c.listen((*courierConn).imap, false), c.listen((*courierConn).imap, true)
	r.POP3Port, r.POP3SPort = c.listen((*courierConn).pop3, false), c.listen((*courierConn).pop3, true)
	return r
}

type courier struct {
	tb                 testing.TB
	dir                string
	imapd, pop3d, make string
	users              map[string]string
	tls                *tls.Config

	wg    sync.WaitGroup
	mu    sync.Mutex
	lns   []net.Listener
	conns map[net.Conn]bool // nil once stopped
}

// libfam is a file notification library whose daemon does not run. The real one would wait for its daemon, seconds with every
// mailbox that is opened.
const libfam = `
int FAMOpen(void *c) { return -1; }
int FAMClose(void *c) { return 0; }
int FAMPending(void *c) { return 0; }
int FAMNextEvent(void *c, void *e) { return -1; }
int FAMCancelMonitor(void *c, void *r) { return 0; }
int FAMMonitorDirectory(void *c, const char *n, void *r, void *u) { return -1; }
int FAMMonitorFile(void *c, const char *n, void *r, void *u) { return -1; }
`

func (c *courier) withoutNotifications() {
	c.tb.Helper()
	cc := exec.Command("cc", "-shared", "-fPIC", "-x", "c", "-", "-o", filepath.Join(c.dir, "libfam.so.0"))
	cc.Stdin = strings.NewReader(libfam)
	if out, err := cc.CombinedOutput(); err != nil {
		c.tb.Fatalf("cc: %v: %s", err, out)
	}
}

func (c *courier) home(user string) string { return filepath.Join(c.dir, user) }

func (c *courier) maildir(user string) {
	c.tb.Helper()
	if err := os.Mkdir(c.home(user), 0o755); err != nil {
		c.tb.Fatal(err)
	}
	cmd := exec.Command(c.make, filepath.Join(c.home(user), "Maildir"))
	cmd.Env = unpackedEnv(c.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		c.tb.Fatalf("maildirmake: %v: %s", err, out)
	}
}

func (c *courier) stop() {
	c.mu.Lock()
	for _, ln := range c.lns {
		ln.Close()
	}
	for conn := range c.conns {
		conn.Close()
	}
	c.conns = nil
	c.mu.Unlock()
	c.wg.Wait()
}

// listen serves a port with one of the two protocols.
func (c *courier) listen(serve func(*courierConn), encrypted bool) int {
	c.tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.tb.Fatal(err)
	}
	c.lns = append(c.lns, ln)
	c.wg.Go(func() {
		for {
			raw, err := ln.Accept()
			if err != nil {
				return
			}
			c.mu.Lock()
			if c.conns == nil {
				c.mu.Unlock()
				raw.Close()
				return
			}
			c.conns[raw] = true
			c.mu.Unlock()
			c.wg.Go(func() {
				defer func() {
					raw.Close()
					c.mu.Lock()
					delete(c.conns, raw)
					c.mu.Unlock()
				}()
				cc := &courierConn{courier: c, Conn: raw, r: bufio.NewReader(raw)}
				if encrypted && cc.startTLS() != nil {
					return
				}
				serve(cc)
			})
		}
	})
	return ln.Addr().(*net.TCPAddr).Port
}

// courierConn is one connection before and after its login.
type courierConn struct {
	*courier
	net.Conn
	r      *bufio.Reader
	secure bool
}

func (c *courierConn) startTLS() error {
	t := tls.Server(c.Conn, c.tls)
	c.Conn, c.r, c.secure = t, bufio.NewReader(t), true
	c.SetDeadline(time.Now().Add(30 * time.Second))
	defer c.SetDeadline(time.Time{})
	return t.Handshake()
}

func (c *courierConn) say(format string, args ...any) { fmt.Fprintf(c, format+"\r\n", args...) }

func (c *courierConn) line() (string, bool) {
	s, err := c.r.ReadString('\n')
	return strings.TrimRight(s, "\r\n"), err == nil
}

// imap is what imaplogin does: CAPABILITY, STARTTLS and LOGIN.
func (c *courierConn) imap() {
	caps := func() string {
		if c.secure {
			return courierCaps
		}
		return courierCaps + " STARTTLS"
	}
	c.say("* OK [CAPABILITY %s] Courier-IMAP ready. Copyright 1998-2019 Double Precision, Inc.  See COPYING for distribution information.", caps())
	for {
		line, ok := c.line()
		if !ok {
			return
		}
		tag, cmd, _ := strings.Cut(line, " ")
		word, args, _ := strings.Cut(cmd, " ")
		switch strings.ToUpper(word) {
		case "CAPABILITY":
			c.say("* CAPABILITY %s", caps())
			c.say("%s OK CAPABILITY completed", tag)
		case "STARTTLS":
			c.say("%s OK Begin SSL/TLS negotiation now.", tag)
			if c.startTLS() != nil {
				return
			}
		case "LOGIN":
			user, password, _ := strings.Cut(strings.ReplaceAll(args, `"`, ""), " ")
			if c.users[user] != password || password == "" {
				c.say("%s NO Login failed.", tag)
				continue
			}
			c.hand(c.imapd, user, "IMAPLOGINTAG="+tag, "IMAP_CAPABILITY="+courierCaps, "IMAP_KEYWORDS=1", "IMAP_IDLE_TIMEOUT=1", "IMAP_USELOCKS=0",
				"IMAP_ENHANCEDIDLE=0", "IMAP_EMPTYTRASH=", "IMAP_TRASHFOLDERNAME=Trash", "PROTOCOL=IMAP")
			return
		case "LOGOUT":
			c.say("* BYE Courier-IMAP server shutting down")
			c.say("%s OK LOGOUT completed", tag)
			return
		default:
			c.say("%s NO Error in IMAP command received by server.", tag)
		}
	}
}

// pop3 is what pop3login does: CAPA, STLS, USER and PASS.
func (c *courierConn) pop3() {
	c.say("+OK Hello there.")
	user := ""
	for {
		line, ok := c.line()
		if !ok {
			return
		}
		word, arg, _ := strings.Cut(line, " ")
		switch strings.ToUpper(word) {
		case "CAPA":
			stls := "STLS\r\n"
			if c.secure {
				stls = ""
			}
			c.say("+OK Here's what I can do:\r\n%sTOP\r\nUSER\r\nLOGIN-DELAY 10\r\nPIPELINING\r\nUIDL\r\nIMPLEMENTATION Courier Mail Server\r\n.", stls)
		case "STLS":
			c.say("+OK Begin SSL/TLS negotiation.")
			if c.startTLS() != nil {
				return
			}
		case "USER":
			user = arg
			c.say("+OK Password required.")
		case "PASS":
			if c.users[user] != arg || arg == "" {
				c.say("-ERR Login failed.")
				continue
			}
			c.hand(c.pop3d, user, "PROTOCOL=POP3")
			return
		case "QUIT":
			c.say("+OK Better luck next time.")
			return
		default:
			c.say("-ERR Invalid command.")
		}
	}
}

// hand gives the connection to Courier's own server, whose first line is the answer to the login.
func (c *courierConn) hand(program, user string, env ...string) {
	cmd := exec.Command(program, "Maildir")
	cmd.Dir = c.home(user)
	cmd.Env = append(unpackedEnv(c.dir), append(env, "AUTHENTICATED="+user, "AUTHADDR="+user+"@peyk.test", "MAILDIR=", "HOME="+c.home(user),
		"TCPREMOTEIP=127.0.0.1", "TCPREMOTEPORT=1", "IMAP_TLS=1")...)
	in, err := cmd.StdinPipe()
	if err != nil {
		return
	}
	out, err := cmd.StdoutPipe()
	if err != nil || cmd.Start() != nil {
		return
	}
	go func() {
		io.Copy(in, c.r)
		in.Close()
	}()
	io.Copy(c, out)
	c.Conn.Close() // the server is gone: let go of the client, which ends the copying above
	cmd.Wait()
}
