package remotecontent

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// Batch is what is fetched for one message.
type Batch struct {
	URLs []string
	// Proxy is the proxy of the account that the message belongs to, "" for none (see accounts/dial).
	Proxy string
	// Keep lets pictures lie on disk for later: the sender is allowed for good.
	Keep bool
	// AllowPrivate lets addresses of the user's own network be reached: the user said so.
	AllowPrivate bool
}

// Result is one picture, or why it is not there.
type Result struct {
	URL  string // as in Batch.URLs
	Data []byte // the file as it came; nil with Err
	Err  error  // *Error, or ctx's error
}

// Fetch fetches the pictures of a batch and calls got for each, one call at a time, in the order they arrive. It returns when all
// are done; a cancelled ctx ends it at once. Addresses that stand in the batch twice are fetched once.
func (f *Fetcher) Fetch(ctx context.Context, b Batch, got func(Result)) {
	ctx, end := context.WithTimeout(ctx, f.lim.All)
	defer end()
	t := f.transport(b)
	defer t.CloseIdleConnections()
	w := &work{f: f, b: b, get: func(ctx context.Context, raw string, limit int64) ([]byte, error) {
		u, err := address(raw)
		if err != nil {
			return nil, &Error{Reason: BadAddress, Err: err}
		}
		return f.get(ctx, t, u, limit)
	}}
	w.left.Store(f.lim.Total)
	urls, over := w.unique()
	next := make(chan string)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range min(f.lim.Parallel, len(urls)) {
		wg.Go(func() {
			for u := range next {
				r := w.one(ctx, u)
				mu.Lock()
				got(r)
				mu.Unlock()
			}
		})
	}
	for _, u := range urls {
		next <- u
	}
	close(next)
	wg.Wait()
	for _, u := range over {
		got(Result{URL: u, Err: &Error{URL: u, Reason: TooManyFiles, Err: fmt.Errorf("more than %d pictures", f.lim.Pictures)}})
	}
}

// work is a batch under way.
type work struct {
	f    *Fetcher
	b    Batch
	get  func(ctx context.Context, raw string, limit int64) ([]byte, error)
	left atomic.Int64 // bytes that may still come
}

// unique splits the addresses into those that are fetched and those beyond the limit.
func (w *work) unique() (urls, over []string) {
	seen := map[string]bool{}
	for _, u := range w.b.URLs {
		switch {
		case seen[u]:
		case len(urls) < w.f.lim.Pictures:
			urls = append(urls, u)
		default:
			over = append(over, u)
		}
		seen[u] = true
	}
	return urls, over
}

func (w *work) one(ctx context.Context, raw string) Result {
	if err := ctx.Err(); err != nil {
		return Result{URL: raw, Err: err}
	}
	if data := w.f.cache.get(raw, w.b.Keep); data != nil {
		return Result{URL: raw, Data: data}
	}
	left := w.left.Load()
	if left <= 0 {
		return Result{URL: raw, Err: &Error{URL: raw, Reason: TooManyFiles, Err: fmt.Errorf("more than %d bytes of pictures", w.f.lim.Total)}}
	}
	data, err := w.get(ctx, raw, left)
	if err != nil {
		if e := (*Error)(nil); errors.As(err, &e) {
			e.URL = raw
		}
		return Result{URL: raw, Err: err}
	}
	if w.left.Add(-int64(len(data))) < 0 { // others were faster
		return Result{URL: raw, Err: &Error{URL: raw, Reason: TooManyFiles}}
	}
	w.f.cache.put(raw, data, w.b.Keep && !w.b.AllowPrivate)
	return Result{URL: raw, Data: data}
}
