package cli_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// hostileMail refers to a server in every way that HTML, CSS and SVG know. SITE is replaced by the server's address.
const hostileMail = `<!DOCTYPE html><html manifest="SITE/manifest"><head>
<base href="SITE/base/"><meta http-equiv="refresh" content="0;url=SITE/refresh"><meta http-equiv="Link" content="<SITE/metalink>; rel=preload">
<link rel="stylesheet" href="SITE/sheet.css"><link rel="preload" as="image" href="SITE/preload.png"><link rel="prefetch" href="SITE/prefetch">
<link rel="dns-prefetch" href="SITE/dns"><link rel="icon" href="SITE/icon.png"><link rel="import" href="SITE/import.html">
<style>@import url("SITE/import.css"); @import "SITE/import2.css"; @font-face{font-family:f;src:url(SITE/font.woff)} @namespace "SITE/ns";
body{font-family:f;cursor:url(SITE/cursor.cur),auto} .l{list-style-image:url(SITE/list.png)} .b::before{content:url(SITE/content.png)} .m{mask:url(SITE/mask.svg#m);filter:url(SITE/filter.svg#f);clip-path:url(SITE/clip.svg#c);shape-outside:url(SITE/shape.png)}
.v{--x:url(SITE/var.png);background:var(--x)} .i{border-image:url(SITE/border.png) 3} .s{background:image-set(url(SITE/set.png) 1x)}</style>
<script src="SITE/script.js"></script><script>fetch("SITE/inline")</script></head>
<body onload="fetch('SITE/onload')" background="SITE/body.png">
<img src="SITE/picture.png" width="40" height="40" onerror="fetch('SITE/onerror')" longdesc="SITE/longdesc" usemap="SITE/usemap">
<img src="SITE/pixel.png" width="1" height="1"><img src="SITE/hidden.png" style="display:none"><img src="SITE/wf/open?u=reader" width="30" height="30">
<picture><source srcset="SITE/source.png"><img srcset="SITE/srcset.png 2x"></picture>
<table background="SITE/table.png"><tr><td background="SITE/cell.png" style="background-image:url('SITE/style.png')">x</td></tr></table>
<iframe src="SITE/frame.html" srcdoc="<img src=SITE/srcdoc.png>"></iframe><frameset><frame src="SITE/frame2.html"></frameset>
<object data="SITE/object.swf"><param name="movie" value="SITE/movie.swf"><embed src="SITE/embed.swf"></object><applet code="SITE/applet.class"></applet>
<video poster="SITE/poster.png" src="SITE/video.mp4" autoplay><track src="SITE/track.vtt"></video><audio src="SITE/audio.mp3" autoplay></audio>
<form action="SITE/form" method="post"><input type="image" src="SITE/input.png"><button formaction="SITE/formaction">x</button></form>
<svg><image href="SITE/svgimage.png" xlink:href="SITE/svgimage2.png"/><use href="SITE/use.svg#x"/><script href="SITE/svgscript.js"/><foreignObject><img src="SITE/foreign.png"></foreignObject></svg>
<math href="SITE/math"><mi>x</mi></math><a href="SITE/link" ping="SITE/ping">link</a><blockquote cite="SITE/cite">q</blockquote><ul class="l"><li>x</ul><p class="b m v i s">p</p>
<div style="background:url(//HOST/protocol.png)">x</div><v:image src="SITE/vml.png"></v:image><xml><o:img src="SITE/office.png"/></xml><noscript><img src="SITE/noscript.png"></noscript>
<template><img src="SITE/template.png"></template><img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='SITE/datasvg.png'/></svg>">
</body></html>`

// pictureServer answers every request with a picture and notes its path.
func pictureServer(t *testing.T) (url string, asked func() []string) {
	t.Helper()
	var img bytes.Buffer
	if err := png.Encode(&img, image.NewGray(image.Rect(0, 0, 30, 30))); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var paths []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		paths = append(paths, r.URL.Path)
		mu.Unlock()
		w.Write(img.Bytes())
	}))
	t.Cleanup(s.Close)
	return s.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		out := paths
		paths = nil
		return out
	}
}

func TestRenderFetchesNothingUntilAllowed(t *testing.T) {
	site, asked := pictureServer(t)
	html := strings.ReplaceAll(strings.ReplaceAll(hostileMail, "SITE", site), "HOST", strings.TrimPrefix(site, "http://"))
	dir := t.TempDir()
	page, mail := filepath.Join(dir, "a.html"), filepath.Join(dir, "a.eml")
	if err := os.WriteFile(page, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mail, []byte("From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"+html), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newPeyk(t)
	for _, file := range []string{page, mail} {
		out := filepath.Join(dir, "out.png")
		p.ok("render", file, "-o", out)
		p.ok("render", file, "-o", out, "--dark", "--width", "320", "--allow-private")
		if got := asked(); len(got) != 0 {
			t.Errorf("%s: nothing was allowed, but the server was asked for %q", filepath.Base(file), got)
		}
		r := p.run("render", file, "-o", out, "--allow-remote")
		if got := asked(); len(got) != 0 || r.code != 0 {
			t.Errorf("exit %d; the own network was reached: %q", r.code, got)
		}
		if !strings.Contains(r.err, "private network (--allow-private") {
			t.Errorf("what was not fetched is told as %q", r.err)
		}
		p.ok("render", file, "-o", out, "--allow-remote", "--allow-private")
		got := asked()
		for _, path := range got {
			if !pictureOfMail[path] {
				t.Errorf("%s was fetched, which is no picture of the mail", path)
			}
		}
		for _, want := range []string{"/picture.png", "/table.png", "/style.png", "/body.png"} {
			if !slices.Contains(got, want) {
				t.Errorf("%s was allowed and not fetched: %q", want, got)
			}
		}
	}
}

// pictureOfMail are those references that show something and are no trackers.
var pictureOfMail = map[string]bool{}

func init() {
	for _, p := range strings.Fields("body picture source srcset table cell style protocol list content border set var svgimage svgimage2 foreign shape mask") {
		pictureOfMail["/"+p+".png"] = true
		pictureOfMail["/base/"+p+".png"] = true
	}
}
