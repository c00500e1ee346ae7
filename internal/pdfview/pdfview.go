// Package pdfview paints pages of PDF files from strangers. The files are read by PDFium, compiled to WebAssembly and run by an
// interpreter within the process: it has no files, no network, no clock of the system's, at most 384 MB of memory of its own and a
// time limit for each step; whatever a file does to it stays in there. Scripts and forms are not run, links lead nowhere.
//
// Nothing is loaded before the first file is opened; that takes about half a second and 200 MB, which go when the file is closed.
package pdfview

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// Bounds of a file.
const (
	// MaxBytes is the largest file that is opened.
	MaxBytes = 48 << 20
	// MaxPages is how many pages can be looked at.
	MaxPages    = 5000
	memoryPages = 384 << 20 / (64 << 10)
	stepTime    = 30 * time.Second
	maxPixels   = 24 << 20
)

// The reasons why a file cannot be shown.
var (
	ErrTooLarge = errors.New("the file is too large to be shown here")
	ErrLocked   = errors.New("the file is protected by a password")
	ErrBroken   = errors.New("the file cannot be read as a PDF")
	ErrTooSlow  = errors.New("the page takes too long to be painted")
)

// Doc is an open file. Its methods may be called from any goroutine; they take turns. It must be closed.
type Doc struct {
	mu     sync.Mutex
	cancel context.CancelFunc
	pool   pdfium.Pool
	inst   pdfium.Pdfium
	doc    references.FPDF_DOCUMENT
	pages  int
	dead   error // why nothing more can be asked
}

// Open opens a file. The bytes must not change while it is open.
func Open(ctx context.Context, data []byte) (d *Doc, err error) {
	if len(data) > MaxBytes {
		return nil, ErrTooLarge
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	d = &Doc{cancel: cancel}
	err = d.step(ctx, func() error { return d.open(own, data) })
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *Doc) open(ctx context.Context, data []byte) error {
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MaxIdle: 1, MaxTotal: 1, Stdout: io.Discard, Stderr: io.Discard, RandomSource: rand.Reader,
		FSConfig: wazero.NewFSConfig(), // none: without it the whole disk would be there
		RuntimeConfig: wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(memoryPages).WithCloseOnContextDone(true),
	})
	if err != nil {
		return fmt.Errorf("start the PDF reader: %w", err)
	}
	d.pool = pool
	if d.inst, err = pool.GetInstanceWithContext(ctx); err != nil {
		return fmt.Errorf("start the PDF reader: %w", err)
	}
	opened, err := d.inst.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		if errors.Is(err, pdferrors.ErrPassword) {
			return ErrLocked
		}
		return fmt.Errorf("%w: %v", ErrBroken, err)
	}
	d.doc = opened.Document
	n, err := d.inst.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.doc})
	if err != nil || n.PageCount < 1 {
		return ErrBroken
	}
	d.pages = min(n.PageCount, MaxPages)
	return nil
}

// step runs one call into the reader. A call that takes too long, or is not wanted any more, ends the reader for good: nothing
// less stops it.
func (d *Doc) step(ctx context.Context, f func() error) (err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead != nil {
		return d.dead
	}
	limited, end := context.WithTimeoutCause(ctx, stepTime, ErrTooSlow)
	stop := context.AfterFunc(limited, d.cancel)
	defer end()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrBroken, r)
		}
		if !stop() {
			d.dead = context.Cause(limited)
			err = d.dead
		}
	}()
	return f()
}

// Pages is the number of pages.
func (d *Doc) Pages() int { return d.pages }

// Page paints a page, the first being 0, as wide as the given pixels where its height allows it.
func (d *Doc) Page(ctx context.Context, page, width int) (img image.Image, err error) {
	if page < 0 || page >= d.pages {
		return nil, fmt.Errorf("there is no page %d", page+1)
	}
	width = max(16, min(width, 8192))
	err = d.step(ctx, func() error {
		at := requests.Page{ByIndex: &requests.PageByIndex{Document: d.doc, Index: page}}
		size, err := d.inst.GetPageSize(&requests.GetPageSize{Page: at})
		if err != nil {
			return fmt.Errorf("%w: page %d: %v", ErrBroken, page+1, err)
		}
		w, h := fit(size.Width, size.Height, width)
		got, err := d.inst.RenderPageInPixels(&requests.RenderPageInPixels{Page: at, Width: w, Height: h})
		if err != nil {
			return fmt.Errorf("%w: page %d: %v", ErrBroken, page+1, err)
		}
		defer got.Cleanup()
		painted, ok := got.Result.RenderedImage.(*image.RGBA)
		if !ok {
			return fmt.Errorf("%w: page %d is painted as %T", ErrBroken, page+1, got.Result.RenderedImage)
		}
		img = clone(painted) // its pixels lie in the reader's memory
		return nil
	})
	if err != nil {
		return nil, err
	}
	return img, nil
}

// fit is the size in pixels of a page of so many points, bounded.
func fit(pw, ph float64, width int) (w, h int) {
	if !(pw > 0.1 && ph > 0.1 && pw < 1e6 && ph < 1e6) {
		pw, ph = 595, 842
	}
	w, h = width, int(float64(width)*ph/pw+0.5)
	for w*h > maxPixels || h > 16384 {
		w, h = w*3/4, h*3/4
	}
	return max(w, 1), max(h, 1)
}

func clone(src *image.RGBA) *image.RGBA {
	out := *src
	out.Pix = append([]uint8(nil), src.Pix...)
	return &out
}

// Close lets go of everything. It waits for a call that runs; cancel that one's context to be quick.
func (d *Doc) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead == nil {
		d.dead = errors.New("the file is closed")
	}
	d.cancel()
	defer func() { _ = recover() }() // the reader may be in any state after it was ended
	if d.pool != nil {
		_ = d.pool.Close()
		d.pool = nil
	}
}
