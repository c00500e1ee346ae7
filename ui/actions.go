package ui

import (
	"context"
	"errors"
	"slices"
	"time"

	"peyk/internal/mail"
	"peyk/store"
)

// actions hands what the user does to the engine, in the order of the clicks, and remembers it for undo. It belongs to the
// UI thread.
type actions struct {
	engine Actions
	rows   func(ctx context.Context, ids []mail.MessageID) ([]mail.Row, error)
	loop   *loop
	now    func() time.Time
	// steps are the user's own actions, newest last. Marking as read by reading is not among them: Ctrl+Z after a
	// deletion takes back the deletion, whatever was opened since.
	steps []undoStep
	// dropped is the folder that the user deleted last.
	dropped mail.FolderID
	// done tells that an action of the user is carried out here; undone that one was taken back ("" when there was none).
	done   func(a mail.Action, group mail.GroupID, s saying)
	undone func(kind mail.ActionKind)
	failed func(a mail.Action, err error)
	// gone tells that an action was about messages that are not there any more.
	gone func()
}

// undoStep is an action, the giving up of operations in the activity, or the sending of a message.
type undoStep struct {
	group   mail.GroupID
	kind    mail.ActionKind // of the group
	givenUp *givenUp
	sending *sending
	local   *localStep
}

// localStep is what Local remembers.
type localStep struct {
	kind mail.ActionKind // which is told when it is taken back
	back func()
}

// givenUp is what the user took off the list of the activity.
type givenUp struct {
	ops   []mail.DiscardedOp
	aside []mail.SetAsideID
	lists []mail.Unsubscription
}

// sending is a message that waits to be sent.
type sending struct {
	back  func()    // takes it back; nil once that was done
	until time.Time // it waits no longer
}

// take takes the message back, unless that was done or it has left; it reports whether it did.
func (s *sending) take(now time.Time) bool {
	back := s.back
	if back == nil || !now.Before(s.until) {
		return false
	}
	s.back = nil
	back()
	return true
}

// maxUndo is how many actions the window remembers; older ones are still in the engine's log.
const maxUndo = 100

// saying is what is told of an action once it is carried out here.
type saying struct {
	words string // "": what is said of its kind
	final bool   // it cannot be taken back
}

// Do carries out an action of the user.
func (a *actions) Do(act mail.Action) { a.submit(act, true, saying{}) }

// DoSaying is Do with words of its own.
func (a *actions) DoSaying(act mail.Action, s saying) { a.submit(act, true, s) }

// Quiet carries out an action that the user did not ask for in so many words.
func (a *actions) Quiet(act mail.Action) { a.submit(act, false, saying{}) }

func (a *actions) submit(act mail.Action, byUser bool, s saying) {
	if act.Kind == mail.ActDropFolder || act.Kind == mail.ActDestroyFolder {
		a.dropped = act.Folder
	}
	a.loop.Serial(func(ctx context.Context) func() {
		group, err := a.perform(ctx, &act)
		return func() {
			switch {
			case errors.Is(err, errGone):
				a.gone()
				return
			case err != nil:
				a.failed(act, err)
				return
			case !byUser:
				return
			}
			if group != 0 && !s.final {
				a.push(undoStep{group: group, kind: act.Kind})
			}
			a.done(act, group, s)
		}
	})
}

// errGone says that none of the messages of an action is there any more.
var errGone = errors.New("the messages are gone")

// perform carries an action out. Another program may have removed some of the messages since they were chosen: it goes for the others, and act
// is about those then.
func (a *actions) perform(ctx context.Context, act *mail.Action) (mail.GroupID, error) {
	group, err := a.engine.Do(ctx, *act)
	if !errors.Is(err, store.ErrNotFound) || len(act.Messages) == 0 {
		return group, err
	}
	rows, rerr := a.rows(ctx, act.Messages)
	if rerr != nil || len(rows) == len(act.Messages) { // what is missing is something else
		return group, err
	}
	if len(rows) == 0 {
		return 0, errGone
	}
	act.Messages = nil
	for _, r := range rows {
		act.Messages = append(act.Messages, r.ID)
	}
	return a.engine.Do(ctx, *act)
}

func (a *actions) push(s undoStep) {
	a.steps = append(a.steps, s)
	if len(a.steps) > maxUndo {
		a.steps = a.steps[1:]
	}
}

