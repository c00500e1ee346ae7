package mailsync

import (
	"context"

	"peyk/internal/mail"
)

// flags sets and clears flags (UID STORE +FLAGS, -FLAGS; RFC 9051 §6.4.6): the same twice does no harm. A folder that
// cannot keep new keywords keeps the user's tags on this computer only.
func (r *opRun) flags(ctx context.Context) error {
	return r.each(ctx, func(s *source) error {
		state, err := r.mb.Select(ctx, s.path)
		if err != nil {
			return err
		}
		add, remove := r.op.Add, r.op.Remove
		if !state.Keywords {
			add, remove = systemOnly(add), systemOnly(remove)
		}
		if len(add)+len(remove) == 0 {
			return nil
		}
		return r.mb.StoreFlags(ctx, s.path, s.uids, add, remove)
	})
}

func systemOnly(fs mail.Flags) mail.Flags {
	var out mail.Flags
	for _, f := range fs {
		if len(f) > 0 && f[0] == '\\' {
			out = append(out, f)
		}
	}
	return out
}
