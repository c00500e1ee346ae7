package mailtest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// process is a server in the foreground that dies with the test process.
type process struct {
	cmd  *exec.Cmd
	out  lockedBuffer
	done chan struct{} // closed when it has ended
}

// startProcess starts cmd. A goroutine of its own keeps the thread that forked, since the kernel ties the death signal to
// that thread.
func startProcess(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.out, &p.out
	cmd.WaitDelay = 2 * time.Second
	dieWithParent(cmd)
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
			close(p.done)
		}
	}()
	return p, <-started
}

// stop ends the server with SIGTERM, then by force.
func (p *process) stop() {
	terminate(p.cmd)
	select {
	case <-p.done:
	case <-time.After(5 * time.Second):
		p.cmd.Process.Kill()
		<-p.done
	}
}

// awaitPorts waits until each port takes a connection and greets when it is one that greets first.
func (p *process) awaitPorts(ports ...int) error {
	deadline := time.Now().Add(30 * time.Second)
	for _, port := range ports {
		for {
			c, err := net.DialTimeout("tcp", addr(port), time.Second)
			if err == nil {
				c.Close()
				break
			}
			select {
			case <-p.done:
				return fmt.Errorf("it ended at once")
			case <-time.After(15 * time.Millisecond):
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("nothing listens on port %d", port)
			}
		}
	}
	return nil
}

func addr(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// freePorts finds n distinct ports that were free a moment ago.
func freePorts(tb testing.TB, n int) []int {
	tb.Helper()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			tb.Fatalf("no free port: %v", err)
		}
		defer l.Close() // all are held until n are found
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// program finds an executable, also where servers are installed outside the PATH of ordinary users.
func program(tb testing.TB, name, packages string, dirs ...string) string {
	tb.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, d := range append(dirs, "/usr/sbin", "/usr/local/sbin", "/sbin", "/usr/bin") {
		path := filepath.Join(d, name)
		if st, err := os.Stat(path); err == nil && st.Mode()&0o111 != 0 {
			return path
		}
	}
	tb.Fatalf("%s is not installed, and these tests run against the real server: sudo apt-get install -y %s", name, packages)
	return ""
}

// baseDir makes a folder that the servers' own users can enter; sockets want its path short.
func baseDir(tb testing.TB, name string) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "peyk-"+name+"-")
	if err != nil {
		tb.Fatal(err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		tb.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// tail returns the last lines of a log file for a failure message.
func tail(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
