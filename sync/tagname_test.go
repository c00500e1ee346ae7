package mailsync

import (
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/store"
)

// The store keeps no keyword that is longer: a tag that would come to nothing is refused in words.
func TestTagsThatAreTooLong(t *testing.T) {
	if err := validKeyword(mail.Flag(strings.Repeat("x", store.MaxKeyword))); err != nil {
		t.Errorf("the longest: %v", err)
	}
	err := validKeyword(mail.Flag(strings.Repeat("x", store.MaxKeyword+1)))
	if err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("one byte more: %v", err)
	}
}
