package remotecontent

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Unsubscribe asks a server once to take the reader off a list (RFC 8058 §3.2): a POST of one fixed line to the address that
// the message names. It goes the way of pictures (the proxy, no cookies, no Referer, no credentials, no private addresses,
// Limits.One), and over https only. Redirects are followed only where they mean "the same request over there" (307, 308) and
// over there is https, too: after 301, 302 and 303 a client asks for a page, of which nobody can say whether it is the
// confirmation or a login form, so they count as not confirmed.
//
// nil means that the server answered 2xx. Any other answer is an *Error (Refused with its Status), or ctx's error.
func (f *Fetcher) Unsubscribe(ctx context.Context, proxy, raw string) error {
	ctx, end := context.WithTimeout(ctx, f.lim.One)
	defer end()
	u, err := address(raw)
	if err == nil && u.Scheme != "https" {
		err = errNotHTTPS
	}
	if err != nil {
		return &Error{URL: raw, Reason: BadAddress, Err: err}
	}
	t := f.transport(Batch{Proxy: proxy})
	defer t.CloseIdleConnections()
	for range f.lim.Redirects + 1 {
		next, err := oneClick(ctx, t, u)
		if bad := (*Error)(nil); errors.As(err, &bad) {
			bad.URL = raw
		}
		if err != nil || next == nil {
			return err
		}
		u = next
	}
	return &Error{URL: raw, Reason: Redirects, Err: fmt.Errorf("more than %d", f.lim.Redirects)}
}

var errNotHTTPS = errors.New("only https is asked")

// oneClick sends the request to one address; next is where it is to be repeated. Of the answer only its header is read.
func oneClick(ctx context.Context, t *http.Transport, u *url.URL) (next *url.URL, err error) {
	const body = "List-Unsubscribe=One-Click"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(body))
	if err != nil {
		return nil, &Error{Reason: BadAddress, Err: err}
	}
	req.GetBody = nil // sent once: the transport does not repeat it by itself
	req.Header = http.Header{"User-Agent": {"Mozilla/5.0"}, "Content-Type": {"application/x-www-form-urlencoded"}}
	resp, err := t.RoundTrip(req)
	if err != nil {
		return nil, failure(ctx, err)
	}
	resp.Body.Close()
	switch {
	case resp.StatusCode/100 == 2:
		return nil, nil
	case resp.StatusCode != http.StatusTemporaryRedirect && resp.StatusCode != http.StatusPermanentRedirect:
		return nil, &Error{Reason: Refused, Status: resp.StatusCode, Err: fmt.Errorf("the server answers %d", resp.StatusCode)}
	}
	next, err = u.Parse(resp.Header.Get("Location"))
	if err == nil {
		next, err = normal(next)
	}
	if err == nil && next.Scheme != "https" {
		err = errNotHTTPS
	}
	if err != nil {
		return nil, &Error{Reason: Redirects, Err: err}
	}
	return next, nil
}
