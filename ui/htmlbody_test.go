package ui

import (
	"context"
	"errors"
	"image"
	"image/color"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"peyk/internal/mail"
	"peyk/ui/model"
	"peyk/ui/theme"
	"peyk/ui/uitest"
)

// The toolkit lets go of the renderers of a window that was not painted for a minute while another was, as when a mail is written beside it: the page is
// still painted where it is scrolled to afterwards.
func TestAPageFollowsTheScrollAfterItsRendererWasLetGo(t *testing.T) {
	b := newBench(t, prefs(quiet), func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 60, sampleMail{from: "News <news@example.org>", subject: "long", at: today, html: strings.Repeat(`<table width="600" bgcolor="#0f766e"><tr><td height="300">x</td></tr></table>`, 20)})
	})
	b.w.list.SelectMessage(b.ids["long"])
	b.until("the page", func() bool { m := b.w.reader.single; return m != nil && m.body.ready && len(m.body.html.tiles) > 10 })
	b.drain()
	page := b.w.reader.single.body.html
	test.WidgetRenderer(page).Destroy()
	page.CreateRenderer()
	b.w.reader.scroll.ScrollTo(4000)
	b.drain()
	if at := 4000 / tileHeight; !page.tiles[at].raster.Visible() || page.tiles[0].raster.Visible() {
		t.Errorf("in view: tile %d is shown: %v, the first one %v", at, page.tiles[at].raster.Visible(), page.tiles[0].raster.Visible())
	}
}

func TestHTMLIsPaintedWhereItIsInView(t *testing.T) {
	app := uitest.NewApp(t, nil)
	theme.Install(app)
	theme.SetMode(theme.ForceLight)
	asked := ""
	src := `<p><a href="https://example.org/a">first</a></p><img src="cid:chart" width="50" height="40">` + strings.Repeat(`<table width="600" bgcolor="#0f766e"><tr><td height="300">x</td></tr></table>`, 20)
	p, err := preparePage(context.Background(), src, func(u string) image.Image {
		asked = u
		return image.NewUniform(color.Black)
	}, 700, pageLook{zoom: 1})
	if err != nil {
		t.Fatal(err)
	}
	if asked != "cid:chart" {
		t.Errorf("the picture asked for is %q", asked)
	}
	l := newLoop(context.Background(), func(f func()) { f() })
	defer l.close()
	opened, over := "", ""
	b := newHTMLBody(l)
	b.sel.OnLink, b.sel.OnHover, b.changed = func(u string) { opened = u }, func(u string) { over = u }, func() {}
	b.Set(p)
	w := test.NewWindow(b)
	defer w.Close()
	w.Resize(fyne.NewSize(700, 500))
	if h := b.HeightForWidth(700); h < 6000 {
		t.Fatalf("the mail is %v high", h)
	}
	b.expose(0, 500)
	shown := 0
	for _, tile := range b.tiles {
		if tile.raster.Visible() {
			shown++
		}
	}
	if shown == 0 || shown > 4 {
		t.Errorf("%d tiles of %d are painted for a view of 500", shown, len(b.tiles))
	}
	b.expose(3000, 500)
	if b.tiles[0].raster.Visible() || !b.tiles[3000/tileHeight].raster.Visible() {
		t.Error("the tiles do not follow the view")
	}
	for y := float32(0); y < 60 && opened == ""; y += 3 {
		e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
		e.Position = fyne.NewPos(14, y)
		b.sel.MouseDown(e)
		b.sel.MouseUp(e)
	}
	if opened != "https://example.org/a" {
		t.Errorf("the link opened is %q", opened)
	}
	b.sel.MouseOut()
	if over != "" {
		t.Errorf("a link is still told: %q", over)
	}
	b.Clear()
	if b.Visible() || b.HeightForWidth(700) != 0 {
		t.Error("something is left after Clear")
	}
}

