package text

import (
	"container/list"
	"encoding/binary"
	"math"
	"sync"
)

type layoutKey struct {
	text   string
	spans  string
	params Params
}

// layoutCache keeps recent layouts, bounded in bytes, least recently used out first.
type layoutCache struct {
	mu    sync.Mutex
	limit int
	used  int
	m     map[layoutKey]*list.Element
	lru   list.List
}

type layoutEntry struct {
	key   layoutKey
	l     *Layout
	bytes int
}

func newLayoutCache(limit int) *layoutCache {
	return &layoutCache{limit: limit, m: map[layoutKey]*list.Element{}}
}

func (c *layoutCache) get(k layoutKey, generation uint64) *Layout {
	c.mu.Lock()
	defer c.mu.Unlock()
	el := c.m[k]
	if el == nil {
		return nil
	}
	en := el.Value.(*layoutEntry)
	if en.l.incomplete && en.l.generation != generation {
		c.remove(el)
		return nil
	}
	c.lru.MoveToFront(el)
	return en.l
}

func (c *layoutCache) put(k layoutKey, l *Layout) {
	n := l.bytes() + len(k.spans)
	if n > c.limit/8 {
		return // one huge text must not empty the cache
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if el := c.m[k]; el != nil {
		c.remove(el)
	}
	c.m[k] = c.lru.PushFront(&layoutEntry{k, l, n})
	c.used += n
	for c.used > c.limit {
		c.remove(c.lru.Back())
	}
}

func (c *layoutCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.m)
	c.lru.Init()
	c.used = 0
}

func (c *layoutCache) remove(el *list.Element) {
	en := el.Value.(*layoutEntry)
	c.used -= en.bytes
	delete(c.m, en.key)
	c.lru.Remove(el)
}

// spansKey writes spans into a string, so that they can be part of a map key.
func spansKey(spans []Span) string {
	if len(spans) == 0 {
		return ""
	}
	b := make([]byte, 0, 40*len(spans))
	for _, s := range spans {
		b = binary.AppendVarint(b, int64(s.Start))
		b = binary.AppendVarint(b, int64(s.End))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(s.Size))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(s.Rise))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(s.BoxW))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(s.BoxH))
		var f byte
		for i, on := range [...]bool{s.Italic, s.Mono, s.Underline, s.Strike} {
			if on {
				f |= 1 << i
			}
		}
		b = append(b, f, byte(s.Weight), s.Color.R, s.Color.G, s.Color.B, s.Color.A,
			s.Background.R, s.Background.G, s.Background.B, s.Background.A,
			s.Wavy.R, s.Wavy.G, s.Wavy.B, s.Wavy.A)
		b = binary.AppendVarint(b, int64(len(s.Link)))
		b = append(b, s.Link...)
	}
	return string(b)
}
