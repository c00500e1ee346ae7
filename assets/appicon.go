package assets

import _ "embed"

// AppIcon is the icon of the program, PNG, 256×256 (drawn from icons/peyk.svg).
//
//go:embed icons/peyk.png
var AppIcon []byte
