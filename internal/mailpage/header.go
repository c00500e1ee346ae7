package mailpage

import (
	"fmt"

	"peyk/internal/text"
)

// Heading is what stands above a message that is printed or drawn with its header.
type Heading struct {
	Subject string
	Fields  []Field
}

// Field is one line of a Heading.
type Field struct {
	Label, Value string
	LTR          bool // an address or an id
}

// Header is the block of header fields as a page, with a line below it.
func Header(h Heading, look Look) string {
	var w writer
	w.open(look)
	side, dir := "left", "ltr"
	if look.RTL {
		side, dir = "right", "rtl"
	}
	fmt.Fprintf(&w, `<style>.s{font-size:20px;line-height:28px;font-weight:bold;margin-bottom:8px}td{vertical-align:top;padding:1px 0;line-height:20px;font-size:13px;text-align:%s;overflow-wrap:anywhere}.k{font-weight:bold;color:%s;padding-%s:14px;white-space:nowrap}hr{border:0;border-top:1px solid #d5d8dd;margin:12px 0 16px}</style>`,
		side, hex(look.Muted), map[bool]string{true: "left", false: "right"}[look.RTL])
	subject := "ltr"
	if text.FieldDirection(h.Subject) == text.RTL {
		subject = "rtl"
	}
	fmt.Fprintf(&w, `<div class=s dir=%s>`, subject)
	w.words(h.Subject)
	fmt.Fprintf(&w, `</div><section dir=%s><table cellspacing=0 cellpadding=0>`, dir)
	for _, f := range h.Fields {
		w.WriteString(`<tr><td class=k>`)
		w.words(f.Label)
		own := "ltr"
		if d := text.FieldDirection(f.Value); !f.LTR && (d == text.RTL || d == text.Auto && look.RTL) {
			own = "rtl"
		}
		fmt.Fprintf(&w, `</td><td><bdi dir=%s>`, own)
		w.words(f.Value)
		w.WriteString(`</bdi></td></tr>`)
	}
	w.WriteString(`</table></section><hr>`)
	return w.String()
}

// Note is a sentence about a message that is printed, with a line above it.
func Note(words string, look Look) string {
	var w writer
	w.open(look)
	dir := "ltr"
	if look.RTL {
		dir = "rtl"
	}
	fmt.Fprintf(&w, `<hr style="border:0;border-top:1px solid #d5d8dd;margin:16px 0 12px"><div dir=%s style="font-weight:bold">`, dir)
	w.words(words)
	w.WriteString("</div>")
	return w.String()
}

// Foot is the foot of a printed page: a title at the beginning of the line, its number at the end.
func Foot(title, number string, look Look) string {
	var w writer
	look.Paper.A = 0
	w.open(look)
	start, end := "left", "right"
	if look.RTL {
		start, end = end, start
	}
	fmt.Fprintf(&w, `<table width="100%%" cellspacing=0 cellpadding=0><tr>`)
	cell := func(align, width, s string) {
		dir := "ltr"
		if text.FieldDirection(s) == text.RTL {
			dir = "rtl"
		}
		fmt.Fprintf(&w, `<td width="%s" align=%s dir=%s style="font-size:11px;line-height:14px;color:%s"><bdi>`, width, align, dir, hex(look.Muted))
		w.words(s)
		w.WriteString("</bdi></td>")
	}
	if rs := []rune(title); len(rs) > 80 {
		title = string(rs[:80]) + "…"
	}
	if look.RTL {
		cell(end, "20%", number)
		cell(start, "80%", title)
	} else {
		cell(start, "80%", title)
		cell(end, "20%", number)
	}
	w.WriteString("</tr></table>")
	return w.String()
}
