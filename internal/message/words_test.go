package message

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

func TestDecodeHeader(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		// RFC 2047 §8
		{"rfc 1", "=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>", "Keith Moore <moore@cs.utk.edu>"},
		{"rfc 2", "=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?=", "Patrik Fältström"},
		{"rfc 3", "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=", "If you can read this you understand the example."},
		{"a", "(=?ISO-8859-1?Q?a?=)", "(a)"},
		{"a b", "(=?ISO-8859-1?Q?a?= b)", "(a b)"},
		{"ab", "(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)"},
		{"a_b", "(=?ISO-8859-1?Q?a_b?=)", "(a b)"},
		{"a _b", "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)"},
		{"language", "=?us-ascii*en-us?Q?this_is?=", "this is"}, // RFC 2231 §5
		{"split multibyte B", "=?utf-8?B?2YY=?= =?utf-8?B?2A==?= =?utf-8?B?pw==?=", "نا"},
		{"split multibyte Q", "=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"},
		{"base64 cut off 4", "=?utf-8?B?2LPZhN?= =?utf-8?B?in2YU=?=", "سلام"},
		{"mixed B and Q", "=?utf-8?B?w6k=?= =?utf-8?Q?=C3=A9?=", "éé"},
		{"spaces inside", "=?utf-8?Q?caf=C3=A9 au lait?=", "café au lait"},
		{"spaces around", "=? utf-8 ? Q ?caf=C3=A9?=", "café"},
		{"lower case", "=?UTF-8?q?caf=c3=a9?=", "café"},
		{"no blank between", "=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"},
		{"glued to text", "x=?utf-8?Q?=C3=A9?=y", "xéy"},
		{"no end", "=?utf-8?Q?caf=C3=A9", "café"},
		{"no end then text", "=?utf-8?B?w6k= and more", "é and more"},
		{"question mark in Q", "=?utf-8?Q?really?_yes?=", "really? yes"},
		{"starts with hex after ?=", "=?utf-8?Q??=41?=", "?A"},
		{"unknown charset", "=?x-none-such?Q?caf=E9?=", "café"},
		{"unknown charset utf-8", "=?x-none-such?Q?caf=C3=A9?=", "café"},
		{"not a word", "=?this is? not one?=", "=?this is? not one?="},
		{"unknown encoding", "=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
		{"empty text", "a =?utf-8?Q??= b", "a  b"},
		{"bad escape", "=?utf-8?Q?100=%_a=ZZ?=", "100=% a=ZZ"},
		{"NUL and breaks", "=?utf-8?Q?a=00b=0D=0AFrom:_x?=", "ab  From: x"},
		{"raw utf-8", "caf\xc3\xa9", "café"},
		{"raw latin-1", "caf\xe9 au lait", "café au lait"},
		{"gb2312", "=?gb2312?B?x+vE+rLOvNO74dLp?=", "请您参加会议"},
		{"iso-2022-jp", "=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=", "テスト"},
		{"iso-2022-jp in two", "=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?= =?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=", "テストテスト"},
		{"koi8-r", "=?koi8-r?B?8NLJ18XU?=", "Привет"},
		{"windows-1256", "=?windows-1256?Q?=D3=E1=C7=E3?=", "سلام"},
		{"utf-7", "=?utf-7?Q?+BkUGKQYn-?=", "مةا"[:0] + fromUTF7([]byte("+BkUGKQYn-"))},
		{"in quotes", `"=?utf-8?Q?caf=C3=A9?="`, `"café"`},
		{"nested head", "=?utf-8?Q?=?utf-8?Q?caf=C3=A9?=", "=?utf-8?Q?café"},
	} {
		if got := decodeLine(c.in); got != c.want {
			t.Errorf("%s: %q\n got %q\nwant %q", c.name, c.in, got, c.want)
		}
	}
}

// A hostile header must not take quadratic time: with it this would run for minutes.
func TestWordsLinear(t *testing.T) {
	for _, s := range []string{strings.Repeat("=?utf-8?q?", 100000), strings.Repeat("=?", 400000), strings.Repeat("=?a?q?x ", 100000), strings.Repeat("=?utf-8?b?w6k?= ", 60000), "=?utf-8?q?" + strings.Repeat("?", 500000)} {
		if text := decodeLine(s); text == "" || len(text) > len(s) || !utf8.ValidString(text) {
			t.Errorf("%.40q…: %d bytes became %d", s, len(s), len(text))
		}
		ParseAddressList(s)
		parseMediaType("text/plain; name="+s, "")
	}
}

