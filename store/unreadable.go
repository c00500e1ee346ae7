package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"

	"peyk/internal/mail"
)

// Unreadable is a row of the outbox or of drafts that is damaged: what it is about cannot be shown, and as long as it is there no stored bytes are removed.
type Unreadable struct {
	Name  string         // in words: "the outgoing message 7"
	Table string         // "outbox", "drafts" or "draft_versions"
	ID    int64          // in that table, of an earlier version that of its draft
	Text  string         // the row as it is
	Blobs []mail.BlobRef // what it names that is here: the message, or files that were attached
}

// hashText is a SHA-256 in hex, wherever in a damaged row it stands.
var hashText = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// Unreadable returns the rows of outbox and drafts that cannot be read. Drafts that a repair brings back from an earlier version are among them, until one has.
func (s *Store) Unreadable(ctx context.Context) ([]Unreadable, error) {
	rows, err := s.referredInJSON(ctx, func([]byte) {})
	if err != nil {
		return nil, fmt.Errorf("looking for rows that cannot be read: %w", err)
	}
	var out []Unreadable
	for _, r := range rows {
		u := Unreadable{Name: r.name, Table: r.table, ID: r.id, Text: r.text}
		for _, h := range hashText.FindAllString(r.text, -1) {
			b, err := s.OpenBlob(ctx, h)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			u.Blobs = append(u.Blobs, mail.BlobRef{Hash: h, Size: b.Size()})
			_ = b.Close()
		}
		out = append(out, u)
	}
	return out, nil
}

// DropUnreadable removes such a row; its bytes are let go of. A row that is another one by now stays.
func (s *Store) DropUnreadable(ctx context.Context, u Unreadable) error {
	q, ok := map[string]string{
		"outbox":         "DELETE FROM outbox WHERE id=? AND item=?",
		"drafts":         "DELETE FROM drafts WHERE id=? AND draft=?",
		"draft_versions": "DELETE FROM draft_versions WHERE draft=? AND content=?",
	}[u.Table]
	if !ok {
		return fmt.Errorf("removing %s: there is no table %q of them", u.Name, u.Table)
	}
	return s.write(ctx, "removing "+u.Name, func(t *wtx) error {
		for _, b := range u.Blobs { // the triggers read JSON
			if err := t.letGo(&b); err != nil {
				return err
			}
		}
		t.ch.Outbox, t.ch.Drafts = true, true
		return t.do(q, u.ID, u.Text)
	})
}

// IsMail reports whether stored bytes begin as a message does; what was attached to a draft mostly does not.
func (s *Store) IsMail(ctx context.Context, ref mail.BlobRef) (bool, error) {
	h, err := hex.DecodeString(ref.Hash)
	if err != nil || len(h) != 32 {
		return false, fmt.Errorf("%q is no hash", ref.Hash)
	}
	_, is, err := s.looksLikeMail(ctx, [32]byte(h))
	return is, err
}
