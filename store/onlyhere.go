package store

import (
	"context"
	"fmt"

	"peyk/internal/mail"
)

// OnlyHere counts what would be lost with an account; of POP3 not what its server has still as far as the ledger knows.
func (s *Store) OnlyHere(ctx context.Context, account mail.AccountID) (o mail.OnlyHere, err error) {
	if _, err = s.read(ctx, `SELECT (SELECT count(*) FROM outbox WHERE account=?1 AND state<>'sent'),
 (SELECT count(*) FROM drafts WHERE account=?1),
 (SELECT count(*) FROM folders f JOIN messages m ON m.folder=f.id WHERE f.account=?1 AND f.local<>0 AND m.hidden=0
  AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.message=m.id AND l.message<>0 AND l.removed=0)),
 (SELECT count(*) FROM ops WHERE account=?1 AND state IN ('pending','running') AND local=0)`,
		[]any{account}, &o.Waiting, &o.Drafts, &o.Messages, &o.Changes); err != nil {
		err = fmt.Errorf("counting what only this computer has of account %d: %w", account, err)
	}
	return o, err
}