func TestParams(t *testing.T) {
	for _, c := range []struct{ in, param, want string }{
		// RFC 2231 §3, §4, §4.1
		{`message/external-body; access-type=URL; URL*0="ftp://"; URL*1="cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar"`, "url", "ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar"},
		{`application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A`, "title", "This is ***fun***"},
		{`application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2="isn't it!"`, "title", "This is even more ***fun*** isn't it!"},
		// RFC 5987 §3.2.2
		{`attachment; filename="EURO rates"; filename*=utf-8''%e2%82%ac%20rates`, "filename", "€ rates"},
		{`a/b; name*1*=%A9; name*0*=utf-8''caf%C3`, "name", "café"},
		{`a/b; name*0*=utf-8''caf%C3%A9; name*0="first wins"`, "name", "café"},
		{`a/b; name*=caf%C3%A9`, "name", "café"},
		{`a/b; name="utf-8''caf%C3%A9"`, "name", "café"},
		{`a/b; name="=?utf-8?Q?caf=C3=A9?="`, "name", "café"},
		{`a/b; name==?utf-8?Q?caf=C3=A9_au_lait?=`, "name", "café au lait"},
		{"a/b; name=\"=?utf-8?Q?caf=C3=A9?=\r\n =?utf-8?Q?.txt?=\"", "name", "café.txt"},
		{`a/b; name=my file.txt`, "name", "my file.txt"},
		{`a/b; name=my file.txt; x=y`, "name", "my file.txt"},
		{`a/b; name="no end`, "name", "no end"},
		{`a/b; name="a\"b\\c"`, "name", `a"b\c`},
		{`a/b name=x.txt`, "name", "x.txt"},
		{`a/b; charset=utf-8 name=x.txt`, "name", "x.txt"},
		{`a/b; charset = "utf-8" ; name = x.txt`, "name", "x.txt"},
		{`a/b; (comment) name=(another) x.txt (third)`, "name", "x.txt"},
		{`a/b;;; name=x.txt;`, "name", "x.txt"},
		{`a/b; NAME=x.txt; name=y.txt`, "name", "x.txt"},
		{"a/b; name=\"caf\xe9 au lait.txt\"", "name", "café au lait.txt"},
		{"a/b; name=\"a\x00b\r\n c.txt\"", "name", "ab c.txt"},
	} {
		if got := parseMediaType(unfold([]byte(c.in)), "").params[c.param]; got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.in, got, c.want)
		}
	}
	for in, want := range map[string]string{"TEXT/Html; charset=x": "text/html", " text / plain ": "text/plain", "text/plain charset=utf-8": "text/plain", "": "", "charset=utf-8": "", "text/plain(comment); a=b": "text/plain", `text/plain; format=flowed`: "text/plain"} {
		if got := parseMediaType(in, "").value; got != want {
			t.Errorf("type of %q: %q", in, got)
		}
	}
}

