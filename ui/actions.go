package ui

import (
	"context"

	"peyk/internal/mail"
)

// actions hands what the user does to the engine, in the order of the clicks, and remembers it for undo. It belongs to the
// UI thread.
type actions struct {
	engine Actions
	loop   *loop
	// groups are the user's own actions, newest last. Marking as read by reading is not among them: Ctrl+Z after a
	// deletion takes back the deletion, whatever was opened since.
	groups []mail.GroupID
	// done tells that an action of the user is carried out here; undone that one was taken back ("" when there was none).
	done   func(a mail.Action, group mail.GroupID)
	undone func(kind mail.ActionKind)
	failed func(a mail.Action, err error)
}

// maxUndo is how many actions the window remembers; older ones are still in the engine's log.
const maxUndo = 100

// Do carries out an action of the user.
func (a *actions) Do(act mail.Action) { a.submit(act, true) }

// Quiet carries out an action that the user did not ask for in so many words.
func (a *actions) Quiet(act mail.Action) { a.submit(act, false) }

func (a *actions) submit(act mail.Action, byUser bool) {
	a.loop.Serial(func(ctx context.Context) func() {
		group, err := a.engine.Do(ctx, act)
		return func() {
			if err != nil {
				a.failed(act, err)
				return
			}
			if !byUser {
				return
			}
			if group != 0 {
				a.groups = append(a.groups, group)
				if len(a.groups) > maxUndo {
					a.groups = a.groups[1:]
				}
			}
			a.done(act, group)
		}
	})
}

// Undo takes back the user's newest action, also one of an earlier run of the program.
func (a *actions) Undo() {
	if n := len(a.groups); n > 0 {
		a.UndoGroup(a.groups[n-1])
		return
	}
	a.loop.Serial(func(ctx context.Context) func() {
		kind, err := a.engine.Undo(ctx)
		return func() { a.tell(kind, err) }
	})
}

// UndoGroup takes back one action, for the button of its toast.
func (a *actions) UndoGroup(g mail.GroupID) {
	for i := range a.groups {
		if a.groups[i] == g {
			a.groups = append(a.groups[:i:i], a.groups[i+1:]...)
			break
		}
	}
	a.loop.Serial(func(ctx context.Context) func() {
		err := a.engine.UndoGroup(ctx, g)
		return func() { a.tell("group", err) }
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
