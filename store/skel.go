package store

import (
	"context"
	"errors"
	"io"
	"time"

	"peyk/internal/mail"
)

var errSoon = errors.New("store: not there yet")

// Store is an open profile.
type Store struct{}

// Open opens (and makes, and migrates) the profile in dir.
func Open(ctx context.Context, dir string, o Options) (*Store, error) { return nil, errSoon }

// Close releases everything.
func (s *Store) Close() error { return nil }

// EngineLock is held by the one process that talks to servers.
type EngineLock struct{}

// LockEngine takes the engine lock of a profile; *LockedError says who has it.
func LockEngine(dir string) (*EngineLock, error) { return nil, errSoon }

// Unlock releases it.
func (l *EngineLock) Unlock() error { return nil }

func (s *Store) SaveAccount(ctx context.Context, a mail.Account) (mail.AccountID, error) {
	return 0, errSoon
}
func (s *Store) Accounts(ctx context.Context) ([]mail.Account, error) { return nil, errSoon }
func (s *Store) Account(ctx context.Context, id mail.AccountID) (mail.Account, error) {
	return mail.Account{}, errSoon
}
func (s *Store) AccountByName(ctx context.Context, name string) (mail.Account, error) {
	return mail.Account{}, errSoon
}
func (s *Store) RemoveAccount(ctx context.Context, id mail.AccountID) error { return errSoon }
func (s *Store) Setting(ctx context.Context, key string) (string, error)    { return "", errSoon }
func (s *Store) SetSetting(ctx context.Context, key, val string) error      { return errSoon }
func (s *Store) Folders(ctx context.Context, a mail.AccountID) ([]mail.Folder, error) {
	return nil, errSoon
}
func (s *Store) Folder(ctx context.Context, id mail.FolderID) (mail.Folder, error) {
	return mail.Folder{}, errSoon
}
func (s *Store) FolderByPath(ctx context.Context, a mail.AccountID, path string) (mail.Folder, error) {
	return mail.Folder{}, errSoon
}
func (s *Store) FolderByRole(ctx context.Context, a mail.AccountID, r mail.Role) (mail.Folder, error) {
	return mail.Folder{}, errSoon
}
func (s *Store) ApplyFolders(ctx context.Context, a mail.AccountID, fs []mail.RemoteFolder) error {
	return errSoon
}
func (s *Store) EnsureLocalFolder(ctx context.Context, a mail.AccountID, path string, r mail.Role) (mail.FolderID, error) {
	return 0, errSoon
}
func (s *Store) SetFolderSync(ctx context.Context, id mail.FolderID, uidValidity uint32, uidNext mail.UID, highestMod uint64) error {
	return errSoon
}
func (s *Store) ResetFolder(ctx context.Context, id mail.FolderID, uidValidity uint32) error {
	return errSoon
}
func (s *Store) Count(ctx context.Context, q Query) (total, unread int, err error) {
	return 0, 0, errSoon
}
func (s *Store) Page(ctx context.Context, q Query, offset, limit int) ([]mail.Row, error) {
	return nil, errSoon
}
func (s *Store) Row(ctx context.Context, id mail.MessageID) (mail.Row, error) {
	return mail.Row{}, errSoon
}

// Rows returns the rows that exist, in the order of ids.
func (s *Store) Rows(ctx context.Context, ids []mail.MessageID) ([]mail.Row, error) {
	return nil, errSoon
}

// Position is the offset of a message in a query, or -1.
func (s *Store) Position(ctx context.Context, q Query, id mail.MessageID) (int, error) {
	return 0, errSoon
}

// IDs returns message ids only, for select-all.
func (s *Store) IDs(ctx context.Context, q Query, offset, limit int) ([]mail.MessageID, error) {
	return nil, errSoon
}
func (s *Store) Details(ctx context.Context, id mail.MessageID) (Details, error) {
	return Details{}, errSoon
}

