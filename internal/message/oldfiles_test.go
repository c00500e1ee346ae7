package message

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// uuSample holds the bytes 0 to 255 as Python's binascii.b2a_uu writes them.
const uuSample = "" +
	"begin 644 all.bin\n" +
	"M  $\" P0%!@<(\"0H+# T.#Q 1$A,4%187&!D:&QP='A\\@(2(C)\"4F)R@I*BLL\n" +
	"M+2XO,#$R,S0U-C<X.3H[/#T^/T!!0D-$149'2$E*2TQ-3D]045)35%565UA9\n" +
	"M6EM<75Y?8&%B8V1E9F=H:6IK;&UN;W!Q<G-T=79W>'EZ>WQ]?G^ @8*#A(6&\n" +
	"MAXB)BHN,C8Z/D)&2DY25EI>8F9J;G)V>GZ\"AHJ.DI::GJ*FJJZRMKJ^PL;*S\n" +
	"MM+6VM[BYNKN\\O;Z_P,'\"P\\3%QL?(R<K+S,W.S]#1TM/4U=;7V-G:V]S=WM_@\n" +
	"?X>+CY.7FY^CIZNOL[>[O\\/'R\\_3U]O?X^?K[_/W^_P  \n" +
	"`\n"

// allBytes is what is in uuSample.
func allBytes() string {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return string(b)
}

// yenc encodes as the yEnc draft says, in lines of 128.
func yenc(data string) string {
	var out strings.Builder
	for i := 0; i < len(data); i++ {
		c := data[i] + 42
		if c == 0 || c == '\n' || c == '\r' || c == '=' {
			out.WriteByte('=')
			c += 64
		}
		out.WriteByte(c)
		if i%128 == 127 || i == len(data)-1 {
			out.WriteString("\r\n")
		}
	}
	return out.String()
}

// TestFilesInTexts: the encoded files of old mailers, whole and damaged. What is not data stays text, word for word.
func TestFilesInTexts(t *testing.T) {
	all := allBytes()
	lines := strings.SplitAfter(uuSample, "\n")
	begin := fmt.Sprintf("=ybegin line=128 size=%d name=all.bin\r\n", len(all))
	posix := "begin-base64 644 all.bin\n" + base64.StdEncoding.EncodeToString([]byte(all))[:76] + "\n" + base64.StdEncoding.EncodeToString([]byte(all))[76:] + "\n====\n"
	for _, c := range []struct {
		name, block, after string
		want               string // the file; "-": none, all is text
	}{
		{"uu", uuSample + "end\n", "bye", all},
		{"uu with CRLF", strings.ReplaceAll(uuSample+"end\n", "\n", "\r\n"), "bye", all},
		{"uu with blanks for zero", strings.ReplaceAll(uuSample, "`", " ") + "end\n", "bye", all},
		{"uu without end", uuSample, "Regards, Bob", all},
		{"uu cut after its data, text after an empty line", strings.Join(lines[:len(lines)-2], ""), "\nRegards, Bob", all},
		{"uu cut before prose in small letters", strings.Join(lines[:3], ""), "hello again", all[:90]},
		{"uu with empty lines between", strings.ReplaceAll(uuSample, "\n", "\n\n") + "end\n", "bye", all},
		{"a sentence", "begin 644 times and you will see\nwhat it is good for.\n", "", "-"},
		{"another", "begin 644 x\n\nMany thanks\n", "", "-"},
		{"base64 of uuencode -m", posix, "bye", all},
		{"the same without end", strings.TrimSuffix(posix, "====\n"), "", "-"},
		{"yEnc", begin + yenc(all) + "=yend size=256\r\n", "bye", all},
		{"yEnc without end", begin + yenc(all), "bye", all},
		{"yEnc cut", begin + yenc(all[:128]), "", all[:128]},
		{"yEnc, a part of many", "=ybegin part=2 total=3 line=128 size=9999 name=all.bin\r\n=ypart begin=1 end=256\r\n" + yenc(all) + "=yend size=256 part=2\r\n", "bye", all},
		{"BinHex", binhex("all.bin", all), "bye", all},
		{"BinHex without end", strings.TrimSuffix(binhex("all.bin", all), ":\n") + "\n", "", "-"},
	} {
		m := ParseBytes([]byte("Subject: x\n\nhi\n" + c.block + c.after))
		list := m.Attachments()
		if c.want == "-" {
			if len(list) != 0 || !strings.Contains(m.Text(), strings.TrimSpace(strings.SplitN(c.block, "\n", 2)[0])) {
				t.Errorf("%s: %v %q", c.name, list, m.Text())
			}
			continue
		}
		if len(list) != 1 || list[0].Filename != "all.bin" {
			t.Errorf("%s: %v %.300q", c.name, list, m.Text())
			continue
		}
		if got := part(t, m, list[0].Part); got != c.want {
			t.Errorf("%s: the file has %d bytes: %q", c.name, len(got), got)
		}
		if got := strings.Join(strings.Fields(m.Text()), " "); got != strings.TrimSpace("hi "+strings.TrimSpace(c.after)) {
			t.Errorf("%s: text %q", c.name, got)
		}
	}
}

// TestInlinePGP: armour counts where it is a line of its own, after a quoted one too.
func TestInlinePGP(t *testing.T) {
	for in, want := range map[string]string{
		"-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n":                        "encrypted",
		"hi\n-----BEGIN PGP MESSAGE-----  \r\n\r\nabc\r\n":                                       "encrypted",
		"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nx\n-----BEGIN PGP SIGNATURE-----\n": "signed",
		"> -----BEGIN PGP MESSAGE-----\n> abc\n":                                                 "",
		"> -----BEGIN PGP MESSAGE-----\n> abc\n\n-----BEGIN PGP MESSAGE-----\nabc":               "encrypted",
		"- -----BEGIN PGP MESSAGE-----\n":                                                        "",
		"-----BEGIN PGP MESSAGE----- is how it begins\n":                                         "",
		"-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc":                                              "",
		"-----BEGIN PGP MESSAGE----------BEGIN PGP MESSAGE-----\n":                               "",
	} {
		s := ParseBytes([]byte("Subject: x\n\n" + in)).Security()
		got := map[bool]string{true: "encrypted"}[s.Encrypted] + map[bool]string{true: "signed"}[s.Signed]
		if got != want || (want != "") != (s.Kind == "openpgp-inline") {
			t.Errorf("%q: %q %+v", in, got, s)
		}
	}
}
