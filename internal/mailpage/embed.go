package mailpage

import (
	"context"

	"peyk/internal/htmlview"
	"peyk/internal/weblink"
)

// Embed makes the HTML of a message part of one that sends it on, as it looks: one element without anything active. It is "" where the message is
// running text, which paragraphs say as well, and where it cannot be taken over (too long, too complex): the text is used then. Trackers do not come
// along, or who sends a mail on would be told when his readers open it. Any input is taken; the time is bounded to some seconds.
func Embed(src string) string {
	doc, err := htmlview.Parse(context.Background(), src, htmlview.Options{})
	if err != nil {
		return ""
	}
	e, err := doc.Embed(context.Background(), func(url string) bool {
		_, tracker := weblink.Opener(url)
		return !tracker
	})
	if err != nil || e.Simple {
		return ""
	}
	return e.HTML
}
