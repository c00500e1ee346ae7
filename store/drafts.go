package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"peyk/internal/mail"
)

// Drafts are saved every few seconds. A version that is this old when the next one comes is kept in the history; younger
// ones are replaced, so that a long letter leaves some dozens of versions and not thousands.
const (
	versionAge  = time.Minute
	maxVersions = 100
)

// SaveDraft stores a draft. d.ID is set on the first save; d.Modified and d.Versions always. HeaderID is kept as given. Where a newer copy was made for
// Drafts since d was read, that one counts, and d gets Copy, Kept and HeaderID from there: rows have ascending ids.
func (s *Store) SaveDraft(ctx context.Context, d *mail.Draft) error {
	saved := *d
	saved.Modified = s.now()
	for _, at := range d.Attachments {
		if at.Blob == nil {
			continue
		}
		if err := s.ClaimBlobs(ctx, *at.Blob); err != nil { // it may have been taken out days ago, and an undo has brought it back
			return fmt.Errorf("saving the draft: %w", err)
		}
	}
	err := s.write(ctx, "saving the draft", func(t *wtx) error {
		t.ch.Drafts = true
		if err := t.copiedSince(&saved); err != nil {
			return err
		}
		js, err := draftJSON(saved)
		if err != nil {
			return err
		}
		at := millis(saved.Modified)
		if d.ID == 0 {
			id, err := t.insert("INSERT INTO drafts(account,modified,header_id,draft) VALUES(?,?,?,?)", saved.Account, at, saved.HeaderID, js)
			if err != nil {
				return err
			}
			saved.ID = mail.DraftID(id)
		} else {
			res, err := t.exec("UPDATE drafts SET account=?,modified=?,header_id=?,draft=? WHERE id=?", saved.Account, at, saved.HeaderID, js, d.ID)
			if err != nil {
				return err
			}
			if n, _ := res.RowsAffected(); n == 0 {
				// It was sent or discarded elsewhere; what is being typed is not thrown away.
				if err := t.do("INSERT INTO drafts(id,account,modified,header_id,draft) VALUES(?,?,?,?,?)", d.ID, saved.Account, at, saved.HeaderID, js); err != nil {
					return err
				}
			}
		}
		saved.Versions, err = t.keepVersion(saved.ID, at, js)
		return err
	})
	if err != nil {
		return err
	}
	d.ID, d.Modified, d.Versions = saved.ID, saved.Modified, saved.Versions
	d.Copy, d.Kept, d.HeaderID, d.Away = saved.Copy, saved.Kept, saved.HeaderID, saved.Away
	return nil
}

// copiedSince gives a draft that is to be stored what was noted about its copy since it was read.
func (t *wtx) copiedSince(d *mail.Draft) error {
	var js string
	if ok, err := t.get("SELECT draft FROM drafts WHERE id=?", []any{d.ID}, &js); err != nil || !ok {
		d.Away = mail.DraftAway{}
		return err
	}
	var old mail.Draft
	if json.Unmarshal([]byte(js), &old) != nil { // what is being written takes the place of what nobody can read
		d.Away = mail.DraftAway{}
		return nil
	}
	if old.Copy > d.Copy {
		d.Copy, d.Kept, d.HeaderID = old.Copy, old.Kept, old.HeaderID
	}
	if d.Away = old.Away; old.Copy != d.Copy {
		d.Away = mail.DraftAway{}
	}
	return nil
}

// SetDraftAway notes what a pass has seen of a draft on its server. Nothing is noted of one that was written on, copied or removed since it was read.
func (s *Store) SetDraftAway(ctx context.Context, d mail.Draft, away mail.DraftAway) error {
	return s.write(ctx, fmt.Sprintf("noting how draft %d stands on the server", d.ID), func(t *wtx) error {
		was, err := draftJSON(d)
		if err != nil {
			return err
		}
		d.Away = away
		js, err := draftJSON(d)
		if err != nil {
			return err
		}
		t.ch.Drafts = true
		return t.do("UPDATE drafts SET draft=? WHERE id=? AND draft=?", js, d.ID, was)
	})
}

