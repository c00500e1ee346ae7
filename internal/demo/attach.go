package demo

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"path"
	"strings"
	"time"
)

// makeAttachment makes a small but real file of the kind that the name's extension says.
func makeAttachment(name, subject string, date time.Time) (data []byte, ctype string, err error) {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf":
		return pdf(name, date), "application/pdf", nil
	case ".png":
		return chartPNG(name), "image/png", nil
	case ".jpg":
		data, err = photoJPEG(name)
		return data, "image/jpeg", err
	case ".ics":
		return invitation(subject, date), "text/calendar; charset=utf-8; method=REQUEST; name=\"" + name + "\"", nil
	case ".csv":
		return []byte("item;Q2;Q3\r\nservers;4100;4350\r\ntravel;8300;8600\r\nprinting;950;1010\r\n"), "text/csv; charset=utf-8", nil
	case ".txt":
		return []byte("Peyk demo\r\n" + subject + "\r\n" + date.Format("2006-01-02") + "\r\n"), "text/plain; charset=utf-8", nil
	case ".zip":
		data, err = archive(subject)
		return data, "application/zip", err
	case ".html":
		return []byte("<!doctype html><title>" + name + "</title><p>Enter your password to go on.</p>"), "text/html; charset=utf-8", nil
	}
	return nil, "", fmt.Errorf("attachment %q: no file of this kind can be made", name)
}

// pdf writes a one-page PDF 1.4 by hand: objects, cross-reference table, trailer.
func pdf(title string, date time.Time) []byte {
	ascii := strings.Map(func(r rune) rune {
		if r < 32 || r > 126 || strings.ContainsRune(`()\`, r) {
			return '-'
		}
		return r
	}, title)
	stream := fmt.Sprintf("BT /F1 22 Tf 72 760 Td (%s) Tj /F1 12 Tf 0 -32 Td (%s) Tj 0 -24 Td (A page of the Peyk demo mailbox.) Tj ET",
		ascii, date.Format("2 January 2006"))
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

// seed makes pictures differ by their names and stay the same from run to run.
func seed(name string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash does not fail
	return h.Sum32()
}

// chartPNG draws a bar chart.
func chartPNG(name string) []byte {
	const w, h = 560, 260
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	fill(img, img.Bounds(), color.RGBA{255, 255, 255, 255})
	colors := []color.RGBA{{15, 118, 110, 255}, {29, 78, 216, 255}, {180, 83, 9, 255}}
	s := seed(name)
	for i := range 9 {
		s = s*1664525 + 1013904223
		bar := 40 + int(s>>24)*170/255
		x := 40 + i*56
		fill(img, image.Rect(x, h-30-bar, x+36, h-30), colors[i%3])
	}
	fill(img, image.Rect(30, h-30, w-20, h-28), color.RGBA{104, 112, 127, 255})
	var b bytes.Buffer
	_ = png.Encode(&b, img) // a bytes.Buffer does not fail
	return b.Bytes()
}

// photoJPEG paints a sky over a sea, light by the name.
func photoJPEG(name string) ([]byte, error) {
	const w, h = 640, 420
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	s := seed(name)
	base := color.RGBA{uint8(120 + s%90), uint8(110 + (s>>8)%80), uint8(150 + (s>>16)%80), 255}
	for y := range h {
		k := float64(y) / h
		c := color.RGBA{uint8(float64(base.R) * (1 - k*0.5)), uint8(float64(base.G) * (1 - k*0.3)), base.B, 255}
		if y > h*6/10 {
			c = color.RGBA{20, uint8(70 + 60*(1-k)), uint8(110 + 90*(1-k)), 255}
		}
		fill(img, image.Rect(0, y, w, y+1), c)
	}
	cx, cy, r := int(100+s%440), h*6/10-int((s>>12)%120), 34
	for y := cy - r; y < cy+r && y < h*6/10; y++ {
		for x := cx - r; x < cx+r; x++ {
			if (x-cx)*(x-cx)+(y-cy)*(y-cy) < r*r {
				img.SetRGBA(x, y, color.RGBA{255, 244, 214, 255})
			}
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 82})
	return b.Bytes(), err
}

func fill(img *image.RGBA, r image.Rectangle, c color.RGBA) {
	r = r.Intersect(img.Bounds())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			img.SetRGBA(x, y, c)
		}
	}
}

// invitation is a meeting request (RFC 5546) for the week after the mail.
func invitation(subject string, date time.Time) []byte {
	start := time.Date(date.Year(), date.Month(), date.Day()+7, 10, 0, 0, 0, date.Location()).UTC()
	const f = "20060102T150405Z"
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Peyk//Demo//EN", "METHOD:REQUEST", "BEGIN:VEVENT",
		fmt.Sprintf("UID:%08x@samples.peyk.example", seed(subject)), "DTSTAMP:" + date.UTC().Format(f), "DTSTART:" + start.Format(f),
		"DTEND:" + start.Add(time.Hour).Format(f), "SUMMARY:" + strings.NewReplacer(",", `\,`, ";", `\;`).Replace(subject),
		"LOCATION:Room 2", "ORGANIZER;CN=Anna Keller:mailto:anna@example.net",
		"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:" + IMAPUser, "END:VEVENT", "END:VCALENDAR", ""}
	return []byte(strings.Join(lines, "\r\n"))
}

func archive(subject string) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("read-me.txt")
	if err != nil {
		return nil, err
	}
	if _, err := w.Write([]byte(subject + "\r\n")); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}
