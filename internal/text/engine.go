package text

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Options are the choices of an Engine.
type Options struct {
	NoSystemFonts bool   // only the embedded fonts: tests and reproducible pictures
	CacheDir      string // where the index of system fonts is kept; "": the user's cache directory
	GlyphBytes    int    // bound of the glyph cache; 0: 16 MiB
	LayoutBytes   int    // bound of the layout cache; 0: 16 MiB
}

// Engine lays out and paints text. It is safe for concurrent use.
type Engine struct {
	opts      Options
	workers   chan *worker // idle ones; their caches are worth keeping over garbage collections
	layouts   *layoutCache
	glyphs    *glyphCache
	fallbacks *fallbacks
	sets      sync.Map // fontSetKey → *FontSet

	system     atomic.Bool // system fonts may be used
	generation atomic.Uint64
	listenMu   sync.Mutex
	listeners  map[int]func()
	nextListen int
}

// New returns an engine. Fallback fonts are looked for only when a text needs one.
func New(o Options) *Engine {
	if o.GlyphBytes <= 0 {
		o.GlyphBytes = 16 << 20
	}
	if o.LayoutBytes <= 0 {
		o.LayoutBytes = 16 << 20
	}
	e := &Engine{opts: o, listeners: map[int]func(){}}
	e.workers = make(chan *worker, runtime.GOMAXPROCS(0))
	e.system.Store(!o.NoSystemFonts)
	e.layouts = newLayoutCache(o.LayoutBytes)
	e.glyphs = newGlyphCache(o.GlyphBytes)
	e.fallbacks = newFallbacks(o.CacheDir, e.fontsChanged)
	return e
}

var defaultEngine = sync.OnceValue(func() *Engine { return New(Options{}) })

// Default returns the engine of the process, with system fonts on.
func Default() *Engine { return defaultEngine() }

// SetSystemFonts turns the use of system fonts on or off; off, a picture is the same on every machine. Layouts made before
// keep their fonts.
func (e *Engine) SetSystemFonts(on bool) {
	if e.system.Swap(on) != on {
		e.layouts.clear()
		e.sets.Clear()
	}
}

// Generation counts the fallback fonts that became ready: a layout made earlier may lack their glyphs (Layout.Stale).
func (e *Engine) Generation() uint64 { return e.generation.Load() }

// OnChange calls f, from a goroutine of the engine, each time the generation rises; then what is on screen should be
// laid out again. The returned function ends this.
func (e *Engine) OnChange(f func()) (cancel func()) {
	e.listenMu.Lock()
	defer e.listenMu.Unlock()
	id := e.nextListen
	e.nextListen++
	e.listeners[id] = f
	return func() {
		e.listenMu.Lock()
		defer e.listenMu.Unlock()
		delete(e.listeners, id)
	}
}

func (e *Engine) fontsChanged() {
	e.generation.Add(1)
	e.listenMu.Lock()
	fs := make([]func(), 0, len(e.listeners))
	for _, f := range e.listeners {
		fs = append(fs, f)
	}
	e.listenMu.Unlock()
	for _, f := range fs {
		f()
	}
}

// Layout lays s out. Spans may be nil. The result is immutable, may come from the cache, and may be used from any
// goroutine. Any bytes are accepted: invalid UTF-8 shows as U+FFFD, one for each wrong byte.
func (e *Engine) Layout(s string, spans []Span, p Params) *Layout {
	p = p.normal()
	key := layoutKey{s, spansKey(spans), p}
	if l := e.layouts.get(key, e.generation.Load()); l != nil {
		return l
	}
	l := e.layoutUncached(s, spans, p)
	e.layouts.put(key, l)
	return l
}

func (e *Engine) layoutUncached(s string, spans []Span, p Params) *Layout {
	var w *worker
	select {
	case w = <-e.workers:
	default:
		w = newWorker()
	}
	defer func() {
		select {
		case e.workers <- w:
		default:
		}
	}()
	b := builder{e: e, w: w, l: &Layout{engine: e, text: s, params: p, generation: e.generation.Load()}}
	b.build(spans)
	return b.l
}

func (p Params) normal() Params {
	if !(p.Size > 0) {
		p.Size = 14
	}
	p.Size = min(p.Size, 2000)
	if !(p.Width > 0) || p.Width > 1e7 {
		p.Width = 0
	}
	if !(p.LineHeight > 0) {
		p.LineHeight = 0
	}
	if !(p.Tab > 0) {
		p.Tab = 0
	}
	if p.MaxLines < 0 {
		p.MaxLines = 0
	}
	return p
}
