package ui

import (
	"io"
	"os"
	"sync"
	"time"
)

// zoneClock tells the time in the zone in which the computer is now. Go asks for that once, when a program starts; a window is open for weeks, and travels.
// Where there is no such file (Windows), or TZ names a zone, nothing is known of changes, and times stay as they are.
type zoneClock struct {
	now  func() time.Time
	file string // with the rules of the zone

	mu      sync.Mutex
	checked time.Time
	stamp   string         // what the file was at the last look
	loc     *time.Location // nil: the one of the start
}

// localtime is where Unix systems keep their zone.
const localtime = "/etc/localtime"

const (
	zoneLook  = 10 * time.Second // how often the file is looked at
	zoneBytes = 1 << 20          // the largest that is read: files of zones have a few kilobytes
)

func newZoneClock(now func() time.Time) *zoneClock {
	c := &zoneClock{now: now, file: localtime}
	if _, named := os.LookupEnv("TZ"); named {
		c.file = ""
	}
	c.stamp = c.look()
	return c
}

// Now is safe for concurrent use.
func (c *zoneClock) Now() time.Time {
	t := c.now()
	if c.file == "" {
		return t
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if at := time.Now(); at.Sub(c.checked) >= zoneLook {
		c.checked = at
		c.check()
	}
	if c.loc == nil {
		return t
	}
	return t.In(c.loc)
}

// check reads the zone again when its file is another one. One that cannot be read changes nothing.
func (c *zoneClock) check() {
	stamp := c.look()
	if stamp == c.stamp || stamp == "" {
		return
	}
	f, err := os.Open(c.file)
	if err != nil {
		return
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, zoneBytes))
	if err != nil {
		return
	}
	if loc, err := time.LoadLocationFromTZData("Local", data); err == nil {
		c.loc, c.stamp = loc, stamp
	}
}

// look tells one state of the file from another: where a link leads, and when that was written.
func (c *zoneClock) look() string {
	st, err := os.Stat(c.file)
	if err != nil {
		return ""
	}
	to, _ := os.Readlink(c.file)
	return to + " " + st.ModTime().String()
}

// minuteTick is how often it is looked at whether times have to be shown anew.
const minuteTick = time.Minute

// watchTime shows dates anew when a day has passed ("10:05" was today) or the zone is another one, for as long as the window is open.
func (w *MainWindow) watchTime(seen time.Time) {
	w.env.loop.After(minuteTick, func() {
		if w.closed {
			return
		}
		now := w.env.now()
		w.timePassed(seen, now)
		w.watchTime(now)
	})
}

// timePassed brings what is shown from one moment to another.
func (w *MainWindow) timePassed(from, to time.Time) {
	_, was := from.Zone()
	_, is := to.Zone()
	switch {
	case was != is:
		w.rebuild()
	case from.YearDay() != to.YearDay() || from.Year() != to.Year():
		w.list.list.Refresh()
	}
}
