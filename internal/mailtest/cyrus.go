package mailtest

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// CyrusOptions say what kind of Cyrus is started.
type CyrusOptions struct {
	// Old keeps every folder below INBOX with "." between the levels, as Cyrus did before version 3.
	Old bool
	// Suppress are capabilities that are not offered: "QRESYNC CONDSTORE".
	Suppress string
	// Conversations lets it count messages to conversations: without it every THREADID is NIL.
	Conversations bool
}

// CyrusQuota is how many bytes each user of StartCyrus may keep.
const CyrusQuota = 10_000 << 10

// StartCyrus starts a private Cyrus IMAP server (3.6) that ends with the test. Its users are ali and sara with the passwords
// "secret-" + name; their Sent, Drafts, Trash, Junk and Archive have SPECIAL-USE roles.
func StartCyrus(tb testing.TB, o CyrusOptions) Reach {
	tb.Helper()
	c := &cyrus{tb: tb, o: o, dir: baseDir(tb, "cyrus"), bin: filepath.Dir(unpackedProgram(tb, "usr/lib/cyrus/bin/master"))}
	c.r = Reach{Name: "Cyrus", Users: map[string]string{"ali": "secret-ali", "sara": "secret-sara"}}
	tb.Cleanup(func() {
		if c.proc != nil {
			c.proc.kill()
		}
		if tb.Failed() && c.proc != nil {
			tb.Logf("what Cyrus said:\n%s", c.proc.out.String())
		}
		os.RemoveAll(c.dir)
	})
	c.prepare()
	c.checkPasswords()
	var err error
	for range 4 {
		p := freePorts(tb, 4)
		c.r.IMAPPort, c.r.IMAPSPort, c.r.POP3Port, c.r.POP3SPort = p[0], p[1], p[2], p[3]
		if err = c.start(); err == nil {
			return c.r
		}
	}
	tb.Fatalf("Cyrus does not start: %v", err)
	return Reach{}
}

type cyrus struct {
	tb   testing.TB
	o    CyrusOptions
	dir  string
	bin  string
	user string // whom its processes run as: it refuses to be root
	r    Reach
	proc *process
}

func (c *cyrus) write(name, text string) string {
	c.tb.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		c.tb.Fatal(err)
	}
	return path
}

// prepare makes folders and certificates that the server's own user can use.
func (c *cyrus) prepare() {
	c.tb.Helper()
	a := certs(c.tb)
	c.r.CAFile = c.write("ca.pem", string(a.caPEM))
	pair := a.pairs[Good]
	c.write("cert.pem", string(pair.certPEM))
	c.write("key.pem", string(pair.keyPEM))
	owner, err := user.Current()
	if err == nil && os.Getuid() == 0 {
		owner, err = user.Lookup("mail")
	}
	if err != nil {
		c.tb.Fatal(err)
	}
	c.user = owner.Username
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	for _, d := range []string{"conf", "conf/db", "conf/socket", "conf/proc", "conf/log", "conf/lock", "mail"} {
		path := filepath.Join(c.dir, d)
		if err := os.Mkdir(path, 0o755); err != nil {
			c.tb.Fatal(err)
		}
		if os.Getuid() == 0 {
			if err := os.Chown(path, uid, gid); err != nil {
				c.tb.Fatal(err)
			}
		}
	}
}

func (c *cyrus) start() error {
	modern := "yes"
	if c.o.Old {
		modern = "no"
	}
	folders := "Sent|Drafts|Trash|Junk|Archive"
	conf := fmt.Sprintf(`configdirectory: %[1]s/conf
partition-default: %[1]s/mail
defaultpartition: default
cyrus_user: %[2]s
altnamespace: %[3]s
unixhierarchysep: %[3]s
allowplaintext: yes
sasl_mech_list: PLAIN LOGIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: %[1]s/passwords
tls_server_cert: %[1]s/cert.pem
tls_server_key: %[1]s/key.pem
autocreate_quota: %[5]d
autocreate_inbox_folders: %[4]s
autocreate_subscribe_folders: %[4]s
xlist-sent: Sent
xlist-drafts: Drafts
xlist-trash: Trash
xlist-junk: Junk
xlist-archive: Archive
popminpoll: 0
skiplist_unsafe: yes
`, c.dir, c.user, modern, folders, CyrusQuota>>10)
	if c.o.Suppress != "" {
		conf += "suppress_capabilities: " + c.o.Suppress + "\n" // it takes an empty value for an error
	}
	if c.o.Conversations {
		conf += "conversations: yes\n"
	}
	services := fmt.Sprintf(`START {
  recover cmd="%[1]s/ctl_cyrusdb -C %[6]s -r"
  idled cmd="%[1]s/idled -C %[6]s"
}
SERVICES {
  imap cmd="%[1]s/imapd -C %[6]s" listen="127.0.0.1:%[2]d"
  imaps cmd="%[1]s/imapd -C %[6]s -s" listen="127.0.0.1:%[3]d"
  pop3 cmd="%[1]s/pop3d -C %[6]s" listen="127.0.0.1:%[4]d"
  pop3s cmd="%[1]s/pop3d -C %[6]s -s" listen="127.0.0.1:%[5]d"
}
EVENTS {
}
`, c.bin, c.r.IMAPPort, c.r.IMAPSPort, c.r.POP3Port, c.r.POP3SPort, filepath.Join(c.dir, "imapd.conf"))
	p, err := startProcess(unpackedEnv(), false, filepath.Join(c.bin, "master"), "-C", c.write("imapd.conf", conf), "-M", c.write("cyrus.conf", services),
		"-p", filepath.Join(c.dir, "conf/master.pid"))
	if err != nil {
		return err
	}
	if err := p.awaitPorts(c.r.IMAPPort, c.r.IMAPSPort, c.r.POP3Port, c.r.POP3SPort); err != nil {
		p.stop()
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(p.out.String()))
	}
	c.proc = p
	return nil
}

// checkPasswords answers what libsasl asks of saslauthd: user, password, service and realm, each with its length before it.
func (c *cyrus) checkPasswords() {
	c.tb.Helper()
	path := filepath.Join(c.dir, "passwords")
	ln, err := net.Listen("unix", path)
	if err != nil {
		c.tb.Fatal(err)
	}
	if err := os.Chmod(path, 0o777); err != nil {
		c.tb.Fatal(err)
	}
	c.tb.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(time.Minute))
				var words [4]string
				for i := range words {
					var n uint16
					if binary.Read(conn, binary.BigEndian, &n) != nil {
						return
					}
					b := make([]byte, n)
					if _, err := io.ReadFull(conn, b); err != nil {
						return
					}
					words[i] = string(b)
				}
				answer := "NO"
				if p, ok := c.r.Users[words[0]]; ok && p == words[1] {
					answer = "OK"
				}
				conn.Write(append([]byte{0, byte(len(answer))}, answer...))
			}()
		}
	}()
}