// DropDraft removes a draft that is still as it was read; dropped is false where it is not.
func (s *Store) DropDraft(ctx context.Context, d mail.Draft) (dropped bool, err error) {
	err = s.write(ctx, fmt.Sprintf("removing draft %d", d.ID), func(t *wtx) error {
		was, err := draftJSON(d)
		if err != nil {
			return err
		}
		if dropped, err = t.get("SELECT 1 FROM drafts WHERE id=? AND draft=?", []any{d.ID, was}, new(int)); err != nil || !dropped {
			return err
		}
		return t.deleteDraft(d.ID)
	})
	return dropped, err
}

// SetDraftCopy notes under which Message-ID a draft was copied to its server's Drafts folder, the row of the copy, and the Sum of what it says; nothing else of the draft changes: it may have been
// written on since it was read to be copied. found is false when there is no such draft any more.
func (s *Store) SetDraftCopy(ctx context.Context, id mail.DraftID, headerID string, row mail.MessageID, kept string) (found bool, err error) {
	err = s.write(ctx, fmt.Sprintf("noting the copy of draft %d", id), func(t *wtx) error {
		now := s.now()
		noted := func(js string) (string, error) {
			var d mail.Draft
			if err := json.Unmarshal([]byte(js), &d); err != nil {
				return "", fmt.Errorf("draft %d: %w", id, err)
			}
			d.HeaderID, d.Copy, d.Modified, d.Kept, d.Away = headerID, row, now, kept, mail.DraftAway{}
			return draftJSON(d)
		}
		var js string
		if found, err = t.get("SELECT draft FROM drafts WHERE id=?", []any{id}, &js); err != nil || !found {
			return err
		}
		if js, err = noted(js); err != nil {
			return err
		}
		t.ch.Drafts = true
		if err := t.do("UPDATE drafts SET modified=?,header_id=?,draft=? WHERE id=?", millis(now), headerID, js, id); err != nil {
			return err
		}
		var n int64
		var newest string
		if ok, err := t.get("SELECT n,content FROM draft_versions WHERE draft=? ORDER BY n DESC LIMIT 1", []any{id}, &n, &newest); err != nil || !ok {
			return err
		}
		if newest, err = noted(newest); err != nil {
			return err
		}
		return t.do("UPDATE draft_versions SET content=? WHERE draft=? AND n=?", newest, id, n)
	})
	return found, err
}

func draftJSON(d mail.Draft) (string, error) {
	d.ID, d.Versions = 0, 0
	return toJSON(d)
}

// keepVersion adds to the history of a draft and returns its length.
func (t *wtx) keepVersion(id mail.DraftID, at int64, js string) (int, error) {
	var n, prev int64
	if _, err := t.get("SELECT ifnull(max(n),0) FROM draft_versions WHERE draft=?", []any{id}, &n); err != nil {
		return 0, err
	}
	// The newest version is young when the one before it was closed less than versionAge ago.
	if _, err := t.get("SELECT ifnull(max(saved),0) FROM draft_versions WHERE draft=? AND n<?", []any{id, n}, &prev); err != nil {
		return 0, err
	}
	var last string
	if _, err := t.get("SELECT ifnull(max(content),'') FROM draft_versions WHERE draft=? AND n=?", []any{id, n}, &last); err != nil {
		return 0, err
	}
	if (n == 0 || prev == 0 && n == 1 || at-prev >= versionAge.Milliseconds() || at < prev || isKept(last) || shrunk(last, js)) && !sameVersion(last, js) {
		n++
	}
	if err := t.do(`INSERT INTO draft_versions(draft,n,saved,content) VALUES(?,?,?,?)
 ON CONFLICT(draft,n) DO UPDATE SET saved=excluded.saved,content=excluded.content`, id, n, at, js); err != nil {
		return 0, err
	}
	if err := t.do("DELETE FROM draft_versions WHERE draft=? AND n<=?", id, n-maxVersions); err != nil {
		return 0, err
	}
	var count int
	_, err := t.get("SELECT count(*) FROM draft_versions WHERE draft=?", []any{id}, &count)
	return count, err
}

