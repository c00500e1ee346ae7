package model

import (
	"context"
	"slices"

	"peyk/internal/mail"
	"peyk/store"
)

// The place of drafts lists those of this computer and those that other programs left in Drafts folders. What the engine put into a Drafts folder for a draft
// of this computer is that draft, and not listed a second time.

// draftBase lies above the ids of all messages: a row of a draft has its id beyond that, so that both kinds stand in one list.
const draftBase mail.MessageID = 1 << 62

// DraftKey is the id that the row of a draft of this computer has.
func DraftKey(id mail.DraftID) mail.MessageID { return draftBase + mail.MessageID(id) }

// DraftOf tells which draft of this computer a row stands for; false: it is a message of a Drafts folder.
func DraftOf(key mail.MessageID) (mail.DraftID, bool) {
	if key < draftBase {
		return 0, false
	}
	return mail.DraftID(key - draftBase), true
}

// maxStoredDrafts bounds how many messages of Drafts folders are listed, the newest.
const maxStoredDrafts = 1000

// DraftRows are all drafts, what was written last first.
func DraftRows(ctx context.Context, r Reader) ([]mail.Row, error) {
	own, err := r.Drafts(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]mail.Row, 0, len(own))
	copies, apart, names := map[mail.MessageID]bool{}, map[mail.MessageID]bool{}, map[string]bool{}
	newer := map[mail.MessageID]int{}
	for i, d := range own {
		rows = append(rows, DraftRow(d))
		copies[d.Copy], names[d.HeaderID] = true, true
		for _, id := range d.Away.Apart {
			apart[id] = true
		}
		if d.Away.Newer != 0 {
			newer[d.Away.Newer] = i
		}
	}
	stored, err := r.Page(ctx, store.Query{Role: mail.RoleDrafts}, 0, maxStoredDrafts)
	for _, s := range stored {
		if copies[s.ID] {
			continue
		}
		if i, ok := newer[s.ID]; ok { // written on by another program: see Engine.OpenDraft
			rows[i].Subject, rows[i].To, rows[i].Date, rows[i].Received, rows[i].Snippet, rows[i].Attachments = s.Subject, s.To, s.Date, s.Date, s.Snippet, s.Attachments
		} else if s.HeaderID == "" || !names[s.HeaderID] || apart[s.ID] {
			rows = append(rows, s)
		}
	}
	slices.SortStableFunc(rows, func(a, b mail.Row) int { return b.Date.Compare(a.Date) })
	return rows, err
}

// DraftRow shows a draft of this computer as a row of a list.
func DraftRow(d mail.Draft) mail.Row {
	return mail.Row{
		ID: DraftKey(d.ID), Account: d.Account, Subject: d.Subject, To: append(append([]mail.Address(nil), d.To...), d.Cc...),
		Date: d.Modified, Received: d.Modified, Flags: mail.Flags{mail.FlagSeen, mail.FlagDraft}, Attachments: len(d.Attachments),
		Snippet: firstLine(d.Text), HasBody: true,
	}
}
