package message

import "strings"

func isSMIME(t string) bool {
	return t == "application/pkcs7-mime" || t == "application/x-pkcs7-mime"
}

func isTNEF(p *Part) bool {
	return p.Type == "application/ms-tnef" || p.Type == "application/vnd.ms-tnef" || strings.EqualFold(p.fileName(), "winmail.dat")
}

// addMade adds what is not written in the message as text: a report in words before everything, the body of a
// winmail.dat where there is nothing else to read.
func (m *Message) addMade() {
	b := m.body
	if r := m.Report(); r != nil && len(r.Recipients) > 0 {
		b.items = append([]bodyItem{{words: ReportWords(r)}}, b.items...)
	}
	for _, it := range b.items {
		if it.text != "" || it.page != "" || it.html != nil || it.plain != nil && !it.plain.blank() {
			return
		}
	}
	m.Root.Walk(func(p *Part) bool {
		if isTNEF(p) && len(p.Children) == 0 {
			if t, ok := parseTNEF(p.bytes(maxTNEF)); ok && (t.text != "" || t.html != "") {
				b.items = append(b.items, bodyItem{text: normalizeLines(t.text), page: t.html})
				return false
			}
		}
		return !isMessageType(p.Type)
	})
}

// externalAt says where a part that is not in the message is kept (RFC 2046 §5.2.3, RFC 2017), "" when it does not tell.
func externalAt(p *Part) string {
	if at := strings.Join(strings.Fields(p.Params["url"]), ""); at != "" {
		return cleanLine(at)
	}
	file := cleanLine(strings.Trim(p.Params["directory"]+"/"+p.Params["name"], "/"))
	if file == "" && p.Params["site"] == "" {
		return cleanLine(p.Params["server"]) // mail-server: the address to ask
	}
	switch strings.ToLower(p.Params["access-type"]) {
	case "local-file", "afs":
		return file
	}
	return "ftp://" + cleanLine(p.Params["site"]) + "/" + file
}
