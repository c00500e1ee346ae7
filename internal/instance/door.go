package instance

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"
)

// door is where the holder is reached.
type door struct {
	listener net.Listener
	secret   []byte // who comes through a port has to know it; nil for a socket, which the profile's folder protects
	file     string // tells of the port
}

func (d *door) close() {
	_ = d.listener.Close() // also removes a socket's file
	if d.file != "" {
		_ = os.Remove(d.file)
	}
}

// answerWait is how long a port is given to prove that it is the holder's: another program may have it by now.
const answerWait = time.Second

// sign is what the file beside the profile says of a port.
type sign struct {
	Port   string `json:"port"` // host:port
	Secret []byte `json:"secret"`
}

// reach connects to the holder.
func reach(ctx context.Context, dir string) (net.Conn, error) {
	d := net.Dialer{Timeout: deadline}
	c, err := d.DialContext(ctx, "unix", socketPath(dir))
	if err == nil {
		return c, nil
	}
	b, rerr := os.ReadFile(signPath(dir))
	if rerr != nil {
		return nil, err
	}
	var s sign
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("reading %s: %w", signPath(dir), err)
	}
	if c, err = d.DialContext(ctx, "tcp", s.Port); err != nil {
		return nil, err
	}
	_ = c.SetDeadline(time.Now().Add(answerWait))
	if err := enter(c, s.Secret); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("%s is not the port of a window: %w", s.Port, err)
	}
	_ = c.SetDeadline(time.Time{})
	return c, nil
}

// openSocket listens on the profile's socket.
func openSocket(dir string) (*door, error) {
	path := socketPath(dir)
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
	_ = os.Remove(signPath(dir)) // of an earlier run, which later ones would knock at in vain
	return &door{listener: l}, nil
}

// openPort listens on a port of this computer, and tells in the profile's folder which one it is.
func openPort(dir string) (*door, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening on a port of this computer: %w", err)
	}
	d := &door{listener: l, secret: make([]byte, 32), file: signPath(dir)}
	_, _ = rand.Read(d.secret) // never fails
	b, err := json.Marshal(sign{l.Addr().String(), d.secret})
	if err == nil {
		part := d.file + ".part" // nobody reads half a file
		if err = os.WriteFile(part, b, 0o600); err == nil {
			err = os.Rename(part, d.file)
		}
	}
	if err != nil {
		d.close()
		return nil, fmt.Errorf("telling of the port of this window: %w", err)
	}
	return d, nil
}

// proof shows that somebody knows the secret without telling it.
func proof(secret []byte, role, nonce string) string {
	m := hmac.New(sha256.New, secret)
	fmt.Fprintf(m, "%s %s", role, nonce)
	return hex.EncodeToString(m.Sum(nil))
}

// enter proves to a port that this process can read the profile, once the port has proven the same.
func enter(c net.Conn, secret []byte) error {
	nonce := rand.Text()
	if _, err := fmt.Fprintln(c, nonce); err != nil {
		return err
	}
	in := bufio.NewReaderSize(&limited{c, 200}, 200)
	line, err := in.ReadString('\n')
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(line), []byte(proof(secret, "window", nonce)+"\n")) {
		return errors.New("it does not know the profile")
	}
	_, err = fmt.Fprintln(c, proof(secret, "start", nonce))
	return err
}

// admit is the other side of enter.
func (d *door) admit(c net.Conn, in *bufio.Reader) error {
	nonce, err := in.ReadString('\n')
	if err != nil {
		return err
	}
	nonce = nonce[:len(nonce)-1]
	if _, err := fmt.Fprintln(c, proof(d.secret, "window", nonce)); err != nil {
		return err
	}
	line, err := in.ReadString('\n')
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(line), []byte(proof(d.secret, "start", nonce)+"\n")) {
		return errors.New("who comes does not know the profile")
	}
	return nil
}

func signPath(dir string) string { return filepath.Join(dir, "window.port") }

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