func TestCharsets(t *testing.T) {
	for _, c := range []struct{ label, in, want string }{
		{"utf-8", "\xef\xbb\xbfcaf\xc3\xa9", "café"}, {"UTF8", "caf\xe9 au lait s'il vous", "café au lait s'il vous"}, {"us-ascii", "caf\xc3\xa9", "café"},
		{"iso-8859-1", "\x93q\x94", "“q”"}, {"ISO8859-1", "\xe9", "é"}, {"iso-8859-15", "\xa4", "€"}, {"cp1252", "\x80", "€"}, {"windows1256", "\xd3", "س"},
		{"ibm850", "\x82", "é"}, {"cp437", "\x82", "é"}, {"x-mac-roman", "\x8e", "é"}, {"big5", "\xa4\xa4", "中"}, {"gbk", "\xd6\xd0", "中"}, {"ks_c_5601-1987", "\xb0\xa1", "가"},
		{"iso-2022-kr", "\x1b$)C\x0e0!\x0f a", "가 a"}, {"hz-gb-2312", "~{VP~}", "中"}, {"utf-16le", "a\x00b\x00", "ab"}, {"utf-16", "\xfe\xff\x00a", "a"},
		{"utf-7", "a+AOk-b+-c", "aéb+c"}, {"utf-8", "a\xc3\xa9\xffb", "aé\ufffdb"}, {"iso-8859-8-i", "\xe0", "א"}, {"\"utf-8\"", "é", "é"}, {"nonsense", "é", "é"},
		{"shift_jis", "\x83\x65", "テ"}, {"euc-jp", "\xa5\xc6", "テ"}, {"iso-8859-6", "\xd3", "س"},
		{"x-user-defined", "caf\xc3\xa9", "café"}, {"x-user-defined", "caf\xe9 au lait s'il vous", "café au lait s'il vous"},
	} {
		if got := decodeCharset([]byte(c.in), c.label); got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.label, c.in, got, c.want)
		}
	}
	persian, err := charmap.Windows1256.NewEncoder().String("سلام، حال شما چطور است؟ نامه‌ي شما ديروز به دست من رسيد")
	if err != nil {
		t.Fatal(err)
	}
	russian, err := charmap.KOI8R.NewEncoder().String("Это письмо без указания кодировки")
	if err != nil {
		t.Fatal(err)
	}
	plain := "سلام، حال شما چطور است؟ نامه‌ي شما ديروز به دست من رسيد"
	for _, c := range []struct{ label, in, want string }{
		// A label that cannot be true is not believed.
		{"iso-8859-1", persian, plain}, {"us-ascii", persian, plain}, {"utf-8", persian, plain}, {"windows-1252", "<p>" + persian + "</p>", "<p>" + plain + "</p>"},
		{"iso-8859-1", plain, plain}, {"windows-1256", plain, plain}, {"windows-1251", "Вам выставлен счет", "Вам выставлен счет"},
		{"", persian, plain}, {"", russian, "Это письмо без указания кодировки"}, {"", "\xd3\xe1\xc7\xe3", "سلام"},
		// One that can be true is.
		{"iso-8859-1", "\xe0\xe8\xec\xf2\xf9 \xc4\xd6\xdc\xe4\xf6\xfc\xdf", "àèìòù ÄÖÜäöüß"}, {"windows-1252", "caf\xc3\xa9", "cafÃ©"}, {"iso-8859-1", "now\xef\xbf\xbds, \xef\xbf\xbd \xef\xbf\xbd", "nowï¿½s, ï¿½ ï¿½"},
		{"utf-16", "a\x00b\x00", "ab"}, {"utf-16", "\x00a\x00b", "ab"}, {"utf-16", "\xff\xfea\x00", "a"}, {"x-imap4-modified-utf7", "&ZeVnLIqe-,+a&-b", "日本語,+a&b"},
		// ISO-2022-JP with what RFC 1554 and CP50220 add, -CN, and one with a character nobody has.
		{"iso-2022-jp", "a\x1b$B$\"\x1b(Bb\x1b$B$$\nc\x1b(I1\x1b(B", "aあbい\ncｱ"}, {"iso-2022-jp-2", "\x1b$AVP\x1b$(C0!\x1b(B\x1b.F\x1bNa", "中가α"}, {"cp50220", "\xb1", "ｱ"},
		{"iso-2022-cn", "\x1b$)A\x0eVP\x0f.", "中."}, {"iso-2022-jp", "\x1b$B$\"~~\x1b(B!", "あ\ufffd!"}, {"iso-2022-jp", "\x1b$B$", "\ufffd"},
	} {
		if got := decodeCharset([]byte(c.in), c.label); got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.label, c.in, got, c.want)
		}
	}
	// Nobody told the charset: it is found out.
	for want, in := range map[string]string{
		"Привет, как дела? Это письмо без указания кодировки.": "\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea \xe4\xe5\xeb\xe0? \xdd\xf2\xee \xef\xe8\xf1\xfc\xec\xee \xe1\xe5\xe7 \xf3\xea\xe0\xe7\xe0\xed\xe8\xff \xea\xee\xe4\xe8\xf0\xee\xe2\xea\xe8.",
		"Grüße aus München, schöne Straße":                     "Gr\xfc\xdfe aus M\xfcnchen, sch\xf6ne Stra\xdfe",
	} {
		if got := decodeRaw([]byte(in), ""); got != want {
			t.Errorf("guess: %q", got)
		}
	}
}
