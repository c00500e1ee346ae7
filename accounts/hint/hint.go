// Package hint remembers what a server offered, so that the next session begins with fewer round trips: the login and what follows it go
// in one flight, without asking first what there is.
//
// A hint is a guess that costs a session at most: what it says is looked at again each time, and one that fails is left alone for a while.
// It never says where a password goes: it is for one server, user and certificate, over TLS only.
//
// Functions and values of this package are for any goroutine.
package hint

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

const (
	// Rest is how many sessions begin without a hint after it has failed.
	Rest = 50
	// Patience is how long the answer to what was sent behind a login is waited for: a server that has read it answers at once.
	Patience = 10 * time.Second

	maxBytes = 4 << 10 // larger ones are neither read nor kept
)

// Common is what the hints of all protocols have; each embeds it.
type Common struct {
	For   string   `json:"for"`            // see For
	Login []string `json:"login"`          // capabilities before the login
	Wait  int      `json:"wait,omitempty"` // so many sessions begin without it
}

func (c *Common) common() *Common { return c }

// Ready reports whether the hint is to be used for whoever For names; an empty name never is.
func (c *Common) Ready(who string) bool { return who != "" && c.For == who && c.Wait == 0 }

// Follow takes the place of the hint that a session began with, and of what is left of its rest.
func (c *Common) Follow(had Common) {
	if had.For == c.For {
		c.Wait = max(0, had.Wait-1)
	}
}

// For names whom a hint of this connection is for: the server, how it is reached, the user, the way to log in and the certificate. It is ""
// when the connection is not encrypted: then it can be for nobody.
func For(protocol string, conn *dial.Conn, srv mail.Server) string {
	tls, ok := conn.TLS()
	if !ok || len(tls.PeerCertificates) == 0 {
		return ""
	}
	sum := sha256.New()
	for _, part := range []string{protocol, conn.Addr(), string(srv.Security), srv.Username, string(srv.Auth), string(tls.PeerCertificates[0].Raw)} {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Missed is a failure of a session that may be the hint's: without it there may be none.
type Missed struct {
	Err   error
	Again bool   // worth another session at once
	For   string // whom the hint was for, where it was none that was kept
}

// Error implements error.
func (m *Missed) Error() string { return m.Err.Error() }

// Unwrap gives the failure itself.
func (m *Missed) Unwrap() error { return m.Err }

// hint is a pointer to a hint of some protocol.
type hint[H any] interface {
	*H
	common() *Common
}

// Read makes a hint of what was kept; a zero one, which is for nobody, of what cannot be read.
func Read[H any](text string) (h H) {
	if len(text) > maxBytes || json.Unmarshal([]byte(text), &h) != nil {
		var none H
		return none
	}
	return h
}

// Keep has h remembered for the next session unless it is what this one began with, or nobody wants to remember it.
func Keep[H any](h H, start remote.Start) {
	b, err := json.Marshal(h)
	if err == nil && start.Learn != nil && len(b) <= maxBytes && string(b) != start.Hint {
		start.Learn(string(b))
	}
}

// Open opens a session with what was remembered of the server and, when that was wrong, without it. had is what the session was opened
// with. The error is the last session's.
func Open[S, H any, P hint[H]](ctx context.Context, start remote.Start, attempt func(H) (S, error)) (s S, had H, err error) {
	had = Read[H](start.Hint)
	s, err = attempt(had)
	var m *Missed
	if !errors.As(err, &m) {
		return s, had, err
	}
	if err = m.Err; ctx.Err() != nil {
		return s, had, err
	}
	c := P(&had).common()
	c.For, c.Wait = cmp.Or(m.For, c.For), Rest
	Keep(had, start)
	if m.Again {
		s, err = attempt(had)
	}
	return s, had, err
}
