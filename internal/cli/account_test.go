package cli

import (
	"testing"

	"peyk/internal/mail"
)

func TestLostWords(t *testing.T) {
	for o, want := range map[mail.OnlyHere]string{
		{}: "",
		{Waiting: 2, Drafts: 1, Messages: 30, Changes: 4}: ", with 2 unsent messages, 1 draft, 30 messages that only this computer had, 4 changes that its server does not know",
		{Messages: 3}: ", with 3 messages that only this computer had",
	} {
		if got := lostWords(o); got != want {
			t.Errorf("%+v: %q", o, got)
		}
	}
}
