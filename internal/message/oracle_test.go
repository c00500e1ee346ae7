package message

import (
	"bytes"
	"io"
	"testing"

	gomail "github.com/emersion/go-message/mail"
	"github.com/jhillyerd/enmime/v2"
)

// On well-formed mail every reader must agree: subject, sender, text, HTML and the bytes of the files.
func TestAgreesWithOthers(t *testing.T) {
	for i, raw := range corpus() {
		in := InspectMessage(ParseBytes(raw))
		e, err := enmime.ReadEnvelope(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if got := e.GetHeader("Subject"); got != in.Subject {
			t.Errorf("%d: subject %q, enmime %q", i, in.Subject, got)
		}
		if from, err := e.AddressList("From"); err != nil || from[0].Name != in.From[0].Name || from[0].Address != in.From[0].Addr {
			t.Errorf("%d: from %v, enmime %v %v", i, in.From, from, err)
		}
		if len(e.Root.Errors) == 0 && (normText(e.HTML) != normText(in.TextHTML) || in.TextPlain != "" && normText(e.Text) != normText(in.TextPlain)) {
			t.Errorf("%d: texts differ from enmime's", i)
		}
		if len(e.Attachments) != len(in.Attachments) {
			t.Fatalf("%d: %d attachments, enmime %d", i, len(in.Attachments), len(e.Attachments))
		}
		for k, a := range e.Attachments {
			b := part(t, ParseBytes(raw), in.Attachments[k].Part)
			if b != string(a.Content) || a.FileName != in.Attachments[k].Filename {
				t.Errorf("%d: attachment %q differs from enmime's", i, a.FileName)
			}
		}
		g, err := gomail.CreateReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if d, err := g.Header.Date(); err != nil || in.Date == nil || !d.Equal(*in.Date) {
			t.Errorf("%d: date %v, go-message %v", i, in.Date, d)
		}
		for p, err := g.NextPart(); err == nil; p, err = g.NextPart() {
			b, _ := io.ReadAll(p.Body)
			if _, ok := p.Header.(*gomail.AttachmentHeader); ok && string(b) != part(t, ParseBytes(raw), in.Attachments[0].Part) {
				t.Errorf("%d: attachment differs from go-message's", i)
			}
		}
	}
}
