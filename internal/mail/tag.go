package mail

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// A keyword is ASCII (RFC 9051 §9, flag-keyword), and the names of tags are not: one with other letters is written in modified UTF-7 (RFC 3501
// §5.1.3), as Thunderbird makes its keywords, so that every server keeps it and every Peyk reads it.

// tagUTF7 is the base64 of modified UTF-7.
var tagUTF7 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// TagNamed is the keyword of a tag that somebody gave a name: spaces are "_", and what a keyword cannot hold is left out. "" when nothing is left.
func TagNamed(name string) Flag {
	name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "")), "_")
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`(){%*"\]`, r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' {
			return -1
		}
		return r
	}, name)
	name = strings.TrimLeft(name, "$")
	if !strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return Flag(name)
	}
	var b strings.Builder
	for name != "" {
		n := strings.IndexFunc(name, func(r rune) bool { return r < utf8.RuneSelf })
		switch n {
		case 0:
			b.WriteByte(name[0])
			if name[0] == '&' {
				b.WriteByte('-')
			}
			name = name[1:]
			continue
		case -1:
			n = len(name)
		}
		var raw []byte
		for _, u := range utf16.Encode([]rune(name[:n])) {
			raw = append(raw, byte(u>>8), byte(u))
		}
		b.WriteString("&" + tagUTF7.EncodeToString(raw) + "-")
		name = name[n:]
	}
	return Flag(b.String())
}

// TagName is how a tag is called: the name that TagNamed made a keyword of, else the keyword itself.
func (f Flag) TagName() string {
	var b strings.Builder
	rest := string(f)
	for {
		before, shifted, ok := strings.Cut(rest, "&")
		b.WriteString(before)
		if !ok {
			break
		}
		if shifted, rest, ok = strings.Cut(shifted, "-"); !ok {
			return string(f)
		}
		if shifted == "" {
			b.WriteByte('&')
			continue
		}
		raw, err := tagUTF7.DecodeString(shifted)
		if err != nil || len(raw)%2 != 0 {
			return string(f)
		}
		units := make([]uint16, len(raw)/2)
		for i := range units {
			units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
		}
		b.WriteString(string(utf16.Decode(units)))
	}
	if name := b.String(); name != string(f) && TagNamed(name) == f {
		return name
	}
	return string(f) // a keyword of another program that only looks like one
}
