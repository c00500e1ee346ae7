package message

import (
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"peyk/internal/mail"
)

type attachment struct {
	mail.Attachment
	part *Part
	// given is the name as the sender wrote it, decoded but not cleaned.
	given string
	// wrapper: its content is listed instead (winmail.dat, BinHex, the resource fork of an AppleDouble).
	wrapper bool
}

// Attachments lists every part that can be saved, inline ones included, in the order of the message.
func (m *Message) Attachments() []mail.Attachment {
	var out []mail.Attachment
	for _, a := range m.attachments() {
		if !a.wrapper {
			out = append(out, a.Attachment)
		}
	}
	return out
}

func (m *Message) attachments() []attachment {
	if m.attsDone || m.headerOnly {
		return m.atts
	}
	m.attsDone = true
	for _, it := range m.readable().items {
		if it.plain != nil {
			m.decoded(it.plain) // finds the files in it
		}
	}
	c := collector{m: m, cids: m.cids()}
	c.collect(m.Root)
	m.atts = c.list
	return m.atts
}

// cids is the set of Content-IDs that the HTML shows, in lower case. Pages that can show none are not decoded for it.
func (m *Message) cids() map[string]bool {
	var set map[string]bool
	named := m.hasNamedParts()
	for _, it := range m.body.items {
		if !named && it.html != nil {
			m.glance(it.html)
			continue
		}
		page := m.page(it)
		for {
			i := strings.Index(page, "cid:")
			if i < 0 {
				break
			}
			page = page[i+4:]
			end := strings.IndexAny(page, "\"'>) \t\n")
			if end < 0 {
				end = len(page)
			}
			if set == nil {
				set = map[string]bool{}
			}
			if end < 500 {
				set[strings.ToLower(unpercent(page[:end]))] = true
			}
		}
	}
	return set
}

// hasNamedParts: there are parts that a page could refer to.
func (m *Message) hasNamedParts() bool {
	return !m.Root.walkOwn(func(p *Part) bool { return p.ContentID == "" && !p.Header.Has("Content-Location") })
}

// collector builds the list of attachments.
type collector struct {
	m    *Message
	cids map[string]bool
	list []attachment
	// macName is the file name an AppleDouble header gave for its data fork.
	macName string
}

// collect adds what can be saved of p and below. Files inside an attached message belong to that message.
func (c *collector) collect(p *Part) {
	if p.IsMultipart() && len(p.Children) > 0 {
		for _, k := range p.Children {
			c.collect(k)
		}
		return
	}
	if !p.read || p.fileName() != "" || p.Disposition == "attachment" {
		c.attach(p)
	}
	if isSMIME(p.Type) && len(p.Children) == 1 {
		c.collect(p.Children[0])
	}
	for i, f := range p.files {
		c.virtual(p, "u"+strconv.Itoa(i+1), "", f)
	}
}

func (c *collector) attach(p *Part) {
	a := attachment{part: p, given: p.fileName()}
	a.Part, a.ContentType, a.ContentID, a.Size = p.Number, p.Type, p.ContentID, p.size()
	if p.unopened && p.IsMultipart() {
		a.ContentType = "application/octet-stream" // its boundary is not in what is saved
	}
	sig := p.parent != nil && p.parent.Type == "multipart/signed" && p != p.parent.Children[0]
	shown := p.Disposition != "attachment" && strings.HasPrefix(p.Type, "image/") && (p.Disposition == "inline" || p.parent != nil && p.parent.Type == "multipart/related")
	a.Inline = sig || shown || isReport(p.Type) || p.read || p.ContentID != "" && c.cids[strings.ToLower(p.ContentID)]
	if a.given == "" && p.parent != nil && p.parent.Type == "multipart/appledouble" {
		a.given = c.macName
	}
	at := len(c.list)
	c.list = append(c.list, a)
	c.list[at].wrapper = c.unwrap(p)
	a.Filename = cleanFileName(a.given)
	if a.Filename == "" {
		a.Filename = madeName(p, at+1)
	}
	c.list[at].Filename, c.list[at].Risky, c.list[at].Tricky = a.Filename, risky(a.Filename, a.ContentType), tricky(a.given)
}

// unwrap lists the files inside p and tells whether there were any.
func (c *collector) unwrap(p *Part) bool {
	switch {
	case isTNEF(p):
		t, ok := parseTNEF(p.bytes(maxTNEF))
		if !ok {
			return false
		}
		n := len(c.list)
		for i, f := range t.files {
			if f.data != nil {
				c.virtual(p, "t"+strconv.Itoa(i+1), f.ctype, virtualPart{name: f.name, data: f.data})
				c.list[len(c.list)-1].ContentID = f.cid
			}
		}
		if t.text == "" && t.html == "" && len(t.rtf) > 0 && len(c.m.body.items) == 0 {
			c.virtual(p, "rtf", "application/rtf", virtualPart{name: "message.rtf", data: t.rtf})
		}
		return len(c.list) > n || t.text != "" || t.html != ""
	case p.Type == "application/mac-binhex40":
		name, data, ok := decodeBinHex(p.bytes(maxMacFile))
		if ok {
			c.virtual(p, "h1", "", virtualPart{name: name, data: data})
		}
		return ok
	case p.Type == "application/applefile" || p.Type == "application/applesingle":
		name, data, ok := decodeAppleFile(p.bytes(maxMacFile))
		c.macName = name
		if ok && len(data) > 0 {
			c.virtual(p, "a1", "", virtualPart{name: name, data: data})
			return true
		}
		return ok && p.parent != nil && p.parent.Type == "multipart/appledouble" && len(p.parent.Children) > 1
	}
	return false
}

