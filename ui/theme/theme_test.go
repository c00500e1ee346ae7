package theme

import (
	"image/color"
	"testing"

	"peyk/internal/htmlview"
)

func TestTextContrast(t *testing.T) {
	for name, tok := range map[string]*Tokens{"light": &Light, "dark": &Dark} {
		pairs := map[string][2]color.NRGBA{
			"fg on bg": {tok.FG, tok.BG}, "fg on side": {tok.FG, tok.Side}, "fg on chip": {tok.FG, tok.Chip},
			"fg on selected": {tok.FG, tok.AccentBG}, "fg on popup": {tok.FG, tok.Popup},
			"muted on bg": {tok.Muted, tok.BG}, "muted on side": {tok.Muted, tok.Side},
			"muted on selected": {tok.MutedTint, tok.AccentBG}, "muted on chip": {tok.MutedTint, tok.Chip}, "muted under the pointer": {tok.MutedTint, over(tok.Hover, tok.BG)},
			"muted on selected under the pointer": {tok.MutedTint, over(tok.Hover, tok.AccentBG)},
			"accent on bg":                        {tok.Accent, tok.BG}, "accent on side": {tok.Accent, tok.Side},
			"accent on selected": {tok.Accent, tok.AccentBG}, "on accent": {tok.OnAccent, tok.Accent},
			"warning": {tok.WarningFG, tok.WarningBG}, "danger on bg": {tok.Danger, tok.BG},
			"danger on its ground": {tok.Danger, tok.DangerBG}, "on danger": {tok.OnDanger, tok.Danger},
			"found words": {tok.MarkFG, tok.Mark}, "quote 1": {tok.Quote[0], tok.BG}, "quote 2": {tok.Quote[1], tok.BG},
			"quote 3": {tok.Quote[2], tok.BG},
		}
		for what, p := range pairs {
			if c := htmlview.Contrast(p[0], p[1]); c < 4.5 {
				t.Errorf("%s: %s has a contrast of %.2f, want 4.5", name, what, c)
			}
		}
	}
}

// over is the colour of a ground with another laid over it.
func over(c, ground color.NRGBA) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8((int(a)*int(c.A) + int(b)*(255-int(c.A))) / 255) }
	return color.NRGBA{R: mix(c.R, ground.R), G: mix(c.G, ground.G), B: mix(c.B, ground.B), A: 255}
}

func TestEveryRoleHasAColour(t *testing.T) {
	for r := FG; r < None; r++ {
		if Light.Of(r).A == 0 || Dark.Of(r).A == 0 {
			t.Errorf("role %d is transparent", r)
		}
	}
	if Light.Of(None).A != 0 {
		t.Error("None is not transparent")
	}
}

// TestDarkCountsOnceTheDesktopWasHeard: Fyne says dark where nobody told it anything.
func TestDarkCountsOnceTheDesktopWasHeard(t *testing.T) {
	var d desktop
	if d.wantsDark(variantDark) {
		t.Error("dark although no desktop was heard")
	}
	d.wantsDark(variantLight)
	if !d.wantsDark(variantDark) {
		t.Error("the desktop changed to dark, the window does not")
	}
	var told desktop
	told.dark.Store(true)
	if !told.wantsDark(variantDark) || told.wantsDark(variantLight) {
		t.Error("the answer of the desktop does not count")
	}
	always := desktop{always: true}
	if !always.wantsDark(variantDark) || always.wantsDark(variantLight) {
		t.Error("Fyne's word does not count where it knows")
	}
}
