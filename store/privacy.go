package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"peyk/internal/mail"
)

// schemaPrivacy: senders whose remote images are loaded, signatures checked here (by the hash of the message), invitations
// answered.
const schemaPrivacy = `
CREATE TABLE remote_senders(addr TEXT PRIMARY KEY, verified INTEGER NOT NULL, added INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE signatures(hash BLOB PRIMARY KEY, checks TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE invitations(
  account INTEGER NOT NULL, uid TEXT NOT NULL, recurrence TEXT NOT NULL, sequence INTEGER NOT NULL,
  start INTEGER NOT NULL, finish INTEGER NOT NULL, summary TEXT NOT NULL, answer TEXT NOT NULL, answered INTEGER NOT NULL,
  PRIMARY KEY(account, uid, recurrence)) WITHOUT ROWID;
CREATE INDEX i_time ON invitations(start, finish);
`

// SenderRules lists the senders whose remote images are loaded, by address.
func (s *Store) SenderRules(ctx context.Context) ([]mail.SenderRule, error) {
	var out []mail.SenderRule
	err := s.readAll(ctx, "SELECT addr,verified,added FROM remote_senders ORDER BY addr", nil, func(r *sql.Rows) error {
		var x mail.SenderRule
		var added int64
		err := r.Scan(&x.Addr, &x.Verified, &added)
		x.Added = fromUnix(added)
		out = append(out, x)
		return err
	})
	return out, err
}

// SenderRule finds the rule of an address; ok is false when there is none.
func (s *Store) SenderRule(ctx context.Context, addr string) (x mail.SenderRule, ok bool, err error) {
	var added int64
	x.Addr = strings.ToLower(addr)
	ok, err = s.read(ctx, "SELECT verified,added FROM remote_senders WHERE addr=?", []any{x.Addr}, &x.Verified, &added)
	x.Added = fromUnix(added)
	return x, ok, err
}

// SaveSenderRule adds or replaces a rule.
func (s *Store) SaveSenderRule(ctx context.Context, x mail.SenderRule) error {
	addr := strings.ToLower(cleanText(x.Addr, 320))
	if !strings.Contains(addr, "@") {
		return fmt.Errorf("allowing remote images: %q is no address", x.Addr)
	}
	return s.write(ctx, "allowing remote images of "+addr, func(t *wtx) error {
		t.ch.Settings = true
		return t.do("INSERT INTO remote_senders(addr,verified,added) VALUES(?,?,?) ON CONFLICT(addr) DO UPDATE SET verified=excluded.verified,added=excluded.added",
			addr, x.Verified, unix(s.now()))
	})
}

// RemoveSenderRule takes a rule back; it is no error when there is none.
func (s *Store) RemoveSenderRule(ctx context.Context, addr string) error {
	return s.write(ctx, "taking back the remote images of "+addr, func(t *wtx) error {
		t.ch.Settings = true
		return t.do("DELETE FROM remote_senders WHERE addr=?", strings.ToLower(addr))
	})
}

// Signatures returns what was found about the signatures of a message, by the hash of its bytes; nil when it was not checked here.
func (s *Store) Signatures(ctx context.Context, hash string) ([]mail.SignatureCheck, error) {
	key, err := packHash(hash)
	if err != nil {
		return nil, err
	}
	var text string
	ok, err := s.read(ctx, "SELECT checks FROM signatures WHERE hash=?", []any{key}, &text)
	if err != nil || !ok {
		return nil, err
	}
	out := []mail.SignatureCheck{}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return nil, nil // damage here is not worth an error: it can be checked again
	}
	return out, nil
}

// SaveSignatures stores what was found; no checks means that the message has no signature.
func (s *Store) SaveSignatures(ctx context.Context, hash string, checks []mail.SignatureCheck) error {
	key, err := packHash(hash)
	if err != nil {
		return err
	}
	if checks == nil {
		checks = []mail.SignatureCheck{}
	}
	text, err := json.Marshal(checks)
	if err != nil {
		return err
	}
	return s.write(ctx, "noting a checked signature", func(t *wtx) error {
		return t.do("INSERT INTO signatures(hash,checks) VALUES(?,?) ON CONFLICT(hash) DO UPDATE SET checks=excluded.checks", key, string(text))
	})
}

// Invitation finds what was answered to an event; ok is false when nothing was.
func (s *Store) Invitation(ctx context.Context, account mail.AccountID, uid, recurrence string) (mail.Invitation, bool, error) {
	all, err := s.invitations(ctx, "account=? AND uid=? AND recurrence=?", account, uid, recurrence)
	if len(all) == 0 {
		return mail.Invitation{}, false, err
	}
	return all[0], true, err
}

// Meanwhile lists the accepted events of all accounts that overlap the time from start to end, the given one left out; at most
// ten. Only events that were answered here are known.
func (s *Store) Meanwhile(ctx context.Context, start, end time.Time, uid string) ([]mail.Invitation, error) {
	return s.invitations(ctx, "start<? AND finish>? AND uid<>? AND answer<>'DECLINED' ORDER BY start LIMIT 10", unix(end), unix(start), uid)
}

func (s *Store) invitations(ctx context.Context, where string, args ...any) ([]mail.Invitation, error) {
	var out []mail.Invitation
	err := s.readAll(ctx, "SELECT account,uid,recurrence,sequence,start,finish,summary,answer,answered FROM invitations WHERE "+where, args, func(r *sql.Rows) error {
		var x mail.Invitation
		var start, end, answered int64
		err := r.Scan(&x.Account, &x.UID, &x.Recurrence, &x.Sequence, &start, &end, &x.Summary, &x.Answer, &answered)
		x.Start, x.End, x.Answered = fromUnix(start), fromUnix(end), fromUnix(answered)
		out = append(out, x)
		return err
	})
	return out, err
}

// SaveInvitation remembers an answer in place of an earlier one to the same event.
func (s *Store) SaveInvitation(ctx context.Context, x mail.Invitation) error {
	return s.write(ctx, "remembering the answer to an invitation", func(t *wtx) error {
		return t.do(`INSERT INTO invitations(account,uid,recurrence,sequence,start,finish,summary,answer,answered) VALUES(?,?,?,?,?,?,?,?,?)
 ON CONFLICT(account,uid,recurrence) DO UPDATE SET sequence=excluded.sequence,start=excluded.start,finish=excluded.finish,summary=excluded.summary,
 answer=excluded.answer,answered=excluded.answered`,
			x.Account, x.UID, x.Recurrence, x.Sequence, unix(x.Start), unix(x.End), cleanText(x.Summary, 500), x.Answer, unix(x.Answered))
	})
}

// RemoveInvitation forgets an event: it was cancelled.
func (s *Store) RemoveInvitation(ctx context.Context, account mail.AccountID, uid, recurrence string) error {
	return s.write(ctx, "forgetting a cancelled event", func(t *wtx) error {
		return t.do("DELETE FROM invitations WHERE account=? AND uid=? AND (?3='' OR recurrence=?3)", account, uid, recurrence)
	})
}
