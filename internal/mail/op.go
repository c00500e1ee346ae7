package mail

import "time"

// ActionKind is what a user (or `peyk op`) asks for. The engine turns an Action into Ops by the rules of each account:
// "delete" is a move to Trash in one account and \Deleted in another.
type ActionKind string

// The actions.
const (
	ActRead          ActionKind = "read"
	ActUnread        ActionKind = "unread"
	ActStar          ActionKind = "star"
	ActUnstar        ActionKind = "unstar"
	ActArchive       ActionKind = "archive"
	ActDelete        ActionKind = "delete"         // to Trash; from Trash: for good, but with Spare
	ActDestroy       ActionKind = "destroy"        // for good, past the Trash
	ActJunk          ActionKind = "junk"           // to Junk with $Junk
	ActNotJunk       ActionKind = "notjunk"        // back to Inbox with $NotJunk
	ActMove          ActionKind = "move"           // to Folder
	ActCopy          ActionKind = "copy"           // to Folder
	ActTag           ActionKind = "tag"            // add Tags
	ActUntag         ActionKind = "untag"          // remove Tags
	ActAnswered      ActionKind = "answered"       // set \Answered after a reply
	ActForwarded     ActionKind = "forwarded"      // set $Forwarded
	ActEmptyTrash    ActionKind = "empty_trash"    // everything in Folder (a Trash or Junk) for good
	ActNewFolder     ActionKind = "new_folder"     // Name under parent Folder (or at the top of Account)
	ActRename        ActionKind = "rename"         // Folder gets Name as its whole new path
	ActTopFolder     ActionKind = "top_folder"     // Folder to the top of its account
	ActDropFolder    ActionKind = "drop_folder"    // Folder with its messages, into Trash where it can go there
	ActDestroyFolder ActionKind = "destroy_folder" // the same for good, past the Trash
	ActSubscribe     ActionKind = "subscribe"      // Folder
	ActUnsubscribe   ActionKind = "unsubscribe"    // Folder
	ActSnooze        ActionKind = "snooze"         // out of the lists until Until
	ActUnsnooze      ActionKind = "unsnooze"       // back at once, to its place
	ActReadAll       ActionKind = "read_folder"    // everything in Folder
)

// Action is one user action on any number of messages of any number of accounts.
type Action struct {
	Kind     ActionKind
	Messages []MessageID
	Account  AccountID // for folder actions
	Folder   FolderID
	Name     string
	Tags     []Flag
	Until    time.Time
	// Spare lets ActDelete leave alone what lies in Trash already: who wants that gone for good says ActDestroy.
	Spare bool
}

// OpKind is a primitive operation on one account, as it is kept in the operation log and executed on the server.
type OpKind string

// The operations.
const (
	OpFlags       OpKind = "flags"
	OpMove        OpKind = "move"
	OpCopy        OpKind = "copy"
	OpExpunge     OpKind = "expunge"
	OpAppend      OpKind = "append" // Blob into Folder with Add as flags (sent copies, drafts, imports)
	OpSnooze      OpKind = "snooze" // here only: until Date, or no longer when that is zero
	OpCreate      OpKind = "create_folder"
	OpRename      OpKind = "rename_folder"
	OpDropFolder  OpKind = "drop_folder"
	OpSubscribe   OpKind = "subscribe"
	OpUnsubscribe OpKind = "unsubscribe"
)

// OpState is where an operation stands.
type OpState string

// The states. A done operation stays in the log for undo until it is trimmed.
const (
	OpPending OpState = "pending" // local effect done, the server does not know yet
	OpRunning OpState = "running" // being executed; after a crash treated as pending
	OpDone    OpState = "done"
	OpFailed  OpState = "failed" // permanent: the local effect was taken back and the user told
	OpUndone  OpState = "undone"
)

// Op is a row of the operation log.
type Op struct {
	ID       OpID
	Group    GroupID
	Account  AccountID
	Kind     OpKind
	Messages []MessageID
	// Folder is the destination of move, copy and append, or the folder the operation is about.
	Folder FolderID
	Add    Flags
	Remove Flags
	Name   string
	Blob   *BlobRef
	Date   time.Time // INTERNALDATE of an append, end of a snooze

	Title    string // the ActionKind that caused it
	State    OpState
	Attempts int
	Error    string // the last one; StoredProblem reads it
	Created  time.Time
}

// DiscardedOp is an operation that the user dropped, and what brings it back.
type DiscardedOp struct {
	ID    OpID
	Group GroupID
	Was   OpState
}

// SetAsideID names a message that could not be fetched and was set aside: by its UID in a mailbox, or by its UIDL (or what stands for that)
// in a maildrop.
type SetAsideID struct {
	Folder FolderID
	UID    UID
	UIDL   string
}
