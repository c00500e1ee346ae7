package mail

import "errors"

// ErrImportFinished is returned by an import that was to go on, when the earlier one went to its end.
var ErrImportFinished = errors.New("the import was finished before; nothing is left to do")

// MailboxFormat is how a folder is written into files.
type MailboxFormat string

const (
	MailboxMBox    MailboxFormat = "mbox"    // one file for each folder
	MailboxEML     MailboxFormat = "eml"     // one file for each message
	MailboxMaildir MailboxFormat = "maildir" // one directory for each folder
)

// ExportRequest says which folders, or which messages, are written where.
type ExportRequest struct {
	Dir     string
	Format  MailboxFormat
	Folders []FolderID
	// Messages are written into Dir itself, as EML files whatever Format says; then Folders is not looked at. A file that is there already
	// stays, and the message gets another name.
	Messages []MessageID
	// Resume leaves what an earlier export of this kind has written as it is and adds what is missing. Without it a file that is
	// there already is an error.
	Resume bool
}

// ImportRequest says which files and directories are taken over into which account.
type ImportRequest struct {
	Account AccountID // 0: the first one; without any, one for this computer only is made
	// Folder is the path of the folder that all goes into; it is made on this computer when there is none. "": the folders are
	// named as in the files.
	Folder string
	Paths  []string
	// New leaves out messages that the folder they would go into holds already, byte for byte, as often as it holds them.
	New bool
	// Resume goes on where an earlier import with the same account, folder and paths stopped.
	Resume bool
}
