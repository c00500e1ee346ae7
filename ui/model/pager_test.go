package model

import (
	"context"
	"errors"
	"testing"

	"peyk/internal/mail"
)

// queue is a Runner that does the work when the test says so, so that any order of answers can be tried.
type queue struct{ jobs []func() func() }

func (q *queue) Go(work func(context.Context) func()) {
	q.jobs = append(q.jobs, func() func() { return work(context.Background()) })
}

// take does the work of job i and returns its answer for later.
func (q *queue) take(i int) func() {
	j := q.jobs[i]
	q.jobs = append(q.jobs[:i], q.jobs[i+1:]...)
	return j()
}

func (q *queue) drain() {
	for len(q.jobs) > 0 {
		if f := q.take(0); f != nil {
			f()
		}
	}
}

// numbers is a list of n messages with the IDs first, first+1, …
type numbers struct {
	n, first int
	pages    int
	fail     error
}

func (s *numbers) Count(context.Context) (Counts, error) { return Counts{Total: s.n}, s.fail }
func (s *numbers) Page(_ context.Context, offset, limit int) ([]mail.Row, error) {
	s.pages++
	var out []mail.Row
	for i := offset; i < min(offset+limit, s.n); i++ {
		out = append(out, mail.Row{ID: mail.MessageID(s.first + i)})
	}
	return out, s.fail
}
func (s *numbers) Position(_ context.Context, id mail.MessageID) (int, error) {
	if i := int(id) - s.first; i >= 0 && i < s.n {
		return i, nil
	}
	return -1, nil
}

func TestPagerReadsAnyPlaceOfAMillion(t *testing.T) {
	q := &queue{}
	p := NewPager(q)
	src := &numbers{n: 1_000_000, first: 1}
	p.Show(src, nil)
	q.drain()
	for _, i := range []int{0, 999_999, 500_000, 77, 123_456} {
		p.Visible(i, i)
		p.Row(i)
		q.drain()
		r, ok := p.Row(i)
		if !ok || r.ID != mail.MessageID(i+1) {
			t.Fatalf("row %d: got %v, %v", i, r.ID, ok)
		}
	}
	for i := 0; i < 1_000_000; i += 10_000 {
		p.Visible(i, i)
		p.Row(i)
		q.drain()
	}
	if len(p.pages) > maxPages {
		t.Errorf("%d pages are kept, want at most %d", len(p.pages), maxPages)
	}
	if _, ok := p.Row(1_000_000); ok {
		t.Error("a row after the end was given out")
	}
}

func TestPagerDropsAnswersOfAnotherList(t *testing.T) {
	q := &queue{}
	p := NewPager(q)
	p.Show(&numbers{n: 5, first: 100}, nil)
	old := q.take(0)
	p.Show(&numbers{n: 3, first: 1}, nil)
	q.drain()
	old()
	if r, ok := p.Row(0); !ok || r.ID != 1 || p.Total() != 3 {
		t.Errorf("got row %v of %d, want 1 of 3", r.ID, p.Total())
	}
}

func TestPagerRefreshKeepsRowsUntilTheNewOnesAreThere(t *testing.T) {
	q := &queue{}
	p := NewPager(q)
	src := &numbers{n: 10, first: 50}
	p.Show(src, nil)
	q.drain()
	src.first, src.n = 48, 12 // two new messages above
	var at []int
	p.Refresh([]mail.MessageID{50, 7}, func(a []int) { at = a })
	p.Refresh([]mail.MessageID{51}, func(a []int) { at = append(at, a...) })
	if r, ok := p.Row(0); !ok || r.ID != 50 {
		t.Errorf("the old rows went away before the new ones came: %v %v", r.ID, ok)
	}
	q.drain()
	if r, _ := p.Row(0); r.ID != 48 {
		t.Errorf("after the refresh row 0 is %v, want 48", r.ID)
	}
	if len(at) != 3 || at[0] != 2 || at[1] != -1 || at[2] != 3 {
		t.Errorf("followed messages are at %v, want [2 -1 3]", at)
	}
}

