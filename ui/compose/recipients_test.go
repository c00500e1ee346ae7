package compose

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/theme"
)

func addressesOf(r *recipients) (out []string) {
	for _, a := range r.list {
		out = append(out, a.Addr)
	}
	return out
}

func TestListsArePasted(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1})
	for s, want := range map[string]int{
		"Sara <sara@example.org>\nAnna Keller <anna@example.net>\r\nreza@example.com": 3, "a@b.example; c@d.example, e@f.example": 3, "one <one@x.example>": 1,
		"just words": 0, "a@b.example": 0, "line\nbreaks": 0,
	} {
		r.w.to.set(nil)
		if took := r.w.to.pasted(s); took != (want > 0) || len(r.w.to.list) != want {
			t.Errorf("%q: took %v, %v", s, took, addressesOf(r.w.to))
		}
	}
}

func TestAddressesMoveBetweenFields(t *testing.T) {
	r := open(t, "fa", theme.ForceLight, weekly())
	to, cc := r.w.to, r.w.cc
	first := to.list[0]
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(cc.box)
	to.dropped(first, pos.AddXY(20, 5))
	if len(to.list) != 1 || len(cc.list) != 1 || cc.list[0] != first {
		t.Errorf("To %v, Cc %v", addressesOf(to), addressesOf(cc))
	}
	cc.dropped(first, fyne.NewPos(300, 500)) // on the text: it stays
	if len(cc.list) != 1 {
		t.Error("dropped elsewhere, the address is gone")
	}
	cc.move(first, r.w.bcc)
	if d := r.w.Draft(); len(d.Bcc) != 1 || len(d.Cc) != 0 {
		t.Errorf("the draft goes to %v, %v, %v", d.To, d.Cc, d.Bcc)
	}
}

func TestDeceivingAddressIsAskedAbout(t *testing.T) {
	d := weekly()
	d.To = append(d.To, mail.Address{Addr: "sara@examp1e.org"})
	r := open(t, "en", theme.ForceLight, d)
	r.shot("compose-risk")
	r.w.Send()
	r.loop.run()
	if r.sent != 0 || r.win.Canvas().Overlays().Top() == nil {
		t.Fatal("an address that imitates a known one is sent to without a word")
	}
	r.w.accepted = r.w.risky()
	r.w.Send()
	r.loop.run()
	if r.sent != 1 {
		t.Error("what was accepted is asked about again")
	}
	d.To = []mail.Address{{Addr: "x@gmial.com"}}
	r = open(t, "en", theme.ForceLight, d)
	r.w.Send()
	r.loop.run()
	if r.sent != 1 || r.w.to.risk(d.To[0]) == "" {
		t.Error("a mistyped domain is shown, and sent to when the user wants it")
	}
}

// TestTheFieldForAddressesIsAllOfItsRow: a click anywhere behind the chips goes into it, and a long address is seen whole.
func TestTheFieldForAddressesIsAllOfItsRow(t *testing.T) {
	for _, l := range []string{"en", "fa"} {
		r := open(t, l, theme.ForceLight, weekly())
		for _, f := range []*recipients{r.w.to, r.w.cc} {
			box, e := f.box.Size().Width, f.entry
			end := box - e.Position().X - e.Size().Width // of the room on its right
			if l == "fa" {
				end = e.Position().X
			}
			if end > 1 || e.Size().Width < box/4 {
				t.Errorf("%s, %d chips: the field is %v wide in a row of %v, and %v are left", l, len(f.list), e.Size().Width, box, end)
			}
		}
	}
}

// TestWhatIsNoAddressStandsAmongTheOthers: it is as high as they are, and in the colour of an error.
func TestWhatIsNoAddressStandsAmongTheOthers(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, To: []mail.Address{{Addr: "sara@example.org"}, {Name: "nobody"}}})
	r.shot("compose-no-address")
	good, bad := r.w.to.box.Objects[0], r.w.to.box.Objects[1]
	if good.Size().Height != bad.Size().Height || good.Position().Y != bad.Position().Y {
		t.Errorf("an address is %v high at %v, what is none %v at %v", good.Size().Height, good.Position().Y, bad.Size().Height, bad.Position().Y)
	}
}

// TestAGroupIsItsMembers: its name is not part of the first one's address.
func TestAGroupIsItsMembers(t *testing.T) {
	for in, want := range map[string][]mail.Address{
		"Friends: a@x.example, Sara <s@x.example>;":         {{Addr: "a@x.example"}, {Name: "Sara", Addr: "s@x.example"}},
		"دوستان: سارا <s@x.example>؛ b@x.example":           {{Name: "سارا", Addr: "s@x.example"}, {Addr: "b@x.example"}},
		`"Re: plan" <p@x.example>, mailto:m@x.example`:      {{Name: "Re: plan", Addr: "p@x.example"}, {Addr: "m@x.example"}},
		"undisclosed-recipients:;":                          {{Name: "undisclosed-recipients:"}},
		`Team: "Keller, Anna" <anna@x.example>, not an one`: {{Name: "Keller, Anna", Addr: "anna@x.example"}, {Name: "not an one"}},
	} {
		if got := parseAddresses(in); !slices.Equal(got, want) {
			t.Errorf("%q is %+v, want %+v", in, got, want)
		}
	}
}

// TestDozensOfRecipientsLeaveRoomForTheText: they scroll in their field, in a small window too, and the end of the field is seen.
func TestDozensOfRecipientsLeaveRoomForTheText(t *testing.T) {
	for _, l := range []string{"en", "fa"} {
		r := open(t, l, theme.ForceDark, mail.Draft{Account: 1, Subject: "s"})
		r.win.Resize(fyne.NewSize(760, 600))
		for i := range 45 {
			r.w.to.add(mail.Address{Addr: fmt.Sprintf("person%d.longname@example%d.org", i, i)})
			if i == 5 { // a row more is laid out at once
				to, subject := r.w.to.area, r.w.subject
				driver := fyne.CurrentApp().Driver()
				if end := driver.AbsolutePositionForObject(to).Y + to.Size().Height; driver.AbsolutePositionForObject(subject).Y < end {
					t.Errorf("%s: the subject stands among the recipients", l)
				}
			}
		}
		r.shot("compose-dozens-" + l)
		if h := r.w.body.Size().Height; h < 190 {
			t.Errorf("%s: the text has %v", l, h)
		}
		driver := fyne.CurrentApp().Driver()
		entry, area := driver.AbsolutePositionForObject(r.w.to.entry).Y, driver.AbsolutePositionForObject(r.w.to.area).Y
		if entry < area || entry > area+r.w.to.area.Size().Height {
			t.Errorf("%s: the place to type is at %v, its field at %v", l, entry, area)
		}
	}
}
