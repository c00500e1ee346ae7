package mail

import "strings"

// Role is what a folder is for (RFC 6154 special use, plus the ones that exist only here).
type Role string

// The roles; RoleNone is an ordinary folder.
const (
	RoleNone    Role = ""
	RoleInbox   Role = "inbox"
	RoleSent    Role = "sent"
	RoleDrafts  Role = "drafts"
	RoleTrash   Role = "trash"
	RoleJunk    Role = "junk"
	RoleArchive Role = "archive"
	RoleOutbox  Role = "outbox" // local only
	RoleAll     Role = "all"    // Gmail's All Mail: listed, not counted twice
	RoleFlagged Role = "flagged"
)

// RescueFolder is the path of the local folder that keeps what a server refused to store. Windows have a name for it in their language.
const RescueFolder = "Not uploaded"

// ImportedFolder is the path of the local folder that imported mail goes into when no other was chosen, and OpenedFolder that of mail files
// which were opened in the window. Windows have names for them in their language, too.
const (
	ImportedFolder = "Imported"
	OpenedFolder   = "Opened files"
)

// Receives reports whether what comes into such a folder may be new mail: it is not written, sent, thrown away or put aside by the user, and shown nowhere else.
func (r Role) Receives() bool {
	switch r {
	case RoleSent, RoleDrafts, RoleTrash, RoleJunk, RoleArchive, RoleOutbox, RoleAll, RoleFlagged:
		return false
	}
	return true
}

// Folder is a mailbox as the store knows it.
type Folder struct {
	ID      FolderID
	Account AccountID
	// Path is the name as the server knows it, decoded to UTF-8, with Delimiter between the levels.
	Path      string
	Delimiter string // "" for a flat name
	Role      Role
	// Selectable is false for a \Noselect level that only holds others.
	Selectable bool
	Subscribed bool
	// Local folders exist on this computer only (all folders of a POP3 account, the Outbox).
	Local bool
	// Missing is true while the server no longer lists the folder but unsent operations or messages still need it.
	Missing bool
	// Listen is set by the user, who wants to hear of new mail there at once.
	Listen bool

	UIDValidity uint32
	UIDNext     UID
	HighestMod  uint64 // CONDSTORE HIGHESTMODSEQ, 0 when unknown (RFC 7162)

	// The counts are kept by transaction; they are what the user sees, pending operations included.
	Total, Unread int
	Size          int64 // bytes as on the server
}

// Separator is what stands between the levels of the path: the server's delimiter, and a slash in folders that are on this computer
// only. "" for a flat name.
func (f Folder) Separator() string {
	if f.Delimiter == "" && f.Local {
		return "/"
	}
	return f.Delimiter
}

// Levels are the parts of the path, from the top down; never empty.
func (f Folder) Levels() []string {
	sep := f.Separator()
	if sep == "" || strings.Trim(f.Path, sep) == "" {
		return []string{f.Path}
	}
	return strings.Split(f.Path, sep)
}

// Name is the last level of the path.
func (f Folder) Name() string {
	levels := f.Levels()
	return levels[len(levels)-1]
}

// RemoteFolder is a mailbox as a server lists it (RFC 9051 §7.3.1).
type RemoteFolder struct {
	Path        string
	Delimiter   string
	Role        Role // from SPECIAL-USE, or guessed from a well-known name by the lister
	RoleGuessed bool
	Selectable  bool
	Subscribed  bool
	// Counts from LIST-STATUS (RFC 5819) when HasStatus.
	HasStatus           bool
	Messages, Unseen    uint32
	UIDNext             UID
	UIDValidity         uint32
	HighestMod          uint64
	Size                int64
	NoInferiors, Marked bool
}
