package richtext

import (
	"reflect"
	"strings"
	"testing"
)

const pageHTML = `<div dir="rtl" style="margin:0;background:url(&#39;cid:bg@x&#39;)"><table><tr><td><div>سفارش <b>شما</b></div></td>` +
	`<td><img src="cid:a@b" alt="photo"><a href="https://shop.example/cid:no@x">See cid:no@y</a></td></tr></table></div>`

func pageDoc() Doc {
	return Doc{{Text: "Look:"}, {Text: "", Block: Block{Tight: true}}, NewPage(pageHTML), {Text: "Bye"}}
}

func TestAPageOfADraftStaysAsItIs(t *testing.T) {
	doc := pageDoc()
	again := FromDraft(doc.HTML())
	if !reflect.DeepEqual(again, doc) {
		t.Errorf("read back:\n%#v\nwant\n%#v", again, doc)
	}
	if twice := again.HTML(); twice != doc.HTML() {
		t.Error("it changes each time it is stored")
	}
	if got := doc.Images(); !reflect.DeepEqual(got, []string{"bg@x", "a@b"}) {
		t.Error(got)
	}
	if !doc.Formatted() || strings.Contains(doc.Page(false, ""), "data-peyk") || !strings.Contains(doc.Page(false, ""), pageHTML) {
		t.Error("what is sent:", doc.Page(false, ""))
	}
}

// What was sent is known again where it is edited as a new message.
func TestASentPageIsKnownAgain(t *testing.T) {
	doc := pageDoc()
	again := FromDraft(doc.Page(false, ""))
	if pages := again.Pages(); len(pages) != 1 || pages[0].Page != pageHTML || again[0].Text != "Look:" {
		t.Errorf("%#v", again)
	}
}

// Mail that is answered is from anybody: it cannot have bytes of its own taken over unseen.
func TestPagesOfOthersAreText(t *testing.T) {
	doc := FromHTML(pageDoc().HTML())
	if len(doc.Pages()) > 0 || !strings.Contains(doc.Plain(), "سفارش شما") {
		t.Errorf("%#v", doc)
	}
}

func TestWhatIsWrittenBesideAPage(t *testing.T) {
	p := NewPage(pageHTML)
	p.Text, p.Spans = "before"+Object+"after", []Span{{6, 6 + len(Object), p.Spans[0].Attr}}
	doc := FromDraft(Doc{p}.HTML())
	if len(doc) != 3 || doc[0].Text != "before" || doc[1].page() == nil || doc[2].Text != "after" {
		t.Errorf("%#v", doc)
	}
	want := "before\n\nسفارش شما\n[photo]See cid:no@y <https://shop.example/cid:no@x>\n\nafter"
	if got := (Doc{p}).Plain(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAPageInAQuoteAsText(t *testing.T) {
	p := NewPage("<div><p>one</p><p>two</p></div>")
	p.Quote = 1
	doc := Doc{p, {Text: "end", Block: Block{Dir: RTL}}}
	if got := doc.Plain(); got != "> one\n> \n> two\n\nend" && got != "> one\n>\n> two\n\nend" {
		t.Errorf("%q", got)
	}
	if got := doc.Forced(); len(got) != 5 || got[4] != 1 {
		t.Error("the line that was turned by hand is another one:", got)
	}
	text := doc.WithPages(func(string) string { return "" })
	if len(text) != 3 || text[1].Text != "two" || text[1].Quote != 1 {
		t.Errorf("%#v", text)
	}
}

func TestACutPageIsReadToItsEnd(t *testing.T) {
	src := pageDoc().HTML()
	for n := range len(src) {
		FromDraft(src[:n]) // whatever is left of it
	}
	if doc := FromDraft(`<div data-peyk-page=""><div><b>x`); len(doc) != 1 || doc[0].page() == nil {
		t.Errorf("%#v", doc)
	}
}
