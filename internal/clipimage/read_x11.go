//go:build unix && !darwin

package clipimage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// kinds are the types of pictures that are taken, best first.
var kinds = [...]string{"image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"}

// What goes wrong is returned; the library would also write it to the standard error of the program.
func init() { xgb.Logger.SetOutput(io.Discard) }

func read(ctx context.Context) ([]byte, error) { return ask(ctx, kinds[:]) }

func readHTML(ctx context.Context) ([]byte, error) { return ask(ctx, []string{"text/html"}) }

// ask asks the owner of the selection CLIPBOARD what it has, and for the best kind of that.
func ask(ctx context.Context, kinds []string) ([]byte, error) {
	c, err := xgb.NewConn()
	if err != nil {
		return nil, errors.Join(ErrNone, err)
	}
	r := &reader{c: c, events: make(chan xgb.Event), atoms: map[string]xproto.Atom{}}
	done := make(chan struct{})
	go func() { // ends with the connection
		defer close(done)
		defer close(r.events)
		for {
			e, xerr := c.WaitForEvent()
			if e == nil && xerr == nil {
				return
			}
			if e == nil {
				continue
			}
			select {
			case r.events <- e:
			case <-ctx.Done():
			}
		}
	}()
	defer func() { <-done }()
	defer func() {
		c.Close()
		for range r.events { // what it still holds
		}
	}()
	return r.read(ctx, kinds)
}

// reader asks through one connection.
type reader struct {
	c      *xgb.Conn
	win    xproto.Window
	events chan xgb.Event
	atoms  map[string]xproto.Atom
}

func (r *reader) read(ctx context.Context, kinds []string) ([]byte, error) {
	win, err := xproto.NewWindowId(r.c)
	if err != nil {
		return nil, err
	}
	r.win = win
	screen := xproto.Setup(r.c).DefaultScreen(r.c)
	if err := xproto.CreateWindowChecked(r.c, 0, win, screen.Root, -1, -1, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check(); err != nil {
		return nil, fmt.Errorf("make a window for the clipboard: %w", err)
	}
	targets, err := r.convert(ctx, "TARGETS")
	if err != nil {
		return nil, err
	}
	var offered []xproto.Atom
	for ; len(targets) >= 4; targets = targets[4:] {
		offered = append(offered, xproto.Atom(xgb.Get32(targets)))
	}
	for _, kind := range kinds {
		a, err := r.atom(kind)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(offered, a) {
			continue
		}
		if data, err := r.convert(ctx, kind); err == nil && len(data) > 0 || !errors.Is(err, ErrNone) && err != nil {
			return data, err
		}
	}
	return nil, ErrNone
}

func (r *reader) atom(name string) (xproto.Atom, error) {
	if a, ok := r.atoms[name]; ok {
		return a, nil
	}
	reply, err := xproto.InternAtom(r.c, false, uint16(len(name)), name).Reply()
	if err != nil {
		return 0, fmt.Errorf("name the atom %s: %w", name, err)
	}
	r.atoms[name] = reply.Atom
	return reply.Atom, nil
}

// convert asks for the selection as a target and returns its bytes. A large one comes in pieces (INCR, ICCCM §2.7.2).
func (r *reader) convert(ctx context.Context, target string) ([]byte, error) {
	var a [4]xproto.Atom
	for i, name := range [...]string{"CLIPBOARD", target, "PEYK_CLIPBOARD", "INCR"} {
		var err error
		if a[i], err = r.atom(name); err != nil {
			return nil, err
		}
	}
	sel, kind, prop, incr := a[0], a[1], a[2], a[3]
	xproto.DeleteProperty(r.c, r.win, prop)
	xproto.ConvertSelection(r.c, r.win, sel, kind, prop, xproto.TimeCurrentTime)
	for {
		e, err := r.event(ctx)
		if err != nil {
			return nil, err
		}
		n, ok := e.(xproto.SelectionNotifyEvent)
		if !ok || n.Target != kind {
			continue
		}
		if n.Property == 0 {
			return nil, ErrNone // nobody owns it, or not in this form
		}
		break
	}
	data, typ, err := r.property(prop)
	if err != nil || typ != incr {
		return data, err
	}
	return r.pieces(ctx, prop)
}

// pieces collects what comes piece by piece: each is there when the property changes, and the next comes when it was deleted. An empty one ends it.
func (r *reader) pieces(ctx context.Context, prop xproto.Atom) ([]byte, error) {
	var out []byte
	for {
		e, err := r.event(ctx)
		if err != nil {
			return nil, err
		}
		if n, ok := e.(xproto.PropertyNotifyEvent); !ok || n.Atom != prop || n.State != xproto.PropertyNewValue {
			continue
		}
		data, _, err := r.property(prop)
		if err != nil {
			return nil, err
		}
		if len(data) == 0 {
			return out, nil
		}
		if out = append(out, data...); len(out) > Max {
			return nil, ErrTooLarge
		}
	}
}

// property reads a property of the window and deletes it.
func (r *reader) property(prop xproto.Atom) ([]byte, xproto.Atom, error) {
	var out []byte
	for {
		const chunk = 1 << 18 // units of four bytes
		reply, err := xproto.GetProperty(r.c, true, r.win, prop, xproto.GetPropertyTypeAny, uint32(len(out)/4), chunk).Reply()
		if err != nil {
			return nil, 0, fmt.Errorf("read from the clipboard: %w", err)
		}
		if out = append(out, reply.Value...); len(out) > Max {
			return nil, 0, ErrTooLarge
		}
		if reply.BytesAfter == 0 || len(reply.Value) == 0 {
			return out, reply.Type, nil
		}
	}
}

func (r *reader) event(ctx context.Context) (xgb.Event, error) {
	select {
	case e, ok := <-r.events:
		if !ok {
			return nil, fmt.Errorf("the connection to the display ended: %w", ErrNone)
		}
		return e, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("the program that has the clipboard does not answer: %w", ctx.Err())
	}
}
