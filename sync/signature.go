package mailsync

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"peyk/internal/mail"
)

// Bounds of a check: signatures of one message, time for one key and bytes of one message.
const (
	maxSignatures   = 5
	keyTime         = 8 * time.Second
	maxSignedLength = 64 << 20
)

// ErrThroughProxy is returned for a check that would go past the proxy of its account.
var ErrThroughProxy = errors.New("the account uses a proxy, and looking up the key would go past it")

// CheckSignature checks the DKIM signatures of a message (RFC 6376) on this computer and remembers what it found. It asks DNS for the
// signers' keys. Such a question can be seen by whoever runs the name servers in between, and by the signer, who may use a key's name of
// its own for each message: that is why it is done when the user asks for it and never by itself. A key that could not be fetched
// is an error, and nothing is remembered.
func (e *Engine) CheckSignature(ctx context.Context, id mail.MessageID) ([]mail.SignatureCheck, error) {
	d, err := e.st.Details(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("check the signature of message %d: %w", id, err)
	}
	a, err := e.st.Account(ctx, d.Account)
	switch {
	case err != nil:
		return nil, fmt.Errorf("check the signature of message %d: %w", id, err)
	case d.Blob == nil:
		return nil, fmt.Errorf("check the signature of message %d: it is not here whole yet", id)
	case a.Incoming.Proxy != "":
		return nil, ErrThroughProxy
	}
	b, err := e.st.OpenBlob(ctx, d.Blob.Hash)
	if err != nil {
		return nil, fmt.Errorf("check the signature of message %d: %w", id, err)
	}
	defer b.Close()
	checks, err := e.verify(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("check the signature of message %d: %w", id, err)
	}
	return checks, e.st.SaveSignatures(ctx, d.Blob.Hash, checks)
}

func (e *Engine) verify(ctx context.Context, raw io.Reader) (checks []mail.SignatureCheck, err error) {
	defer func() { // the library reads what strangers wrote
		if r := recover(); r != nil {
			err = fmt.Errorf("the signature cannot be read: %v", r)
		}
	}()
	found, err := dkim.VerifyWithOptions(bufio.NewReader(io.LimitReader(raw, maxSignedLength)), &dkim.VerifyOptions{
		MaxVerifications: maxSignatures,
		LookupTXT: func(name string) ([]string, error) {
			ctx, end := context.WithTimeout(ctx, keyTime)
			defer end()
			return e.opt.LookupTXT(ctx, name)
		},
	})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return nil, err
	}
	checks = []mail.SignatureCheck{}
	for _, v := range found {
		if dkim.IsTempFail(v.Err) || ctx.Err() != nil {
			return nil, fmt.Errorf("the key of %s could not be fetched: %w", v.Domain, v.Err)
		}
		c := mail.SignatureCheck{Domain: strings.ToLower(v.Domain), OK: v.Err == nil, Checked: e.opt.Now().UTC()}
		if v.Err != nil {
			c.Reason = strings.TrimPrefix(v.Err.Error(), "dkim: ")
		}
		if c.OK && !v.Expiration.IsZero() && v.Expiration.Before(e.opt.Now()) {
			c.OK, c.Reason = false, "the signature has expired"
		}
		checks = append(checks, c)
	}
	return checks, nil
}
