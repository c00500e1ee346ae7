// Package instance keeps one window a profile: the first process listens on a local socket, a later one hands its argument
// over and ends. The socket lies in the profile folder, which only its owner may enter, or, where that path is too long
// for a socket (about 100 bytes), in the folder for temporary files under a name made from it.
package instance

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// maxRequest is how long a request may be, bytes: a mailto URL with a long body, not a file.
const maxRequest = 1 << 20

// deadline is how long a hand-over may take.
const deadline = 5 * time.Second

// ErrRunning means that another process holds the profile.
var ErrRunning = errors.New("a window of this profile is open already")

// Request is what a later start hands over: its arguments, and the folder relative ones are meant in.
type Request struct {
	Args []string `json:"args"`
	Dir  string   `json:"dir"`
}

// Holder is the process that has the window. Its methods may be called from any goroutine.
type Holder struct {
	// Requests delivers what later starts hand over; it is closed by Close.
	Requests <-chan Request
	listener net.Listener
	path     string
	done     chan struct{}
	wg       sync.WaitGroup
	once     sync.Once
}

// Claim makes this process the holder of the profile in dir, or returns ErrRunning.
func Claim(dir string) (*Holder, error) {
	path := socketPath(dir)
	if c, err := net.DialTimeout("unix", path, deadline); err == nil {
		_ = c.Close() // only asked whether somebody answers
		return nil, ErrRunning
	}
	// Nobody answers: what lies there is left over from a process that was killed.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("removing the socket %s of an earlier run: %w", path, err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("protecting %s: %w", path, err)
	}
	ch := make(chan Request)
	h := &Holder{Requests: ch, listener: l, path: path, done: make(chan struct{})}
	h.wg.Add(1)
	go h.serve(ch)
	return h, nil
}

// Close gives the profile up.
func (h *Holder) Close() {
	h.once.Do(func() {
		close(h.done)
		_ = h.listener.Close() // also removes the socket file
		h.wg.Wait()
	})
}

func (h *Holder) serve(ch chan<- Request) {
	defer h.wg.Done()
	defer close(ch)
	for {
		c, err := h.listener.Accept()
		if err != nil {
			return
		}
		if r, ok := receive(c); ok {
			select {
			case ch <- r:
			case <-h.done:
				return
			}
		}
	}
}

// receive reads one request and acknowledges it; ok is false for the question whether anybody is there.
func receive(c net.Conn) (r Request, ok bool) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(deadline)) // a local socket takes a deadline
	line, err := bufio.NewReader(&limited{c, maxRequest}).ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &r) != nil {
		return Request{}, false
	}
	_, err = c.Write([]byte("ok\n"))
	return r, err == nil
}

// limited ends after n bytes.
type limited struct {
	net.Conn
	n int
}

func (l *limited) Read(p []byte) (int, error) {
	if l.n <= 0 {
		return 0, errors.New("the request is too long")
	}
	if len(p) > l.n {
		p = p[:l.n]
	}
	n, err := l.Conn.Read(p)
	l.n -= n
	return n, err
}

// Hand gives a request to the process that holds the profile; it fails when there is none.
func Hand(ctx context.Context, dir string, r Request) error {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", socketPath(dir))
	if err != nil {
		return fmt.Errorf("reaching the window that is open: %w", err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(deadline))
	b, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("handing the arguments over: %w", err)
	}
	if _, err := c.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("handing the arguments over: %w", err)
	}
	if _, err := bufio.NewReader(c).ReadString('\n'); err != nil {
		return fmt.Errorf("the window that is open did not take the arguments: %w", err)
	}
	return nil
}

func socketPath(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	p := filepath.Join(dir, "window.sock")
	if len(p) <= 100 {
		return p
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(os.TempDir(), "peyk-"+hex.EncodeToString(sum[:8])+".sock")
}
