package model

import (
	"testing"

	"peyk/internal/mail"
)

func TestRecipientRisk(t *testing.T) {
	trusted, seen := []string{"example.org", "shomal.example"}, []string{"paypal.com", "examp1e.org", "exampleorg.example"}
	for addr, want := range map[string]Finding{
		"sara@example.org": {}, "sara@other.example": {}, "x@gmail.com": {}, "": {}, "nonsense": {},
		"sara@examp1e.org": {SuspectLookalike, "example.org"}, "a@pаypal.com": {SuspectLookalike, "paypal.com"}, "x@gmial.com": {SuspectTypo, "gmail.com"},
		"x@gmail.co": {SuspectTypo, "gmail.com"}, "x@exampel.org": {SuspectTypo, "example.org"}, "x@shomal.exmple": {SuspectTypo, "shomal.example"}, "x@hotmai1.com": {SuspectTypo, "hotmail.com"},
		"x@mail.example.org": {}, "x@live.com": {}, "x@paypal.com": {}, "x@line.com": {}, "x@gmx.de": {},
	} {
		if f, ok := RecipientRisk(mail.Address{Addr: addr}, trusted, seen); f != want || ok != (want != Finding{}) {
			t.Errorf("%s: %+v, want %+v", addr, f, want)
		}
	}
	if f, _ := RecipientRisk(mail.Address{Name: "a\u202eb", Addr: "x@new.example"}, trusted, seen); f.Why != SuspectHidden {
		t.Errorf("a name that turns round: %+v", f)
	}
}
