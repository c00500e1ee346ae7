package ui

import (
	"strconv"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// warnings says which remarks of the parser are shown, with the words in every language. Those that are not here tell of
// faults that were put right without a doubt and would only disturb; `peyk inspect` tells them all.
var warnings = map[mail.WarningCode]struct {
	id string
	// about is the suspicion that says the same of the sender: the two are not shown together. grave ones are coloured.
	about model.Suspicion
	grave bool
}{
	mail.WarnFromControl:     {"control", model.SuspectHidden, true},
	mail.WarnFromMissing:     {"nobody", "", true},
	mail.WarnFromSeveral:     {"several", "", true},
	mail.WarnFromNoAddress:   {"noaddress", "", true},
	mail.WarnFromInvisible:   {"invisible", model.SuspectHidden, true},
	mail.WarnFromOtherAddr:   {"otheraddr", model.SuspectOtherAddr, true},
	mail.WarnFromNameMixed:   {"namescripts", "", true},
	mail.WarnFromDomainMixed: {"scripts", model.SuspectScript, true},
	mail.WarnFromDomainLike:  {"imitates", model.SuspectLookalike, true},
	mail.WarnEncrypted:       {"encrypted", "", false},
	mail.WarnSignedOpaque:    {"wrapped", "", false},
	mail.WarnExternalBody:    {"external", "", false},
	mail.WarnPartial:         {"piece", "", false},
	mail.WarnAssembled:       {"assembled", "", false},
	mail.WarnTextCut:         {"cut", "", false},
	mail.WarnHeaderCut:       {"longheader", "", false},
	mail.WarnHeaderJunk:      {"nofield", "", false},
	mail.WarnHeaderOpen:      {"noempty", "", false},
	mail.WarnBoundaryWrong:   {"boundary", "", false},
	mail.WarnBoundaryGuessed: {"boundary", "", false},
	mail.WarnBoundaryNone:    {"boundary", "", false},
	mail.WarnTooDeep:         {"deep", "", false},
	mail.WarnDateBad:         {"date", "", false},
	mail.WarnCharsetUnknown:  {"charset", "", false},
	mail.WarnRead:            {"read", "", true},
}

// warningWords puts a remark of the parser into the language of the window. It is "" for what is not shown, and when one
// of the findings says it.
func warningWords(w mail.Warning, findings []model.Finding) (words string, grave bool) {
	k, shown := warnings[w.Code]
	if !shown {
		return "", false
	}
	for _, f := range findings {
		if k.about != "" && f.Why == k.about {
			return "", false
		}
	}
	if w.Code == mail.WarnPartial && len(w.Args) == 2 && w.Args[1] == "" {
		k.id = "piece.unknown"
	}
	args := make([]any, len(w.Args))
	for i, a := range w.Args {
		args[i] = a
		if n, err := strconv.Atoi(a); err == nil && (w.Code == mail.WarnPartial || w.Code == mail.WarnAssembled) {
			args[i] = n // in the digits of the language
		}
	}
	return lang.T("warning."+k.id, args...), k.grave
}
