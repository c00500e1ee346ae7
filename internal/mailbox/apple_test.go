package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
)

func emlx(body string, flags int) string {
	return fmt.Sprintf("%-10d\n%s", len(body), body) + `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>date-received</key>
	<integer>1764000000</integer>
	<key>flags</key>
	<integer>` + fmt.Sprint(flags) + `</integer>
	<key>remote-id</key>
	<string>7</string>
</dict>
</plist>
`
}

func TestAppleMail(t *testing.T) {
	root := t.TempDir()
	letter := func(n string) string { return "Subject: " + n + "\n\n<plist>no</plist> " + n + "\n" }
	const account = "V10/1B2C/"
	for name, text := range map[string]string{
		account + "INBOX.mbox/AAAA/Data/Messages/1.emlx":              emlx(letter("one"), 1|1<<4|1<<8|3<<10),
		account + "INBOX.mbox/AAAA/Data/1/2/Messages/21.partial.emlx": emlx(letter("two"), 0),
		account + "Projekte.mbox/Köln.mbox/BBBB/Data/Messages/3.emlx": emlx(letter("three"), 1<<2|1<<6|1<<24),
		account + "INBOX.mbox/AAAA/Data/Messages/4.emlx":              emlx(letter("deleted"), 1<<1),
		account + "INBOX.mbox/AAAA/Data/Messages/5.emlx":              "no number\n",
		account + "INBOX.mbox/AAAA/Data/Messages/6.emlx":              "99999     \nSubject: cut\n",
		account + "INBOX.mbox/AAAA/Data/Messages/7.emlx":              fmt.Sprintf("%d\n%s", len(letter("seven")), letter("seven")),
		account + "INBOX.mbox/AAAA/Info.plist":                        "<plist/>",
		"MailData/Envelope Index":                                     "SQLite format 3",
	} {
		put(t, filepath.Join(root, filepath.FromSlash(name)), text)
	}
	type got struct {
		folder, body string
		flags        mail.Flags
		date         int64
	}
	found := map[string]got{}
	rep, err := Import(context.Background(), []string{root}, ImportOptions{}, func(f Found) error {
		b, err := io.ReadAll(f.Reader)
		found[filepath.Base(f.Source)] = got{f.Folder, string(b), f.Flags, f.Date.Unix()}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	never := time.Time{}.Unix()
	for name, want := range map[string]got{
		"1.emlx":          {"INBOX", letter("one"), mail.Flags{mail.FlagSeen, mail.FlagFlagged, mail.FlagForwarded}, 1764000000},
		"21.partial.emlx": {"INBOX", letter("two"), nil, 1764000000},
		"3.emlx":          {"Projekte/Köln", letter("three"), mail.Flags{mail.FlagAnswered, mail.FlagDraft, mail.FlagJunk}, 1764000000},
		"7.emlx":          {"INBOX", letter("seven"), nil, never},
	} {
		have := found[name]
		if !sameFlags(have.flags, want.flags) {
			t.Errorf("%s: flags %v, want %v", name, have.flags, want.flags)
		}
		if have.flags, want.flags = nil, nil; !reflect.DeepEqual(have, want) {
			t.Errorf("%s: %+v, want %+v", name, have, want)
		}
	}
	if len(found) != 4 || rep.Messages != 4 || len(rep.Failed) != 3 {
		t.Errorf("%d messages, report %+v", len(found), rep)
	}
	partial := false
	for _, f := range rep.Failed {
		partial = partial || errors.Is(f.Err, ErrPartial) && strings.HasSuffix(f.File, "21.partial.emlx")
	}
	if !partial {
		t.Errorf("nothing is said of what is missing: %+v", rep.Failed)
	}
}

func sameFlags(a, b mail.Flags) bool {
	if len(a) != len(b) {
		return false
	}
	for _, f := range a {
		if !b.Has(f) {
			return false
		}
	}
	return true
}

func TestAMessageOfAppleMailByItsName(t *testing.T) {
	root := t.TempDir()
	put(t, filepath.Join(root, "Work.mbox", "A", "Data", "Messages", "1.emlx"), emlx("Subject: x\n\ny\n", 1))
	for _, named := range []string{"Work.mbox", "Work.mbox/A/Data/Messages", "Work.mbox/A/Data/Messages/1.emlx"} {
		folder := ""
		rep, err := Import(context.Background(), []string{filepath.Join(root, filepath.FromSlash(named))}, ImportOptions{}, func(f Found) error {
			folder = f.Folder
			return nil
		})
		want := "Work"
		if strings.HasSuffix(named, "emlx") {
			want = "1"
		}
		if err != nil || rep.Messages != 1 || folder != want {
			t.Errorf("%s: %q, %v, %+v", named, folder, err, rep)
		}
	}
}
