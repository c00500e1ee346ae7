package mailsync_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestAHeaderOfOldGoesOn: what was received with raw letters in its header (not in its addresses) and with lines longer than the standard allows is redirected, and sent from a file, also by
// servers without SMTPUTF8. It arrives byte for byte, and its signature holds.
func TestAHeaderOfOldGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.mta = mailtest.StartPostfix(t, r.dove, mailtest.PostfixOptions{NoUTF8: true})
	a := r.account("ali", mail.IMAP, nil)
	public, private, err := ed25519.GenerateKey(nil)
	check(t, err)
	var raw bytes.Buffer
	check(t, dkim.Sign(&raw, strings.NewReader("From: \xd3\xe3\xed\xd1\xc9 <shop@shop.example>\r\nTo: سارا <sara@elsewhere.example>\r\nSubject: Gr\xfc\xdfe 1998\r\nDate: Tue, 25 Nov 2025 10:00:00 +0000\r\n"+
		"Message-ID: <old@shop.example>\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n.\r\nGr\xfc\xdfe\r\n"+strings.Repeat("long. ", 1500)+"\r\n"),
		&dkim.SignOptions{Domain: "shop.example", Selector: "s1", Signer: private}))
	r.dove.Deliver("ali", raw.Bytes())
	r.sync(a)
	_, id := r.redirect(r.rows(r.inbox(a))[0].ID, time.Time{}, nil)
	r.pass(a)
	if it, err := r.st.OutboxItem(r.ctx, id); err == nil {
		t.Fatalf("not sent: %+v", it)
	}
	got := r.arrive("sara", "INBOX", 1)[0]
	if !bytes.HasSuffix(got, raw.Bytes()) {
		t.Errorf("arrived: %.900q", got)
	}
	vs, err := dkim.VerifyWithOptions(bytes.NewReader(got), &dkim.VerifyOptions{LookupTXT: func(string) ([]string, error) {
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
	}})
	if err != nil || len(vs) != 1 || vs[0].Err != nil {
		t.Errorf("the signature: %+v, %v", vs, err)
	}
	// One whose address is beyond ASCII cannot go by this server, and that is said.
	if _, err := r.e.SendRawAt(r.ctx, a.Name, []byte("From: ali@peyk.test\r\nTo: sara@peyk.test\r\nCc: <سارا@elsewhere.example>\r\nSubject: x\r\n\r\n"), time.Time{}); err != nil {
		t.Fatal(err)
	}
	if res := r.pass(a); res.Sent != 0 || len(res.Failed) != 1 || !strings.Contains(res.Failed[0], "SMTPUTF8") {
		t.Errorf("an address beyond ASCII: %+v", res)
	}
}

// TestDoubledReturnsAreOneLineEnd: a file whose line ends were made CRLF twice is a message with the same lines, as it is for who redirects it, and what Postfix is given has no other line ends.
func TestDoubledReturnsAreOneLineEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	text := "From: ali@peyk.test\r\nTo: sara@peyk.test\r\nSubject: doubled\r\nDate: Tue, 25 Nov 2025 10:00:00 +0000\r\nMessage-ID: <1@peyk.test>\r\n\r\none\r\n\r\n.two\r\n"
	_, err := r.e.SendRawAt(r.ctx, a.Name, []byte(strings.ReplaceAll(text, "\r\n", "\r\r\n")), time.Time{})
	check(t, err)
	r.sync(a)
	if got := r.arrive("sara", "INBOX", 1)[0]; !bytes.HasSuffix(got, []byte(text)) {
		t.Errorf("arrived: %q", got)
	}
}