// ByHeaderID finds the placements of a message in an account by Message-ID.
func (s *Store) ByHeaderID(ctx context.Context, a mail.AccountID, headerID string) ([]mail.Row, error) {
	return nil, errSoon
}
func (s *Store) Ingest(ctx context.Context, folder mail.FolderID, in []mail.Incoming) ([]mail.MessageID, error) {
	return nil, errSoon
}
func (s *Store) SetBody(ctx context.Context, id mail.MessageID, blob mail.BlobRef, sum mail.Summary) error {
	return errSoon
}
func (s *Store) UpdateFlags(ctx context.Context, folder mail.FolderID, states []mail.FlagState) error {
	return errSoon
}

// RemoveUIDs takes note of messages that the server no longer has; it returns how many rows went.
func (s *Store) RemoveUIDs(ctx context.Context, folder mail.FolderID, uids []mail.UID) (int, error) {
	return 0, errSoon
}

// KnownUIDs returns the UIDs that need not be fetched, ascending (those moved away by a pending operation included).
func (s *Store) KnownUIDs(ctx context.Context, folder mail.FolderID) ([]mail.UID, error) {
	return nil, errSoon
}

// FlagStates returns the server's view of flags, ascending by UID.
func (s *Store) FlagStates(ctx context.Context, folder mail.FolderID) ([]mail.FlagState, error) {
	return nil, errSoon
}

// MissingBodies returns messages without body, newest first; since limits by Received.
func (s *Store) MissingBodies(ctx context.Context, folder mail.FolderID, since time.Time, limit int) ([]BodyWant, error) {
	return nil, errSoon
}
func (s *Store) PutBlob(ctx context.Context, r io.Reader) (mail.BlobRef, error) {
	return mail.BlobRef{}, errSoon
}
func (s *Store) PutBlobs(ctx context.Context, msgs [][]byte) ([]mail.BlobRef, error) {
	return nil, errSoon
}
func (s *Store) OpenBlob(ctx context.Context, hash string) (Blob, error) { return nil, errSoon }

// VerifyBlob reads a blob back and compares its hash.
func (s *Store) VerifyBlob(ctx context.Context, hash string) error { return errSoon }

// Submit writes operations and their local effect in one transaction. It fills ops[i].ID, Group, State and, for a new folder, Folder.
func (s *Store) Submit(ctx context.Context, ops []mail.Op) (mail.GroupID, error) { return 0, errSoon }

// NextOp returns the oldest operation of the account that is not done and marks it running; nil when there is none.
func (s *Store) NextOp(ctx context.Context, a mail.AccountID) (*mail.Op, []OpTarget, error) {
	return nil, nil, errSoon
}
func (s *Store) FinishOp(ctx context.Context, id mail.OpID, r OpResult) error { return errSoon }
func (s *Store) RetryOp(ctx context.Context, id mail.OpID, text string) error { return errSoon }
func (s *Store) FailOp(ctx context.Context, id mail.OpID, text string) error  { return errSoon }
func (s *Store) UndoGroup(ctx context.Context, g mail.GroupID) (mail.ActionKind, error) {
	return "", errSoon
}

// LastUndoable is the newest group that can be undone and what caused it; 0 when there is none.
func (s *Store) LastUndoable(ctx context.Context) (mail.GroupID, mail.ActionKind, error) {
	return 0, "", errSoon
}

// Ops returns the newest operations, newest first.
func (s *Store) Ops(ctx context.Context, limit int) ([]mail.Op, error) { return nil, errSoon }

// DiscardOp drops a pending or failed operation: its local effect is taken back.
func (s *Store) DiscardOp(ctx context.Context, id mail.OpID) error { return errSoon }

// Requeue makes a failed operation pending again.
func (s *Store) Requeue(ctx context.Context, id mail.OpID) error { return errSoon }

// Awaiting lists messages of a folder whose UID is not known yet.
func (s *Store) Awaiting(ctx context.Context, folder mail.FolderID) ([]Awaiting, error) {
	return nil, errSoon
}

// SetUID tells the UID of an awaiting message.
func (s *Store) SetUID(ctx context.Context, id mail.MessageID, uid mail.UID) error { return errSoon }

