package imap

import (
	"context"
	"slices"
	"time"

	"peyk/accounts/remote"
)

var _ remote.Watcher = (*Client)(nil)

// notifyCommands ask for events of the open folder and of all others (RFC 5465 §3), the most telling first: not every server can
// tell of changed flags in folders that are not open.
var notifyCommands = []string{
	"NOTIFY SET (SELECTED (MessageNew MessageExpunge FlagChange)) (PERSONAL (MessageNew MessageExpunge FlagChange MailboxName))",
	"NOTIFY SET (SELECTED (MessageNew MessageExpunge FlagChange)) (PERSONAL (MessageNew MessageExpunge))",
}

// Watch implements remote.Watcher. The connection sits in IDLE meanwhile, as in Idle, because servers and home routers know that
// kind of silence.
func (c *Client) Watch(ctx context.Context, selected string, max time.Duration) (changed []string, ok bool, err error) {
	s, end, err := c.begin(ctx, "wait for mail")
	if err != nil {
		return nil, true, err
	}
	defer end()
	if !s.has("NOTIFY") || s.noNotify || !s.has("IDLE") || s.noIdle || c.cfg.Options.NoIdle {
		return nil, false, nil
	}
	if ctx.Err() != nil {
		return nil, true, nil
	}
	if news, err := c.openToListen(ctx, s, selected); err != nil || news {
		return []string{selected}, true, err
	}
	if !s.notifying {
		can, err := s.notify(ctx)
		if err != nil || !can {
			return nil, can, err
		}
		// What came into other folders since they were last looked at, up to now, nobody will tell.
		return []string{""}, true, nil
	}
	if max <= 0 {
		max = idleRenew
	}
	until := time.Now().Add(max)
	for {
		if changed := s.takeTouched(); len(changed) > 0 {
			return changed, true, nil
		}
		left := time.Until(until)
		if left <= 0 || ctx.Err() != nil {
			return nil, true, nil
		}
		if err := s.idleOnce(ctx, "wait for mail", min(left, idleRenew)); err != nil {
			return nil, true, err
		}
		if s.noIdle {
			return nil, false, nil
		}
	}
}

// notify turns the events on, of a session where they are not. It is false when the server, whatever it advertises, refuses.
func (s *session) notify(ctx context.Context) (bool, error) {
	for i := 0; !s.notifying && i < len(notifyCommands); i++ {
		st, err := s.run(ctx, &command{step: "notify", text: notifyCommands[i], slow: true})
		if err != nil && (st == nil || st.typ == "BYE") {
			return true, err
		}
		s.notifying = err == nil
	}
	s.noNotify = !s.notifying
	return s.notifying, nil
}

// touch notes that something may have changed in a folder that is not open; "" stands for the list and all folders in it.
func (s *session) touch(path string) {
	switch {
	case !s.notifying || slices.Contains(s.touched, path):
	case len(s.touched) >= maxTouched:
		s.touched = []string{""}
	default:
		s.touched = append(s.touched, path)
	}
}

// maxTouched is from where on everything is looked at.
const maxTouched = 200

// takeTouched gives what changed since the last call.
func (s *session) takeTouched() []string {
	out := s.touched
	if s.dirty && s.selected != "" && !slices.Contains(out, s.selected) {
		out = append(out, s.selected)
	}
	s.touched, s.dirty = nil, false
	return out
}

// told reads an unasked STATUS or LIST, which NOTIFY brings.
func (s *session) told(p *response) {
	if !s.notifying {
		return
	}
	if p.typ == "LIST" {
		s.touch("")
		return
	}
	if path, _, err := readName(statusName(p)); err == nil {
		s.touch(path)
	}
}
