package ui

import (
	"context"
	"io"
	"time"

	"peyk/internal/mail"
)

// Engine is everything the window asks of the engine behind it; package mailsync implements it. Reading of lists,
// folders and counts goes to the store directly. Every method may block on disk or network: the window calls them off the
// UI thread, except Do, which is one local transaction of a few milliseconds.
type Engine interface {
	Actions
	Reading
	Composing
	Receiving
	Accounts
	Privacy
}

// Actions change mail. The local effect is durable when the call returns; the server learns of it later.
type Actions interface {
	Do(ctx context.Context, a mail.Action) (mail.GroupID, error)
	// Undo takes back the newest undoable action and returns its kind ("" when there is none), also after a restart.
	Undo(ctx context.Context) (mail.ActionKind, error)
	UndoGroup(ctx context.Context, g mail.GroupID) error
	// RetryOps and DiscardOps settle operations of the activity that failed or wait. What is discarded is taken back here too;
	// RestoreOps brings it back.
	RetryOps(ctx context.Context, ids ...mail.OpID) error
	DiscardOps(ctx context.Context, ids ...mail.OpID) ([]mail.DiscardedOp, error)
	RestoreOps(ctx context.Context, discarded []mail.DiscardedOp) error
	// RetrySetAside asks again for messages that could not be fetched; DismissSetAside takes them off the activity, or puts them back there.
	RetrySetAside(ctx context.Context, ids ...mail.SetAsideID) error
	DismissSetAside(ctx context.Context, dismissed bool, ids ...mail.SetAsideID) error
	// ForgetUnsubscriptions takes lists that could not be left off the activity; RestoreUnsubscriptions puts them back there.
	ForgetUnsubscriptions(ctx context.Context, urls ...string) ([]mail.Unsubscription, error)
	RestoreUnsubscriptions(ctx context.Context, us []mail.Unsubscription) error
}

// Reading opens messages.
type Reading interface {
	mail.Opener
	// Want fetches the body of a message, before anything else; it returns when it is in the store or ctx ends. tell, which may be
	// nil, is told how far a large one is and what can be read of it already, from another goroutine.
	Want(ctx context.Context, id mail.MessageID, tell func(mail.Arrival)) error
	// SearchServers asks servers for the messages of a search whose texts are not here; it returns when all have answered or ctx ends.
	// tell is told how far it is, one call at a time, from other goroutines. Accounts that could not be asked are among its problems.
	SearchServers(ctx context.Context, query string, tell func(mail.ServerFound)) error
}

// ReplyKind is what kind of answer a draft is.
type ReplyKind = mail.ReplyKind

// Composing makes, keeps and sends drafts.
type Composing interface {
	NewDraft(ctx context.Context, account mail.AccountID) (mail.Draft, error)
	// Reply prepares an answer or a forward: recipients, subject, quoted text, References. lang ("en", "fa", …) is the
	// language of the attribution line.
	Reply(ctx context.Context, id mail.MessageID, kind ReplyKind, lang string) (mail.Draft, error)
	// Mailto prepares a draft from a mailto URL (RFC 6068).
	Mailto(ctx context.Context, url string) (mail.Draft, error)
	// SaveDraft stores a new version; d.ID and d.HeaderID are set on first save.
	SaveDraft(ctx context.Context, d *mail.Draft) error
	// KeepDraft brings the server's Drafts folder up to a saved draft, so that other programs can go on with it. The copy that
	// was there before goes. It does nothing for accounts without such a folder.
	KeepDraft(ctx context.Context, id mail.DraftID) error
	// EditDraft makes a draft of a message in a Drafts folder, whoever wrote it there; the draft replaces it when it is kept
	// or sent. It fetches the message first when its body is not here.
	EditDraft(ctx context.Context, id mail.MessageID) (mail.Draft, error)
	// OpenDraft is a draft of this computer, with the text that another program has given its copy since.
	OpenDraft(ctx context.Context, id mail.DraftID) (mail.Draft, error)
	DraftVersions(ctx context.Context, id mail.DraftID) ([]mail.Draft, error)
	// DiscardDraft deletes a draft, here and in the server's Drafts folder; RestoreDraft brings it back with its versions.
	DiscardDraft(ctx context.Context, id mail.DraftID) error
	RestoreDraft(ctx context.Context, id mail.DraftID) (mail.Draft, error)
	// MaxMessage is how large a message an account's sending server takes, bytes; 0 when it names no limit. It may ask the server.
	MaxMessage(ctx context.Context, account mail.AccountID) (int64, error)
	// OpenAttachment opens the bytes of an attachment of a draft, wherever they are.
	OpenAttachment(ctx context.Context, a mail.DraftAttachment) (io.ReadCloser, error)
	// Send checks the draft, puts it into the outbox (not before at) and removes the draft.
	Send(ctx context.Context, d mail.Draft, at time.Time) (mail.OutboxID, error)
	// Unsent opens a message of the outbox for reading.
	Unsent(ctx context.Context, id mail.OutboxID) (mail.Opener, error)
	RetryOutbox(ctx context.Context, id mail.OutboxID) error
	// RescheduleOutbox lets a message that was not sent go at another time.
	RescheduleOutbox(ctx context.Context, id mail.OutboxID, at time.Time) error
	// Arrived takes the user's word that a message in doubt was delivered: it goes on as one that was sent.
	Arrived(ctx context.Context, id mail.OutboxID) error
	// DiscardOutbox deletes a message that was not sent; RestoreOutbox puts what was deleted back as it was.
	DiscardOutbox(ctx context.Context, id mail.OutboxID) error
	RestoreOutbox(ctx context.Context, it mail.OutboxItem) error
	// OutboxToDraft takes an unsent message back for editing (also "undo send").
	OutboxToDraft(ctx context.Context, id mail.OutboxID) (mail.Draft, error)
}

