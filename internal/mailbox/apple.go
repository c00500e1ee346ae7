package mailbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"peyk/internal/mail"
)

// Apple Mail keeps a file for each message, NUMBER.emlx, deep in a folder for each mailbox: INBOX.mbox/UUID/Data/1/2/Messages. The file has a line
// with the number of bytes, the message, and a property list with its flags. Of a NUMBER.partial.emlx the attachments lie elsewhere.

// ErrPartial: of a message only a part is where it was looked for.
var ErrPartial = errors.New("only the text of the message is in this file: its attachments were not taken over")

var errNotEmlx = errors.New("not a message of Apple Mail: it does not begin with the number of its bytes")

func isEmlx(path string) bool { return strings.EqualFold(filepath.Ext(path), ".emlx") }

// emlx hands over a message of Apple Mail.
func (im *importer) emlx(s source) error {
	f, err := openFile(im.ctx, s.path)
	if err != nil {
		im.rep.fail(s.path, err)
		return nil
	}
	defer f.Close()
	e, err := readEmlx(f, s.size)
	if err != nil {
		im.rep.fail(s.path, err)
		return nil
	}
	if strings.HasSuffix(strings.ToLower(s.path), ".partial.emlx") {
		im.rep.fail(s.path, ErrPartial) // the text is taken over all the same
	}
	if e.deleted {
		return nil
	}
	return im.one(Found{Source: s.path, Folder: s.folder, Flags: e.flags, Date: e.received, Format: mail.MailboxEML}, e.body, Position{Source: s.path})
}

// emlxFile is what such a file holds.
type emlxFile struct {
	body     io.Reader
	flags    mail.Flags
	received time.Time // zero: it does not say
	deleted  bool
}

// maxPlist bounds the property list, bytes.
const maxPlist = 1 << 20

func readEmlx(f *file, size int64) (e emlxFile, err error) {
	line, err := bufio.NewReaderSize(io.LimitReader(f, 32), 32).ReadSlice('\n')
	if err != nil {
		return e, errNotEmlx
	}
	n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 10, 64)
	if err != nil || n < 0 {
		return e, errNotEmlx
	}
	start := int64(len(line))
	if n > size-start {
		return e, fmt.Errorf("%d bytes are announced and %d are there: %w", n, size-start, io.ErrUnexpectedEOF)
	}
	e.body = io.NewSectionReader(f, start, n)
	plist, err := io.ReadAll(io.NewSectionReader(f, start+n, min(size-start-n, maxPlist)))
	if err != nil {
		return e, err
	}
	bits, _ := strconv.ParseInt(plistNumber(plist, "flags"), 10, 64) // without it it has none
	for bit := range uint(32) {
		if flag := emlxFlags[bit]; flag != "" && bits&(1<<bit) != 0 {
			e.flags = append(e.flags, flag)
		}
	}
	e.deleted = bits&(1<<1) != 0
	if at, err := strconv.ParseFloat(plistNumber(plist, "date-received"), 64); err == nil && at > 0 && at < 1<<40 {
		e.received = time.Unix(int64(at), 0)
	}
	return e, nil
}

// emlxFlags are the bits that have a meaning elsewhere. Bit 1 is \Deleted.
var emlxFlags = map[uint]mail.Flag{0: mail.FlagSeen, 2: mail.FlagAnswered, 4: mail.FlagFlagged, 6: mail.FlagDraft, 8: mail.FlagForwarded, 24: mail.FlagJunk}

var plistEntry = regexp.MustCompile(`<key>\s*([a-z-]+)\s*</key>\s*<(?:integer|real)>\s*(-?[0-9.]{1,30})\s*<`)

// plistNumber is the number of a key of a property list in XML; "": there is none.
func plistNumber(plist []byte, key string) string {
	for _, m := range plistEntry.FindAllSubmatch(plist, 100) {
		if string(m[1]) == key {
			return string(m[2])
		}
	}
	return ""
}

// emlxFolder names the mailbox of such a file: by the folders of its path that are mailboxes. rel is the file's path in the folder
// that was named.
func (v *discovery) emlxFolder(rel string) string {
	var out []string
	for _, name := range strings.Split(filepath.ToSlash(filepath.Dir(rel)), "/") {
		if level, ok := strings.CutSuffix(name, ".mbox"); ok && shown(level) != "" {
			out = append(out, shown(level))
		}
	}
	if len(out) > 0 {
		return strings.Join(out, "/")
	}
	for dir := v.named; dir != filepath.Dir(dir); dir = filepath.Dir(dir) { // it may have been named deep within one
		if strings.HasSuffix(dir, ".mbox") {
			return baseFolder(dir)
		}
	}
	return v.folderName(filepath.Dir(rel))
}
