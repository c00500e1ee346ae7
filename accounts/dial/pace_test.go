package dial

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// paced plays reads of size bytes, each of which takes every, between which rest passes.
func paced(p pace, every, rest time.Duration, size, reads int) error {
	now := time.Now()
	p.since = now
	for range reads {
		next := now.Add(every)
		if err := p.count(now, next, size, nil); err != nil {
			return err
		}
		now = next.Add(rest)
	}
	return nil
}

// A server that sends a byte now and then keeps every single read alive, yet not the connection. Slow networks, keep-alives,
// and sessions with much time between the commands are not mistaken for that.
func TestPace(t *testing.T) {
	alive := pace{window: paceWindow}
	flows := pace{window: paceWindow, floor: paceIn}
	sent := pace{window: paceWindow, floor: paceOut}
	for _, c := range []struct {
		name        string
		p           pace
		every, rest time.Duration
		size        int
		slow        bool
	}{
		{"a byte every 50 s", alive, 50 * time.Second, 0, 1, true},
		{"still here, every 2 minutes", alive, 2 * time.Minute, 0, 17, false},
		{"IDLE", alive, 29 * time.Minute, 0, 1, false},
		{"short answers", alive, 10 * time.Second, 0, 17, false},
		{"packets", alive, time.Millisecond, 0, 1400, false},
		{"a byte every 50 s of an answer", flows, 50 * time.Second, 0, 1, true},
		{"a line every 50 s of an answer", flows, 50 * time.Second, 0, 60, true},
		{"a slow network", flows, 2 * time.Second, 0, 500, false},
		{"few words, long pauses between", flows, 100 * time.Millisecond, time.Minute, 4, false},
		{"a buffer a minute of a message", sent, 59 * time.Second, 0, 4096, true},
		{"a slow network out", sent, 5 * time.Second, 0, 4096, false},
	} {
		if err := paced(c.p, c.every, c.rest, c.size, 2000); errors.Is(err, errTrickle) != c.slow {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// On a connection: what trickles ends it, with a sentence; another answer begins anew.
func TestTrickleEndsTheConnection(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		for err == nil {
			_, err = c.Write([]byte("x"))
			time.Sleep(10 * time.Millisecond)
		}
	}()
	c, err := Dial(t.Context(), mail.Server{Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, Security: mail.SecurityNone, TimeoutSeconds: 20}, Options{Protocol: POP3})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.pace.window, c.pace.floor = 100*time.Millisecond, 1e6
	_, err = io.Copy(io.Discard, c)
	if !errors.Is(err, errTrickle) {
		t.Fatal(err)
	}
	if e := c.Fail("retr 1", err); e.Kind != mail.ProblemProtocol || e.Step != "retr 1" || e.Host == "" || e.Advice == "" {
		t.Errorf("told as %v", e)
	}
	c.NewAnswer()
	if _, err := c.Read(make([]byte, 1)); err != nil {
		t.Errorf("another answer: %v", err)
	}
}

// What is said before the encryption is nobody's word: not shown as the server's, and not final.
func TestHearsay(t *testing.T) {
	d := &dialer{addr: "mail.example:143", srv: mail.Server{Security: mail.SecuritySTARTTLS}}
	refusal := func() *remote.Error {
		return &remote.Error{Host: "mail.example:143", Step: "greeting", Kind: mail.ProblemAuth, Permanent: true, Closed: true, Code: 554, Text: "call this number",
			Why: mail.CodeWebLogin, Advice: "Sign in", RetryAfter: time.Hour}
	}
	plain := &Conn{d: d}
	e := plain.Hearsay(refusal())
	if e.Said() != "" || e.Permanent || e.Why != "" || e.Kind != mail.ProblemServer || e.RetryAfter != 0 || !e.Closed || e.Step != "greeting" {
		t.Errorf("%#v", e)
	}
	open := &Conn{d: &dialer{srv: mail.Server{Security: mail.SecurityNone}}} // nothing is encrypted, as the user wants
	if e := open.Hearsay(refusal()); e.Said() != "554 call this number" || !e.Permanent {
		t.Errorf("%#v", e)
	}
}
