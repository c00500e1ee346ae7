package text

import (
	"image"
	"sync"
	"sync/atomic"
)

// glyphKey names one rasterised glyph. Positions are quantised to quarters of a device pixel.
type glyphKey struct {
	face  uint32
	gid   uint32
	size  int32 // pixels per em, in 26.6
	subX  uint8 // quarters
	subY  uint8
	slant bool
}

// glyphImage is a rasterised glyph: an alpha mask, or for colour glyphs premultiplied RGBA. Immutable but for used.
type glyphImage struct {
	x, y   int // left top corner relative to the origin, in pixels; y grows downwards
	w, h   int
	mask   []uint8     // w*h alphas; nil for colour
	rgba   *image.RGBA // colour
	used   atomic.Uint64
	stored int
}

// glyphCache is bounded in bytes. Readers share a lock and only stamp what they use; a writer that finds the cache full
// throws out the half that was used longest ago.
type glyphCache struct {
	mu    sync.RWMutex
	limit int
	bytes int
	clock atomic.Uint64
	m     map[glyphKey]*glyphImage
}

func newGlyphCache(limit int) *glyphCache {
	return &glyphCache{limit: limit, m: map[glyphKey]*glyphImage{}}
}

func (c *glyphCache) get(k glyphKey) *glyphImage {
	c.mu.RLock()
	g := c.m[k]
	c.mu.RUnlock()
	if g != nil {
		g.used.Store(c.clock.Load())
	}
	return g
}

func (c *glyphCache) put(k glyphKey, g *glyphImage) {
	g.stored = len(g.mask) + 96
	if g.rgba != nil {
		g.stored += len(g.rgba.Pix)
	}
	g.used.Store(c.clock.Add(1))
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.m[k]; old != nil {
		c.bytes -= old.stored
	}
	c.m[k] = g
	c.bytes += g.stored
	if c.bytes > c.limit {
		c.evict()
	}
}

// evict drops the entries whose last use is older than the middle of the clock's range, until half is free.
func (c *glyphCache) evict() {
	now := c.clock.Load()
	for age := now / 2; c.bytes > c.limit/2; age /= 2 {
		for k, g := range c.m {
			if now-g.used.Load() >= age {
				delete(c.m, k)
				if c.bytes -= g.stored; c.bytes <= c.limit/2 {
					return
				}
			}
		}
		if age == 0 {
			return
		}
	}
}
