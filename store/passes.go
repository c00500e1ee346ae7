package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"peyk/internal/mail"
)

// Pass is a trip over an account that did something or failed, for the history that people look at.
type Pass struct {
	Account mail.AccountID
	At      time.Time // when it ended; of several alike, the last
	Times   int       // how many in a row ended like this
	Result  mail.PassResult
	// Problems are what went wrong, each as Problem.Store wrote it.
	Problems []string
}

// keptPasses is how many passes the history holds.
const keptPasses = 200

// passWhat is a pass as the database has it.
type passWhat struct {
	Result   mail.PassResult `json:"result"`
	Problems []string        `json:"problems,omitempty"`
}

// NotePass adds a pass to the history. One that failed like the one before it, and did nothing else, counts with that: a server
// that is away for a night is one line.
func (s *Store) NotePass(ctx context.Context, p Pass) error {
	return s.write(ctx, "noting what was done", func(t *wtx) error {
		t.ch.Ops = true
		text, err := toJSON(passWhat{p.Result, p.Problems})
		if err != nil {
			return err
		}
		var id int64
		var last string
		ok, err := t.get("SELECT id,what FROM passes WHERE account=? ORDER BY id DESC LIMIT 1", []any{p.Account}, &id, &last)
		if err != nil {
			return err
		}
		if ok && sameFailure(last, p) {
			return t.do("UPDATE passes SET at=?, times=times+1, what=? WHERE id=?", millis(t.s.now()), text, id)
		}
		if err := t.do("INSERT INTO passes(account,at,times,what) VALUES(?,?,1,?)", p.Account, millis(t.s.now()), text); err != nil {
			return err
		}
		return t.do("DELETE FROM passes WHERE id<=(SELECT max(id) FROM passes)-?", keptPasses)
	})
}

func sameFailure(stored string, p Pass) bool {
	var old passWhat
	if json.Unmarshal([]byte(stored), &old) != nil || len(old.Problems) != len(p.Problems) || len(p.Problems) == 0 || p.Result.Did() || old.Result.Did() {
		return false
	}
	for i := range p.Problems {
		if old.Problems[i] != p.Problems[i] {
			return false
		}
	}
	return true
}

// Passes returns the history, newest first.
func (s *Store) Passes(ctx context.Context, limit int) ([]Pass, error) {
	var out []Pass
	err := s.readAll(ctx, "SELECT account,at,times,what FROM passes ORDER BY at DESC,id DESC LIMIT ?", []any{limit}, func(r *sql.Rows) error {
		var p Pass
		var at int64
		var text string
		if err := r.Scan(&p.Account, &at, &p.Times, &text); err != nil {
			return err
		}
		var what passWhat
		if json.Unmarshal([]byte(text), &what) != nil {
			return nil // damage there is not worth an error
		}
		p.At, p.Result, p.Problems = fromMillis(at), what.Result, what.Problems
		out = append(out, p)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading what was done: %w", err)
	}
	return out, nil
}
