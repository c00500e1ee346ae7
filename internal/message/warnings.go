package message

import (
	"fmt"

	"peyk/internal/mail"
)

// maxWarnings bounds what is told about one message.
const maxWarnings = 30

// warningTexts are the sentences of the codes, with %s for each argument.
var warningTexts = map[mail.WarningCode]string{
	mail.WarnFromControl:     "the From field has control characters in it, which is used to deceive",
	mail.WarnFromMissing:     "the message does not say who it is from",
	mail.WarnFromSeveral:     "the message has several From fields; all of them are shown",
	mail.WarnFromNoAddress:   "the From field holds no e-mail address",
	mail.WarnFromInvisible:   "the sender's name had invisible characters in it that change the order of what is shown; they were taken out",
	mail.WarnFromOtherAddr:   "the sender's name says %s, but the message comes from %s",
	mail.WarnFromNameMixed:   "the sender's name mixes letters of different alphabets that look alike: %s",
	mail.WarnFromDomainMixed: "the sender's domain mixes letters of different alphabets that look alike: %s",
	mail.WarnFromDomainLike:  "the sender's domain %s is written in letters of another alphabet and looks like %s",
	mail.WarnEncrypted:       "the message is encrypted (%s)",
	mail.WarnSignedOpaque:    "the message is wrapped in an S/MIME signature",
	mail.WarnExternalBody:    "a part of the message is not in it but kept elsewhere: %s",
	mail.WarnPartial:         "the message is piece %s of %s of a longer one, and the others are not all here",
	mail.WarnAssembled:       "the message came in %s pieces and was put together",
	mail.WarnDateBad:         "the date of the message cannot be understood",
	mail.WarnHeaderCut:       "the header is longer than 1 MB and was cut",
	mail.WarnHeaderJunk:      "a line in the header is not a header field; it was left out",
	mail.WarnHeaderOpen:      "the empty line between header and body is missing",
	mail.WarnBOM:             "the message starts with a byte order mark",
	mail.WarnBoundaryWrong:   "the boundary between the parts is not the one the header names; it was guessed",
	mail.WarnBoundaryGuessed: "the header does not name the boundary between the parts; it was guessed",
	mail.WarnBoundaryNone:    "the message says it has several parts, but no boundary between them was found",
	mail.WarnBoundaryOpen:    "a closing boundary is missing",
	mail.WarnTooDeep:         "the message is nested too deeply or has too many parts; the rest was not taken apart",
	mail.WarnTextCut:         "the text is longer than 8 MB and was cut; the whole is in the source",
	mail.WarnCharsetUnknown:  "nobody knows the character set %s; it was guessed",
	mail.WarnCharsetWrong:    "the text is not in the character set %s that is named; it was guessed",
	mail.WarnRead:            "a part of the message could not be read from the disk: %s",
}

// warned is a warning whose part has perhaps no number yet.
type warned struct {
	code mail.WarningCode
	part *Part // nil: the message itself
	args string
	list []string
}

// warn notes what is wrong with p (nil: with the message itself); the same code about the same part once.
func (m *Message) warn(p *Part, code mail.WarningCode, args ...string) {
	if len(m.warnings) >= maxWarnings {
		return
	}
	w := warned{code, p, fmt.Sprint(args), args}
	for _, old := range m.warnings {
		if old.code == code && old.part == p && old.args == w.args {
			return
		}
	}
	m.warnings = append(m.warnings, w)
}

// Warnings says what was wrong with the message as far as it was looked at.
func (m *Message) Warnings() []mail.Warning {
	out := make([]mail.Warning, 0, len(m.warnings))
	for _, w := range m.warnings {
		x := mail.Warning{Code: w.code, Args: w.list, Text: w.sentence()}
		if w.part != nil {
			x.Offset = w.part.HeaderStart
			if w.part != m.Root {
				x.Part = w.part.Number
			}
		}
		out = append(out, x)
	}
	return out
}

// sentence says the warning in English.
func (w warned) sentence() string {
	if w.code == mail.WarnPartial && w.list[1] == "" {
		return fmt.Sprintf("the message is piece %s of a longer one, and the others are not all here", w.list[0])
	}
	args := make([]any, len(w.list))
	for i, a := range w.list {
		args[i] = a
	}
	return fmt.Sprintf(warningTexts[w.code], args...)
}

// warningSentences are the sentences alone.
func (m *Message) warningSentences() []string {
	out := []string{}
	for _, w := range m.Warnings() {
		out = append(out, w.Text)
	}
	return out
}
