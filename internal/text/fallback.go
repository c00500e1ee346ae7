package text

import (
	"io"
	"log"
	"os"
	"sync"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
)

// fallbacks finds system fonts for characters that the embedded fonts lack. Nothing happens until the first such
// character; then a goroutine reads (or builds) the index of the system's fonts and loads the files that are wanted, one
// after the other, and ends. Until a font is there, its characters show as missing.
type fallbacks struct {
	dir     string
	changed func()

	mu      sync.Mutex
	prints  []fontscan.Footprint
	indexed bool
	running bool
	index   bool              // the index is wanted
	want    []int             // footprints to load
	faces   map[int]*face     // footprint → face; nil: queued, or broken
	choice  map[choiceKey]int // footprint, or -1
	monos   map[bool]int      // bold → footprint, or -1

	ready     chan struct{}     // closed when the index is there
	documents map[choiceKey]int // as choice, for documents (inlinefonts.go)
}

type choiceKey struct {
	r      rune
	script language.Script
	bold   bool
	emoji  bool
}

func newFallbacks(dir string, changed func()) *fallbacks {
	return &fallbacks{dir: dir, changed: changed, faces: map[int]*face{}, choice: map[choiceKey]int{}, monos: map[bool]int{},
		ready: make(chan struct{}), documents: map[choiceKey]int{}}
}

// find returns a font for the characters, or nil; pending says that a later call may know more.
func (fb *fallbacks) find(runes []rune, script language.Script, w Weight, emoji bool) (f *face, pending bool) {
	fb.mu.Lock()
	defer fb.mu.Unlock()
	if !fb.indexed {
		fb.index = true
		fb.start()
		return nil, true
	}
	key := choiceKey{runes[0], script, w >= SemiBold, emoji}
	i, known := fb.choice[key]
	if !known || i >= 0 && !fb.coversAll(i, runes) {
		i = fb.choose(runes, script, key.bold, emoji)
		if len(fb.choice) > 20000 {
			clear(fb.choice)
		}
		fb.choice[key] = i
	}
	return fb.get(i)
}

// mono returns the system's monospaced font.
func (fb *fallbacks) mono(w Weight) (f *face, pending bool) {
	fb.mu.Lock()
	defer fb.mu.Unlock()
	if !fb.indexed {
		fb.index = true
		fb.start()
		return nil, true
	}
	bold := w >= SemiBold
	i, known := fb.monos[bold]
	if !known {
		i = fb.chooseMono(bold)
		fb.monos[bold] = i
	}
	return fb.get(i)
}

// get returns the face of footprint i, and queues its loading when needed; fb.mu is held.
func (fb *fallbacks) get(i int) (f *face, pending bool) {
	if i < 0 {
		return nil, false
	}
	f, queued := fb.faces[i]
	if !queued {
		fb.faces[i] = nil
		fb.want = append(fb.want, i)
		fb.start()
		return nil, true
	}
	if f == nil {
		for _, w := range fb.want {
			if w == i {
				return nil, true
			}
		}
	}
	return f, false
}

// start starts the loading goroutine unless it runs; fb.mu is held.
func (fb *fallbacks) start() {
	if !fb.running {
		fb.running = true
		go fb.run()
	}
}

// run loads what is wanted and ends when there is nothing left.
func (fb *fallbacks) run() {
	for {
		fb.mu.Lock()
		switch {
		case fb.index && !fb.indexed:
			fb.mu.Unlock()
			prints, err := fontscan.SystemFonts(log.New(io.Discard, "", 0), fb.dir)
			if err != nil {
				prints = nil // no fonts found: characters stay missing
			}
			fb.mu.Lock()
			fb.prints, fb.indexed = prints, true
			close(fb.ready)
			fb.mu.Unlock()
		case len(fb.want) > 0:
			i := fb.want[0]
			loc := fb.prints[i].Location
			fb.mu.Unlock()
			f := loadFace(loc)
			fb.mu.Lock()
			fb.want = fb.want[1:]
			fb.faces[i] = f
			fb.mu.Unlock()
		default:
			fb.running = false
			fb.mu.Unlock()
			return
		}
		fb.changed()
	}
}

// loadFace parses one font of a file; nil when that is not possible.
func loadFace(loc fontscan.Location) (f *face) {
	defer func() {
		if recover() != nil { // a broken system font
			f = nil
		}
	}()
	file, err := os.Open(loc.File)
	if err != nil {
		return nil
	}
	defer file.Close()
	lds, err := ot.NewLoaders(file)
	if err != nil || int(loc.Index) >= len(lds) {
		return nil
	}
	ft, err := font.NewFont(lds[loc.Index])
	if err != nil {
		return nil
	}
	f = newFace(ft)
	f.file, f.index = loc.File, int(loc.Index)
	return f
}

func (fb *fallbacks) coversAll(i int, runes []rune) bool {
	for _, r := range runes {
		if !invisible(r) && !fb.prints[i].Runes.Contains(r) {
			return false
		}
	}
	return true
}
