package mailsync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// A computer that renews a certificate which the user trusted by hand shows the new one on the ports of all its servers, today or tomorrow. The user has decided about
// it once; whoever shows it in the place of the same old one is believed then. A server that goes on showing the old one stays as it is.

// renewed is a certificate that was accepted in the place of a trusted one.
type renewed struct {
	Old string `json:"old"` // the fingerprint that was trusted before
	New string `json:"new"` // that of the accepted one
	Pin string `json:"pin"` // what is trusted from then on; see mail.CertificateProblem.Pin
}

func renewedKey(host string) string { return "certificate.renewed." + strings.ToLower(host) }

// Trust pins the certificate that one server of an account showed and the user accepted.
func (e *Engine) Trust(ctx context.Context, id mail.AccountID, side mail.ServerSide, c mail.CertificateProblem) error {
	host, old := "", ""
	a, err := e.st.ChangeAccount(ctx, id, func(a *mail.Account) bool {
		srv := serverOf(a, side)
		if srv == nil {
			return false
		}
		host, old = srv.Host, srv.PinnedSHA256
		srv.PinnedSHA256 = c.Pin()
		return true
	})
	if err != nil {
		return err
	}
	if serverOf(&a, side) == nil {
		return fmt.Errorf("an account has no %q server", side)
	}
	if old != "" {
		b, _ := json.Marshal(renewed{old, c.SHA256, c.Pin()}) // strings: cannot fail
		if err := e.st.SetSetting(ctx, renewedKey(host), string(b)); err != nil {
			return err
		}
	}
	e.restart(a)
	return nil
}

func serverOf(a *mail.Account, side mail.ServerSide) *mail.Server {
	switch side {
	case mail.SideIncoming:
		return &a.Incoming
	case mail.SideOutgoing:
		return &a.Outgoing.Server
	}
	return nil
}

// renewed looks whether what a server was refused for is a certificate that the user accepted from another server of the same host, in the place of the same one.
// Then it is trusted here, too, and k is what opens sessions from now on.
func (k knowing) renewed(ctx context.Context, side mail.ServerSide, failed error) (_ knowing, ok bool) {
	re := remote.As(failed)
	if re == nil || re.Cert == nil || re.Cert.Fault != mail.CertNotPinned {
		return k, false
	}
	srv := serverOf(&k.a, side)
	text, err := k.e.st.Setting(ctx, renewedKey(srv.Host))
	if err != nil || text == "" {
		return k, false // it is asked about
	}
	var r renewed
	if json.Unmarshal([]byte(text), &r) != nil || r.New != re.Cert.SHA256 || r.Old != srv.PinnedSHA256 {
		return k, false
	}
	_, err = k.e.st.ChangeAccount(ctx, k.a.ID, func(now *mail.Account) bool {
		stored := serverOf(now, side)
		if !strings.EqualFold(stored.Host, srv.Host) || stored.PinnedSHA256 != r.Old {
			return false
		}
		stored.PinnedSHA256 = r.Pin
		return true
	})
	if err != nil {
		return k, false
	}
	srv.PinnedSHA256 = r.Pin
	k.Opener = k.e.opt.OpenerFor(k.a)
	return k, true
}

// pins gives an account the certificates that are trusted by now: one may have been since it was read.
func (e *Engine) pins(ctx context.Context, a *mail.Account) error {
	now, err := e.st.Account(ctx, a.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // told by who writes for it
	}
	if err != nil {
		return err
	}
	for _, side := range []mail.ServerSide{mail.SideIncoming, mail.SideOutgoing} {
		if srv, stored := serverOf(a, side), serverOf(&now, side); strings.EqualFold(srv.Host, stored.Host) && srv.Port == stored.Port {
			srv.PinnedSHA256 = stored.PinnedSHA256
		}
	}
	return nil
}
