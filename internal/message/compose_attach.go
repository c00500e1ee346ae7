package message

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"

	"peyk/internal/mail"
)

// typesByExt are the types written for files whose type the draft does not name.
var typesByExt = map[string]string{
	".7z": "application/x-7z-compressed", ".aac": "audio/aac", ".avi": "video/x-msvideo", ".bmp": "image/bmp", ".bz2": "application/x-bzip2", ".csv": "text/csv",
	".doc": "application/msword", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".eml": "message/rfc822", ".epub": "application/epub+zip",
	".flac": "audio/flac", ".gif": "image/gif", ".gz": "application/gzip", ".heic": "image/heic", ".htm": "text/html", ".html": "text/html", ".ics": "text/calendar",
	".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".json": "application/json", ".m4a": "audio/mp4", ".md": "text/markdown", ".mkv": "video/x-matroska", ".mov": "video/quicktime",
	".mp3": "audio/mpeg", ".mp4": "video/mp4", ".odp": "application/vnd.oasis.opendocument.presentation", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
	".odt": "application/vnd.oasis.opendocument.text", ".ogg": "audio/ogg", ".pdf": "application/pdf", ".png": "image/png", ".ppt": "application/vnd.ms-powerpoint",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".rar": "application/vnd.rar", ".rtf": "application/rtf", ".svg": "image/svg+xml",
	".tar": "application/x-tar", ".tif": "image/tiff", ".tiff": "image/tiff", ".txt": "text/plain", ".vcf": "text/vcard", ".wav": "audio/wav", ".webm": "video/webm",
	".webp": "image/webp", ".xls": "application/vnd.ms-excel", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xml": "application/xml", ".zip": "application/zip",
}

// TypeByName guesses the media type of a file from its name; "application/octet-stream" when nothing is known. It does
// not depend on the machine.
func TypeByName(name string) string {
	if t, ok := typesByExt[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}

// attachment writes one file as a part. Its bytes arrive as they are: everything is base64, except an attached message,
// which RFC 2046 §5.2.1 wants unencoded.
func (c *composer) attachment(a mail.DraftAttachment) error {
	name := cleanFileName(a.Name)
	ctype := strings.ToLower(strings.TrimSpace(a.ContentType))
	if t, sub, ok := strings.Cut(ctype, "/"); !ok || !isToken(t) || !isToken(sub) || t == "multipart" {
		ctype = TypeByName(name)
	}
	if a.Message != 0 && a.Part == "" && a.ContentType == "" {
		ctype = "message/rfc822"
	}
	if strings.HasPrefix(ctype, "message/") {
		safe, err := c.isSafe7bit(a)
		if err != nil {
			return err
		}
		if safe && ctype == "message/rfc822" {
			return c.messagePart(a, name)
		}
		// 8-bit or with lines too long: it may be neither encoded as message/rfc822 nor sent as it is, so it goes as a
		// file, which every reader opens by its name.
		ctype = "application/octet-stream"
	}
	var ps []param
	if name != "" {
		ps = append(ps, param{name: "name", value: name, fallback: true})
	}
	c.h.params("Content-Type", ctype, ps...)
	c.h.tokens("Content-Transfer-Encoding", []string{"base64"})
	c.disposition(a, name)
	return c.stream(a, func(r io.Reader) error { return writeBase64(c.w, r) })
}

func (c *composer) disposition(a mail.DraftAttachment, name string) {
	var ps []param
	if name != "" {
		ps = append(ps, param{name: "filename", value: name})
	}
	kind := "attachment"
	if id := safeID(a.ContentID); a.Inline && id != "" {
		kind = "inline"
		c.h.tokens("Content-ID", []string{"<" + id + ">"})
	}
	c.h.params("Content-Disposition", kind, ps...)
	c.h.raw("\r\n")
}

// messagePart writes an attached message as message/rfc822, 7bit. Its own last line end stays its own: the one before
// the boundary comes after it.
func (c *composer) messagePart(a mail.DraftAttachment, name string) error {
	c.h.params("Content-Type", "message/rfc822")
	c.disposition(a, name)
	if err := c.stream(a, func(r io.Reader) error { return copyCRLF(c.w, r) }); err != nil {
		return err
	}
	c.h.raw("\r\n")
	return c.h.err
}

// stream opens the attachment and hands it to f.
func (c *composer) stream(a mail.DraftAttachment, f func(io.Reader) error) error {
	if c.h.err != nil {
		return c.h.err
	}
	r, err := c.open(a)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := f(r); err != nil {
		return fmt.Errorf("attachment %q: %w", a.Name, err)
	}
	return nil
}

func (c *composer) open(a mail.DraftAttachment) (io.ReadCloser, error) {
	if c.o.Open == nil {
		return nil, fmt.Errorf("attachment %q: nothing opens attachments", a.Name)
	}
	r, err := c.o.Open(a)
	if err != nil {
		return nil, fmt.Errorf("attachment %q: %w", a.Name, err)
	}
	return r, nil
}

// isSafe7bit reads the attachment once: ASCII without NUL, lines of at most 998 characters, every CR before an LF.
func (c *composer) isSafe7bit(a mail.DraftAttachment) (bool, error) {
	r, err := c.open(a)
	if err != nil {
		return false, err
	}
	defer r.Close()
	br := bufio.NewReaderSize(r, 32<<10)
	line, cr := 0, false
	for {
		b, err := br.ReadByte()
		if err == io.EOF {
			return !cr, nil
		}
		if err != nil {
			return false, fmt.Errorf("attachment %q: %w", a.Name, err)
		}
		if b == 0 || b >= 128 || cr && b != '\n' {
			return false, nil
		}
		if cr = b == '\r'; b == '\n' {
			line = 0
		} else if line++; line > 998 {
			return false, nil
		}
	}
}

// copyCRLF copies text and makes every line end CRLF; a last line without one stays so.
func copyCRLF(w io.Writer, r io.Reader) error {
	br := bufio.NewReaderSize(r, 32<<10)
	for {
		line, err := br.ReadString('\n')
		if text, ended := strings.CutSuffix(line, "\n"); ended {
			line = strings.TrimRight(text, "\r") + "\r\n"
		}
		if _, werr := io.WriteString(w, line); werr != nil {
			return werr
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
