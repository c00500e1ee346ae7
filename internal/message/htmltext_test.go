package message

import (
	"strings"
	"testing"
)

func TestHTMLToText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"paragraphs", "<p>one\n two</p><p>three</p>", "one two\n\nthree"},
		{"breaks", "a<br>b<br><br>c", "a\nb\n\nc"},
		{"divs", "<div>a</div><div>b</div><div><br></div><div>c</div>", "a\nb\n\nc"},
		{"head", "<html><head><title>x</title><style>p{}</style></head><body>y<script>z()</script></body></html>", "y"},
		{"entities", "a &amp; b &lt;c&gt; &nbsp;d &eacute; &#1740; &bogus;", "a & b <c>  d é ی &bogus;"},
		{"list", "<ul><li>one</li><li>two<ol><li>x</li><li>y</li></ol></li></ul>", "• one\n• two\n  1. x\n  2. y"},
		{"start", `<ol start="5"><li>five<li>six</ol>`, "5. five\n6. six"},
		{"link", `see <a href="https://x.example/a">this page</a> and <a href="https://x.example/">x.example</a>, <a href="mailto:a@b.c">a@b.c</a> <a href="javascript:x">js</a>`,
			"see this page <https://x.example/a> and x.example, a@b.c js"},
		{"quote", "<p>hi</p><blockquote><p>one</p><p>two</p><blockquote>deep</blockquote></blockquote><p>end</p>", "hi\n\n> one\n>\n> two\n>\n> > deep\n\nend"},
		{"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td"},
		{"cells without end tags", "<table><tr><th>a<th>b<tr><td>c<td>d<tbody><tr><td>e<td hidden>f<td>g</table>h", "a\tb\nc\td\ne\tg\nh"},
		{"a table in a cell without end tag", "<table><tr><td>a<td><table><tr><td>b<td>c</table><td>d</table>", "a\nb\tc\nd"},
		{"layout table", "<table><tr><td><p>one</p></td></tr><tr><td><img src=x width=1></td></tr><tr><td><p>two</p></td></tr></table>", "one\n\ntwo"},
		{"hidden", `<div style="display: none">secret</div><span style="font-size:0px">zero</span>shown<div hidden>h</div>`, "shown"},
		{"preheader", "<div style='max-height:0px;overflow:hidden'>pre</div>x", "x"},
		{"pre", "<pre>a  b\n  c\n</pre>d", "a  b\n  c\n\nd"},
		{"alt", `<img alt="logo" src=x> <img src=y>text`, "[logo] text"},
		{"rtl", `<p dir="rtl">سلام <b>می‌روم</b> (yes)</p><p>English</p>`, "سلام می‌روم (yes)\n\nEnglish"},
		{"heading", "<h1>T</h1>text<hr>more", "T\n\ntext\n\n――――――――\n\nmore"},
		{"unclosed", "<div><p>a<div>b<span>c", "a\n\nbc"},
		{"stray ends", "</div></p>a</blockquote></td>b", "ab"},
		{"inline", "a<b>b</b>c <i> d</i>", "abc d"},
		{"comment", "a<!-- <p>no</p> -->b<!--[if mso]>mso<![endif]-->c", "abc"},
		{"head unclosed", "<head><meta x><body>shown", "shown"},
		{"empty", "", ""},
	} {
		got := HTMLToText(c.in)
		// A stray </p> is an empty paragraph to browsers too.
		if c.name == "stray ends" {
			got = strings.ReplaceAll(got, "\n", "")
		}
		if got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestHTMLToTextHostile(t *testing.T) {
	for name, s := range map[string]string{
		"deep divs":   strings.Repeat("<div>", 200000) + "x",
		"deep quotes": strings.Repeat("<blockquote>", 50000) + "x" + strings.Repeat("</blockquote>", 50000),
		"bold":        strings.Repeat("<b>", 300000) + "x",
		"ends":        "x" + strings.Repeat("</td></div>", 100000),
		"links":       strings.Repeat(`<a href="http://x.example">`, 50000) + "x",
		"cells":       strings.Repeat("<td>", 100000) + "x",
		"open tag":    "x<" + strings.Repeat("a ", 100000),
	} {
		if got := HTMLToText(s); !strings.Contains(got, "x") {
			t.Errorf("%s: the text is lost: %q", name, cutText(got, 100))
		}
	}
}