// virtual lists a file that has no MIME part of its own.
func (c *collector) virtual(p *Part, suffix, ctype string, v virtualPart) {
	name := cleanFileName(v.name)
	if name == "" {
		name = "file-" + suffix
	}
	if !strings.Contains(ctype, "/") {
		ctype = TypeByName(name)
	}
	part := &Part{Number: p.Number + "." + suffix, Type: ctype, parent: p, src: p.src, virtual: &v}
	a := attachment{part: part, given: v.name}
	a.Part, a.Filename, a.ContentType, a.Size, a.Risky = part.Number, name, ctype, int64(len(v.data)), risky(name, ctype)
	a.Tricky = tricky(v.name)
	c.list = append(c.list, a)
}

// cleanFileName takes paths, control characters and what no file system allows off a name.
func cleanFileName(s string) string {
	s = cleanLine(s)
	s = strings.ReplaceAll(s, "\\", "/")
	s = path.Base("/" + s)
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c:
			return -1 // bidi controls hide the real extension
		}
		return r
	}, s)
	s = strings.Trim(s, " .")
	if s == "/" {
		return ""
	}
	for len(s) > 200 {
		ext := path.Ext(s)
		if len(ext) > 20 {
			ext = ""
		}
		stem := s[:len(s)-len(ext)]
		for len(stem) > 0 && len(stem)+len(ext) > 200 {
			_, n := utf8.DecodeLastRuneInString(stem)
			stem = stem[:len(stem)-n]
		}
		s = stem + ext
	}
	return s
}

// isReport: the machine's part of a delivery report or receipt, which the reader says in words.
func isReport(t string) bool {
	switch t {
	case "message/delivery-status", "message/global-delivery-status", "message/disposition-notification", "message/global-disposition-notification", feedbackType:
		return true
	}
	return false
}

// madeName names a part that has no name.
func madeName(p *Part, n int) string {
	if isReport(p.Type) {
		return strings.TrimPrefix(p.Type, "message/") + ".txt"
	}
	if isMessageType(p.Type) {
		if len(p.Children) == 1 {
			if s := cleanFileName(p.Children[0].Header.Text("Subject")); s != "" {
				return s + ".eml"
			}
		}
		return "message-" + strconv.Itoa(n) + ".eml"
	}
	return "part-" + strconv.Itoa(n) + extension(p.Type)
}

// extensions are the usual ones; the system's table is not asked because it differs from machine to machine.
var extensions = map[string]string{
	"text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/vcard": ".vcf", "text/x-vcard": ".vcf", "text/directory": ".vcf", "text/csv": ".csv",
	"image/jpeg": ".jpg", "image/jpg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/svg+xml": ".svg", "image/tiff": ".tif", "image/bmp": ".bmp",
	"application/pdf": ".pdf", "application/zip": ".zip", "application/json": ".json", "application/xml": ".xml", "text/xml": ".xml", "application/rtf": ".rtf",
	"application/pgp-signature": ".asc", "application/pgp-encrypted": ".asc", "application/pgp-keys": ".asc", "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s",
	"application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "application/ms-tnef": ".dat", "message/delivery-status": ".txt", "text/rfc822-headers": ".txt",
	"audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/wav": ".wav", "video/mp4": ".mp4", "application/gzip": ".gz", "application/ics": ".ics",
	"message/partial": ".txt", "message/external-body": ".txt", "message/disposition-notification": ".txt", "application/msword": ".doc",
}

func extension(t string) string {
	if e, ok := extensions[t]; ok {
		return e
	}
	return ".bin"
}

// riskyExt are file types that run when opened, on one of our platforms.
var riskyExt = map[string]bool{}

func init() {
	for _, e := range strings.Fields("ade adp app appimage appref-ms application bat bin chm cmd com command cpl deb desktop dll dmg dotm docm exe gadget hta inf ins iso jar jnlp js jse lnk mde msc msi msix msp mst osx pif pkg potm ppam ppsm pptm ps1 ps1xml ps2 psc1 py pyw rb reg rpm run scf scr sct settingcontent-ms sh shb sys url vb vbe vbs vhd vhdx ws wsc wsf wsh xlam xll xlsm xltm") {
		riskyExt["."+e] = true
	}
}

// tricky tells whether a name as it was sent holds characters that show it otherwise than it is: ones that turn text around, or
// many blanks that push the ending out of sight.
func tricky(given string) bool {
	return strings.ContainsFunc(given, func(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }) || strings.Contains(given, strings.Repeat(" ", 12))
}

// risky tells whether opening the file can run code.
func risky(name, ctype string) bool {
	if riskyExt[strings.ToLower(path.Ext(name))] {
		return true
	}
	switch ctype {
	case "application/x-msdownload", "application/x-msdos-program", "application/x-sh", "application/x-executable", "application/hta", "application/java-archive", "application/x-ms-shortcut":
		return true
	}
	return false
}
