package ui

import (
	"slices"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// The files of a draft are named where it is shown, without the pictures in its text; a draft without files says nothing.
func TestADraftNamesItsFiles(t *testing.T) {
	if draftFiles(mail.Draft{Attachments: []mail.DraftAttachment{{Name: "logo.png", Inline: true}}}) != nil {
		t.Error("a picture in the text is named")
	}
	got := labels(draftFiles(mail.Draft{Attachments: []mail.DraftAttachment{{Name: "گزارش.pdf", Size: 2048}, {Name: "b.txt", Size: 1}}}))
	if len(got) != 2 || !strings.Contains(got[0], "گزارش") || !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "b.txt") }) {
		t.Errorf("named are %q", got)
	}
}
