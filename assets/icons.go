package assets

import "embed"

// Icons holds the Lucide icons in use (ISC, see icons/LICENSE-lucide.txt), one SVG of 24×24 units each.
//
//go:embed icons/*.svg
var Icons embed.FS

// Lang holds the strings of the window: lang/<language>/<area>.json.
//
//go:embed lang
var Lang embed.FS
