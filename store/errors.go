package store

import (
	"errors"
	"fmt"

	"peyk/internal/mail"
)

// ErrNotFound is wrapped by the errors of methods that look for one thing which is not there.
var ErrNotFound = errors.New("not found")

// CorruptError says that a database file is damaged. Nothing was changed.
type CorruptError struct {
	File string // full path
	Err  error
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("the file %s is damaged (%v): close Peyk and run: peyk doctor --repair", e.File, e.Err)
}
func (e *CorruptError) Unwrap() error { return e.Err }

// Kind sorts the error for people.
func (e *CorruptError) Kind() mail.ProblemKind { return mail.ProblemDisk }

// Problem is the error for a window, without sentences.
func (e *CorruptError) Problem() *mail.Problem {
	return &mail.Problem{Kind: mail.ProblemDisk, Code: mail.CodeCorrupt}
}

// DiskError says that the disk is full or cannot be written. The transaction was rolled back: nothing is lost, and the
// same call may be tried again once there is room.
type DiskError struct {
	Path string
	Full bool
	Err  error
}

func (e *DiskError) Error() string {
	if e.Full {
		return fmt.Sprintf("the disk that holds %s is full: free some space; nothing was lost (%v)", e.Path, e.Err)
	}
	return fmt.Sprintf("%s cannot be read or written: check the disk and its permissions (%v)", e.Path, e.Err)
}
func (e *DiskError) Unwrap() error { return e.Err }

// Kind sorts the error for people.
func (e *DiskError) Kind() mail.ProblemKind { return mail.ProblemDisk }

// SchemaError says that the profile was written by a newer version of Peyk. What the call was to write was not written.
type SchemaError struct {
	File         string
	Have, Newest int
	Meanwhile    bool // it was upgraded while this process had it open
}

func (e *SchemaError) Error() string {
	if e.Meanwhile {
		return fmt.Sprintf("a newer version of Peyk has upgraded %s (schema %d, this one knows %d): close this Peyk and start it again; it writes nothing any more", e.File, e.Have, e.Newest)
	}
	return fmt.Sprintf("%s was written by a newer version of Peyk (schema %d, this one knows %d): update Peyk; nothing was changed", e.File, e.Have, e.Newest)
}

// Kind sorts the error for people.
func (e *SchemaError) Kind() mail.ProblemKind { return mail.ProblemVersion }

// Problem is the error for a window, without sentences.
func (e *SchemaError) Problem() *mail.Problem {
	if e.Meanwhile {
		return &mail.Problem{Kind: mail.ProblemVersion, Code: mail.CodeUpgraded}
	}
	return &mail.Problem{Kind: mail.ProblemVersion, Code: mail.CodeNewer}
}

// InUseError says that the profile could not be upgraded or repaired, because another process has it open. Nothing was changed.
type InUseError struct {
	File string
	Done string // what was to be done with it: "upgraded", "repaired"
}

func (e *InUseError) Error() string {
	return fmt.Sprintf("%s cannot be %s while another Peyk has it open: close that one (its window, or a command that runs), then try again; nothing was changed", e.File, e.Done)
}

// Kind sorts the error for people.
func (e *InUseError) Kind() mail.ProblemKind { return mail.ProblemVersion }

// Problem is the error for a window, without sentences.
func (e *InUseError) Problem() *mail.Problem {
	return &mail.Problem{Kind: mail.ProblemVersion, Code: mail.CodeInUse}
}

// Problem is the error for a window, without sentences.
func (e *DiskError) Problem() *mail.Problem {
	code := mail.CodeDisk
	if e.Full {
		code = mail.CodeDiskFull
	}
	return &mail.Problem{Kind: mail.ProblemDisk, Code: code}
}
