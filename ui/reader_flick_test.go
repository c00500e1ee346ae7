package ui

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/ui/model"
)

// TestFlickingKeepsNothing opens many messages one after another: what was open before is let go of. PEYK_LONG=1 opens 500 and
// prints the memory.
func TestFlickingKeepsNothing(t *testing.T) {
	n := 40
	if os.Getenv("PEYK_LONG") != "" {
		n = 500
	}
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }), func(b *bench) {
		var ms []string
		for i := range n {
			ms = append(ms, fmt.Sprintf("Flick %d", i))
			body := newsletter
			if i%2 == 1 {
				body = "<table><tr><td>" + strings.Repeat(fmt.Sprintf("<p>Line of message %d, with words to break into lines.</p>", i), 200) + "</td></tr></table>"
			}
			b.putRaw(b.folder(b.imap, "INBOX"), mail.UID(1000+i), ms[i], fmt.Sprintf("From: N <n@example.org>\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <flick%d@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n%s",
				ms[i], today.Add(-time.Duration(i)*time.Minute).Format(time.RFC1123Z), i, body))
		}
	})
	heap := func() float64 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return float64(s.HeapAlloc) / (1 << 20)
	}
	show := func(i int) {
		row := b.row(fmt.Sprintf("Flick %d", i))
		b.w.reader.ShowMessage(row)
		b.until("the message", func() bool { m := b.w.reader.single; return m != nil && m.row.ID == row.ID && m.body.ready })
		b.w.Window().Canvas().Capture()
	}
	for i := range n / 4 {
		show(i)
	}
	early := heap()
	for i := n / 4; i < n; i++ {
		show(i)
	}
	late := heap()
	if os.Getenv("PEYK_LONG") != "" {
		status, _ := os.ReadFile("/proc/self/status")
		for _, l := range strings.Split(string(status), "\n") {
			if strings.HasPrefix(l, "VmRSS") || strings.HasPrefix(l, "VmHWM") {
				t.Log(l)
			}
		}
		t.Logf("heap after %d messages %.0f MB, after %d %.0f MB", n/4, early, n, late)
	}
	if late > early*2+40 {
		t.Errorf("the heap grew from %.0f to %.0f MB", early, late)
	}
}
