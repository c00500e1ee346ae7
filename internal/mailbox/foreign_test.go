package mailbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestStatusFields: the flags that mail programs write into headers.
func TestStatusFields(t *testing.T) {
	for head, want := range map[string]string{
		"X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\n":             `[\Seen]`,
		"X-Mozilla-Status: 1003\r\nX-Mozilla-Status2: 00800000\r\n":         `[$Forwarded $MDNSent \Answered \Seen]`,
		"X-Mozilla-Status: 0008\n":                                          `[] expunged`,
		"X-Mozilla-Status: 0000\nX-Mozilla-Status2: 00000008\n":             `[]`, // the lower half is not in the second field
		"X-Mozilla-Status: 0000\nX-Mozilla-Status2: 06000000\n":             `[$label3]`,
		"X-Mozilla-Status: 0000\nX-Mozilla-Status2: 0E000000\n":             `[]`, // there were five labels
		"X-Mozilla-Status: 0000\nX-Mozilla-Status2: 00210000\n":             `[\Deleted]`,
		"X-Mozilla-Keys: NonJunk $label2                                \n": `[$NotJunk $label2]`,
		"X-Mozilla-Keys: junk\nX-Mozilla-Status: zz\n":                      `[$Junk]`,
		"Status: RO\nX-Status: AFT\nX-Keywords: work  plan\n":               `[\Answered \Draft \Flagged \Seen plan work]`,
		"Status: O\n": `[]`,
	} {
		flags, expunged := statusFlags(bufio.NewReader(strings.NewReader(head + "Subject: x\n\nStatus: R\n")))
		got := fmt.Sprint(sorted(flags))
		if expunged {
			got += " expunged"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", head, got, want)
		}
	}
}

// TestForeignFolders: the folders of other programs get the names that people gave them; what a crash left is not imported.
func TestForeignFolders(t *testing.T) {
	dir := t.TempDir()
	mbox := "From - Tue Nov 25 14:05:06 2025\nSubject: x\n\nx\n"
	for _, p := range []string{"Mail/Local Folders/Inbox", "Mail/Local Folders/nstmp", "Mail/Local Folders/nstmp-1", "Mail/Local Folders/nstmps",
		"apple/Sent.mbox/mbox", "letters.2024", "old.mbox"} {
		put(t, filepath.Join(dir, p), mbox)
	}
	md := filepath.Join(dir, "Maildir")
	for _, sub := range []string{"", ".Work.Plans", ".&BkYGJwZFBkc-", ".R&D"} {
		if _, err := NewMaildirWriter(t.Context(), filepath.Join(md, sub)); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(md, sub, "cur", "1764079506.M1P2.host,S=14,W=16:2,RSaz"), "Subject: md\n\nx")
		put(t, filepath.Join(md, sub, "dovecot-keywords"), "0 $label1\n1 unused\nx y\n99 z\n")
		put(t, filepath.Join(md, sub, "maildirfolder"), "")
		put(t, filepath.Join(md, sub, "dovecot-uidlist"), "3 V1764079506 N2 G00\n1 :1764079506.M1P2.host\n")
	}
	got := map[string]string{}
	add := func(f Found) error {
		_, err := io.Copy(io.Discard, f.Reader)
		got[f.Folder] += fmt.Sprint(sorted(f.Flags))
		return err
	}
	if rep, err := Import(context.Background(), []string{dir}, ImportOptions{}, add); err != nil || len(rep.Failed) > 0 {
		t.Fatal(err, rep.Failed)
	}
	tagged := `[$label1 \Answered \Seen]`
	want := map[string]string{
		"Mail/Local Folders/Inbox": "[]", "Mail/Local Folders/nstmps": "[]", "apple/Sent": "[]", "letters.2024": "[]", "old": "[]",
		"Maildir": tagged, "Maildir/Work/Plans": tagged, "Maildir/نامه": tagged, "Maildir/R&D": tagged,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	for path, folder := range map[string]string{"letters.2024": "letters.2024", "old.mbox": "old", "apple/Sent.mbox": "Sent", "Maildir/.Work.Plans": "Work/Plans"} {
		got = map[string]string{}
		if _, err := Import(context.Background(), []string{filepath.Join(dir, path)}, ImportOptions{}, add); err != nil || len(got) != 1 || got[folder] == "" {
			t.Errorf("%s alone: %v %v", path, got, err)
		}
	}
}

