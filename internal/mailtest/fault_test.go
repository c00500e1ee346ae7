package mailtest_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"peyk/internal/mailtest"
)

// call sends a request through the proxy and returns what came back before the end.
func call(t *testing.T, port int, request string) (string, error) {
	t.Helper()
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(2 * time.Minute))
	io.WriteString(c, request)
	b, err := io.ReadAll(c)
	return string(b), err
}

func TestFaultProxyStrikesWhereItIsTold(t *testing.T) {
	got := make(chan string, 100)
	answer := strings.Repeat("answer ", 300)
	s := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) {
		if line, ok := c.Line(); ok {
			got <- line
			c.Send(answer)
		}
	})
	p := mailtest.StartFaultProxy(t, s.Port, 1)
	if out, err := call(t, p.Port(), "hello\r\n"); out != answer || err != nil || <-got != "hello" {
		t.Errorf("a healthy proxy brought %d bytes, %v", len(out), err)
	}
	p.BreakOn("lose me\r\n", mailtest.FaultLoseReply, 1)
	if out, _ := call(t, p.Port(), "lose me\r\n"); out != "" || <-got != "lose me" {
		t.Errorf("an answer that was to be lost arrived: %d bytes", len(out))
	}
	if out, err := call(t, p.Port(), "lose me\r\n"); out != answer || err != nil {
		t.Errorf("one time was asked for, but it happened again: %d bytes, %v", len(out), err)
	}
	for _, f := range []mailtest.Fault{mailtest.FaultCut, mailtest.FaultReset, mailtest.FaultStall, mailtest.FaultHalfClose, mailtest.FaultLoseReply, mailtest.FaultTrickle} {
		before := p.Broken()
		p.Break(5, f)
		out, _ := call(t, p.Port(), "again\r\n")
		if whole := out == answer; whole != (f == mailtest.FaultTrickle) || p.Broken() != before+1 {
			t.Errorf("%v: %d of %d bytes arrived; %s", f, len(out), len(answer), p.Report())
		}
	}
	p.Heal()
	if out, err := call(t, p.Port(), "healed\r\n"); out != answer || err != nil {
		t.Errorf("after healing: %d bytes, %v", len(out), err)
	}
}
