package imap

import (
	"bytes"
	"io"
	"slices"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
	mime "peyk/internal/message"
)

// nulMessage has a file with every byte in it, in the transfer encoding that allows them.
func nulMessage(file []byte) []byte {
	return slices.Concat([]byte("Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nFrom: sara@peyk.test\r\nSubject: all bytes\r\nMessage-ID: <nul@peyk.test>\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=xyz\r\n\r\n--xyz\r\nContent-Type: text/plain\r\n\r\nsee the file\r\n--xyz\r\n"+
		"Content-Type: application/octet-stream; name=all.bin\r\nContent-Disposition: attachment; filename=all.bin\r\nContent-Transfer-Encoding: binary\r\n\r\n"),
		file, []byte("\r\n--xyz--\r\n"))
}

// onlyReader hides everything else that a reader can do.
type onlyReader struct{ io.Reader }

// A message that holds NUL can be stored where the server has BINARY, whatever the server makes of its encoding; elsewhere that is told
// and nothing is sent.
func TestAppendOfNUL(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]struct {
		start func(t *testing.T) mailtest.Reach
		takes bool
	}{
		"Dovecot": {func(t *testing.T) mailtest.Reach { return mailtest.StartDovecot(t, mailtest.DovecotOptions{}).Reach() }, true},
		"Cyrus":   {func(t *testing.T) mailtest.Reach { return mailtest.StartCyrus(t, mailtest.CyrusOptions{}) }, true},
		"Courier": {func(t *testing.T) mailtest.Reach { return mailtest.StartCourier(t) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := reachOf(t, s.start(t))
			ctx := testContext(t)
			file := make([]byte, 300_000)
			for i := range file {
				file[i] = byte(i * i >> 3)
			}
			for n, raw := range [][]byte{nulMessage(file[:500]), nulMessage(file)} {
				var body io.Reader = bytes.NewReader(raw)
				if n == 1 {
					body = onlyReader{body}
				}
				_, err := c.Append(ctx, "INBOX", nil, time.Time{}, int64(len(raw)), body)
				if !s.takes {
					if e := remote.As(err); e == nil || !e.Permanent || e.Closed || e.Why != mail.CodeNUL {
						t.Errorf("append: %v", err)
					}
					continue
				}
				must(t, err)
				all, bad := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: mail.UID(n + 1), Last: mail.UID(n + 1)}}, remote.WantBody)
				if len(bad) > 0 || len(all) != 1 {
					t.Fatalf("%d messages, %v", len(all), bad)
				}
				r, err := mime.ParseBytes([]byte(all[mail.UID(n+1)].body)).OpenPart("2")
				must(t, err)
				back, err := io.ReadAll(r)
				must(t, err)
				if want := file[:min(len(file), 500+n*len(file))]; !bytes.Equal(back, want) {
					t.Errorf("a file of %d bytes came back as %d other ones", len(want), len(back))
				}
			}
			// The connection is as good as before.
			_, err := c.Append(ctx, "INBOX", nil, time.Time{}, int64(len(message(1))), bytes.NewReader(message(1)))
			must(t, err)
		})
	}
}
