package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

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
	// Resend: the only attachment is a message that goes on to the recipients as it is (RFC 5322 §3.6.6); Subject and Text only say here which one.
	Resend   bool `json:",omitempty"`
	Modified time.Time
	Versions int
	HeaderID string // the Message-ID it will be sent with, fixed when first saved
	// Copy is the message in the server's Drafts folder that stands for this draft there, 0 for none.
	Copy MessageID
	// Kept is the Sum of what Copy says, "" where it is not known: while it is that of the draft, nothing was written here since.
	Kept string `json:",omitempty"`
	// Away is what passes have seen of the draft in Drafts folders; the store keeps it.
	Away DraftAway `json:",omitzero"`
	Rtl  []int8    // forced direction per paragraph: 0 automatic, 1 rtl, -1 ltr; may be shorter than the paragraphs
	// Lang is the language of the window it was written in, as "fa"; "": not known. It decides in which language a text is sent whose letters do not tell.
	Lang string `json:",omitempty"`
	// Unsaved: it holds something the user wrote that is stored nowhere yet.
	Unsaved bool `json:"-"`
	// Written is how many bytes at the start of Text the user has just written elsewhere: a window goes on behind them.
	Written int `json:"-"`
}

// Sum stands for what a draft says, with its formatting, recipients and files: two that have the same say the same.
func (d Draft) Sum() string {
	d.ID, d.Versions, d.Copy, d.HeaderID, d.Modified, d.Lang, d.Kept, d.Away = 0, 0, 0, "", time.Time{}, "", "", DraftAway{}
	b, _ := json.Marshal(d) // plain data: cannot fail
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// DraftAway is how a draft stands in the Drafts folder of its server, as far as a pass has seen it.
type DraftAway struct {
	// Copy was seen there, in this folder of this mailbox; 0: no copy was yet.
	Copy        MessageID
	Folder      FolderID
	UIDValidity uint32
	UID         UID
	Mailbox     int // Account.Mailbox
	// Gone is when a pass first found neither Copy nor anything in its place; zero: the last one found something.
	Gone time.Time `json:",omitzero"`
	// Newer is what another program has put in the place of Copy, 0 for nothing: the draft is shown and opened with that.
	Newer MessageID `json:",omitempty"`
	// Apart are messages that others have put there under its Message-ID without having seen it as it is: they are drafts by themselves.
	Apart []MessageID `json:",omitempty"`
}

// DraftAttachment is one attached file. Exactly one of Path, Blob and Message is set, but that of a stored draft has Blob also where it was taken from a message.
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
	Bcc       []Address `json:",omitempty"` // those whom no field of Blob names: for the copy in Sent, where the user sees whom he wrote to
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
	// Again: some recipients have it already, and it goes to those who were refused. So a copy in Sent says nothing about whether it went.
	Again bool `json:",omitempty"`
	// Out: somebody has these bytes, or may have them. Who gets the message later gets the same ones: one Message-ID is one message.
	Out bool `json:",omitempty"`
	// Resent is how many bytes of the message are the fields that say who sent it on (RFC 5322 §3.6.6), 0 of one that was written here: behind them it is
	// as it came.
	Resent int64 `json:",omitempty"`
	// HandedOver says of an item in sending that its last byte is about to go out: from then on the server may have it.
	HandedOver bool
}
