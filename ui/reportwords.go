package ui

import (
	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// maxReported is how many recipients of a delivery report have a banner of their own.
const maxReported = 3

// report puts a delivery report in words over the message, a banner a recipient; those that failed come first.
func (m *messageView) report(rep *mail.Report) {
	if rep == nil {
		return
	}
	shown := 0
	for _, failed := range []bool{true, false} {
		for _, rc := range rep.Recipients {
			if (rc.Action == "failed") != failed || shown == maxReported {
				continue
			}
			shown++
			m.notice(reportLevel(rc.Action), "", reportWords(rc))
		}
	}
	if rest := len(rep.Recipients) - shown; rest > 0 {
		m.notice(kit.LevelInfo, "", lang.N("report.more", rest))
	}
}

func reportLevel(action string) kit.Level {
	switch action {
	case "failed":
		return kit.LevelError
	case "delayed", "abuse", "fraud", "virus", "auth-failure":
		return kit.LevelWarning
	}
	return kit.LevelInfo
}

// reportActions are the actions that have words.
var reportActions = map[string]bool{
	"failed": true, "delayed": true, "delivered": true, "relayed": true, "expanded": true,
	"displayed": true, "deleted": true, "dispatched": true, "processed": true, "denied": true,
	"abuse": true, "fraud": true, "virus": true, "not-spam": true, "auth-failure": true, "opt-out": true, "feedback": true,
}

// reportWords says what became of the message to one recipient, and why.
func reportWords(rc mail.ReportRecipient) string {
	action := rc.Action
	if !reportActions[action] {
		action = "other"
	}
	words := lang.T("report."+action, rc.Addr)
	if rc.Reason != "" {
		words += " " + lang.T("report.reason."+string(rc.Reason))
	}
	if rc.Diagnostic != "" {
		words += " " + lang.T("report.said", rc.Diagnostic)
	}
	return words
}
