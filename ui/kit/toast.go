package kit

import (
	"cmp"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// toast is a box of words at the bottom of a window.
type toast struct {
	box    *Surface
	words  *Label
	timer  *time.Timer
	notice bool
	up     float32 // how far above the place of a single one it stands
}

const (
	toastGap   = 8
	toastMost  = 720 // as wide as one gets
	toastLines = 4
)

// ShowToast answers what the user did with words at the bottom of a window for a while, with at most one action (Undo). The
// next one replaces it.
func ShowToast(w fyne.Window, text string, d time.Duration, action ...Action) {
	HideToast(w)
	show(w, &toast{}, text, d, action)
}

// ShowNotice tells by such words what happened by itself. Nothing replaces it before its time: it stands beside toasts and other notices.
func ShowNotice(w fyne.Window, text string, d time.Duration, action ...Action) {
	show(w, &toast{notice: true}, text, d, action)
}

func show(w fyne.Window, t *toast, text string, d time.Duration, action []Action) {
	r, ok := w.Content().(*root)
	if !ok {
		return
	}
	t.words = NewLabel(text, Body).Lines(toastLines)
	row := HBox(14, Grow(t.words))
	for _, a := range action {
		row.Add(NewLinkText(a.Text, AccentText.Weighted(SemiBold), func() {
			r.hideToast(t)
			a.Do()
		}))
	}
	row.Add(NewIconButton(icons.X, lang.T("kit.dismiss"), func() { r.hideToast(t) }).Small())
	t.box = newPopup(Pad(5, 6, 5, 16, row))
	t.placeIn(r.Size()) // for its height
	r.stack(t)
	t.placeIn(r.Size())
	r.toasts = append(r.toasts, t)
	r.layer.Add(t.box)
	redraw(r)
	t.timer = later(d, func() { r.hideToast(t) })
}

// HideToast takes the toast away; notices stay.
func HideToast(w fyne.Window) {
	r, ok := w.Content().(*root)
	if !ok {
		return
	}
	if i := slices.IndexFunc(r.toasts, func(t *toast) bool { return !t.notice }); i >= 0 {
		r.hideToast(r.toasts[i])
	}
}

func (r *root) hideToast(t *toast) {
	t.stop()
	r.layer.Remove(t.box)
	redraw(r)
	r.toasts = slices.DeleteFunc(r.toasts, func(o *toast) bool { return o == t })
}

func (t *toast) stop() {
	if t.timer != nil {
		t.timer.Stop()
	}
}

// stack finds the lowest place for a new toast. Those that are there do not move: somebody may be about to press their button.
func (r *root) stack(t *toast) {
	h := t.box.Size().Height
	t.up = 0
	for _, o := range r.upwards() {
		if t.up+h+toastGap <= o.up {
			break
		}
		t.up = o.up + o.box.Size().Height + toastGap
	}
	if len(r.toasts) > 0 && t.up+h+theme.StatusHeight > r.Size().Height { // no room: what was told first was seen longest
		r.hideToast(r.toasts[0])
		r.stack(t)
	}
}

// placeToasts puts all where they belong in a window of this size: where it is narrow those below may be higher than they were.
func (r *root) placeToasts(s fyne.Size) {
	least := float32(0)
	for _, t := range r.upwards() {
		t.up = max(t.up, least)
		t.placeIn(s)
		least = t.up + t.box.Size().Height + toastGap
	}
}

func (r *root) upwards() []*toast {
	return slices.SortedStableFunc(slices.Values(r.toasts), func(a, b *toast) int { return cmp.Compare(a.up, b.up) })
}

// placeIn gives the toast the width of its words, and lines for what is longer than the window is wide.
func (t *toast) placeIn(s fyne.Size) {
	width := t.box.MinSize().Width - t.words.MinSize().Width + t.words.Natural().Width + 1
	width = min(width, s.Width-32, toastMost)
	m := fyne.NewSize(width, HeightFor(t.box, width))
	t.box.Resize(m)
	t.box.Move(fyne.NewPos((s.Width-m.Width)/2, s.Height-theme.StatusHeight-m.Height-16-t.up))
}

// newPopup is the surface of what floats: menus, toasts, tooltips, dialogs.
func newPopup(content fyne.CanvasObject) *Surface {
	s := newSurface(theme.Popup, theme.Line, theme.RadiusCard, content)
	s.shadow = true
	return s
}
