package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"peyk/assets"
)

const (
	variantLight = fynetheme.VariantLight
	variantDark  = fynetheme.VariantDark
)

var (
	fontRegular = fyne.NewStaticResource("Vazirmatn-Regular.ttf", assets.FontRegular)
	fontBold    = fyne.NewStaticResource("Vazirmatn-SemiBold.ttf", assets.FontSemiBold)
)

// fyneTheme maps the tokens to the names of Fyne.
type fyneTheme struct{ _ int }

func (*fyneTheme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	apply(v)
	t := Current()
	switch n {
	case fynetheme.ColorNameBackground:
		return t.BG
	case fynetheme.ColorNameForeground:
		return t.FG
	case fynetheme.ColorNamePrimary, fynetheme.ColorNameHyperlink, fynetheme.ColorNameFocus:
		return t.Accent
	case fynetheme.ColorNameForegroundOnPrimary:
		return t.OnAccent
	case fynetheme.ColorNameButton, fynetheme.ColorNameDisabledButton, fynetheme.ColorNameHeaderBackground:
		return t.Chip
	case fynetheme.ColorNameDisabled, fynetheme.ColorNamePlaceHolder:
		return t.Muted
	case fynetheme.ColorNameError:
		return t.Danger
	case fynetheme.ColorNameForegroundOnError:
		return t.OnDanger
	case fynetheme.ColorNameWarning:
		return t.WarningFG
	case fynetheme.ColorNameForegroundOnWarning:
		return t.WarningBG
	case fynetheme.ColorNameSuccess:
		return t.Accent
	case fynetheme.ColorNameHover:
		return t.Hover
	case fynetheme.ColorNamePressed:
		return t.Press
	case fynetheme.ColorNameSelection:
		return t.Selection
	case fynetheme.ColorNameInputBackground:
		return t.BG
	case fynetheme.ColorNameInputBorder, fynetheme.ColorNameSeparator:
		return t.Line
	case fynetheme.ColorNameMenuBackground, fynetheme.ColorNameOverlayBackground:
		return t.Popup
	case fynetheme.ColorNameScrollBar:
		return t.ScrollBar
	case fynetheme.ColorNameScrollBarBackground:
		return color.Transparent
	case fynetheme.ColorNameShadow:
		return t.Shadow
	}
	return fynetheme.DefaultTheme().Color(n, v)
}

func (*fyneTheme) Font(s fyne.TextStyle) fyne.Resource {
	switch {
	case s.Monospace || s.Symbol:
		return fynetheme.DefaultTheme().Font(s)
	case s.Bold:
		return fontBold
	}
	return fontRegular
}

func (*fyneTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return fynetheme.DefaultTheme().Icon(n) }

func (*fyneTheme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case fynetheme.SizeNameText:
		return TextBody
	case fynetheme.SizeNameCaptionText:
		return TextMeta
	case fynetheme.SizeNameHeadingText:
		return TextSubject
	case fynetheme.SizeNameSubHeadingText:
		return TextTitle
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameSelectionRadius:
		return Radius
	case fynetheme.SizeNameInlineIcon:
		return Icon
	case fynetheme.SizeNameSeparatorThickness, fynetheme.SizeNameInputBorder:
		return 1
	case fynetheme.SizeNameScrollBarSmall:
		return 6
	case fynetheme.SizeNameScrollBar:
		return 10
	}
	return fynetheme.DefaultTheme().Size(n)
}
