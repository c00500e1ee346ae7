package kit

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/theme"
)

func TestGalleryInputs(t *testing.T) {
	var search *Entry
	inVariants(t, "inputs", fyne.NewSize(820, 640), func(w fyne.Window) fyne.CanvasObject {
		name, mail, pass := NewEntry(), NewEntry().LTR(), NewPasswordEntry()
		name.SetText(tr("Maryam Nouri", "مریم نوری"))
		mail.SetText("maryam@example.org")
		pass.SetText("correct horse")
		bad := NewEntry()
		bad.SetPlaceholder(tr("Your name", "نام شما"))
		bad.SetError(true)
		search = NewSearchEntry()
		search.Decorate(func(s string) (out []Span) {
			for _, at := range operator.FindAllStringIndex(s, -1) {
				out = append(out, Span{Start: at[0], End: at[1], Pill: tr("from: Reza", "از: رضا")})
			}
			return out
		})
		search.SetText(tr("from:Reza has:attachment بودجه ", "از:رضا has:attachment بودجه "))
		search.Suggest = func(string) []Suggestion {
			return []Suggestion{{Text: "سارا محمدی", Detail: "sara@example.org"}, {Text: "Anna Keller", Detail: "anna@example.net"}}
		}
		editor := NewEditor()
		editor.SetText("سلام سارا،\n\nگزارش هفتهٔ ۴۸ را پیوست کردم؛ نسخهٔ v2.1 (final) است.\nAnna, the English part starts on page 3.\n> سارا در ۴ آذر نوشت:\n> > older line\nteh end")
		editor.Spell = func(p string) []Underline {
			if p == "teh end" {
				return []Underline{{0, 3}}
			}
			return nil
		}
		form := Form(164, FormItem{Label: tr("Your name", "نام شما"), Field: name}, FormItem{Label: tr("Email address", "نشانی ایمیل"), Field: mail},
			FormItem{Label: tr("Password", "گذرواژه"), Field: pass}, FormItem{Label: tr("Empty", "خالی"), Field: bad}, FormItem{Label: tr("Search", "جست‌وجو"), Field: search},
			FormItem{Label: tr("Remove after", "پس از"), Field: HBox(8, NewNumberField(1, 65535, false, nil), NewNumberField(14, 99, true, nil), NewLabel(tr("days", "روز"), Body))})
		tabs := NewTabs()
		tabs.Add(tr("General", "عمومی"), NewScroll(PadXY(26, 20, form)))
		tabs.Add(tr("Advanced", "پیشرفته"), NewLabel("x", Body))
		return Border(nil, Fixed(0, 300, Border(VBox(0, HLine(), PadXY(22, 8, HBox(4, NewIconButton(icons.Bold, "b", nil), NewIconButton(icons.PilcrowLeft, "x", nil))), HLine()), nil, nil, nil,
			NewSurface(theme.BG, editor))), nil, nil, tabs)
	}, func(w fyne.Window) {
		search.Focus()
		for _, r := range "sa" {
			search.TypedRune(r)
		}
	})
}
