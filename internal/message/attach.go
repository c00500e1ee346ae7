package message

import (
	"mime"
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
}

// Attachments lists every part that can be saved, inline ones included, in the order of the message.
func (m *Message) Attachments() []mail.Attachment {
	list := m.attachments()
	out := make([]mail.Attachment, len(list))
	for i := range list {
		out[i] = list[i].Attachment
	}
	return out
}

func (m *Message) attachments() []attachment {
	if m.attsDone || m.headerOnly {
		return m.atts
	}
	m.attsDone = true
	b := m.readable()
	m.collect(m.Root, b)
	return m.atts
}

// collect adds what can be saved of p and below. Files inside an attached message belong to that message.
func (m *Message) collect(p *Part, b *body) {
	switch {
	case p.IsMultipart() && len(p.Children) > 0:
		for _, c := range p.Children {
			m.collect(c, b)
		}
	case b.used[p] && (p.fileName() == "" || p.parent == nil):
	default:
		m.attach(p)
	}
}

func (m *Message) attach(p *Part) {
	given := p.fileName()
	a := attachment{part: p, given: given}
	a.Part, a.ContentType, a.ContentID, a.Size = p.Number, p.Type, p.ContentID, p.size()
	a.Inline = p.Disposition != "attachment" && (p.Disposition == "inline" || p.parent != nil && p.parent.Type == "multipart/related") && strings.HasPrefix(p.Type, "image/")
	a.Filename = cleanFileName(given)
	if a.Filename == "" {
		a.Filename = madeName(p, len(m.atts)+1)
	}
	a.Risky = risky(a.Filename, a.ContentType)
	m.atts = append(m.atts, a)
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

// madeName names a part that has no name.
func madeName(p *Part, n int) string {
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
	_ = mime.WordEncoder('q')
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
