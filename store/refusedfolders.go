package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"peyk/internal/mail"
)

// RefusedFolder is a folder that its server lists and does not open. What is here of it stays here.
type RefusedFolder struct {
	Path  string    `json:"path"`
	Why   string    `json:"why"` // see mail.StoredProblem
	Since time.Time `json:"since"`
	Due   time.Time `json:"due"` // when it is tried again by itself
	Tries int       `json:"tries"`
	Told  bool      `json:"told"` // the user was told
}

func refusedKey(a mail.AccountID) string { return fmt.Sprintf("imap.refused.%d", a) }

// RefusedFolders lists the folders of an account that its server does not open, by their paths.
func (s *Store) RefusedFolders(ctx context.Context, a mail.AccountID) ([]RefusedFolder, error) {
	var list []RefusedFolder
	js, err := s.Setting(ctx, refusedKey(a))
	if err == nil && js != "" {
		err = json.Unmarshal([]byte(js), &list)
	}
	if err != nil {
		return nil, fmt.Errorf("reading which folders the server does not open: %w", err)
	}
	return list, nil
}

// SetRefusedFolders takes note of them.
func (s *Store) SetRefusedFolders(ctx context.Context, a mail.AccountID, list []RefusedFolder) error {
	js, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return s.SetSetting(ctx, refusedKey(a), string(js))
}
