// Package instance keeps one window a profile: the first process listens on a local socket, a later one hands its argument
// over and ends. The socket lies in the profile folder, which only its owner may enter, or, where that path is too long
// for a socket (about 100 bytes), in the folder for temporary files under a name made from it. Where there can be no
// socket (a memory stick, some network drives, old Windows) it is a port of this computer, and both prove to each other
// that they can read the profile.
package instance

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"peyk/internal/filelock"
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
	door     *door
	done     chan struct{}
	wg       sync.WaitGroup
	once     sync.Once
}

// claimWait is how long Claim waits for another process that claims the profile at the same time, as after a double click; claimStep how often it looks.
// Where files cannot be locked (some network drives) it goes on without after that time.
const (
	claimWait = 2 * time.Second
	claimStep = 10 * time.Millisecond
)

// alone lets one process at a time ask who holds the profile and become that. done lets the next one.
func alone(dir string) (done func()) {
	f, err := os.OpenFile(filepath.Join(dir, "window.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return func() {} // what is wrong with the folder, opening the door in it tells
	}
	for end := time.Now().Add(claimWait); time.Now().Before(end); time.Sleep(claimStep) {
		if ok, _ := filelock.Try(f); ok {
			break
		}
	}
	return func() { _ = f.Close() } // which unlocks it
}

// Claim makes this process the holder of the profile in dir, or returns ErrRunning.
func Claim(dir string) (*Holder, error) {
	defer alone(dir)()
	if c, err := reach(context.Background(), dir); err == nil {
		_ = c.Close() // only asked whether somebody answers
		return nil, ErrRunning
	}
	d, err := openSocket(dir)
	if err != nil {
		var perr error
		if d, perr = openPort(dir); perr != nil {
			return nil, errors.Join(err, perr)
		}
	}
	ch := make(chan Request)
	h := &Holder{Requests: ch, door: d, done: make(chan struct{})}
	h.wg.Add(1)
	go h.serve(ch)
	return h, nil
}

// Close gives the profile up.
func (h *Holder) Close() {
	h.once.Do(func() {
		close(h.done)
		h.door.close()
		h.wg.Wait()
	})
}

func (h *Holder) serve(ch chan<- Request) {
	defer h.wg.Done()
	defer close(ch)
	for {
		c, err := h.door.listener.Accept()
		if err != nil {
			return
		}
		if r, ok := h.door.receive(c); ok {
			select {
			case ch <- r:
			case <-h.done:
				return
			}
		}
	}
}

// receive reads one request and acknowledges it; ok is false for the question whether anybody is there.
func (d *door) receive(c net.Conn) (r Request, ok bool) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(deadline)) // a local socket takes a deadline
	in := bufio.NewReader(&limited{c, maxRequest})
	if d.secret != nil && d.admit(c, in) != nil {
		return Request{}, false
	}
	line, err := in.ReadBytes('\n')
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
	c, err := reach(ctx, dir)
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
