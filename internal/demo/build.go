package demo

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"path"
	"strings"
	"time"

	"peyk/internal/mail"
)

// ownHeaders are the lines of an entry that are not headers of the mail.
var ownHeaders = map[string]bool{"From": true, "To": true, "Cc": true, "Subject": true, "Re": true, "Attach": true, "Type": true,
	"Text": true, "Repeat": true, "Number": true, "Charset": true}

// build makes the bytes of the mail (RFC 5322, MIME), CRLF line ends.
func (e entry) build(all map[string]entry, now time.Time) (sample, error) {
	date, err := e.when(now)
	if err != nil {
		return sample{}, err
	}
	flags, err := e.systemFlags()
	if err != nil {
		return sample{}, err
	}
	from, err := parseAddress(e.header["From"])
	if err != nil {
		return sample{}, err
	}
	var b bytes.Buffer
	if err := e.writeHeader(&b, from, date, all); err != nil {
		return sample{}, err
	}
	if err := e.writeBody(&b, date); err != nil {
		return sample{}, err
	}
	return sample{key: e.key, account: e.account, folder: e.folder, date: date, flags: flags, from: from, raw: b.Bytes()}, nil
}

func (e entry) messageID() string { return "<" + e.key + "@samples.peyk.example>" }

func (e entry) writeHeader(b *bytes.Buffer, from mail.Address, date time.Time, all map[string]entry) error {
	line := func(name, value string) { fmt.Fprintf(b, "%s: %s\r\n", name, value) }
	line("Date", date.Format(time.RFC1123Z))
	line("From", encodeAddress(from))
	to := e.header["To"]
	if to == "" {
		to = e.account
	}
	for _, h := range []struct{ name, value string }{{"To", to}, {"Cc", e.header["Cc"]}} {
		if h.value == "" {
			continue
		}
		list, err := netmail.ParseAddressList(h.value)
		if err != nil {
			return fmt.Errorf("%s %q: %w", h.name, h.value, err)
		}
		var enc []string
		for _, a := range list {
			enc = append(enc, encodeAddress(mail.Address{Name: a.Name, Addr: a.Address}))
		}
		line(h.name, strings.Join(enc, ",\r\n "))
	}
	line("Subject", encodeWords(e.header["Subject"]))
	line("Message-ID", e.messageID())
	if re := e.header["Re"]; re != "" {
		refs, err := references(re, all)
		if err != nil {
			return err
		}
		line("In-Reply-To", refs[len(refs)-1])
		line("References", strings.Join(refs, "\r\n "))
	}
	for _, name := range e.order {
		if !ownHeaders[name] {
			line(name, encodeWords(e.header[name]))
		}
	}
	line("MIME-Version", "1.0")
	return nil
}

// references follows the Re lines up to the first mail of the thread.
func references(key string, all map[string]entry) ([]string, error) {
	var refs []string
	for n := 0; key != ""; n++ {
		e, ok := all[key]
		if !ok || n > 50 {
			return nil, fmt.Errorf("there is no mail %q to answer", key)
		}
		refs = append([]string{e.messageID()}, refs...)
		key = e.header["Re"]
	}
	return refs, nil
}

func (e entry) writeBody(b *bytes.Buffer, date time.Time) error {
	boundary := "=_peyk_" + e.key
	attachments := splitList(e.header["Attach"])
	if len(attachments) > 0 {
		fmt.Fprintf(b, "Content-Type: multipart/mixed; boundary=\"%s_m\"\r\n\r\n--%s_m\r\n", boundary, boundary)
	}
	if e.header["Type"] == "html" {
		e.writeHTML(b, boundary)
	} else {
		writeTextPart(b, "text/plain", crlf(e.body))
	}
	for _, name := range attachments {
		data, ctype, err := makeAttachment(name, e.header["Subject"], date)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "\r\n--%s_m\r\n", boundary)
		writeAttachment(b, name, ctype, data)
	}
	if len(attachments) > 0 {
		fmt.Fprintf(b, "\r\n--%s_m--\r\n", boundary)
	}
	return nil
}

// writeHTML writes text and HTML as alternatives; cid: images that the HTML names come along as related parts.
func (e entry) writeHTML(b *bytes.Buffer, boundary string) {
	text := e.header["Text"]
	if text == "" {
		text = e.header["Subject"]
	}
	fmt.Fprintf(b, "Content-Type: multipart/alternative; boundary=\"%s_a\"\r\n\r\n--%s_a\r\n", boundary, boundary)
	writeTextPart(b, "text/plain", crlf(text+"\n"))
	fmt.Fprintf(b, "\r\n--%s_a\r\n", boundary)
	images := inlineImages(e.body)
	if len(images) == 0 {
		writeTextPart(b, "text/html", crlf(e.body))
	} else {
		fmt.Fprintf(b, "Content-Type: multipart/related; boundary=\"%s_r\"\r\n\r\n--%s_r\r\n", boundary, boundary)
		writeTextPart(b, "text/html", crlf(e.body))
		for _, name := range images {
			fmt.Fprintf(b, "\r\n--%s_r\r\nContent-ID: <%s>\r\nContent-Disposition: inline; filename=\"%s\"\r\n", boundary, name, name)
			fmt.Fprintf(b, "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n")
			writeBase64(b, chartPNG(name))
		}
		fmt.Fprintf(b, "\r\n--%s_r--\r\n", boundary)
	}
	fmt.Fprintf(b, "\r\n--%s_a--\r\n", boundary)
}

// inlineImages lists the names after cid: in an HTML body.
func inlineImages(html string) []string {
	var out []string
	for _, part := range strings.Split(html, `"cid:`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		out = append(out, name)
	}
	return out
}

// writeTextPart writes the header lines and the body of a text part, quoted-printable.
func writeTextPart(b *bytes.Buffer, ctype, text string) {
	fmt.Fprintf(b, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", ctype)
	w := quotedprintable.NewWriter(b)
	_, _ = w.Write([]byte(text)) // a bytes.Buffer does not fail
	_ = w.Close()
}

func writeAttachment(b *bytes.Buffer, name, ctype string, data []byte) {
	params := map[string]string{"filename": name}
	fmt.Fprintf(b, "Content-Type: %s\r\n", ctype)
	if !strings.HasPrefix(ctype, "text/calendar") {
		fmt.Fprintf(b, "Content-Disposition: %s\r\n", mime.FormatMediaType("attachment", params))
	}
	b.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
	writeBase64(b, data)
}

func writeBase64(b *bytes.Buffer, data []byte) {
	enc := base64.StdEncoding.EncodeToString(data)
	for len(enc) > 76 {
		b.WriteString(enc[:76] + "\r\n")
		enc = enc[76:]
	}
	b.WriteString(enc + "\r\n")
}

func encodeAddress(a mail.Address) string {
	return (&netmail.Address{Name: a.Name, Address: a.Addr}).String()
}

// encodeWords encodes a header value (RFC 2047) and folds between the words.
func encodeWords(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return strings.ReplaceAll(mime.BEncoding.Encode("utf-8", s), "?= =?", "?=\r\n =?")
		}
	}
	return s
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

func splitList(s string) []string {
	var out []string
	for _, p := range strings.Split(s, ",") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, path.Base(p))
		}
	}
	return out
}
