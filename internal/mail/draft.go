package mail

import "time"

// Draft is a message being written: everything the compose window edits.
type Draft struct {
	ID       DraftID
	Account  AccountID
	Identity int // index into Account.Identities
	To       []Address
	Cc       []Address
	Bcc      []Address
	Subject  string
	// Text is plain text, one line a paragraph, "\n" between. With HTML it says the same in words.
	Text string
	// HTML is the text with its formatting, as package richtext writes it to be edited again; "": Text is all there is.
	HTML string
	// Plain: the user wants this message to be sent as text alone.
	Plain bool
	// Attached files, by path or by a part of a stored message.
	Attachments []DraftAttachment
	InReplyTo   string
	References  []string
	// Source is the message this answers or forwards; it is marked once the draft is sent.
	Source    MessageID
	Forwarded bool
	Modified  time.Time
	Versions  int
	HeaderID  string // the Message-ID it will be sent with, fixed when first saved
	// Copy is the message in the server's Drafts folder that stands for this draft there, 0 for none.
	Copy MessageID
	Rtl  []int8 // forced direction per paragraph: 0 automatic, 1 rtl, -1 ltr; may be shorter than the paragraphs
	// Lang is the language of the window it was written in, as "fa"; "": not known. It decides in which language a text is sent whose letters do not tell.
	Lang string `json:",omitempty"`
	// Unsaved: it holds something the user wrote that is stored nowhere yet.
	Unsaved bool `json:"-"`
}

// DraftAttachment is one attached file. Exactly one of Path, Blob and Message is set.
type DraftAttachment struct {
	Name        string
	ContentType string
	Size        int64
	Path        string    // a file on disk, read when the draft is saved (then Blob)
	Blob        *BlobRef  // bytes in the store
	Message     MessageID // a stored message: whole (Part "") as message/rfc822, or one part
	Part        string
	Inline      bool
	ContentID   string
}

// OutboxState is where a message to be sent stands.
type OutboxState string

// The states. Uncertain: the connection was lost after the last byte, so the server may have it; never resent silently.
const (
	OutboxQueued    OutboxState = "queued"
	OutboxSending   OutboxState = "sending"
	OutboxUncertain OutboxState = "uncertain"
	OutboxFailed    OutboxState = "failed" // permanent; Reason says why
	OutboxPartly    OutboxState = "partly" // accepted for some recipients; Refused says for whom not
	OutboxSent      OutboxState = "sent"   // accepted; the copy in Sent may still be missing
)

// OutboxItem is a message on its way out.
type OutboxItem struct {
	ID        OutboxID
	Account   AccountID
	Blob      BlobRef // the bytes to send, without Bcc
	From      string  // envelope
	Rcpt      []string
	Subject   string
	HeaderID  string
	State     OutboxState
	Reason    string            // why it is not sent; StoredProblem reads it
	Refused   map[string]string // address → why not; StoredProblem reads it
	Attempts  int
	NotBefore time.Time // send later, back-off, undo-send window
	Created   time.Time
	Chosen    time.Time // the time of sending that the user chose; zero: at once
	Source    MessageID
	Forwarded bool
	Draft     DraftID
	SaveSent  bool
	// HandedOver says of an item in sending that its last byte is about to go out: from then on the server may have it.
	HandedOver bool
}
