package assets

import _ "embed"

// Vazirmatn (OFL, see fonts/Vazirmatn-OFL.txt) covers Persian, Arabic and Latin, so that no text of the window itself
// needs a fallback font.
var (
	//go:embed fonts/Vazirmatn-Regular.ttf
	FontRegular []byte
	//go:embed fonts/Vazirmatn-Medium.ttf
	FontMedium []byte
	//go:embed fonts/Vazirmatn-SemiBold.ttf
	FontSemiBold []byte
	//go:embed fonts/Vazirmatn-Bold.ttf
	FontBold []byte
)