// isKept reports whether a version is what a copy on a server says: by that the copy is known as the draft's own, however young the version is.
func isKept(js string) bool {
	var d mail.Draft
	return json.Unmarshal([]byte(js), &d) == nil && d.Kept != "" && d.Kept == d.Sum()
}

// shrunk reports whether most of a text is gone in its next version, as after a slip of the hand: the one before it stays, however young it is.
func shrunk(before, now string) bool {
	var x, y mail.Draft
	return json.Unmarshal([]byte(before), &x) == nil && json.Unmarshal([]byte(now), &y) == nil && len(y.Text) < len(x.Text)/2
}

// sameVersion reports whether two versions say the same, whatever became of their copies on the server.
func sameVersion(a, b string) bool {
	var x, y mail.Draft
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	for _, d := range []*mail.Draft{&x, &y} {
		d.Copy, d.Modified, d.HeaderID, d.Lang, d.Kept, d.Away = 0, time.Time{}, "", "", "", mail.DraftAway{}
	}
	return reflect.DeepEqual(x, y)
}

func scanDraft(sc scanner) (mail.Draft, error) {
	var d mail.Draft
	var id mail.DraftID
	var js string
	var n int
	if err := sc.Scan(&id, &js, &n); err != nil {
		return d, err
	}
	if err := json.Unmarshal([]byte(js), &d); err != nil {
		return d, fmt.Errorf("draft %d: %w: %w", id, errUnreadable, err)
	}
	d.ID, d.Versions = id, n
	return d, nil
}

func (s *Store) draftsWhere(ctx context.Context, q string, args ...any) ([]mail.Draft, error) {
	var out []mail.Draft
	err := s.readAll(ctx, q, args, func(r *sql.Rows) error {
		d, err := scanDraft(r)
		if err == nil {
			out = append(out, d)
		}
		return readable(err)
	})
	return out, err
}

const draftSQL = "SELECT id,draft,(SELECT count(*) FROM draft_versions v WHERE v.draft=d.id) FROM drafts d "

// Drafts returns all drafts, last modified first, without those that cannot be read.
func (s *Store) Drafts(ctx context.Context) ([]mail.Draft, error) {
	return s.draftsWhere(ctx, draftSQL+"ORDER BY modified DESC, id DESC")
}

// Draft returns one draft, or an error that wraps ErrNotFound.
func (s *Store) Draft(ctx context.Context, id mail.DraftID) (d mail.Draft, err error) {
	found := false
	err = s.readAll(ctx, draftSQL+"WHERE id=?", []any{id}, func(r *sql.Rows) error {
		found = true
		d, err = scanDraft(r)
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("draft %d: %w", id, ErrNotFound)
	}
	return d, err
}

// DraftVersions returns the history of a draft, newest first; the first is the draft as it is now. It outlives the
// draft for historyDays, so that a discarded one can be brought back.
func (s *Store) DraftVersions(ctx context.Context, id mail.DraftID) ([]mail.Draft, error) {
	return s.draftsWhere(ctx, "SELECT draft,content,(SELECT count(*) FROM draft_versions WHERE draft=?1) FROM draft_versions WHERE draft=?1 ORDER BY n DESC", id)
}

// DeleteDraft removes a draft; its versions stay for historyDays.
func (s *Store) DeleteDraft(ctx context.Context, id mail.DraftID) error {
	return s.write(ctx, fmt.Sprintf("removing draft %d", id), func(t *wtx) error { return t.deleteDraft(id) })
}

func (t *wtx) deleteDraft(id mail.DraftID) error {
	t.ch.Drafts = true
	if err := t.do("DELETE FROM drafts WHERE id=?", id); err != nil {
		return err
	}
	// From now on the days count, also for what was written long ago. What is written after it came back is no version that takes the place of one of these.
	if err := t.do("UPDATE draft_versions SET saved=max(saved,?) WHERE draft=?", millis(t.s.now().Add(-2*versionAge)), id); err != nil {
		return err
	}
	return t.do("DELETE FROM draft_versions WHERE saved<? AND draft NOT IN (SELECT id FROM drafts)", millis(t.s.now().AddDate(0, 0, -historyDays)))
}
