package remotecontent

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Bounds of what is kept.
const (
	maxMemory = 24 << 20
	maxDisk   = 64 << 20
	maxAge    = 30 * 24 * time.Hour
)

// cache keeps pictures: the newest in memory, those of allowed senders also in files. A cache that cannot be written is an
// empty one: nothing depends on it.
type cache struct {
	dir string
	now func() time.Time

	mu     sync.Mutex
	memory map[string][]byte
	order  []string // oldest first
	bytes  int
	disk   int64 // bytes in dir; -1: not counted yet
}

func newCache(dir string, now func() time.Time) *cache {
	return &cache{dir: dir, now: now, memory: map[string][]byte{}, disk: -1}
}

func (c *cache) path(url string) string {
	h := sha256.Sum256([]byte(url))
	return filepath.Join(c.dir, hex.EncodeToString(h[:]))
}

// get finds a picture; only allowed senders' messages look on disk.
func (c *cache) get(url string, onDisk bool) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if data, ok := c.memory[url]; ok {
		return data
	}
	if c.dir == "" || !onDisk {
		return nil
	}
	p := c.path(url)
	info, err := os.Stat(p)
	if err != nil || c.now().Sub(info.ModTime()) > maxAge || info.Size() > maxDisk {
		return nil
	}
	data, err := os.ReadFile(p)
	if err != nil || check(data, Limits{}.withDefaults().Pixels) != nil {
		return nil
	}
	c.remember(url, data)
	return data
}

func (c *cache) put(url string, data []byte, onDisk bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remember(url, data)
	if c.dir == "" || !onDisk {
		return
	}
	if c.disk < 0 || c.disk+int64(len(data)) > maxDisk {
		c.clean(int64(len(data)))
	}
	if err := c.write(c.path(url), data); err == nil {
		c.disk += int64(len(data))
	}
}

func (c *cache) remember(url string, data []byte) {
	if _, have := c.memory[url]; have || len(data) > maxMemory/4 {
		return
	}
	c.memory[url] = data
	c.order = append(c.order, url)
	c.bytes += len(data)
	for c.bytes > maxMemory {
		c.bytes -= len(c.memory[c.order[0]])
		delete(c.memory, c.order[0])
		c.order = c.order[1:]
	}
}

// write writes a file whole or not at all.
func (c *cache) write(path string, data []byte) error {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(c.dir, ".new-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}

// clean removes what is too old, what a crash left, and then the oldest until there is room for so many bytes.
func (c *cache) clean(room int64) {
	c.disk = 0
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	var kept []fs.FileInfo
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if age := c.now().Sub(info.ModTime()); age > maxAge || e.Name()[0] == '.' && age > time.Hour {
			os.Remove(filepath.Join(c.dir, e.Name()))
			continue
		}
		kept = append(kept, info)
		c.disk += info.Size()
	}
	slices.SortFunc(kept, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, info := range kept {
		if c.disk+room <= maxDisk {
			return
		}
		if os.Remove(filepath.Join(c.dir, info.Name())) == nil {
			c.disk -= info.Size()
		}
	}
}

// clear forgets everything.
func (c *cache) clear() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.memory, c.order, c.bytes, c.disk = map[string][]byte{}, nil, 0, 0
	if c.dir == "" {
		return nil
	}
	if err := os.RemoveAll(c.dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
