package dial

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"golang.org/x/net/proxy"

	"peyk/internal/mail"
)

// proxyError is a failure of the proxy, told without its password.
type proxyError struct {
	host string
	text string
	err  error
}

func (e *proxyError) Error() string { return "the proxy " + e.host + " " + e.text }
func (e *proxyError) Unwrap() error { return e.err }

// ParseProxy checks a proxy setting: socks5://[user:pass@]host:port or http://[user:pass@]host:port.
func ParseProxy(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, fmt.Errorf("the proxy is not an address like socks5://host:1080") // err would repeat a password
	}
	switch u.Scheme {
	case "socks5", "socks5h", "http":
	default:
		return nil, fmt.Errorf("the proxy must begin with socks5:// or http://")
	}
	if u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return nil, fmt.Errorf("the proxy is not an address like %s://host:port", u.Scheme)
	}
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), map[string]string{"http": "8080"}[u.Scheme])
		if u.Scheme != "http" {
			u.Host = net.JoinHostPort(u.Hostname(), "1080")
		}
	}
	return u, nil
}

// Through connects to target (host:port) through a proxy setting of an account, which also looks up the name. It is for
// connections that are not to the account's servers but must take the same way.
func Through(ctx context.Context, setting, target string) (net.Conn, error) {
	return dialProxy(ctx, tcp(""), setting, target)
}

// dialProxy connects to target through the proxy, which also looks up the name.
func dialProxy(ctx context.Context, to *net.Dialer, setting, target string) (net.Conn, error) {
	u, err := ParseProxy(setting)
	if err != nil {
		return nil, &configError{mail.CodeProxy, err.Error(), "Correct the proxy in the account's settings."}
	}
	if u.Scheme == "http" {
		return dialConnect(ctx, to, u, target)
	}
	var auth *proxy.Auth
	if u.User != nil {
		pass, _ := u.User.Password()
		auth = &proxy.Auth{User: u.User.Username(), Password: pass}
	}
	d, err := proxy.SOCKS5("tcp", u.Host, auth, to)
	if err != nil {
		return nil, &proxyError{u.Host, "cannot be used: " + err.Error(), err}
	}
	conn, err := d.(proxy.ContextDialer).DialContext(ctx, "tcp", target)
	if err != nil {
		return nil, &proxyError{u.Host, "did not connect: " + Clean(err.Error()), err}
	}
	return conn, nil
}

// dialConnect asks an HTTP proxy for a tunnel (RFC 9110 §9.3.6).
func dialConnect(ctx context.Context, to *net.Dialer, u *url.URL, target string) (net.Conn, error) {
	conn, err := to.DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, &proxyError{u.Host, "cannot be reached: " + Clean(err.Error()), err}
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	fail := func(text string, err error) (net.Conn, error) {
		stop()
		conn.Close()
		return nil, &proxyError{u.Host, text, err}
	}
	req := "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
	if u.User != nil {
		pass, _ := u.User.Password()
		req += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+pass)) + "\r\n"
	}
	if _, err := io.WriteString(conn, req+"\r\n"); err != nil {
		return fail("closed the connection", err)
	}
	// One byte at a time: what follows the answer's head belongs to the mail server.
	br := bufio.NewReaderSize(oneByte{io.LimitReader(conn, 64<<10)}, 16)
	resp, err := http.ReadResponse(br, &http.Request{Method: http.MethodConnect})
	if err != nil {
		return fail("gave no proper answer", err)
	}
	if resp.StatusCode/100 != 2 {
		return fail("refused: "+Clean(resp.Status), nil)
	}
	if !stop() {
		return fail("was too slow", ctx.Err())
	}
	return conn, nil
}

// oneByte keeps a buffered reader from reading ahead.
type oneByte struct{ io.Reader }

func (r oneByte) Read(p []byte) (int, error) {
	if len(p) > 1 {
		p = p[:1]
	}
	return r.Reader.Read(p)
}
