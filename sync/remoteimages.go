package mailsync

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"peyk/accounts/dial"
	"peyk/internal/mail"
	"peyk/internal/remotecontent"
)

// newPictures makes the fetcher of remote images; those of allowed senders are kept in the profile.
func newPictures(profile string) *remotecontent.Fetcher {
	o := remotecontent.Options{Proxy: dial.Through}
	if profile != "" {
		o.Dir = filepath.Join(profile, "remote-images")
	}
	return remotecontent.New(o)
}

// RemoteImages fetches pictures that a message refers to, through the proxy of its account when that has one. got is called for each,
// one call at a time, not on the caller's goroutine. It returns when all are done or ctx ended. Whether they may be fetched is the
// caller's to ask: nothing else in the program fetches any.
func (e *Engine) RemoteImages(ctx context.Context, r mail.RemoteImages, got func(mail.RemoteImage)) error {
	a, err := e.st.Account(ctx, r.Account)
	if err != nil {
		return fmt.Errorf("load remote images: %w", err)
	}
	b := remotecontent.Batch{URLs: r.URLs, Proxy: a.Incoming.Proxy, Keep: r.Keep, AllowPrivate: r.Private}
	e.pictures.Fetch(ctx, b, func(res remotecontent.Result) {
		out := mail.RemoteImage{URL: res.URL, Data: res.Data}
		if bad := (*remotecontent.Error)(nil); errors.As(res.Err, &bad) {
			out.Reason = string(bad.Reason)
			e.opt.Log.Debug("remote image", "reason", bad.Reason)
		} else if res.Err != nil {
			return // the message was left
		}
		got(out)
	})
	return ctx.Err()
}

// ForgetRemoteImages deletes every remote image that is kept.
func (e *Engine) ForgetRemoteImages(context.Context) error {
	if err := e.pictures.Forget(); err != nil {
		return fmt.Errorf("delete the remote images: %w", err)
	}
	return nil
}

// AllowSender lets remote images of a sender be loaded from now on.
func (e *Engine) AllowSender(ctx context.Context, r mail.SenderRule) error {
	return e.st.SaveSenderRule(ctx, r)
}

// ForbidSender takes that back.
func (e *Engine) ForbidSender(ctx context.Context, addr string) error {
	return e.st.RemoveSenderRule(ctx, addr)
}
