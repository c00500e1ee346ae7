package mailsync_test

import (
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// told waits for a problem of a certificate that a pass tells of.
func (r *rig) toldCertificate(ch <-chan mail.Progress) *mail.Problem {
	r.t.Helper()
	for end := time.After(2 * time.Minute); ; {
		select {
		case now := <-ch:
			if now.Problem != nil && now.Problem.Certificate != nil {
				return now.Problem
			}
		case <-end:
			r.t.Fatal("no certificate was told")
		}
	}
}

// TestARenewedCertificateIsAskedAboutOnce: both servers of a computer show the new one in the place of the same old one; who accepted it from one of them is not asked
// about the other, whether an authority confirms it or not.
func TestARenewedCertificateIsAskedAboutOnce(t *testing.T) {
	t.Parallel()
	for name, vouched := range map[string]bool{"an authority confirms it": true, "nobody confirms it": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, true)
			old := mailtest.Fingerprint(t, mailtest.SelfSigned)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) {
				for _, s := range []*mail.Server{&a.Incoming, &a.Outgoing.Server} {
					s.PinnedSHA256 = old
					if !vouched {
						s.CAFile = ""
					}
				}
			})
			ch, stop := r.e.Progress()
			defer stop()
			r.pass(a)
			p := r.toldCertificate(ch)
			if p.Certificate.Vouched != vouched || p.Certificate.Fault != mail.CertNotPinned {
				t.Fatalf("told is %+v", p.Certificate)
			}
			if err := r.e.Trust(r.ctx, a.ID, mail.SideIncoming, *p.Certificate); err != nil {
				t.Fatal(err)
			}
			if now, err := r.st.Account(r.ctx, a.ID); err != nil || now.Outgoing.PinnedSHA256 != old {
				t.Fatalf("the other server, which may show the old one still, has %q (%v)", now.Outgoing.PinnedSHA256, err)
			}
			d, err := r.e.NewDraft(r.ctx, a.ID)
			if err != nil {
				t.Fatal(err)
			}
			d.To, d.Subject, d.Text = []mail.Address{{Addr: r.mta.Address("sara")}}, "hello", "text"
			if _, err := r.e.Send(r.ctx, d, time.Time{}); err != nil {
				t.Fatal(err)
			}
			if res := r.sync(a); res.Sent != 1 {
				t.Errorf("%+v", res)
			}
			now, err := r.st.Account(r.ctx, a.ID)
			if err != nil || now.Outgoing.PinnedSHA256 != p.Certificate.Pin() || now.Incoming.PinnedSHA256 != p.Certificate.Pin() {
				t.Errorf("trusted are %q and %q (%v)", now.Incoming.PinnedSHA256, now.Outgoing.PinnedSHA256, err)
			}
		})
	}
}

// TestAnotherStrangerIsAskedAbout: what was accepted in the place of one certificate is not believed in the place of another one.
func TestAnotherStrangerIsAskedAbout(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.PinnedSHA256 = mailtest.Fingerprint(t, mailtest.SelfSigned)
		a.Outgoing.PinnedSHA256 = mailtest.Fingerprint(t, mailtest.Expired)
	})
	ch, stop := r.e.Progress()
	defer stop()
	r.pass(a)
	p := r.toldCertificate(ch)
	if err := r.e.Trust(r.ctx, a.ID, mail.SideIncoming, *p.Certificate); err != nil {
		t.Fatal(err)
	}
	d, err := r.e.NewDraft(r.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.To, d.Subject, d.Text = []mail.Address{{Addr: r.mta.Address("sara")}}, "hello", "text"
	if _, err := r.e.Send(r.ctx, d, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if res := r.pass(a); res.Sent != 0 || len(res.Failed) == 0 {
		t.Errorf("%+v", res)
	}
}
