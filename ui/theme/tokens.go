package theme

import "image/color"

// Tokens are the colours of one variant. Every colour that the window paints comes from here; mail's own HTML is the one
// exception.
type Tokens struct {
	Dark bool

	BG        color.NRGBA // reader, list, inputs
	Side      color.NRGBA // toolbar, folder pane, status bar
	Line      color.NRGBA // separators of 1 px, borders of inputs
	FG        color.NRGBA // text
	Muted     color.NRGBA // secondary text, icons at rest
	MutedTint color.NRGBA // the same on AccentBG, Chip and under the pointer, where Muted would be too faint to read
	Accent    color.NRGBA // primary action, selection, unread dot
	AccentBG  color.NRGBA // selected row
	OnAccent  color.NRGBA // text on Accent
	Chip      color.NRGBA // pills, recipients, notes

	WarningBG color.NRGBA
	WarningFG color.NRGBA
	Danger    color.NRGBA
	DangerBG  color.NRGBA
	OnDanger  color.NRGBA
	Star      color.NRGBA

	Hover     color.NRGBA // laid over Side or BG under the pointer
	Press     color.NRGBA // laid over Side or BG while pressed
	Selection color.NRGBA // behind selected text
	Mark      color.NRGBA // behind words found by a search
	MarkFG    color.NRGBA
	Popup     color.NRGBA // menus, dialogs, tooltips
	Scrim     color.NRGBA // over the window behind a dialog
	Shadow    color.NRGBA
	ScrollBar color.NRGBA
	Quote     [3]color.NRGBA // text of quoted levels 1, 2, 3 (then again from 1)
}

// Light are the tokens of the light variant.
var Light = Tokens{
	BG: rgb(0xffffff), Side: rgb(0xf4f5f7), Line: rgb(0xe4e6ea),
	FG: rgb(0x1c2330), Muted: rgb(0x68707f), MutedTint: rgb(0x5c6472),
	Accent: rgb(0x0f766e), AccentBG: rgb(0xe3f1ef), OnAccent: rgb(0xffffff),
	Chip:      rgb(0xeef0f3),
	WarningBG: rgb(0xfff6e0), WarningFG: rgb(0x7a5200),
	Danger: rgb(0xb42318), DangerBG: rgb(0xfdecea), OnDanger: rgb(0xffffff),
	Star:  rgb(0xd99a00),
	Hover: rgba(0x1c233010), Press: rgba(0x1c23301f),
	Selection: rgba(0x0f766e40), Mark: rgb(0xffe08a), MarkFG: rgb(0x1c2330),
	Popup: rgb(0xffffff), Scrim: rgba(0x1c233055), Shadow: rgba(0x1c233030),
	ScrollBar: rgba(0x68707f80),
	Quote:     [3]color.NRGBA{rgb(0x68707f), rgb(0x1d5fa8), rgb(0x8a4b08)},
}

// Dark are the tokens of the dark variant.
var Dark = Tokens{
	Dark: true,
	BG:   rgb(0x16191f), Side: rgb(0x11141a), Line: rgb(0x272c36),
	FG: rgb(0xe6e9ef), Muted: rgb(0x949cab), MutedTint: rgb(0xa3abb9),
	Accent: rgb(0x4fd1c0), AccentBG: rgb(0x12332f), OnAccent: rgb(0x0b1f1c),
	Chip:      rgb(0x232934),
	WarningBG: rgb(0x352a10), WarningFG: rgb(0xf2cf7a),
	Danger: rgb(0xff8a7a), DangerBG: rgb(0x3a1c19), OnDanger: rgb(0x2a0b07),
	Star:  rgb(0xf0bd3d),
	Hover: rgba(0xe6e9ef12), Press: rgba(0xe6e9ef22),
	Selection: rgba(0x4fd1c04d), Mark: rgb(0x6b5310), MarkFG: rgb(0xfff3cf),
	Popup: rgb(0x1c2029), Scrim: rgba(0x00000080), Shadow: rgba(0x00000080),
	ScrollBar: rgba(0x949cab80),
	Quote:     [3]color.NRGBA{rgb(0x949cab), rgb(0x8ab8f0), rgb(0xe0a872)},
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

func rgba(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 24), G: uint8(v >> 16), B: uint8(v >> 8), A: uint8(v)}
}

// Role names a token, so that a widget can keep which colour it wants and look it up each time it paints.
type Role uint8

// The roles, one for each token that a widget may take as a parameter.
const (
	FG Role = iota
	Muted
	MutedTint
	BG
	Side
	Line
	Accent
	AccentBG
	OnAccent
	Chip
	WarningBG
	WarningFG
	Danger
	DangerBG
	OnDanger
	Star
	Popup
	Quote1
	Quote2
	Quote3
	Mark
	MarkFG
	Hover
	White // on avatars
	None  // fully transparent
)

// Color returns the current colour of a role.
func (r Role) Color() color.NRGBA { return Current().Of(r) }

// Of returns the colour of a role in these tokens.
func (t *Tokens) Of(r Role) color.NRGBA {
	switch r {
	case FG:
		return t.FG
	case Muted:
		return t.Muted
	case MutedTint:
		return t.MutedTint
	case BG:
		return t.BG
	case Side:
		return t.Side
	case Line:
		return t.Line
	case Accent:
		return t.Accent
	case AccentBG:
		return t.AccentBG
	case OnAccent:
		return t.OnAccent
	case Chip:
		return t.Chip
	case WarningBG:
		return t.WarningBG
	case WarningFG:
		return t.WarningFG
	case Danger:
		return t.Danger
	case DangerBG:
		return t.DangerBG
	case OnDanger:
		return t.OnDanger
	case Star:
		return t.Star
	case Popup:
		return t.Popup
	case Quote1, Quote2, Quote3:
		return t.Quote[r-Quote1]
	case Mark:
		return t.Mark
	case MarkFG:
		return t.MarkFG
	case Hover:
		return t.Hover
	case White:
		return rgb(0xffffff)
	}
	return color.NRGBA{}
}
