package dial

import (
	"context"
	"errors"
	"fmt"
	"time"

	"peyk/internal/mail"
)

// errTrickle is returned by Read when a server keeps an answer going without saying anything, and by Write when it takes a
// message a few bytes at a time: nothing is ever late then, and it would never end.
var errTrickle = errors.New("the server sends or takes next to nothing")

const (
	paceWindow = 20 * time.Minute
	paceReads  = 10 // in a window, from which on their size says something
	paceBytes  = 3  // a read, on average; the shortest keep-alive has more
	// Bytes a second that must come in an answer, and that a server must take of what is sent; the slowest mobile network has ten
	// times that.
	paceIn, paceOut = 16, 128
)

// pace finds out such servers, in one direction of a connection. It belongs to the goroutine that reads or writes.
type pace struct {
	window time.Duration
	// floor is how many bytes a second have to pass while they are waited for; 0: none have to. IMAP has IDLE, and servers that
	// say "still here" for minutes; only the size of what they say is looked at, and what comes within an answer.
	floor float64

	since  time.Time     // when the window began
	waited time.Duration // in the reads or writes of the window
	bytes  int64
	reads  int
}

// anew begins a window, at since.
func (p *pace) anew(since time.Time) { *p = pace{window: p.window, floor: p.floor, since: since} }

// count takes note of a read or write from before to after.
func (p *pace) count(before, after time.Time, n int, err error) error {
	wait := after.Sub(before)
	// A long silence starts a new window: it is bounded by the deadline, and IDLE is silent for long.
	if p.floor == 0 && wait > p.window/2 {
		p.anew(after)
	}
	p.bytes += int64(n)
	p.waited += wait
	p.reads++
	over, slow := after.Sub(p.since) >= p.window, p.reads > paceReads && p.bytes < int64(paceBytes*p.reads)
	if p.floor > 0 {
		over, slow = p.waited >= p.window, p.bytes < int64(p.window.Seconds()*p.floor)
	}
	if !over || err != nil {
		return err
	}
	p.anew(after)
	if slow {
		return errTrickle
	}
	return nil
}

// loginPatience is how many times the idle timeout a server has from the connection to the end of the login.
const loginPatience = 5

// slowLogin says that a server did not come to an end with it.
type slowLogin struct{ limit time.Duration }

func (e *slowLogin) Error() string {
	return fmt.Sprintf("the server did not come to an end with the login within %d seconds", int(e.limit.Seconds()))
}

// LoginContext bounds everything from the connection to the end of the login: a server that answers every command a moment before
// its deadline, or never ends an answer, would otherwise hold the account for days.
func LoginContext(ctx context.Context, srv mail.Server) (context.Context, context.CancelFunc) {
	limit := loginPatience * timeout(srv)
	return context.WithTimeoutCause(ctx, limit, &slowLogin{limit})
}
