package kit

import (
	"time"

	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// toast is the box of words at the bottom of a window.
type toast struct {
	box   fyne.CanvasObject
	timer *time.Timer
}

// ShowToast shows words at the bottom of a window for a while, with at most one action (Undo). Another toast replaces it.
func ShowToast(w fyne.Window, text string, d time.Duration, action ...Action) {
	r, ok := w.Content().(*root)
	if !ok {
		return
	}
	HideToast(w)
	t := &toast{}
	row := HBox(14, NewLabel(text, Body))
	for _, a := range action {
		row.Add(NewLinkText(a.Text, AccentText.Weighted(SemiBold), func() {
			r.hideToast(t)
			a.Do()
		}))
	}
	cross := NewIconButton(icons.X, lang.T("kit.dismiss"), func() { r.hideToast(t) }).Small()
	row.Add(cross)
	t.box = newPopup(Pad(5, 6, 5, 16, row))
	r.toast = t
	t.placeIn(r.Size())
	r.layer.Add(t.box)
	redraw(r)
	t.timer = later(d, func() { r.hideToast(t) })
}

// HideToast takes the toast away.
func HideToast(w fyne.Window) {
	if r, ok := w.Content().(*root); ok && r.toast != nil {
		r.hideToast(r.toast)
	}
}

func (r *root) hideToast(t *toast) {
	t.stop()
	r.layer.Remove(t.box)
	redraw(r)
	if r.toast == t {
		r.toast = nil
	}
}

func (t *toast) stop() {
	if t.timer != nil {
		t.timer.Stop()
	}
}

func (t *toast) placeIn(s fyne.Size) {
	m := t.box.MinSize()
	m.Width = min(m.Width, s.Width-32)
	t.box.Resize(m)
	t.box.Move(fyne.NewPos((s.Width-m.Width)/2, s.Height-theme.StatusHeight-m.Height-16))
}

// newPopup is the surface of what floats: menus, toasts, tooltips, dialogs.
func newPopup(content fyne.CanvasObject) *Surface {
	s := newSurface(theme.Popup, theme.Line, theme.RadiusCard, content)
	s.shadow = true
	return s
}