// Discarded remembers what was given up, and returns what brings it back.
func (a *actions) Discarded(g *givenUp) (back func()) {
	a.push(undoStep{givenUp: g})
	return func() {
		a.steps = slices.DeleteFunc(a.steps, func(s undoStep) bool { return s.givenUp == g })
		a.restore(g)
	}
}

// Sending remembers that a message was sent, for as long as it can be taken back; undo does that, once.
func (a *actions) Sending(until time.Time, back func()) (undo func()) {
	s := &sending{back, until}
	a.push(undoStep{sending: s})
	return func() { s.take(a.now()) }
}

// Local remembers a change of what the window itself keeps, or that something unsent was discarded; back takes it back. It returns the same for
// the button of a toast.
func (a *actions) Local(kind mail.ActionKind, back func()) (undo func()) {
	step := &localStep{kind, back}
	a.push(undoStep{local: step})
	return func() {
		a.steps = slices.DeleteFunc(a.steps, func(s undoStep) bool { return s.local == step })
		a.takeBack(step)
	}
}

// takeBack takes back what Local remembered, once.
func (a *actions) takeBack(step *localStep) {
	if back := step.back; back != nil {
		step.back = nil
		back()
		a.undone(step.kind)
	}
}

func (a *actions) restore(g *givenUp) {
	a.loop.Serial(func(ctx context.Context) func() {
		err := errors.Join(a.engine.RestoreOps(ctx, g.ops), a.engine.DismissSetAside(ctx, false, g.aside...), a.engine.RestoreUnsubscriptions(ctx, g.lists))
		return func() { a.tell("discard", err) }
	})
}

// Undo takes back the user's newest action, also one of an earlier run of the program. One that was taken back meanwhile, because
// the server refused it or because it was given up, is passed over.
func (a *actions) Undo() {
	n := len(a.steps)
	if n == 0 {
		a.loop.Serial(func(ctx context.Context) func() {
			kind, err := a.engine.Undo(ctx)
			return func() { a.tell(kind, err) }
		})
		return
	}
	last := a.steps[n-1]
	a.steps = a.steps[:n-1]
	switch {
	case last.givenUp != nil:
		a.restore(last.givenUp)
	case last.local != nil:
		a.takeBack(last.local)
	case last.sending != nil:
		if !last.sending.take(a.now()) {
			a.Undo() // what was before it
		}
	default:
		a.undoGroup(last.group, last.kind, a.Undo)
	}
}

// UndoGroup takes back one action, for the button of its toast.
func (a *actions) UndoGroup(g mail.GroupID) {
	kind := mail.ActionKind("group")
	a.steps = slices.DeleteFunc(a.steps, func(s undoStep) bool {
		if s.group == g {
			kind = s.kind
		}
		return s.group == g
	})
	a.undoGroup(g, kind, func() { a.undone("") })
}

// undoGroup takes back an action; before is called when that was done already.
func (a *actions) undoGroup(g mail.GroupID, kind mail.ActionKind, before func()) {
	a.loop.Serial(func(ctx context.Context) func() {
		err := a.engine.UndoGroup(ctx, g)
		return func() {
			if errors.Is(err, store.ErrTakenBack) {
				before()
				return
			}
			a.tell(kind, err)
		}
	})
}

func (a *actions) tell(kind mail.ActionKind, err error) {
	if err != nil {
		a.failed(mail.Action{Kind: "undo"}, err)
		return
	}
	a.undone(kind)
}

// leaves reports whether an action takes messages out of the list they are in.
func leaves(k mail.ActionKind) bool {
	switch k {
	case mail.ActArchive, mail.ActDelete, mail.ActDestroy, mail.ActJunk, mail.ActNotJunk, mail.ActMove:
		return true
	}
	return false
}

// expect is the row as it will be after the action, so that a click shows at once.
func expect(r mail.Row, a mail.Action) mail.Row {
	switch a.Kind {
	case mail.ActRead:
		r.Flags = r.Flags.With(mail.FlagSeen)
	case mail.ActUnread:
		r.Flags = r.Flags.Without(mail.FlagSeen)
	case mail.ActStar:
		r.Flags = r.Flags.With(mail.FlagFlagged)
	case mail.ActUnstar:
		r.Flags = r.Flags.Without(mail.FlagFlagged)
	case mail.ActTag:
		r.Flags = r.Flags.With(a.Tags...)
	case mail.ActUntag:
		r.Flags = r.Flags.Without(a.Tags...)
	}
	return r
}
