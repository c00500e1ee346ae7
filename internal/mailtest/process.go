package mailtest

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// process is a server in the foreground that dies with the test process.
type process struct {
	cmd  *exec.Cmd
	life io.WriteCloser // closing it, or the end of the test process, ends the server
	sudo bool           // it runs as another user
	out  lockedBuffer
	done chan struct{} // closed when it has ended
}

// watched runs "$@" and a watcher beside it that ends it when standard input does, with all its processes at once where it was told to
// before. (The kernel's parent-death signal would not do: it is dropped when a program changes its user, as Postfix does.)
const watched = `exec 3<&0; (read how <&3; [ "$how" = at-once ] && kill -KILL 0; kill -TERM $$ || exit; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 $$ || exit; done; kill -KILL $$) >/dev/null 2>&1 & exec 3<&-; exec "$@" </dev/null`

// startProcess starts argv, with environment env when it is not nil.
func startProcess(env []string, sudo bool, argv ...string) (*process, error) {
	argv = append([]string{"sh", "-c", watched, "sh"}, argv...)
	if sudo {
		argv = append([]string{"sudo", "-n"}, argv...)
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = env
	ownSession(cmd)
	p := &process{cmd: cmd, sudo: sudo, done: make(chan struct{})}
	life, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p.life = life
	cmd.Stdout, cmd.Stderr = &p.out, &p.out
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// kill ends the server and all its processes at once, for when nobody wants its mail any more: asked to end, Dovecot takes a second for
// it, and Cyrus ten. It waits for the end.
func (p *process) kill() {
	adopt()
	_, err := io.WriteString(p.life, "at-once\n")
	p.stop()
	if err == nil && !p.sudo {
		reap(p.cmd.Process.Pid)
	}
}

// stop ends the server and waits for its end.
func (p *process) stop() {
	p.life.Close()
	select {
	case <-p.done:
	case <-time.After(30 * time.Second):
		p.cmd.Process.Kill()
		<-p.done
	}
}

// awaitPorts waits until each port takes a connection and greets when it is one that greets first.
func (p *process) awaitPorts(ports ...int) error {
	deadline := time.Now().Add(90 * time.Second)
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

// handed are the ports that this process has given to servers. Given twice, before the first server has bound it, a port would let
// one test talk to the server of another.
var handed = struct {
	sync.Mutex
	ports map[int]*os.File // the reservation of each, open as long as this process lives; nil where none can be made
}{ports: map[int]*os.File{}}

// firstPort and portCount are where servers get their ports: below those that Linux, Windows and macOS give to outgoing
// connections. One of those can be taken between being found free and being bound, or while a server is stopped; and Cyrus
// goes on without a port that it cannot bind.
const firstPort, portCount = 12_000, 20_000

// again starts a server that was stopped, on the ports it had: they can be taken for a moment yet, by what is left of its processes.
func again(start func() error) error {
	for end := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Millisecond) {
		if err := start(); err == nil || time.Now().After(end) {
			return err
		}
	}
}

// freePorts finds n distinct ports that were free a moment ago.
func freePorts(tb testing.TB, n int) []int {
	tb.Helper()
	var ports []int
	handed.Lock()
	defer handed.Unlock()
	var err error
	for tries := 0; len(ports) < n; tries++ {
		if tries > 1000 {
			tb.Fatalf("no free port: %v", err)
		}
		port := firstPort + rand.IntN(portCount)
		if _, ours := handed.ports[port]; ours {
			continue
		}
		reservation, ok := reserve(port)
		if !ok {
			continue
		}
		handed.ports[port] = reservation
		var l net.Listener
		if l, err = net.Listen("tcp", addr(port)); err != nil {
			continue
		}
		defer l.Close() // all are held until n are found
		ports = append(ports, port)
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