func TestMaildirLetters(t *testing.T) {
	for name, want := range map[string]string{"1.a.h:2,FS": "FS", "1.a.h;2,S": "S", "1.a.h!2,R": "R", "1.a.h": "", "1.a.h,S=12,W=3": "", "2,S": "", "1.a:1,x": ""} {
		if got := maildirLetters(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestMboxForms: the four forms that mboxes have, and files whose Content-Length is not to be believed.
func TestMboxForms(t *testing.T) {
	const from = "From bob@example.com Tue Nov 25 14:05:06 2025\n"
	one := "Subject: one\n\nHello\n\nFrom here on\n>From there\n\n" + from + "Subject: a trap\n\nstill one\n"
	two := "Subject: two\n\n>>From x\nend"
	count := func(m, name string) string {
		head, body, _ := strings.Cut(m, "\n\n")
		return fmt.Sprintf("%s\n%s: %d\n\n%s", head, name, len(body), body)
	}
	rd := func(m string) string {
		return strings.NewReplacer("\n>>From ", "\n>>>From ", "\n>From ", "\n>>From ", "\nFrom ", "\n>From ").Replace(m)
	}
	o := func(m string) string { return strings.ReplaceAll(m, "\nFrom ", "\n>From ") }
	c1, c2 := count(one, "Content-Length"), count(two, "content-length")
	// mboxcl counts what it wrote, quoting included.
	l1, l2 := count(rd(one), "Content-Length"), count(rd(two), "Content-Length")
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	w1, w2 := count(one, "Content-Length"), count(two, "Content-Length")
	w1, w2 = crlf(strings.Replace(w1, fmt.Sprint(len(one)-14), fmt.Sprint(len(crlf(one))-16), 1)), crlf(strings.Replace(w2, fmt.Sprint(len(two)-14), fmt.Sprint(len(crlf(two))-16), 1))
	unrd := func(m string) string {
		return strings.NewReplacer("\n>>>From ", "\n>>From ", "\n>>From ", "\n>From ", "\n>From ", "\nFrom ").Replace(m)
	}
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"mboxrd", from + rd(one) + "\n" + from + rd(two) + "\n", []string{one, two + "\n"}},
		{"mboxo", from + o("Subject: one\n\nHello\n\nFrom here\n") + "\n" + from + "Subject: two\n\nx\n", []string{"Subject: one\n\nHello\n\nFrom here\n", "Subject: two\n\nx\n"}},
		{"mboxcl", from + l1 + "\n" + from + l2 + "\n\n", []string{unrd(l1), unrd(l2) + "\n"}},
		{"mboxcl2", from + c1 + "\n" + from + c2 + "\n\n", []string{c1, c2}},
		{"mboxcl2, nothing between", from + c1 + from + c2, []string{c1, c2}},
		{"mboxcl2 with CRLF", crlf(from) + w1 + "\r\n" + crlf(from) + w2 + "\r\n\r\n", []string{w1, w2}},
		{"a lie that would swallow the next message", from + "Subject: liar\nContent-Length: 66\n\nx\n\n" + from + "Subject: victim\n\n\n" + from + "Subject: c\n\nc\n",
			[]string{"Subject: liar\nContent-Length: 66\n\nx\n", "Subject: victim\n\n", "Subject: c\n\nc\n"}},
		{"a length behind the end", from + "Subject: a\nContent-Length: 99999\n\nx\n\n" + from + "Subject: b\n\ny\n", []string{"Subject: a\nContent-Length: 99999\n\nx\n", "Subject: b\n\ny\n"}},
		{"no number", from + "Content-Length: -5\nSubject: a\n\nFrom x\n", []string{"Content-Length: -5\nSubject: a\n\nFrom x\n"}},
	} {
		got, entries := readAll(t, []byte(c.in))
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, got, c.want)
			continue
		}
		for i, e := range entries { // an import that goes on in the middle of the file
			r := strings.NewReader(c.in)
			if _, err := r.Seek(e.Offset, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			next, err := newReader(r).Next()
			if err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(next.Reader); err != nil || string(b) != c.want[i] {
				t.Errorf("%s from byte %d: %q %v", c.name, e.Offset, b, err)
			}
		}
		again, _ := readAll(t, writeAll(t, got...))
		if !reflect.DeepEqual(again, got) {
			t.Errorf("%s written again: %q", c.name, again)
		}
	}
}
