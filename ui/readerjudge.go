package ui

import (
	"strings"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// judge asks whether the sender is who it seems to be.
func (r *readerPane) judge(c mail.Content, auth model.AuthVerdict) []model.Finding {
	if len(c.Row.From) == 0 {
		return nil
	}
	list := false
	for _, h := range c.Headers {
		list = list || strings.EqualFold(h.Name, "List-Id") || strings.EqualFold(h.Name, "List-Post")
	}
	return model.Suspicions(model.SenderInfo{
		From: c.Row.From[0], ReplyTo: c.ReplyTo, List: list, Auth: auth, Mine: r.env.mine(), Known: r.env.known,
	})
}

// servers are the names by which the account's own provider may sign its findings.
func (r *readerPane) servers(id mail.AccountID) []string {
	a, ok := r.env.tree.Account(id)
	if !ok {
		return nil
	}
	return []string{a.Incoming.Host, model.Domain(a.Email)}
}

func severe(s model.Suspicion) bool {
	return s == model.SuspectAuth || s == model.SuspectLookalike || s == model.SuspectOtherAddr
}

func suspicionWords(f model.Finding) string { return lang.T("suspect."+string(f.Why), f.What) }
