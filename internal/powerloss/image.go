package powerloss

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sector is what a disk writes whole or not at all, in bytes.
const sector = 512

// inode is a file or a folder.
type inode struct {
	dir     bool
	durable []byte
	pending []event // writes and truncations that were not synced
	size    int64   // as the program sees it, for writes at the end
}

// rename of a name in a folder; from is "" for a new one, to is "" for one that is removed.
type naming struct {
	from, to string
	node     *inode
	ended    int
}

// disk is the state of the folder while the record is played.
type disk struct {
	root    string
	seen    map[string]*inode // as the program sees it
	names   map[string]*inode // as it would be after a power cut, at least
	pending []naming
	said    strings.Builder
}

// Points is how many moments a power cut can be simulated at: Image takes 0 to Points.
func (l *Log) Points() int { return len(l.events) }

// Renames are the moments right behind each change of a name.
func (l *Log) Renames() (at []int) {
	for i, e := range l.events {
		if e.kind == kindRename {
			at = append(at, i+1)
		}
	}
	return at
}

// StartFrom says that the folder was not empty when the program started: it held what is in start now, all of it durable.
func (l *Log) StartFrom(start string) { l.start = start }

// Image makes in dest (which it makes) the folder as it might be after a power cut behind the given number of recorded calls, and
// returns what the program had said on its standard output by then. The same seed makes the same folder.
func (l *Log) Image(dest string, at int, seed uint64) (said string, err error) {
	root := &inode{dir: true}
	d := &disk{root: l.root, seen: map[string]*inode{l.root: root}, names: map[string]*inode{l.root: root}}
	if err := d.load(l.start); err != nil {
		return "", err
	}
	for _, e := range l.events[:at] {
		d.play(e)
	}
	return d.said.String(), d.cut(dest, rand.New(rand.NewPCG(seed, uint64(at))))
}

// load takes over what was there before the program started.
func (d *disk) load(start string) error {
	if start == "" {
		return nil
	}
	return filepath.WalkDir(start, func(p string, e fs.DirEntry, err error) error {
		if err != nil || p == start {
			return err
		}
		node := &inode{dir: e.IsDir()}
		if !node.dir {
			if node.durable, err = os.ReadFile(p); err != nil {
				return err
			}
			node.size = int64(len(node.durable))
		}
		at := filepath.Join(d.root, strings.TrimPrefix(p, start))
		d.seen[at], d.names[at] = node, node
		return nil
	})
}

func (d *disk) play(e event) {
	node := d.seen[e.path]
	switch e.kind {
	case kindSay:
		d.said.Write(e.data)
	case kindCreate, kindMkdir:
		if node == nil {
			node = &inode{dir: e.kind == kindMkdir}
			d.seen[e.path] = node
			d.pending = append(d.pending, naming{to: e.path, node: node, ended: e.ended})
		}
	case kindRename:
		if node != nil {
			delete(d.seen, e.path)
			d.seen[e.dest] = node
			d.pending = append(d.pending, naming{from: e.path, to: e.dest, node: node, ended: e.ended})
		}
	case kindUnlink:
		if node != nil {
			delete(d.seen, e.path)
			d.pending = append(d.pending, naming{from: e.path, node: node, ended: e.ended})
		}
	case kindWrite, kindTruncate:
		if node == nil {
			return // removed meanwhile
		}
		if e.kind == kindTruncate {
			node.size = e.at
		} else {
			if e.at < 0 {
				e.at = node.size
			}
			node.size = max(node.size, e.at+int64(len(e.data)))
		}
		node.pending = append(node.pending, e)
	case kindSync:
		if node != nil {
			d.sync(node, e)
		}
	}
}

// sync makes durable what had ended before the sync began.
func (d *disk) sync(node *inode, e event) {
	node.pending = slices.DeleteFunc(node.pending, func(w event) bool {
		if w.ended > e.started {
			return false
		}
		node.apply(w)
		return true
	})
	d.pending = slices.DeleteFunc(d.pending, func(n naming) bool {
		inDir := node.dir && (filepath.Dir(n.to) == e.path || n.to == "" && filepath.Dir(n.from) == e.path)
		isNew := n.from == "" && n.node == node && !node.dir
		if n.ended > e.started || !inDir && !isNew {
			return false
		}
		d.name(n)
		return true
	})
}

func (d *disk) name(n naming) {
	if n.from != "" && d.names[n.from] == n.node {
		delete(d.names, n.from)
	}
	if n.to != "" {
		d.names[n.to] = n.node
	}
}

func (f *inode) apply(w event) {
	end := w.at + int64(len(w.data))
	if w.kind == kindTruncate {
		end = w.at
		if int64(len(f.durable)) > end {
			f.durable = f.durable[:end]
		}
	}
	if n := end - int64(len(f.durable)); n > 0 {
		f.durable = append(f.durable, make([]byte, n)...)
	}
	copy(f.durable[w.at:], w.data)
}

// cut writes out what a power cut might leave.
func (d *disk) cut(dest string, rnd *rand.Rand) error {
	if n := len(d.pending); n > 0 {
		for _, nm := range d.pending[:rnd.IntN(n+1)] {
			d.name(nm)
		}
	}
	var paths []string
	for p := range d.names {
		paths = append(paths, p)
	}
	slices.Sort(paths) // folders before what is in them, and the same order for the same seed
	for _, p := range paths {
		f := d.names[p]
		if p != d.root && d.names[filepath.Dir(p)] == nil {
			delete(d.names, p) // its folder was not kept, so nothing in it is
			continue
		}
		to := filepath.Join(dest, strings.TrimPrefix(p, d.root))
		if f.dir {
			if err := os.MkdirAll(to, 0o700); err != nil {
				return err
			}
			continue
		}
		if strings.HasSuffix(p, "-shm") {
			continue // shared memory of processes that are gone
		}
		f.tear(rnd)
		if err := os.WriteFile(to, f.durable, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// tear applies some of the writes that were not synced, some of them in part.
func (f *inode) tear(rnd *rand.Rand) {
	keep := []float64{0, 0.1, 0.5, 0.9, 1}[rnd.IntN(5)]
	for _, w := range f.pending {
		if rnd.Float64() >= keep {
			continue
		}
		if n := len(w.data); n > sector && rnd.IntN(4) == 0 {
			from := rnd.IntN(n/sector) * sector
			to := min(n, from+(1+rnd.IntN(n/sector))*sector)
			w.at, w.data = w.at+int64(from), w.data[from:to]
		}
		f.apply(w)
	}
	f.pending = nil
}
