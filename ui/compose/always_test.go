package compose

import (
	"slices"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/theme"
)

// TestWhoIsAlwaysInBccIsSeen: it goes with the sender, can be taken out, and is nobody by itself.
func TestWhoIsAlwaysInBccIsSeen(t *testing.T) {
	r := open(t, "fa", theme.ForceLight, mail.Draft{Account: 1, Text: "text", Subject: "s"})
	w := r.w
	w.senders[2].account.Identities[0].Bcc = "archive@shomal.example"
	choose := func(i int) { w.from.Choose(i); w.senderChanged(i) }
	choose(2)
	if got := addressesOf(w.bcc); !slices.Equal(got, []string{"archive@shomal.example"}) || !w.bccRow.Visible() {
		t.Fatalf("Bcc is %v, shown: %v", got, w.bccRow.Visible())
	}
	w.Send()
	r.loop.run()
	if r.sent != 0 || r.banner() == "" {
		t.Fatal("a message to nobody else is sent")
	}
	w.to.add(mail.Address{Addr: "sara@example.org"})
	w.bcc.add(mail.Address{Addr: "boss@example.org"})
	choose(0)
	if got := addressesOf(w.bcc); !slices.Equal(got, []string{"boss@example.org"}) {
		t.Errorf("under another sender Bcc is %v", got)
	}
	choose(2)
	w.bcc.remove(w.bcc.list[1])
	if d := w.Draft(); len(d.Bcc) != 1 || d.Bcc[0].Addr != "boss@example.org" {
		t.Errorf("taken out, Bcc is %v", d.Bcc)
	}
}
