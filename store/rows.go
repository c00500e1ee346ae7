package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"peyk/internal/mail"
)

const rowCols = "m.id,m.account,m.folder,m.thread,m.header_id,m.subject,m.sender,m.recipients,m.date,m.received,m.size,m.flags,m.keywords,m.attachments,m.snippet,m.hasbody,ifnull(m.uid,0)," +
	"m.sent,iif(m.conv&32<>0,ifnull((SELECT until FROM snoozes z WHERE z.message=m.id),0),0)"

func scanRow(sc scanner, more ...any) (mail.Row, error) {
	var r mail.Row
	var sender, rcpt string
	var date, received, sent, until int64
	var fl flagSet
	dest := []any{&r.ID, &r.Account, &r.Folder, &r.Thread, &r.HeaderID, &r.Subject, &sender, &rcpt, &date, &received, &r.Size,
		&fl.bits, &fl.kw, &r.Attachments, &r.Snippet, &r.HasBody, &r.UID, &sent, &until}
	if err := sc.Scan(append(dest, more...)...); err != nil {
		return r, err
	}
	r.From, r.To = unpackAddrs(sender), unpackAddrs(rcpt)
	r.Date, r.Received = fromUnix(date), fromUnix(received)
	if sent != 0 {
		r.Date, r.Returned = fromUnix(sent), r.Date
	}
	if until != 0 {
		r.Snoozed = fromUnix(until)
	}
	r.Flags = fl.flags()
	return r, nil
}

// Row returns one row, or an error that wraps ErrNotFound.
func (s *Store) Row(ctx context.Context, id mail.MessageID) (mail.Row, error) {
	rows, err := s.Rows(ctx, []mail.MessageID{id})
	if err != nil {
		return mail.Row{}, err
	}
	if len(rows) == 0 {
		return mail.Row{}, fmt.Errorf("message %d: %w", id, ErrNotFound)
	}
	return rows[0], nil
}

// Rows returns the rows that still exist, in the order of ids.
func (s *Store) Rows(ctx context.Context, ids []mail.MessageID) ([]mail.Row, error) {
	return s.rowsOn(ctx, nil, ids)
}

func idList[T ~int64](ids []T) string {
	b := make([]byte, 0, 8*len(ids)+2)
	b = append(b, '[')
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(id), 10)
	}
	return string(append(b, ']'))
}

// rowsOn reads rows on a read transaction, or on any reader when tx is nil.
func (s *Store) rowsOn(ctx context.Context, tx *sql.Tx, ids []mail.MessageID) ([]mail.Row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	const q = "SELECT " + rowCols + " FROM messages m WHERE m.id IN (SELECT value FROM json_each(?)) AND m.hidden&6=0"
	var st *sql.Stmt
	var err error
	if tx == nil {
		st, err = s.rstmt.get(ctx, q)
	} else {
		st, err = s.rstmt.on(ctx, tx, q)
	}
	if err != nil {
		return nil, s.readErr(err)
	}
	byID := make(map[mail.MessageID]mail.Row, len(ids))
	rows, err := st.QueryContext(ctx, idList(ids))
	err = eachRow(rows, err, func(r *sql.Rows) error {
		row, err := scanRow(r)
		byID[row.ID] = row
		return err
	})
	if err != nil {
		return nil, s.readErr(err)
	}
	out := make([]mail.Row, 0, len(byID))
	for _, id := range ids {
		if r, ok := byID[id]; ok {
			out = append(out, r)
		}
	}
	return out, nil
}

// Details returns everything stored about a message, or an error that wraps ErrNotFound.
func (s *Store) Details(ctx context.Context, id mail.MessageID) (Details, error) {
	var d Details
	var cc, bcc, replyTo, inReply, refs, atts, warn string
	var blob []byte
	var blobSize int64
	var role int
	found := false
	err := s.readAll(ctx, "SELECT "+rowCols+`,m.blob,m.blob_size,m.uidl,d.cc,d.bcc,d.reply_to,d.in_reply_to,d.refs,d.list_id,d.attachments,d.warnings,d.header,
 f.uidvalidity,f.server_path,f.role,f.local
 FROM messages m LEFT JOIN details d ON d.id=m.id LEFT JOIN folders f ON f.id=m.folder WHERE m.id=?`, []any{id}, func(r *sql.Rows) (err error) {
		found = true
		d.Row, err = scanRow(r, &blob, &blobSize, &d.UIDL, nullStr(&cc), nullStr(&bcc), nullStr(&replyTo), nullStr(&inReply), nullStr(&refs),
			nullStr(&d.ListID), nullStr(&atts), nullStr(&warn), &d.Header, nullTo(&d.UIDValidity), nullStr(&d.FolderPath), nullTo(&role), nullTo(&d.Local))
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("message %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return d, err
	}
	d.Cc, d.Bcc, d.ReplyTo = unpackAddrs(cc), unpackAddrs(bcc), unpackAddrs(replyTo)
	d.InReplyTo, d.References, d.Warnings = unpackList(inReply), unpackList(refs), unpackList(warn)
	d.FolderRole = roleName(role)
	if atts != "" {
		if err := json.Unmarshal([]byte(atts), &d.Attachments); err != nil {
			return d, fmt.Errorf("attachments of message %d: %w", id, err)
		}
	}
	if len(blob) > 0 {
		d.Blob = &mail.BlobRef{Hash: hex.EncodeToString(blob), Size: blobSize}
	}
	if strings.HasPrefix(d.UIDL, noUIDL) {
		d.UIDL = ""
	}
	return d, nil
}

// null scans NULL as the zero value.
type null[T any] struct{ p *T }

func (n null[T]) Scan(v any) error {
	var x sql.Null[T]
	if err := x.Scan(v); err != nil {
		return err
	}
	*n.p = x.V
	return nil
}

func nullTo[T any](p *T) sql.Scanner { return null[T]{p} }
func nullStr(p *string) sql.Scanner  { return null[string]{p} }

// ByHeaderID finds the placements of a message in an account (0: any) by its Message-ID, hidden ones left out.
func (s *Store) ByHeaderID(ctx context.Context, account mail.AccountID, headerID string) ([]mail.Row, error) {
	headerID = cleanHeaderID(headerID)
	if headerID == "" {
		return nil, nil
	}
	var out []mail.Row
	err := s.readAll(ctx, "SELECT "+rowCols+` FROM thread_refs t JOIN messages m ON m.thread=t.thread
 WHERE t.ref=?2 AND (?1=0 OR t.account=?1) AND m.header_id=?3 AND m.hidden&6=0 ORDER BY m.id`,
		[]any{account, refHash(headerID), headerID}, func(r *sql.Rows) error {
			row, err := scanRow(r)
			out = append(out, row)
			return err
		})
	return out, err
}
