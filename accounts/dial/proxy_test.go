package dial_test

import (
	"bufio"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"peyk/accounts/dial"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// relay is a proxy: hello does its handshake and returns where to connect to, "" for a refusal that was told already.
func relay(t *testing.T, hello func(c net.Conn, r *bufio.Reader) string) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() { ln.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				r := bufio.NewReader(c)
				target := hello(c, r)
				if target == "" {
					return
				}
				up, err := net.Dial("tcp", target)
				if err != nil {
					return
				}
				defer up.Close()
				wg.Go(func() { io.Copy(up, r); up.Close() })
				io.Copy(c, up)
			})
		}
	})
	return ln.Addr().String()
}

// socks is the server's side of RFC 1928 and RFC 1929 for one user.
func socks(asked *sync.Map, password string) func(net.Conn, *bufio.Reader) string {
	return func(c net.Conn, r *bufio.Reader) string {
		read := func(n int) []byte {
			b := make([]byte, n)
			io.ReadFull(r, b)
			return b
		}
		read(int(read(2)[1]))
		c.Write([]byte{5, 2})
		user := string(read(int(read(2)[1])))
		pass := string(read(int(read(1)[0])))
		if user != "u" || pass != password {
			c.Write([]byte{1, 1})
			return ""
		}
		c.Write([]byte{1, 0})
		head := read(4)
		host := ""
		if head[3] == 3 {
			host = string(read(int(read(1)[0])))
		} else {
			host = net.IP(read(4)).String()
		}
		p := read(2)
		asked.Store(host, true)
		c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(int(p[0])<<8|int(p[1])))
	}
}

func connect(asked *sync.Map, password string) func(net.Conn, *bufio.Reader) string {
	return func(c net.Conn, r *bufio.Reader) string {
		req, err := http.ReadRequest(r)
		if err != nil {
			return ""
		}
		if req.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte("u:"+password)) {
			io.WriteString(c, "HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n")
			return ""
		}
		host, port, _ := net.SplitHostPort(req.Host)
		asked.Store(host, true)
		io.WriteString(c, "HTTP/1.1 200 Connected\r\nX-More: y\r\n\r\n")
		return net.JoinHostPort("127.0.0.1", port)
	}
}

func TestProxies(t *testing.T) {
	s := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) { c.Send("+OK through\r\n"); c.Drain() })
	plain := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) { c.Send("+OK through\r\n"); c.Drain() })
	var asked sync.Map
	for scheme, addr := range map[string]string{
		"socks5": relay(t, socks(&asked, "geheim")),
		"http":   relay(t, connect(&asked, "geheim")),
	} {
		for _, srv := range []mail.Server{
			{Host: "localhost", Port: s.Port, Security: mail.SecurityTLS, CAFile: mailtest.CAFile(t)},
			// The greeting comes at once, right behind the proxy's answer.
			{Host: "127.0.0.1", Port: plain.Port, Security: mail.SecurityNone},
		} {
			srv.TimeoutSeconds = 10
			srv.Proxy = scheme + "://u:geheim@" + addr
			c, err := dial.Dial(t.Context(), srv, dial.Options{})
			if err != nil {
				t.Errorf("%s: %v", scheme, err)
				continue
			}
			read(t, c, "+OK through\r\n")
			c.Close()
			// The proxy looks the name up, so that the name server learns nothing.
			if _, ok := asked.LoadAndDelete(srv.Host); !ok {
				t.Errorf("%s was not asked for %s", scheme, srv.Host)
			}
			srv.Proxy = scheme + "://u:falsch-geheim@" + addr
			e := refuse(t, srv, dial.Options{}, "proxy", mail.ProblemNetwork, "the proxy "+addr, "Check the proxy")
			if strings.Contains(e.Error(), "geheim") {
				t.Errorf("the error shows the proxy's password: %v", e)
			}
		}
	}
	for _, bad := range []string{"ftp://x:1", "socks5://", "http://a b", "x", "http://host/path"} {
		refuse(t, mail.Server{Host: "h", Port: 1, Proxy: bad}, dial.Options{}, "connect", mail.ProblemConfig, "proxy")
	}
}
