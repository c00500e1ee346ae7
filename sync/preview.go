package mailsync

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/message"
)

// What is fetched of a message to be read before the rest is here, in bytes as encoded.
const (
	maxText     = 512 << 10 // of one part
	maxTexts    = 1 << 20
	maxPicture  = 1 << 20 // a larger one comes with the rest
	maxPictures = 4 << 20
)

// preview is what can be read of a message that is on its way: its header, its text, and pictures that belong to the text. It is never
// stored.
type preview struct {
	mu     sync.Mutex
	header []byte
	root   *mail.Structure
	have   map[string]message.Piece
	grown  int // how often something was added
}

func (v *preview) readable() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.grown
}

func (v *preview) add(data []remote.SectionData) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.have == nil {
		v.have = map[string]message.Piece{}
	}
	for _, d := range data {
		v.have[d.Number] = message.Piece{Body: d.Body, Decoded: d.Decoded}
	}
	v.grown++
}

// message parses what there is.
func (v *preview) message() *message.Message {
	v.mu.Lock()
	defer v.mu.Unlock()
	return message.ParseBytes(message.Skeleton(v.header, v.root, v.have))
}

// content is what there is as the content of a message. Files are listed with the sizes that the server gives, pictures of the text
// once they are here.
func (v *preview) content() mail.Content {
	c := v.message().Content()
	head := message.ParseHeader(v.header).Content()
	c.Headers, c.Warnings = head.Headers, head.Warnings // what is not here yet is no fault of the message
	c.Partial = true
	sizes := map[string]int64{}
	v.root.Walk(func(s *mail.Structure) { sizes[s.Number] = decodedSize(s) })
	c.Attachments = slices.DeleteFunc(c.Attachments, func(a mail.Attachment) bool { return a.Inline && !v.has(a.Part) })
	for i := range c.Attachments {
		if a := &c.Attachments[i]; !v.has(a.Part) {
			a.Size = sizes[a.Part]
		}
	}
	return c
}

func (v *preview) has(part string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	_, ok := v.have[part]
	return ok
}

// open opens the decoded bytes of a part that is here.
func (v *preview) open(part string) (io.ReadCloser, error) {
	r, err := v.message().OpenPart(part)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(r), nil
}

// decodedSize is about how large a part is once its encoding is undone.
func decodedSize(s *mail.Structure) int64 {
	if s.Encoding == "base64" {
		return s.Size * 57 / 78 // lines of 76 letters and their ends (RFC 2045 §6.8)
	}
	return s.Size
}

// read fetches what can be read of a message before the rest is here.
func (a *arriving) read() error {
	if !a.looked {
		if err := a.look(); err != nil {
			return err
		}
		a.looked = true
	}
	for len(a.left) > 0 {
		if err := a.yield(); err != nil {
			return err
		}
		data, err := a.mb.Sections(a.ctx, a.from.path, a.from.uid, a.left[:1])
		if err != nil {
			return a.unread(err)
		}
		a.left = a.left[1:]
		if len(data) > 0 {
			a.preview.add(data)
			a.s.tell(a.progress())
		}
	}
	return nil
}

// look finds out which parts there are and fetches the texts.
func (a *arriving) look() error {
	root, err := a.mb.Structure(a.ctx, a.from.path, a.from.uid)
	if err != nil || root == nil {
		return a.unread(err)
	}
	texts, pictures := readFirst(root)
	if len(texts) == 0 {
		return nil
	}
	d, err := a.p.st.Details(a.ctx, a.id)
	if err != nil {
		return err
	}
	data, err := a.mb.Sections(a.ctx, a.from.path, a.from.uid, texts)
	if err != nil || len(data) == 0 {
		return a.unread(err)
	}
	a.preview.header, a.preview.root = d.Header, root
	a.preview.add(data)
	a.left = pictures
	a.s.tell(a.progress())
	return nil
}

// unread passes over what a server cannot say about parts: the whole message will tell.
func (a *arriving) unread(err error) error {
	if err != nil && (closed(err) || a.ctx.Err() != nil) {
		return err
	}
	if err != nil {
		a.p.e.opt.Log.Info("parts", "account", a.p.acct.Name, "err", err)
	}
	a.looked, a.left = true, nil
	return nil
}

// readFirst chooses the texts of a message and the pictures that belong to them.
func readFirst(root *mail.Structure) (texts, pictures []remote.Section) {
	var textBytes, pictureBytes int64
	root.Walk(func(s *mail.Structure) {
		limit := min(s.Size, maxText)
		switch {
		case s.Multipart() || s.Disposition == "attachment":
		case strings.HasPrefix(s.Type, "text/") || s.Type == "message/delivery-status" || s.Type == "message/disposition-notification":
			if textBytes+limit <= maxTexts {
				textBytes += limit
				texts = append(texts, remote.Section{Number: s.Number, Limit: maxText})
			}
		case strings.HasPrefix(s.Type, "image/") && (s.ContentID != "" || s.Location != "" || s.Disposition == "inline"):
			if s.Size <= maxPicture && pictureBytes+s.Size <= maxPictures {
				pictureBytes += s.Size
				pictures = append(pictures, remote.Section{Number: s.Number, Limit: maxPicture})
			}
		}
	})
	return texts, pictures
}

// arrivingPart opens a part of a message whose bytes are not all here: from what is, else when the rest has come.
func (e *Engine) arrivingPart(ctx context.Context, id mail.MessageID, part string) (io.ReadCloser, error) {
	if v := e.arrivals.find(id); v != nil && v.has(part) {
		return v.open(part)
	}
	if err := e.Want(ctx, id, nil); err != nil {
		return nil, fmt.Errorf("fetch the rest of message %d: %w", id, err)
	}
	return e.Part(ctx, id, part)
}
