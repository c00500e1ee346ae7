package ui

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// zoneFile are the rules of a zone that is always so far from UTC (RFC 9636 §3).
func zoneFile(offset time.Duration, name string) []byte {
	b := append([]byte("TZif"), make([]byte, 16)...)
	for _, n := range []uint32{0, 0, 0, 0, 1, uint32(len(name) + 1)} {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(int32(offset/time.Second)))
	return append(append(b, 0, 0), name+"\x00"...)
}

// TestTheComputerTravels: another zone, by another link or another file, is told the time in; what cannot be read changes nothing.
func TestTheComputerTravels(t *testing.T) {
	dir := t.TempDir()
	tehran, berlin, broken := filepath.Join(dir, "Tehran"), filepath.Join(dir, "Berlin"), filepath.Join(dir, "broken")
	for path, b := range map[string][]byte{tehran: zoneFile(3*time.Hour+30*time.Minute, "+0330"), berlin: zoneFile(time.Hour, "CET"), broken: []byte("no zone")} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "localtime")
	link := func(to string) {
		t.Helper()
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.Symlink(to, file); err != nil {
			t.Skipf("links cannot be made here: %v", err)
		}
	}
	link(tehran)
	c := &zoneClock{now: func() time.Time { return today }, file: file}
	c.stamp = c.look()
	for _, step := range []struct {
		to, want string
	}{{tehran, "11:00"}, {berlin, "12:00"}, {broken, "12:00"}, {"nowhere", "12:00"}, {tehran, "14:30"}} {
		link(step.to)
		c.checked = time.Time{}
		if got := c.Now(); got.Format("15:04") != step.want || !got.Equal(today) {
			t.Errorf("with %s it is %s, want %s", step.to, got, step.want)
		}
	}
}

// TestDatesWithTheTime: over midnight the list says another thing of the same message, and in another zone as well, at the same place.
func TestDatesWithTheTime(t *testing.T) {
	b := newBench(t)
	now := today
	b.w.env.now = func() time.Time { return now }
	b.w.list.list.Focus()
	b.selectSubject("Your itinerary DL 1187")
	said := b.windowSays()
	move := func(to time.Time) string {
		t.Helper()
		from := now
		now = to
		b.w.timePassed(from, now)
		b.drain()
		return b.windowSays()
	}
	if again := move(today.Add(time.Minute)); again != said {
		t.Error("a minute later the window says something else")
	}
	night := move(today.Add(24 * time.Hour))
	if night == said {
		t.Error("a day later the window says the same")
	}
	id := b.w.reader.Message()
	if there := move(now.In(time.FixedZone("", 5*3600))); there == night {
		t.Error("in another zone the window says the same")
	}
	b.until("the message that was open", func() bool { return b.w.reader.Message() == id && id != 0 })
}
