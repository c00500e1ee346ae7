package mailsync

import (
	"context"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// onlySeen reports whether flags say no more than whether messages were read.
func onlySeen(add, remove mail.Flags) bool {
	return !slices.ContainsFunc(slices.Concat(add, remove), func(f mail.Flag) bool { return !f.Equal(mail.FlagSeen) })
}

// flags sets and clears flags (UID STORE +FLAGS, -FLAGS; RFC 9051 §6.4.6): the same twice does no harm. A folder that
// cannot keep new keywords keeps the user's tags on this computer only, and so it is with what was read in a folder that may only be read:
// nobody has asked for that mark in so many words.
func (r *opRun) flags(ctx context.Context) error {
	return r.each(ctx, func(s *source) error {
		add, remove := r.op.Add, r.op.Remove
		if !s.state.Keywords {
			add, remove = systemOnly(add), systemOnly(remove)
		}
		if len(add)+len(remove) == 0 {
			return nil
		}
		if _, err := r.present(ctx, s, spread(s.uids, identityMost)); err != nil || len(s.uids) == 0 {
			return err
		}
		err := r.mb.StoreFlags(ctx, s.path, s.uids, add, remove)
		if re := remote.As(err); re != nil && re.Permanent && !re.Closed && (s.state.ReadOnly || re.Why == mail.CodeNotAllowed) && onlySeen(add, remove) {
			r.e.opt.Log.Info("read marks stay here", "account", r.acct.Name, "folder", s.path, "err", err)
			return nil
		}
		return err
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
