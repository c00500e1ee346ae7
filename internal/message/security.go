package message

import (
	"io"
	"strings"

	"peyk/internal/mail"
)

// Security says how a message is signed or encrypted. Nothing is verified or decrypted here.
type Security struct {
	Signed, Encrypted bool
	// Kind is "openpgp" (RFC 3156), "smime" (RFC 8551) or "openpgp-inline" (armour in the text, RFC 9580 §6.2).
	Kind string
	// Content is the signed part of a multipart/signed, with header; Signature the part with the signature. Content.Entity
	// gives the bytes exactly as signed.
	Content, Signature *Part
}

// Entity streams the part with its header exactly as received: what a signature is made over (RFC 1847 §2.1).
func (p *Part) Entity() io.Reader { return p.src.reader(p.HeaderStart, p.BodyEnd) }

// Security looks at the structure and the start of the text.
func (m *Message) Security() Security {
	var s Security
	m.Root.Walk(func(p *Part) bool {
		switch p.Type {
		case "multipart/signed":
			s.Signed = true
			s.Kind = protocolKind(p.Params["protocol"])
			if len(p.Children) >= 2 {
				s.Content, s.Signature = p.Children[0], p.Children[1]
			}
		case "multipart/encrypted":
			s.Encrypted, s.Kind = true, "openpgp"
		case "application/pkcs7-mime", "application/x-pkcs7-mime":
			s.Kind = "smime"
			if strings.Contains(strings.ToLower(p.Params["smime-type"]), "signed") || strings.HasSuffix(strings.ToLower(p.fileName()), ".p7s") {
				s.Signed = true
			} else {
				s.Encrypted = true
			}
		case "text/plain":
			if s.Kind == "" {
				s.inline(m.textStart(p, maxArmourSearch))
			}
		}
		return s.Kind == "" && !isMessageType(p.Type)
	})
	return s
}

// maxArmourSearch is how much of a text is searched for PGP armour.
const maxArmourSearch = 64 << 10

func protocolKind(p string) string {
	if strings.Contains(strings.ToLower(p), "pkcs7") {
		return "smime"
	}
	return "openpgp"
}

// textStart is the start of a text, taken from what was decoded already where it was.
func (m *Message) textStart(p *Part, limit int) string {
	if p.hasText {
		return p.decoded[:min(len(p.decoded), limit)]
	}
	return string(p.bytes(int64(limit)))
}

func (s *Security) inline(text string) {
	for _, a := range []struct {
		line    string
		encrypt bool
	}{{"-----BEGIN PGP MESSAGE-----", true}, {"-----BEGIN PGP SIGNED MESSAGE-----", false}} {
		if hasLine(text, a.line) {
			s.Kind, s.Encrypted, s.Signed = "openpgp-inline", a.encrypt, !a.encrypt
			return
		}
	}
}

// hasLine: one line of text is line, blanks after it aside. Quoted ones do not count.
func hasLine(text, line string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], line)
		if i < 0 {
			return false
		}
		i += at
		at = i + len(line)
		rest := text[at:]
		if j := strings.IndexByte(rest, '\n'); j >= 0 {
			rest = rest[:j]
		}
		if (i == 0 || text[i-1] == '\n') && strings.TrimSpace(rest) == "" {
			return true
		}
	}
}

// warnSecurity tells people what they will not see.
func (m *Message) warnSecurity() {
	switch s := m.Security(); {
	case s.Encrypted:
		m.warn(nil, mail.WarnEncrypted, kindWords[s.Kind])
	case s.Kind == "smime" && s.Signature == nil && s.Signed:
		m.warn(nil, mail.WarnSignedOpaque)
	}
}

var kindWords = map[string]string{"openpgp": "OpenPGP", "smime": "S/MIME", "openpgp-inline": "OpenPGP in the text"}
