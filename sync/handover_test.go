package mailsync

import (
	"context"
	"io"
	"strings"
	"testing"
)

// A stop before the end of a message is told to the server is one: the end is not told any more. One that comes later waits for the answer.
func TestAStopAtTheLastByteIsBeforeOrAfterIt(t *testing.T) {
	for _, first := range []bool{true, false} {
		marks := 0
		h := &handOver{r: strings.NewReader("message"), mark: func() error { marks++; return nil }}
		ctx, stop := context.WithCancel(t.Context())
		exchange, end := h.patiently(ctx)
		if first {
			stop()
			<-exchange.Done()
		}
		_, err := io.ReadAll(h)
		if first && (err == nil || marks != 0 || h.handed()) {
			t.Errorf("the end is told after a stop: %v, noted %d times", err, marks)
		}
		stop()
		if !first && (err != nil || marks != 1 || !h.handed() || exchange.Err() != nil) {
			t.Errorf("a stop after the end cuts off the answer: %v, noted %d times, %v", err, marks, exchange.Err())
		}
		end()
	}
}

// A stop that comes before a look at the outbox begins keeps it from beginning, unless somebody has asked for it since; one that comes later ends it.
func TestALookAtTheOutboxBeginsBeforeOrAfterAStop(t *testing.T) {
	s := newSender()
	before := s.stopped()
	s.ask()
	if s.stop() != scopeOutbox {
		t.Error("it is not told that sending was asked for")
	}
	if _, _, _, ok := s.begin(t.Context(), before, true); ok {
		t.Error("it begins after a stop")
	}
	s.ask()
	ctx, done, asked, ok := s.begin(t.Context(), before, true)
	if !ok || !asked {
		t.Fatal("what was asked for after the stop does not begin")
	}
	if s.stop() != 0 || ctx.Err() == nil {
		t.Error("a stop does not end what has begun")
	}
	done()
	if _, done, asked, ok := s.begin(t.Context(), s.stopped(), true); !ok || asked {
		t.Error("what is due does not begin by itself")
	} else {
		done()
	}
}
