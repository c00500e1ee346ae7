package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/theme"
)

const sampleBody = "سلام مریم جان،\n\nفایل نهایی را پیوست کردم. لطفاً قبل از جلسه نگاهی به بخش «بودجه» بینداز؛ عدد Q3 از 12,400 به ۱۲٬۹۵۰ تغییر کرده است.\n\nHi Maryam — the English summary for Anna is on page 4, see https://example.org/next.\n\nسارا\n> Anna wrote:\n>> and before that\n> لطفاً عدد Q3 را دوباره بررسی کن.\nthe end"

func TestGalleryText(t *testing.T) {
	var body *RichText
	inVariants(t, "text", fyne.NewSize(760, 640), func(w fyne.Window) fyne.CanvasObject {
		link := strings.Index(sampleBody, "https")
		word := strings.Index(sampleBody, "summary")
		spans := []Span{{Start: word, End: word + 7, Mark: true}, {Start: link, End: link + len("https://example.org/next"), Link: "https://example.org/next", Underline: true}}
		body = NewRichText()
		body.SetText(sampleBody, spans)
		folded := NewRichText()
		folded.FoldQuotes(true)
		folded.SetText(sampleBody[strings.Index(sampleBody, "سارا\n"):], nil)
		return NewScroll(NewSurface(theme.BG, PadXY(26, 16, VBox(20, body, NewCard(16, folded), NewLabel("A selectable label of a few words", Body).Selectable()))))
	}, func(w fyne.Window) {
		body.sel.Select(10, 60)
	})
}
