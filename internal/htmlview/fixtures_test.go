package htmlview

import (
	"context"
	"encoding/json"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/text"
)

// fixtures is the folder of mails with pictures by Chromium; it is not part of the repository.
const fixtures = "../../../shared/fixtures/html"

// fixtureMails are the mails there, or "" by "" none.
func fixtureMails(tb testing.TB) map[string]string {
	out := map[string]string{}
	files, _ := filepath.Glob(fixtures + "/cases/*.html")
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(f), ".html")] = string(raw)
	}
	return out
}

// paintWhole lays a mail out at 800 units and paints all of it.
func paintWhole(tb testing.TB, src string, e *text.Engine) *image.RGBA {
	d, err := Parse(context.Background(), src, Options{Engine: e})
	if err != nil {
		tb.Fatal(err)
	}
	v, err := d.Layout(context.Background(), 800, LayoutOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, 800, max(1, int(v.Height()+0.5))))
	if err := v.Paint(img, 0, 0, 1); err != nil {
		tb.Fatal(err)
	}
	return img
}

// BenchmarkFixtures prints how long the mails of the fixtures take, and how they compare with Chromium's pictures, where
// the fixtures, Python and Pillow are present.
func BenchmarkFixtures(b *testing.B) {
	mails := fixtureMails(b)
	if len(mails) == 0 {
		b.Log("the fixtures are not here")
		return
	}
	var times []time.Duration
	for b.Loop() {
		for _, src := range mails {
			start := time.Now()
			paintWhole(b, src, text.Default())
			times = append(times, time.Since(start))
		}
	}
	slices.Sort(times)
	ms := func(p int) float64 { return float64(times[len(times)*p/100].Microseconds()) / 1000 }
	b.ReportMetric(ms(50), "ms/mail-median")
	b.ReportMetric(ms(95), "ms/mail-p95")
	compareFixtures(b, mails)
}

func compareFixtures(b *testing.B, mails map[string]string) {
	dir := b.TempDir()
	for id, src := range mails {
		f, err := os.Create(filepath.Join(dir, id+".png"))
		if err != nil {
			b.Fatal(err)
		}
		if err := png.Encode(f, paintWhole(b, src, text.Default())); err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
	report := filepath.Join(dir, "report.json")
	cmd := exec.Command("/usr/bin/python3", fixtures+"/compare.py", "--json", report, "--render", `sh -c 'cp "$0/$(basename "$1" .html).png" "$2"' `+dir+" {in} {out}")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Logf("not compared: %v: %.200s", err, out)
		return
	}
	raw, err := os.ReadFile(report)
	if err != nil {
		b.Fatal(err)
	}
	var r struct {
		Cases map[string]struct {
			Diff, Height float64
			Text         *float64
		}
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		b.Fatal(err)
	}
	var diffs []float64
	faithful := 0
	for _, c := range r.Cases {
		diffs = append(diffs, c.Diff)
		if c.Diff <= 10 && c.Height >= 0.95 && c.Height <= 1.05 && (c.Text == nil || *c.Text >= 90) {
			faithful++
		}
	}
	slices.Sort(diffs)
	b.ReportMetric(diffs[len(diffs)/2], "diff-median")
	b.ReportMetric(diffs[len(diffs)*95/100], "diff-p95")
	b.ReportMetric(100*float64(faithful)/float64(len(diffs)), "faithful-%")
}
