package message

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"peyk/internal/mail"
)

// Inspection is one line of `peyk inspect`.
type Inspection struct {
	File        string           `json:"file"`
	Subject     string           `json:"subject"`
	From        []mail.Address   `json:"from"`
	To          []mail.Address   `json:"to"`
	Cc          []mail.Address   `json:"cc"`
	Date        *time.Time       `json:"date"` // null when there is none
	MessageID   string           `json:"message_id"`
	Attachments []InspectionFile `json:"attachments"`
	TextPlain   string           `json:"text_plain"`
	TextHTML    string           `json:"text_html"`
	// Warnings are the sentences of WarningDetails.
	Warnings       []string       `json:"warnings"`
	WarningDetails []mail.Warning `json:"warning_details"`
	// Fragment is set when the file is a piece of a longer message.
	Fragment *InspectionFragment `json:"fragment,omitempty"`
	MS       float64             `json:"ms"` // time to parse and decode, milliseconds
}

// InspectionFile is one attachment of an Inspection. SHA256 is of the decoded bytes.
type InspectionFile struct {
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	SHA256      string `json:"sha256"`
	Inline      bool   `json:"inline"`
	Part        string `json:"part"`
}

// InspectMessage fills everything of an Inspection but File and MS.
func InspectMessage(m *Message) Inspection {
	in := Inspection{
		Subject: m.Subject(), From: m.Addresses("From"), To: m.Addresses("To"), Cc: m.Addresses("Cc"),
		MessageID:   headerID(m.Header().Get("Message-ID")),
		Attachments: []InspectionFile{},
	}
	if t := m.Date(); !t.IsZero() {
		in.Date = &t
	}
	in.TextPlain, in.TextHTML = m.firstTexts()
	for _, a := range m.attachments() {
		sum := sha256.New()
		io.Copy(sum, a.part.Open())
		in.Attachments = append(in.Attachments, InspectionFile{
			Filename: a.given, ContentType: a.ContentType, Size: a.Size, SHA256: hex.EncodeToString(sum.Sum(nil)), Inline: a.Inline, Part: a.Part,
		})
	}
	m.warnSecurity()
	m.warnFragment()
	m.From() // for its warnings; the names stay as sent here
	in.From, in.To, in.Cc = orEmpty(in.From), orEmpty(in.To), orEmpty(in.Cc)
	in.Warnings, in.WarningDetails = m.warningSentences(), m.Warnings()
	return in
}

func orEmpty(a []mail.Address) []mail.Address {
	if a == nil {
		return []mail.Address{}
	}
	return a
}

// firstTexts returns the first plain text and the first HTML page that are not attachments, as they stand in the
// message: decoded, nothing joined or unfolded. What the reader pane shows is Content.
func (m *Message) firstTexts() (plain, page string) {
	var pp, hp *Part
	m.Root.walkOwn(func(p *Part) bool {
		switch {
		case len(p.Children) > 0 || p.isAttached():
		case pp == nil && (p.Type == "text/plain" || p.IsMultipart() && !p.blank()):
			pp = p
		case hp == nil && p.Type == "text/html":
			hp = p
		}
		return pp == nil || hp == nil
	})
	if pp != nil {
		plain = m.rawText(pp)
	}
	if hp != nil {
		page = m.rawText(hp)
	}
	return plain, page
}
