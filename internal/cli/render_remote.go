package cli

import (
	"context"
	"errors"
	"fmt"
	"image"
	"maps"
	"slices"
	"strings"

	"peyk/internal/htmlview"
	"peyk/internal/remotecontent"
	"peyk/internal/weblink"
)

// pictures gives the pictures of a page: those that it brings along, and with --allow-remote those on servers. Trackers are never
// fetched; addresses of the own network only with --allow-private.
func (o *renderOptions) pictures(ctx context.Context, p page) func(url string) image.Image {
	if !o.allowRemote {
		return p.picture
	}
	got, failed := map[string]image.Image{}, map[remotecontent.Reason]int{}
	left := maxPixels
	remotecontent.New(remotecontent.Options{}).Fetch(ctx, remotecontent.Batch{URLs: o.wanted(ctx, p), AllowPrivate: o.allowPrivate}, func(r remotecontent.Result) {
		if e := (*remotecontent.Error)(nil); errors.As(r.Err, &e) {
			failed[e.Reason]++
			return
		}
		if img := htmlview.DecodeImage(r.Data, left); img != nil {
			left -= img.Bounds().Dx() * img.Bounds().Dy()
			got[r.URL] = img
		}
	})
	for _, why := range slices.Sorted(maps.Keys(failed)) { // a picture with holes explains itself
		fmt.Fprintf(o.told, "peyk render: %d remote images not fetched: %s\n", failed[why], reasonWords[why])
	}
	return func(url string) image.Image {
		if img := got[url]; img != nil {
			return img
		}
		return p.picture(url)
	}
}

// wanted are the addresses that painting the page needs. A layout says so best: it knows which rules apply.
func (o *renderOptions) wanted(ctx context.Context, p page) []string {
	var urls []string
	doc, err := htmlview.Parse(ctx, p.html, htmlview.Options{Images: func(url string) image.Image {
		if weblink.Remote(url) {
			urls = append(urls, url)
		}
		return p.picture(url)
	}})
	if err != nil {
		return nil
	}
	if _, err := doc.Layout(ctx, float32(o.width), htmlview.LayoutOptions{Dark: o.dark}); err != nil {
		return nil
	}
	pictures, _ := weblink.Split(urls, trimmed(doc.Trackers()))
	return pictures
}

func trimmed(list []string) []string {
	out := slices.Clone(list)
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

var reasonWords = map[remotecontent.Reason]string{
	remotecontent.BadAddress:   "no address of the web (http or https, at its usual ports, without a user name)",
	remotecontent.Private:      "in a private network (--allow-private fetches them)",
	remotecontent.Redirects:    "redirected too often, or to what is no web address",
	remotecontent.TooLarge:     "too large",
	remotecontent.NotAPicture:  "no picture",
	remotecontent.Refused:      "the server refused",
	remotecontent.TooSlow:      "too slow",
	remotecontent.Unreachable:  "not reached",
	remotecontent.TooManyFiles: "too many for one message",
}