// Of layouts that were asked for one after the other the last one is shown, whichever is done first: the page is not left without the pictures
// that came last, or in a look that is no longer chosen.
func TestTheLayoutAskedForLastIsShown(t *testing.T) {
	app := uitest.NewApp(t, nil)
	theme.Install(app)
	p, err := preparePage(context.Background(), "<p>word</p>", nil, 700, pageLook{zoom: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range []string{"as they were done", "the other way around"} {
		var mu sync.Mutex
		var posted []func()
		l := newLoop(context.Background(), func(f func()) { mu.Lock(); defer mu.Unlock(); posted = append(posted, f) })
		b := newHTMLBody(l)
		changed := 0
		b.changed = func() { changed++ }
		b.Set(p)
		before := len(posted)
		for _, zoom := range []float32{2, 3, 1.5} {
			b.SetLook(pageLook{zoom: zoom})
		}
		for done := false; !done; runtime.Gosched() { // the works are done, their results wait
			mu.Lock()
			done = int(l.busy.Load()) == len(posted)-before
			mu.Unlock()
		}
		if order != "as they were done" {
			slices.Reverse(posted)
		}
		for _, f := range posted {
			f()
		}
		if b.look.zoom != 1.5 || changed != 1 {
			t.Errorf("%s: shown with a zoom of %v, after %d changes", order, b.look.zoom, changed)
		}
		l.close()
	}
}

// Places that were found stay while a page is laid out anew, and are looked for again in another page, or for other words.
func TestMarksAreLookedForOnce(t *testing.T) {
	app := uitest.NewApp(t, nil)
	theme.Install(app)
	l := newLoop(context.Background(), func(f func()) { f() })
	defer l.close()
	b := newHTMLBody(l)
	b.changed = func() {}
	page := func(src string, width float32) prepared {
		p, err := preparePage(context.Background(), src, nil, width, pageLook{zoom: 1})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := page("<p>one word and one more word</p>", 700)
	b.Set(first)
	looked := 0
	mark := func(asked, query string) int {
		return b.markAll(asked, func() [][2]int { looked++; return model.Find(b.view.Runes(), query) })
	}
	if n := mark("a", "word"); n != 2 || looked != 1 {
		t.Errorf("%d places, looked for %d times", n, looked)
	}
	narrow, err := layPage(context.Background(), first.doc, 200, pageLook{zoom: 2})
	if err != nil {
		t.Fatal(err)
	}
	b.Set(narrow)
	if n := mark("a", "word"); n != 2 || looked != 1 {
		t.Errorf("in another width %d places, looked for %d times", n, looked)
	}
	if n := mark("b", "one"); n != 2 || looked != 2 {
		t.Errorf("other words: %d places, looked for %d times", n, looked)
	}
	b.Set(page("<p>one</p>", 700))
	if n := mark("b", "one"); n != 1 || looked != 3 {
		t.Errorf("in another page %d places, looked for %d times", n, looked)
	}
	b.Clear()
	if n := mark("b", "one"); n != 0 || looked != 3 {
		t.Errorf("in no page %d places", n)
	}
}

// What was opened and left at once is not laid out to its end: going through a list of heavy mails would make them wait for each other.
func TestWhatIsLeftIsNotLaidOut(t *testing.T) {
	app := uitest.NewApp(t, nil)
	theme.Install(app)
	l := newLoop(context.Background(), func(f func()) { f() })
	defer l.close()
	b := newReaderBody(&env{loop: l}, &readerLook{zoom: 1})
	b.changed, b.width = func() { t.Error("what was left is shown") }, func() float32 { return 700 }
	given := make(chan error, 1)
	begun := make(chan struct{})
	b.pictures = func(mail.Content) pictureSource {
		return func(ctx context.Context) func(string) image.Image {
			return func(string) image.Image {
				close(begun)
				<-ctx.Done() // as a picture that is long in coming
				given <- ctx.Err()
				return nil
			}
		}
	}
	b.Show(mail.Content{HTML: `<table><tr><td><img src="cid:x"></td></tr></table>`})
	<-begun
	b.Clear()
	if err := <-given; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestPlainMarkupReadsAsText(t *testing.T) {
	b := newReaderBody(&env{}, &readerLook{})
	for html, want := range map[string]bodyMode{
		"": asText, "<p dir=\"rtl\">سلام</p><blockquote>x</blockquote>": asText, "<table><tr><td>x</td></tr></table>": asDesigned,
		"<div style=\"color:red\">x</div>": asDesigned, "<img src=cid:a>": asDesigned, "<h1>x</h1>": asDesigned, "<b>x</b><br>": asText,
	} {
		b.content = mail.Content{HTML: html}
		if got := b.Mode(); got != want {
			t.Errorf("%q: %v", html, got)
		}
	}
	b.look.textOnly, b.content = true, mail.Content{HTML: "<table></table>"}
	if b.Mode() != asText {
		t.Error("the text only was asked for")
	}
}

// TestTabGoesThroughThePlacesOfAPage: links in the order of reading, a link of two lines once, summaries that Enter and Space open; what
// is behind them comes with them. Beyond the last one Tab goes on in the window.
func TestTabGoesThroughThePlacesOfAPage(t *testing.T) {
	app := uitest.NewApp(t, nil)
	theme.Install(app)
	src := `<div dir="rtl"><p>متن <a href="https://example.org/one">پیوند نخست` + strings.Repeat(" که دراز است", 40) + `</a> و <a href="https://example.org/two">دوم</a>
<a href="javascript:x">هیچ</a></p><details><summary>بیشتر</summary><p><a href="https://example.org/hidden">پنهان</a></p></details><p><a href="mailto:x@example.org">نشانی</a></p></div>`
	p, err := preparePage(context.Background(), src, nil, 700, pageLook{zoom: 1})
	if err != nil {
		t.Fatal(err)
	}
	jobs := make(chan func(), 16) // for the goroutine of the test, which is the window's
	l := newLoop(context.Background(), func(f func()) { jobs <- f })
	defer l.close()
	b := newHTMLBody(l)
	opened, over := "", ""
	laid := false
	b.sel.OnLink, b.sel.OnHover, b.changed = func(u string) { opened = u }, func(u string) { over = u }, func() { laid = true }
	b.Set(p)
	w := test.NewWindow(b)
	defer w.Close()
	w.Resize(fyne.NewSize(700, 500))
	press := func(k fyne.KeyName) { b.sel.TypedKey(&fyne.KeyEvent{Name: k}) }
	walk := func() (all []string) {
		for b.sel.AcceptsTab() {
			press(fyne.KeyTab)
			all = append(all, over)
		}
		return all
	}
	w.Canvas().Focus(b.sel)
	closed := walk()
	if want := []string{"https://example.org/one", "https://example.org/two", "", "mailto:x@example.org"}; !slices.Equal(closed, want) {
		t.Fatalf("Tab goes through %q, want %q", closed, want)
	}
	press(fyne.KeyReturn)
	if opened != "mailto:x@example.org" {
		t.Errorf("Enter opened %q", opened)
	}
	b.sel.FocusLost()
	if over != "" || len(b.stops.rings) != 0 {
		t.Errorf("without the keyboard, %q is told and %d rings are left", over, len(b.stops.rings))
	}
	press(fyne.KeyTab)
	if n := len(b.stops.rings); n < 2 || n > 6 || n != len(b.stops.list[0].Rects) {
		t.Errorf("%d rings around a link of several lines", n)
	}
	press(fyne.KeyTab)
	press(fyne.KeyTab)
	before := b.height()
	press(fyne.KeySpace)
	b.sel.TypedRune(' ')
	for !laid {
		(<-jobs)()
	}
	if b.height() <= before || b.stops.at != 2 {
		t.Errorf("Space left the summary closed: %v high, then %v, at %d", before, b.height(), b.stops.at)
	}
	press(fyne.KeyTab)
	if over != "https://example.org/hidden" {
		t.Errorf("behind the open summary comes %q", over)
	}
}

// TestMailsAreAsLargeAsThePaneAllows: one that fits a narrow pane is not painted smaller; one that does not is, with all of it in view, from
// whichever side it runs.
func TestMailsAreAsLargeAsThePaneAllows(t *testing.T) {
	words := strings.Repeat("words that can be broken ", 20)
	for name, tc := range map[string]struct {
		src        string
		width      float32
		least, top float32 // of the scale
	}{
		"text in a narrow pane":    {"<h1>x</h1><p>" + words + "</p>", 300, 1, 1},
		"a table of 600":           {`<table width="600"><tr><td>` + words + "</td></tr></table>", 300, 0.4, 0.52},
		"a table of 900":           {`<table width="900" bgcolor="red"><tr><td>` + words + "</td></tr></table>", 700, 0.7, 0.8},
		"the same from the right":  {`<div dir="rtl"><table width="900" bgcolor="red"><tr><td>` + words + "</td></tr></table></div>", 700, 0.7, 0.8},
		"a picture from the right": {`<div dir="rtl"><h1>x</h1><img src="cid:a" width="400" height="50" alt="a"></div>`, 300, 0.65, 0.75},
		"a text that is hidden":    {`<h1>x</h1><p style="text-indent:-9999px">hidden</p>`, 700, 1, 1},
	} {
		p, err := preparePage(context.Background(), tc.src, func(string) image.Image { return image.NewUniform(color.Black) }, tc.width, pageLook{zoom: 1})
		if err != nil {
			t.Fatal(err)
		}
		if p.scale < tc.least || p.scale > tc.top || p.view.Overhang() > 1 || p.view.Extent()*p.scale > tc.width+1 {
			t.Errorf("%s: painted at %v; it reaches %v beyond the left edge, and to %v of %v", name, p.scale, p.view.Overhang(), p.view.Extent()*p.scale, tc.width)
		}
	}
}

// TestEnterTwiceOnABoxThatIsCutOff: the place is gone once the box is shown whole; the next Enter opens no link that took its place, and Tab goes on from there.
func TestEnterTwiceOnABoxThatIsCutOff(t *testing.T) {
	app := uitest.NewApp(t, nil)
	theme.Install(app)
	src := `<p><a href="https://example.org/before">before</a></p><div style="height:40px;overflow:auto">` + strings.Repeat("<p>line</p>", 9) + `</div><p><a href="https://example.org/after">after</a></p>`
	p, err := preparePage(context.Background(), src, nil, 700, pageLook{zoom: 1})
	if err != nil {
		t.Fatal(err)
	}
	jobs := make(chan func(), 16)
	l := newLoop(context.Background(), func(f func()) { jobs <- f })
	defer l.close()
	b := newHTMLBody(l)
	opened, over, laid := "", "", false
	b.sel.OnLink, b.sel.OnHover, b.changed = func(u string) { opened = u }, func(u string) { over = u }, func() { laid = true }
	b.Set(p)
	w := test.NewWindow(b)
	defer w.Close()
	w.Resize(fyne.NewSize(700, 500))
	press := func(k fyne.KeyName) { b.sel.TypedKey(&fyne.KeyEvent{Name: k}) }
	w.Canvas().Focus(b.sel)
	press(fyne.KeyTab)
	press(fyne.KeyTab)
	before := b.height()
	press(fyne.KeyReturn)
	for !laid {
		(<-jobs)()
	}
	if b.height() <= before {
		t.Fatalf("Enter left the box as it was: %v high, then %v", before, b.height())
	}
	press(fyne.KeyReturn)
	if opened != "" || len(b.stops.rings) != 0 {
		t.Errorf("another Enter opened %q, %d rings", opened, len(b.stops.rings))
	}
	press(fyne.KeyTab)
	if over != "https://example.org/after" {
		t.Errorf("behind the box comes %q", over)
	}
	b.sel.FocusLost()
	press(fyne.KeyTab)
	if over != "https://example.org/before" {
		t.Errorf("after the keyboard came back the first place is %q", over)
	}
}

// TestAPlaceThatIsCutOffIsShown: what is found in a box that is cut off is not marked elsewhere, and the box is shown whole when it is gone to.
func TestAPlaceThatIsCutOffIsShown(t *testing.T) {
	app := uitest.NewApp(t, nil)
	theme.Install(app)
	src := `<div style="height:40px;overflow:auto">` + strings.Repeat("<p>line</p>", 9) + `needle</div>` + strings.Repeat("<p>below</p>", 20)
	p, err := preparePage(context.Background(), src, nil, 700, pageLook{zoom: 1})
	if err != nil {
		t.Fatal(err)
	}
	jobs := make(chan func(), 16)
	l := newLoop(context.Background(), func(f func()) { jobs <- f })
	defer l.close()
	b := newHTMLBody(l)
	laid := false
	b.changed = func() { laid = true }
	b.Set(p)
	if n := b.Mark("needle"); n != 1 {
		t.Fatalf("found %d times", n)
	}
	y, _ := b.LookAt(0)
	before := b.height()
	for !laid {
		(<-jobs)()
	}
	if at, _ := b.Place(b.marks[0][0]); b.height() <= before || at != y || b.mark != 0 || len(b.view.Selection(b.marks[0][0], b.marks[0][1])) != 1 {
		t.Errorf("%v high, then %v; it is at %v, gone to was %v, place %d", before, b.height(), at, y, b.mark)
	}
}
