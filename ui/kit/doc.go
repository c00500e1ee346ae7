// Package kit is the widget kit of the window. It mirrors itself under a right-to-left language (package lang), takes
// its colours and sizes from package theme, and lays its text out with internal/text.
//
// Layouts: HBox, HBoxTop, VBox, Flow, Grid, Border, Form, FormRow, Stack, Pad, PadXY, Inset, Fixed, MaxWidth, Center,
// Start, Grow, Spacer, Gap; HeightFor asks for the height at a width. Split, Scroll, Surface (NewSurface, NewCard,
// NewNote), HLine, VLine.
//
// Texts: Label, RichText (body of a mail), LinkText. Icons: Icon. Buttons: Button, NewIconButton, Chip (NewToggleChip,
// NewRecipientChip, NewPill), Avatar, OptionCard.
//
// Inputs: Entry, NewPasswordEntry, NewSearchEntry, NumberField, Editor, Check, RadioGroup, Select, Slider, Tabs.
//
// Lists: List (virtual, millions of rows), Tree (folders), DropTarget.
//
// Over the window: SetContent (every window uses it), ShowToast, ShowNotice, ShowMenu, ShowMenuBelow, Dialog, Confirm, Inform;
// tooltips come by Tip. In a window: Banner, Progress, EmptyState.
//
// Keyboard: every widget that acts takes the focus by Tab and draws a ring. Keys, runes and shortcuts that a focused
// widget does not use are handed to the canvas (ForwardKey, ForwardRune, ForwardShortcut), so that window.Canvas()
// .SetOnTypedKey and AddShortcut work wherever the focus is.
//
// A change of theme repaints by itself. After a change of language (lang.OnChange) a window builds its content anew;
// layouts and icons turn round with the next refresh.
//
// Traps of Fyne that the kit answers, and that its users meet too: an object that was hidden when its window was first
// painted is not known to its canvas, and its Refresh paints nothing (Show of a widget of this package does); a struct that
// embeds *fyne.Container is not painted, a row of a List must be a widget or a plain container; what a row hides in Bind is
// laid out again only by a Refresh of the row; the pointer goes to the deepest object that takes it, so that labels in rows
// must not be Selectable.
//
// Everything here belongs to the UI goroutine.
package kit
