// Package transfer moves mail between the store and files of other programs: what `peyk import` and `peyk export` and the
// dialogs of the window do. Package mailbox knows the files; here is which folder they come from and go into, where an
// interrupted import goes on, and what is in the report.
package transfer

import (
	"context"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/store"
)

// Profile imports into and exports from the mail of one profile: what the window asks.
type Profile struct {
	Store  *store.Store
	Engine Engine
}

// Import is the function Import.
func (p Profile) Import(ctx context.Context, r mail.ImportRequest, progress func(mailbox.Progress)) (mailbox.Report, error) {
	return Import(ctx, p.Store, p.Engine, r, progress)
}

// Export is the function Export.
func (p Profile) Export(ctx context.Context, r mail.ExportRequest, progress func(mailbox.Progress)) (mailbox.Report, error) {
	return Export(ctx, p.Store, r, progress)
}
