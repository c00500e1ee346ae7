package mailsync

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strconv"

	"peyk/internal/mail"
	"peyk/internal/remotecontent"
)

// Unsubscribe asks a server by one request to take the reader off a list (RFC 8058), through the proxy of the account when that has one, and
// remembers what became of it. It returns when the server has answered, or with why it did not. Whether the message may be believed and the
// reader wants it is the caller's to ask: nothing else in the program sends such a request.
func (e *Engine) Unsubscribe(ctx context.Context, u mail.Unsubscription) error {
	u.At, u.State, u.Reason = e.opt.Now().UTC(), mail.UnsubscribeAsked, ""
	a, err := e.st.Account(ctx, u.Account)
	if err != nil {
		return fmt.Errorf("unsubscribe: %w", err)
	}
	if err := e.st.SaveUnsubscriptions(ctx, u); err != nil { // first: nobody can take back what was sent
		return fmt.Errorf("unsubscribe: %w", err)
	}
	failed := e.pictures.Unsubscribe(ctx, a.Incoming.Proxy, u.URL)
	u.State = mail.UnsubscribeDone
	var told error
	if failed != nil {
		p := unsubscribeProblem(u, failed)
		u.State, u.Reason, told = mail.UnsubscribeFailed, p.Store(), &unsubscribeError{p, failed}
		e.opt.Log.Info("unsubscribe", "host", u.Host(), "error", failed)
	}
	if err := e.st.SaveUnsubscriptions(context.WithoutCancel(ctx), u); err != nil {
		return errors.Join(told, fmt.Errorf("unsubscribe: %w", err))
	}
	return told
}

// ForgetUnsubscriptions takes requests off the list of those that failed; RestoreUnsubscriptions puts them back.
func (e *Engine) ForgetUnsubscriptions(ctx context.Context, urls ...string) ([]mail.Unsubscription, error) {
	return e.st.ForgetUnsubscriptions(ctx, urls...)
}

// RestoreUnsubscriptions takes a ForgetUnsubscriptions back.
func (e *Engine) RestoreUnsubscriptions(ctx context.Context, us []mail.Unsubscription) error {
	if len(us) == 0 {
		return nil
	}
	return e.st.SaveUnsubscriptions(ctx, us...)
}

// unsubscribeError is a request that was not answered with yes.
type unsubscribeError struct {
	p   *mail.Problem
	err error
}

func (e *unsubscribeError) Error() string { return e.p.Summary }

func (e *unsubscribeError) Unwrap() error { return e.err }

// Problem tells people what went wrong.
func (e *unsubscribeError) Problem() *mail.Problem { return e.p }

func unsubscribeProblem(u mail.Unsubscription, err error) *mail.Problem {
	host := u.Host()
	p := &mail.Problem{Account: u.Account, Kind: mail.ProblemNetwork, Code: mail.CodeWebDown, Where: host, Detail: err.Error(), Summary: host + " cannot be reached: " + err.Error()}
	var bad *remotecontent.Error
	var cert *tls.CertificateVerificationError
	switch errors.As(err, &bad); {
	case bad == nil:
		p.Code, p.Summary = mail.CodeWebUnknown, "the request to "+host+" was broken off"
	case bad.Reason == remotecontent.TooSlow:
		p.Code, p.Summary = mail.CodeWebUnknown, host+" did not answer in time"
	case bad.Reason == remotecontent.Private:
		p.Kind, p.Code, p.Summary = mail.ProblemConfig, mail.CodeWebPrivate, host+" lies in a private network"
	case bad.Reason == remotecontent.Refused && bad.Status/100 == 3:
		p.Kind, p.Code, p.Summary = mail.ProblemServer, mail.CodeWebElsewhere, host+" wants a page to be opened instead"
	case bad.Reason == remotecontent.Refused:
		p.Kind, p.Code, p.Args = mail.ProblemServer, mail.CodeWebRefused, []string{strconv.Itoa(bad.Status)}
		p.Summary = fmt.Sprintf("%s answered %d", host, bad.Status)
	case bad.Reason == remotecontent.Redirects:
		p.Kind, p.Code, p.Summary = mail.ProblemServer, mail.CodeWebElsewhere, host+" points elsewhere: "+err.Error()
	case bad.Reason == remotecontent.BadAddress:
		p.Kind, p.Code, p.Summary = mail.ProblemConfig, mail.CodeWebAddress, "the address of the list cannot be used: "+err.Error()
	case errors.As(err, &cert):
		p.Code, p.Summary = mail.CodeWebUnproven, host+" could not prove who it is"
	}
	return p
}