// Receiving drives the workers.
type Receiving interface {
	// GetMail starts a whole pass of the accounts (all when none is named) and returns at once.
	GetMail(accounts ...mail.AccountID)
	// CancelSync ends the passes that run; nothing is lost.
	CancelSync()
	SetOnline(on bool)
	// Look says that the user looks at a folder now: it is checked at once and listened to from now on.
	Look(ctx context.Context, id mail.FolderID) error
	// Listen says whether the user wants to hear of new mail in a folder at once; Listening tells of all those folders how soon new
	// mail shows there at present.
	Listen(ctx context.Context, id mail.FolderID, on bool) error
	Listening(ctx context.Context) (map[mail.FolderID]mail.Listening, error)
	// Progress delivers worker states until stop is called. A slow reader misses intermediate states, never the last.
	Progress() (ch <-chan mail.Progress, stop func())
}

// Accounts sets accounts up. Secrets go in, never out.
type Accounts interface {
	// Discover guesses servers for an address and says where it found them.
	Discover(ctx context.Context, email string, proto mail.Protocol) (a mail.Account, source mail.Source, err error)
	// TestAccount logs in to every server and reports each step as it happens. The last error is returned.
	TestAccount(ctx context.Context, a mail.Account, s mail.Secrets, step func(mail.TestStep)) error
	// SaveAccount validates and stores an account (a.ID 0: a new one) and starts its worker. Empty secrets are left as they are.
	SaveAccount(ctx context.Context, a mail.Account, s mail.Secrets) (mail.AccountID, error)
	RemoveAccount(ctx context.Context, id mail.AccountID) error
	// Trust pins a certificate for one side of an account.
	Trust(ctx context.Context, id mail.AccountID, side mail.ServerSide, c mail.CertificateProblem) error
	// Quota is how full the mailbox on the server was when it was asked last; zero when nobody knows.
	Quota(ctx context.Context, id mail.AccountID) (mail.Quota, error)
	// DismissAlert puts away what an account's server wanted to be read, or what else is told without anything having failed.
	DismissAlert(ctx context.Context, p *mail.Problem) error
	// ForgetEncryption lets the servers of an account be talked to without encryption again although they once offered it.
	ForgetEncryption(ctx context.Context, id mail.AccountID) error
	// PreviewRemoval lists what the next check will remove from a POP3 server under the given rule.
	PreviewRemoval(ctx context.Context, id mail.AccountID, rule mail.POP3Options) (mail.Removal, error)
	// Secrets: what keeps them, and unlocking of the encrypted file when there is no keyring.
	SecretStore() mail.SecretStoreInfo
	UnlockSecrets(ctx context.Context, passphrase string) error
}

// Privacy fetches what the reader allowed, and asks outside only when the reader wants it.
type Privacy interface {
	// RemoteImages fetches pictures from the web; got is called for each, one call at a time, from any goroutine. It returns when
	// all are done or ctx ended. The caller has asked the reader.
	RemoteImages(ctx context.Context, r mail.RemoteImages, got func(mail.RemoteImage)) error
	// AllowSender and ForbidSender keep the senders whose remote images are loaded without asking.
	AllowSender(ctx context.Context, r mail.SenderRule) error
	ForbidSender(ctx context.Context, addr string) error
	// ForgetRemoteImages deletes what was fetched and kept.
	ForgetRemoteImages(ctx context.Context) error
	// Unsubscribe asks a server by one request to take the reader off a list; it returns when that has answered. The caller has asked the
	// reader. What failed is remembered, see ForgetUnsubscriptions.
	Unsubscribe(ctx context.Context, u mail.Unsubscription) error
	// CheckSignature checks the DKIM signatures of a message here, which asks DNS for keys, and remembers the result.
	CheckSignature(ctx context.Context, id mail.MessageID) ([]mail.SignatureCheck, error)
	// AnswerInvitation sends an answer to an invitation and remembers it; RememberInvitation puts what is remembered right, and
	// forgets the event when x has no answer.
	AnswerInvitation(ctx context.Context, x mail.InvitationAnswer) (mail.OutboxID, error)
	RememberInvitation(ctx context.Context, x mail.Invitation) error
}