// RemoveMessages deletes rows (not an operation: what the server says).
func (s *Store) RemoveMessages(ctx context.Context, ids []mail.MessageID) error { return errSoon }

func (s *Store) Ledger(ctx context.Context, a mail.AccountID) (*Ledger, error) { return nil, errSoon }

// LedgerAdd records an entry; Ingest does it by itself for an Incoming with a UIDL.
func (s *Store) LedgerAdd(ctx context.Context, e LedgerEntry) (LedgerID, error) { return 0, errSoon }

// LedgerVerified records that the bytes were read back.
func (s *Store) LedgerVerified(ctx context.Context, ids []LedgerID) error { return errSoon }
func (s *Store) LedgerDue(ctx context.Context, a mail.AccountID, now time.Time, rule mail.POP3Options) ([]LedgerEntry, error) {
	return nil, errSoon
}
func (s *Store) LedgerRemoved(ctx context.Context, ids []LedgerID, reason string) error {
	return errSoon
}

func (s *Store) Enqueue(ctx context.Context, it mail.OutboxItem) (mail.OutboxID, error) {
	return 0, errSoon
}
func (s *Store) OutboxItems(ctx context.Context) ([]mail.OutboxItem, error) { return nil, errSoon }
func (s *Store) OutboxItem(ctx context.Context, id mail.OutboxID) (mail.OutboxItem, error) {
	return mail.OutboxItem{}, errSoon
}

// NextOutbox is the oldest queued item that may be sent now; nil when there is none.
func (s *Store) NextOutbox(ctx context.Context, a mail.AccountID, now time.Time) (*mail.OutboxItem, error) {
	return nil, errSoon
}
func (s *Store) SetOutbox(ctx context.Context, it mail.OutboxItem) error  { return errSoon }
func (s *Store) DeleteOutbox(ctx context.Context, id mail.OutboxID) error { return errSoon }
func (s *Store) SaveDraft(ctx context.Context, d *mail.Draft) error       { return errSoon }
func (s *Store) Drafts(ctx context.Context) ([]mail.Draft, error)         { return nil, errSoon }
func (s *Store) Draft(ctx context.Context, id mail.DraftID) (mail.Draft, error) {
	return mail.Draft{}, errSoon
}
func (s *Store) DraftVersions(ctx context.Context, id mail.DraftID) ([]mail.Draft, error) {
	return nil, errSoon
}
func (s *Store) DeleteDraft(ctx context.Context, id mail.DraftID) error { return errSoon }

// Suggest completes a name or an address from the people seen, best first.
func (s *Store) Suggest(ctx context.Context, prefix string, limit int) ([]mail.Address, error) {
	return nil, errSoon
}

// Tags lists the user's keywords in use.
func (s *Store) Tags(ctx context.Context) ([]mail.Flag, error) { return nil, errSoon }
func (s *Store) Search(ctx context.Context, query string, offset, limit int) ([]mail.Row, int, error) {
	return nil, 0, errSoon
}

// Quarantine sets a message aside with the reason; Quarantined lists them; Unquarantine forgets them.
func (s *Store) Quarantine(ctx context.Context, q Quarantined) error { return errSoon }
func (s *Store) Quarantined(ctx context.Context, folder mail.FolderID) ([]Quarantined, error) {
	return nil, errSoon
}
func (s *Store) Unquarantine(ctx context.Context, folder mail.FolderID, uid mail.UID, uidl string) error {
	return errSoon
}

// Subscription delivers changes until Close.
type Subscription struct {
	C <-chan mail.Change
}

// Subscribe starts delivery of changes made after the call.
func (s *Store) Subscribe() *Subscription { return &Subscription{} }

// Close ends the delivery and closes C.
func (s *Subscription) Close() {}

// Check examines the profile; with repair it fixes what it can.
func (s *Store) Check(ctx context.Context, repair bool) (Report, error) { return Report{}, errSoon }

// Repair salvages a profile that Open refuses with a *CorruptError.
func Repair(ctx context.Context, dir string, o Options) (Report, error) { return Report{}, errSoon }
