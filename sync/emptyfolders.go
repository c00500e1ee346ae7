package mailsync

import (
	"context"

	"peyk/internal/mail"
	"peyk/store"
)

// empty reports whether the listing's STATUS proves that there is nothing in a folder, there and here: it need not be opened.
func (s *folderSync) empty(rf mail.RemoteFolder) bool {
	f := s.f
	return rf.HasStatus && rf.Messages == 0 && rf.UIDValidity != 0 && rf.UIDNext != 0 && len(s.known)+len(s.poison) == 0 && s.anew == 0 &&
		f.UIDNext == 0 && (f.UIDValidity == 0 || f.UIDValidity == rf.UIDValidity)
}

// maxVoid is how many empty folders are noted together: a transaction for each would be most of a first pass over thousands of them.
const maxVoid = 200

// noteEmpty notes a folder that is known to be empty without having been opened; at once where the user looks at it.
func (p *pass) noteEmpty(ctx context.Context, f mail.Folder, rf mail.RemoteFolder) error {
	p.void = append(p.void, store.FolderSync{ID: f.ID, UIDValidity: rf.UIDValidity, UIDNext: rf.UIDNext, HighestMod: rf.HighestMod})
	if len(p.void) < maxVoid && (p.keep == nil || p.keep.looking() != f.Path) {
		return nil
	}
	return p.writeEmpty(ctx)
}

func (p *pass) writeEmpty(ctx context.Context) error {
	list := p.void
	p.void = nil
	return p.st.SetFolderSyncs(context.WithoutCancel(ctx), list...)
}
