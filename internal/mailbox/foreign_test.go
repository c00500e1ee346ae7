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
		if err := CreateMaildir(filepath.Join(md, sub)); err != nil {
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
