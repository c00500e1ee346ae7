package theme

// Sizes in Fyne units (device-independent pixels).
const (
	TextBody    = 14
	TextList    = 13.5 // list subject and sender
	TextMeta    = 12.5 // snippet, dates, secondary lines
	TextSmall   = 11   // section headers, sizes of attachments
	TextTitle   = 16   // pane title
	TextSubject = 20   // message subject
	TextHero    = 25   // first line of the wizard

	Radius     = 8  // inputs, buttons, rows
	RadiusCard = 10 // cards

	ToolbarHeight   = 52
	FolderRowHeight = 32
	ListRowHeight   = 80
	ListRowCompact  = 36
	StatusHeight    = 28
	FolderPane      = 236
	ListPane        = 400
	Control         = 34 // buttons, inputs
	ControlSmall    = 30
	Icon            = 18
	IconSmall       = 16
	Avatar          = 36
)
