package mailsync

import (
	"context"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Some servers take fewer connections than the account allows, one or two, or as many as other devices leave, and none of them says so before it
// refuses one. Who listens may have them all then, and no pass, or nobody who waits for a message, ever gets one. So what only listens gives way:
// first the connections for single folders, then the one that listens to the inbox; from then on everything goes over the worker's own, as where
// the account allows no more than that. After a while, or on another network, it is tried again.

// Values of worker.cut: what the server has left no room for.
const (
	allRoom int32 = iota
	noExtra       // connections for single folders
	onlyOne       // any but the worker's
)

// crowdedFor is how long it is believed that there is no room.
const crowdedFor = 30 * time.Minute

// crowded reports whether a connection was refused as one too many would be: by a server that is there, and not for who we say we are.
func crowded(err error) bool {
	re := remote.As(err)
	return re != nil && (re.Why == mail.CodeHungUp || re.Why == mail.CodeLater || re.Why == mail.CodeBusy)
}

// giveWay ends connections that only listen; false when there are none. Any goroutine.
func (w *worker) giveWay() bool {
	switch cut := w.cut.Load(); {
	case cut < noExtra && w.listening.hearsAny():
		w.leaveOut(noExtra)
	case cut < onlyOne && w.attends.Load():
		w.leaveOut(onlyOne)
	default:
		return false
	}
	return true
}

// leaveOut does without some connections from now on.
func (w *worker) leaveOut(cut int32) {
	w.cutAt.Store(w.e.opt.Now().Unix())
	w.cut.Store(cut)
	w.e.opt.Log.Info("the server takes no more connections", "account", w.acct.Name, "left_out", cut)
	w.listening.nudge()
	w.rouse() // who waits for a message is served by the worker
}

// roomAgain believes that there is room when long enough nobody has tried.
func (w *worker) roomAgain() {
	if since := w.e.opt.Now().Sub(time.Unix(w.cutAt.Load(), 0)); since >= crowdedFor || since < 0 {
		w.roomForAll()
	}
}

func (w *worker) roomForAll() {
	if w.cut.Swap(allRoom) != allRoom {
		w.listening.nudge()
	}
}

// cutNow is what the account of a pass does without.
func (p *pass) cutNow() int32 {
	if p.keep == nil {
		return allRoom
	}
	return p.keep.cut.Load()
}

// noRoomToListen looks at why the connection that listens was refused for the fails'th time: while the worker has one, it may be one too many.
// It reports whether something is left out now.
func (w *worker) noRoomToListen(err error, fails int) bool {
	if !crowded(err) || !w.holds.Load() || fails < unreachable && w.wants.empty() {
		return false
	}
	if w.cut.Load() < noExtra && w.listening.hearsAny() {
		w.leaveOut(noExtra)
	} else {
		w.leaveOut(onlyOne)
	}
	return true
}

// givingWay are the pauses after which a server may have noticed that connections have ended.
var givingWay = []time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second}

// receiver opens a session for the pass, in the place of those that listen where there is no room beside them.
func (p *pass) receiver(ctx context.Context, open func() (remote.Remote, error)) (remote.Remote, error) {
	r, err := open()
	for p.keep != nil && crowded(err) && p.keep.giveWay() {
		for _, pause := range givingWay {
			select {
			case <-ctx.Done():
				return nil, err
			case <-time.After(pause):
			}
			if r, err = open(); !crowded(err) {
				return r, err
			}
		}
	}
	return r, err
}
