package compose

import (
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// banner is the words over the fields, "" for none.
func (r *rig) banner() string {
	if len(r.w.banner.Objects) == 0 {
		return ""
	}
	return r.w.banner.Objects[0].(*kit.Banner).Text()
}

// TestTooLargeForTheServerIsToldBefore: what the sender's server takes is asked once a message is large, and said before it is sent; another
// sender's server may take it, and so it goes when the user insists.
func TestTooLargeForTheServerIsToldBefore(t *testing.T) {
	for _, l := range []string{"en", "fa"} {
		r := open(t, l, theme.ForceLight, weekly())
		r.engine.most = map[mail.AccountID]int64{1: 3 << 20, 2: 50 << 20}
		r.w.files.set([]mail.DraftAttachment{{Name: "film.mp4", ContentType: "video/mp4", Size: 2400 << 10}})
		r.w.files.changed()
		r.loop.run()
		r.shot("compose-too-large-" + l)
		if got := r.banner(); !strings.Contains(got, lang.Size(3<<20)) || !strings.Contains(got, "maryam@example.org") {
			t.Fatalf("%s: 2.4 MB, as base64 more than the 3 MB that the server takes: said is %q", l, got)
		}
		r.w.Send()
		r.loop.run()
		if r.sent != 0 || r.win.Canvas().Overlays().Top() == nil {
			t.Fatalf("%s: it is sent without a question", l)
		}
		r.win.Canvas().Overlays().Remove(r.win.Canvas().Overlays().Top())
		r.w.from.Choose(2)
		r.w.senderChanged(2) // an account whose server takes more
		r.loop.run()
		if got := r.banner(); got != "" {
			t.Errorf("%s: of a server that takes it is said %q", l, got)
		}
		r.w.from.Choose(0)
		r.w.senderChanged(0)
		r.loop.run()
		if r.banner() == "" {
			t.Errorf("%s: back at the first sender nothing is said", l)
		}
		r.w.files.list[0].Size = 2000 << 10
		r.w.files.changed()
		r.loop.run()
		if got := r.banner(); got != "" {
			t.Errorf("%s: of what is small enough is said %q", l, got)
		}
		r.w.Send()
		r.loop.run()
		if r.sent != 1 {
			t.Errorf("%s: what is small enough is not sent", l)
		}
	}
}

// TestNoLimitIsKnown: a server that names none, and one that cannot be asked, keep nothing from being sent.
func TestNoLimitIsKnown(t *testing.T) {
	r := open(t, "en", theme.ForceLight, weekly())
	r.w.files.set([]mail.DraftAttachment{{Name: "film.mp4", Size: 15 << 20}})
	r.w.files.changed()
	r.loop.run()
	if got := r.banner(); got != "" {
		t.Errorf("said is %q", got)
	}
	r.w.Send()
	r.loop.run()
	if r.sent != 1 {
		t.Error("it is not sent")
	}
}