func TestPagerAnOlderPageIsStaleAfterARefresh(t *testing.T) {
	q := &queue{}
	p := NewPager(q)
	src := &numbers{n: 1000, first: 1}
	p.Show(src, nil)
	q.drain()
	p.Row(500)
	late := q.take(0) // read before the change, delivered after it
	src.first = 1001
	p.Refresh(nil, nil)
	q.drain()
	late()
	p.Row(500)
	q.drain()
	if r, _ := p.Row(500); r.ID != 1501 {
		t.Errorf("row 500 is %v, want the new 1501", r.ID)
	}
}

func TestPagerTellsFailureAndKeepsRows(t *testing.T) {
	q := &queue{}
	p := NewPager(q)
	src := &numbers{n: 4, first: 1}
	p.Show(src, nil)
	q.drain()
	var told error
	p.Failed = func(err error) { told = err }
	src.fail = errors.New("disk")
	p.Refresh(nil, nil)
	q.drain()
	if _, ok := p.Row(3); told == nil || !ok {
		t.Errorf("told %v, row kept %v", told, ok)
	}
	src.fail = nil
	src.n = 2
	p.Refresh(nil, nil)
	q.drain()
	if p.Total() != 2 {
		t.Error("no refresh after a failed one")
	}
}

// torn loses its first message between the reading of the rows and of its place.
type torn struct {
	numbers
	done bool
}

func (s *torn) Position(ctx context.Context, id mail.MessageID) (int, error) {
	if !s.done {
		s.done = true
		s.first, s.n = s.first+1, s.n-1
	}
	return s.numbers.Position(ctx, id)
}

func TestPagerReadsAgainWhatDoesNotAgree(t *testing.T) {
	q := &queue{}
	p := NewPager(q)
	src := &torn{numbers: numbers{n: 5, first: 1}}
	p.Show(src, nil)
	q.drain()
	gone := 0
	p.Refresh([]mail.MessageID{1}, func(at []int) {
		gone = at[0]
		if r, _ := p.Row(0); r.ID != 2 || p.Total() != 4 {
			t.Errorf("row 0 is %v of %d after message 1 went, want 2 of 4", r.ID, p.Total())
		}
	})
	q.drain()
	if gone != -1 {
		t.Errorf("message 1 is at %d", gone)
	}
}

// What is still read of a list is given up when another is shown; while the user types, the rows before stay until the new ones come.
func TestPagerFollows(t *testing.T) {
	q := &queue{}
	p := NewPager(q)
	p.Show(&numbers{n: 300, first: 1}, nil)
	q.drain()
	shown := 0
	p.Follow(&endless{}, func() { shown++ })
	p.Visible(100, 140) // scrolled meanwhile
	if r, ok := p.Row(0); !ok || r.ID != 1 || p.Total() != 300 {
		t.Errorf("the rows before are gone: %v %t, %d rows", r.ID, ok, p.Total())
	}
	if _, ok := p.Row(250); ok || len(q.jobs) != 1 {
		t.Errorf("%d reads while the next list is awaited", len(q.jobs))
	}
	late := q.jobs[0]
	q.jobs = nil
	p.Follow(&numbers{n: 50, first: 2001}, func() { shown++ })
	late()() // comes back only because it is given up, and changes nothing
	if r, ok := p.Row(0); !ok || r.ID != 1 || shown != 0 {
		t.Errorf("row %v %t after a superseded answer", r.ID, ok)
	}
	q.drain()
	if r, ok := p.Row(0); !ok || r.ID != 2001 || p.Total() != 50 || shown != 1 {
		t.Errorf("row %v %t of %d, told %d times", r.ID, ok, p.Total(), shown)
	}
	// A list that cannot be read leaves none of the rows before under its name.
	var failed error
	p.Failed = func(err error) { failed = err }
	p.Follow(&numbers{n: 1, first: 1, fail: errors.New("no disk")}, nil)
	q.drain()
	if _, ok := p.Row(0); ok || p.Total() != 0 || failed == nil {
		t.Errorf("%d rows after a failure (%v)", p.Total(), failed)
	}
}

// endless is a list that is read until nobody wants it any more.
type endless struct{ numbers }

func (*endless) Count(ctx context.Context) (Counts, error) {
	<-ctx.Done()
	return Counts{}, ctx.Err()
}
