package message

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTMLToText turns mail HTML into readable text.
func HTMLToText(src string) string {
	z := html.NewTokenizer(strings.NewReader(src))
	var b strings.Builder
	skip := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			if skip == 0 {
				b.WriteString(string(z.Text()))
			}
		case html.StartTagToken:
			n, _ := z.TagName()
			switch a := atom.Lookup(n); a {
			case atom.Script, atom.Style, atom.Head, atom.Title:
				skip++
			case atom.Br, atom.P, atom.Div, atom.Tr, atom.Li:
				b.WriteByte('\n')
			}
		case html.EndTagToken:
			n, _ := z.TagName()
			switch a := atom.Lookup(n); a {
			case atom.Script, atom.Style, atom.Head, atom.Title:
				if skip > 0 {
					skip--
				}
			}
		}
	}
}

// metaCharset finds the charset an HTML page declares for itself in its first kilobytes.
func metaCharset(b []byte) string {
	head := bytes.ToLower(b[:min(len(b), 4096)])
	for {
		i := bytes.Index(head, []byte("charset="))
		if i < 0 {
			return ""
		}
		v := bytes.TrimLeft(head[i+8:], " \"'")
		n := bytes.IndexAny(v, " \"'/>;")
		if n > 0 && n < 50 && knownCharset(string(v[:n])) {
			return string(v[:n])
		}
		head = head[i+8:]
	}
}
