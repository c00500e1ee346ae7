// Package icons gives the Lucide icons of assets/icons as Fyne resources, tinted by a token of the theme, and mirrored
// where an icon points (reply, forward, back) and the window runs from right to left.
package icons

import (
	"bytes"
	"fmt"
	"image/color"
	"sync"

	"fyne.io/fyne/v2"

	"peyk/assets"
)

// Name is the name of an icon: the file name in assets/icons without its ending. The empty name is no icon.
type Name string

// pointing are the icons that are mirrored in a window that runs from right to left.
var pointing = map[Name]bool{
	Reply: true, ReplyAll: true, Forward: true, ChevronLeft: true, ChevronRight: true,
	Undo2: true, Redo2: true, ArrowLeft: true, ArrowRight: true, LogOut: true,
	PanelLeft: true, AlignLeft: true, TextQuote: true,
}

type key struct {
	name     Name
	tint     color.NRGBA
	mirrored bool
}

var (
	mu    sync.Mutex
	cache = map[key]fyne.Resource{}
)

// Resource returns the icon in one colour; rtl mirrors it if it points. An unknown name gives an empty picture. It may be
// called from any goroutine.
func Resource(n Name, tint color.NRGBA, rtl bool) fyne.Resource {
	k := key{n, tint, rtl && pointing[n]}
	mu.Lock()
	defer mu.Unlock()
	if r, ok := cache[k]; ok {
		return r
	}
	r := fyne.NewStaticResource(fmt.Sprintf("%s-%02x%02x%02x%02x-%t.svg", n, tint.R, tint.G, tint.B, tint.A, k.mirrored), build(k))
	cache[k] = r
	return r
}

// build writes the SVG: the colour in place of currentColor, and a reflection around the whole picture.
func build(k key) []byte {
	svg, err := assets.Icons.ReadFile("icons/" + string(k.name) + ".svg")
	if err != nil {
		return []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"></svg>`)
	}
	hex := fmt.Sprintf("#%02x%02x%02x", k.tint.R, k.tint.G, k.tint.B)
	svg = bytes.ReplaceAll(svg, []byte("currentColor"), []byte(hex))
	svg = bytes.Replace(svg, []byte(`stroke-width="2"`), []byte(`stroke-width="1.8"`), 1) // as thin as the text beside
	svg = []byte(spaceArcs(string(svg)))
	if k.tint.A != 0xff {
		svg = bytes.Replace(svg, []byte("<svg"), fmt.Appendf(nil, `<svg stroke-opacity="%.3f"`, float64(k.tint.A)/255), 1)
	}
	if k.mirrored {
		open := bytes.Index(svg, []byte(">\n  <"))
		end := bytes.LastIndex(svg, []byte("</svg>"))
		if open > 0 && end > open {
			inner := append([]byte(nil), svg[open+1:end]...)
			head := append([]byte(nil), svg[:open+1]...)
			svg = append(append(append(head, []byte(`<g transform="matrix(-1 0 0 1 24 0)">`)...), inner...), []byte("</g></svg>")...)
		}
	}
	return svg
}
