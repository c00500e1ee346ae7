package mailsync

import (
	"context"
	"net"
	"slices"
	"strings"
	"time"
)

const (
	// wakeTick is how often the clocks and the network's addresses are looked at.
	wakeTick = 5 * time.Second
	// wakeGap is how much longer than wakeTick a tick may take before it counts as sleep.
	wakeGap = 25 * time.Second
)

// wakeWatch notices that the computer slept or changed its network. Connections from before are then dead, and nobody would
// find out for minutes: timers do not run during sleep, and a connection that only listens sends nothing.
type wakeWatch struct {
	last  time.Time
	addrs string
}

// look compares with the last look; now carries both clocks, see package time. During sleep the monotonic clock of some systems
// stands still while the wall clock goes on, and that of others goes on while no timer fires.
func (w *wakeWatch) look(now time.Time, addrs string) (reason string) {
	defer func() { w.last, w.addrs = now, addrs }()
	if w.last.IsZero() {
		return ""
	}
	ran, wall := now.Sub(w.last), now.Round(0).Sub(w.last.Round(0))
	switch {
	case ran > wakeTick+wakeGap, wall > ran+wakeGap:
		return "slept"
	case addrs != w.addrs && addrs != "":
		return "another network"
	}
	return ""
}

// addresses are those of this computer that lead anywhere.
func addresses() string {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	var out []string
	for _, a := range list {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			out = append(out, n.IP.String())
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// watchWake runs until ctx ends.
func (e *Engine) watchWake(ctx context.Context) {
	t := time.NewTicker(wakeTick)
	defer t.Stop()
	var w wakeWatch
	for {
		if reason := w.look(time.Now(), addresses()); reason != "" {
			e.opt.Log.Info("wake", "reason", reason)
			e.Wake()
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// Wake gives up the connections that are waiting and checks every account at once, whatever a back-off says. The engine calls it
// by itself after sleep and when the network changed.
func (e *Engine) Wake() {
	for _, w := range e.allWorkers() {
		w.wake()
	}
}

// wake is Wake for one account.
func (w *worker) wake() {
	w.stale.Store(true)
	w.cut.Store(allRoom)
	w.mu.Lock()
	if w.stopTalk != nil {
		w.stopTalk()
	}
	w.mu.Unlock()
	w.listening.wake()
	w.e.logins.reconsider(w.acct.ID)
	w.hasten(hurryCutOff, scopeFull)
}

// untilWake gives the context of an exchange with the incoming server, which also ends when the computer has slept or changed its
// network: waiting for a dead connection would hold back the check that Wake asks for by a whole timeout. What was under way is
// repeated, as after every connection that was lost. Sending is not ended: there an answer that is late beats one that is unknown.
func (p *pass) untilWake(outer context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(outer)
	w := p.keep
	if w == nil {
		return ctx, cancel
	}
	set := func(stop context.CancelFunc) {
		w.mu.Lock()
		w.stopTalk = stop
		w.mu.Unlock()
	}
	set(cancel)
	return ctx, func() {
		set(nil)
		p.woken = p.woken || ctx.Err() != nil && outer.Err() == nil
		cancel()
	}
}
