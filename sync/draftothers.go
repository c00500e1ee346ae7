package mailsync

import (
	"context"
	"errors"
	"slices"
	"strings"

	"peyk/internal/mail"
	"peyk/store"
)

// copies are the messages in Drafts folders that stand for a draft: own are those that it put there or was opened from, others what another
// program made of one of them and nobody has seen here.
func (e *Engine) copies(ctx context.Context, d mail.Draft) (own, others []mail.Row, err error) {
	rows, err := e.st.ByHeaderID(ctx, 0, d.HeaderID)
	if err != nil {
		return nil, nil, err
	}
	if d.Copy != 0 { // what other programs put there may have no Message-ID
		row, err := e.st.Row(ctx, d.Copy)
		if err == nil {
			rows = append(rows, row)
		} else if !errors.Is(err, store.ErrNotFound) {
			return nil, nil, err
		}
	}
	done := map[mail.MessageID]bool{}
	for _, r := range rows {
		f, err := e.st.Folder(ctx, r.Folder)
		if done[r.ID] || err != nil || f.Role != mail.RoleDrafts {
			continue
		}
		done[r.ID] = true
		mine := r.ID == d.Copy
		if !mine {
			if mine, err = e.saysTheSame(ctx, d.ID, r.ID); err != nil {
				return nil, nil, err
			}
		}
		if mine {
			own = append(own, r)
		} else {
			others = append(others, r)
		}
	}
	return own, others, nil
}

// saysTheSame reports whether a message says what some version of a draft says: then it is a copy of it, whatever became of its number. One whose
// bytes are not here may say anything.
func (e *Engine) saysTheSame(ctx context.Context, id mail.DraftID, copied mail.MessageID) (bool, error) {
	det, err := e.st.Details(ctx, copied)
	if err != nil {
		return false, err
	}
	d, err := e.draftFrom(ctx, det)
	if errors.Is(err, errNoBody) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return e.isVersion(ctx, id, d)
}

// isVersion reports whether a draft had the words, recipients and files of d at some time.
func (e *Engine) isVersion(ctx context.Context, id mail.DraftID, d mail.Draft) (bool, error) {
	vs, err := e.st.DraftVersions(ctx, id)
	return slices.ContainsFunc(vs, func(v mail.Draft) bool { return gist(v) == gist(d) }), err
}

// gist is what two drafts have in common that say the same, however their lines are broken.
func gist(d mail.Draft) string {
	var b strings.Builder
	for _, s := range append([]string{d.Subject}, strings.Fields(d.Text)...) {
		b.WriteString(strings.TrimLeft(s, ">") + " ")
	}
	for _, list := range [][]mail.Address{d.To, d.Cc, d.Bcc} {
		for _, a := range list {
			b.WriteString("\n" + strings.ToLower(a.Addr))
		}
		b.WriteString("\n-")
	}
	for _, a := range d.Attachments {
		b.WriteString("\n" + a.Name)
	}
	return b.String()
}
