package mailsync

import (
	"context"
	"errors"
	"testing"
)

// Nobody is woken for those who do not wait any more, neither by their answer nor, without a network, by their having gone: whoever listens
// would look after them without a pause.
func TestNobodyIsWokenForWhoHasGone(t *testing.T) {
	woken := func(q *wantQueue) bool {
		select {
		case <-q.ready:
			return true
		default:
			return false
		}
	}
	q := newWantQueue()
	q.add(context.Background(), 1, spot{}, nil, false)
	q.failAll(errors.New("the server is away"))
	if woken(q) {
		t.Error("somebody is woken for who was answered")
	}
	w := &worker{e: &Engine{}, wants: q, listening: newListeners()} // offline
	ctx, gone := context.WithCancel(context.Background())
	q.add(ctx, 1, spot{}, nil, false)
	gone()
	if _, err := w.pushSession(context.Background()); err != nil {
		t.Error(err)
	}
	if woken(q) {
		t.Error("offline, somebody is woken again and again for who has gone")
	}
}
