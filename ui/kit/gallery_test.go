package kit

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
	"peyk/ui/uitest"
)

// variants are the four looks of the window.
var variants = []struct {
	name, lang string
	mode       theme.Mode
}{
	{"light-en", "en", theme.ForceLight}, {"dark-en", "en", theme.ForceDark},
	{"light-fa", "fa", theme.ForceLight}, {"dark-fa", "fa", theme.ForceDark},
}

// inVariants runs f in every look. PEYK_GALLERY names a directory to keep the pictures in.
func inVariants(t *testing.T, name string, size fyne.Size, build func(w fyne.Window) fyne.CanvasObject, after func(w fyne.Window)) {
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			app := uitest.NewApp(t, nil)
			lang.Set(v.lang)
			theme.SetMode(v.mode)
			defer lang.Set("en")
			w := app.NewWindow("gallery")
			defer w.Close()
			SetContent(w, build(w))
			w.Resize(size)
			if after != nil {
				after(w)
			}
			img := w.Canvas().Capture()
			if blank(img) {
				t.Fatal("nothing was painted")
			}
			if dir := os.Getenv("PEYK_GALLERY"); dir != "" {
				f, err := os.Create(filepath.Join(dir, name+"-"+v.name+".png"))
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				if err := png.Encode(f, img); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// blank reports whether a picture has one colour only.
func blank(img image.Image) bool {
	b := img.Bounds()
	first := img.At(b.Min.X, b.Min.Y)
	for y := b.Min.Y; y < b.Max.Y; y += 3 {
		for x := b.Min.X; x < b.Max.X; x += 3 {
			if img.At(x, y) != first {
				return false
			}
		}
	}
	return true
}

// tr is the text in the language of the variant.
func tr(en, fa string) string {
	if lang.RTL() {
		return fa
	}
	return en
}

func TestGalleryButtons(t *testing.T) {
	inVariants(t, "buttons", fyne.NewSize(1000, 700), func(w fyne.Window) fyne.CanvasObject {
		toolbar := NewSurface(theme.Side, PadXY(14, 9, HBox(6,
			NewButton(Primary, tr("New message", "نامهٔ تازه"), icons.SquarePen, nil),
			NewButton(Plain, tr("Get mail", "دریافت"), icons.RefreshCw, nil),
			Gap(4), VLine(20), Gap(4),
			NewButton(Plain, tr("Reply", "پاسخ"), icons.Reply, nil),
			NewButton(Plain, tr("Reply all", "پاسخ به همه"), icons.ReplyAll, nil),
			NewButton(Plain, tr("Forward", "بازارسال"), icons.Forward, nil),
			NewIconButton(icons.FolderInput, "Move", nil), NewIconButton(icons.Tag, "Tag", nil),
			Spacer(), NewIconButton(icons.Settings, "Settings", nil),
		)))
		on := NewToggleChip(tr("All", "همه"), nil)
		on.Set(true)
		av := NewAvatar(36)
		av.Set("Reza Ahmadi", "reza@example.org")
		av2 := NewAvatar(36)
		av2.Set("سارا محمدی", "sara@example.org")
		check := NewCheck(tr("Leave a copy of messages on the server", "یک رونوشت از پیام‌ها روی سرور بماند"), nil)
		check.Set(true)
		radio := NewRadioGroup([]string{"IMAP", "POP3"}, nil)
		radio.Choose(0)
		sel := NewSelect([]string{"SSL/TLS", "STARTTLS", tr("None", "هیچ")}, nil)
		sel.Choose(0)
		slider := NewSlider(10, 600, 10, nil)
		slider.Set(240)
		card := NewOptionCard(icons.RefreshCw, "IMAP", tr("Mail stays on the server, and all your devices see the same. What we suggest.",
			"نامه‌ها روی سرور می‌مانند و همهٔ دستگاه‌های شما یک چیز را می‌بینند. پیشنهاد ما."), nil)
		card.Choose(true)
		progress := NewProgress()
		progress.Set(0.64, tr("Syncing maryam@example.org — 6,400 of 10,000", "همگام‌سازی maryam@example.org — ۶٬۴۰۰ از ۱۰٬۰۰۰"))
		return Border(VBox(0, toolbar, HLine(),
			NewBanner(LevelWarning, icons.ImageOff, tr("To protect your privacy, 3 remote images were not loaded.", "برای حفظ حریم شما، ۳ تصویر راه دور بارگیری نشد."),
				Action{tr("Show images", "نمایش تصاویر"), nil}, Action{tr("Always from this sender", "همیشه برای این فرستنده"), nil}),
			NewBanner(LevelError, "", tr("The password was refused.", "گذرواژه پذیرفته نشد."), Action{tr("Enter it again", "دوباره وارد کنید"), nil})),
			VBox(0, HLine(), NewSurface(theme.Side, Fixed(0, theme.StatusHeight, PadXY(14, 4, progress)))), nil, nil,
			PadXY(26, 18, VBox(14,
				HBox(8, on, NewToggleChip(tr("Unread", "خوانده‌نشده"), nil), NewToggleChip(tr("Starred", "ستاره‌دار"), nil), NewRecipientChip("Anna Keller", func() {}), NewPill(tr("Projects", "پروژه‌ها"), theme.Muted), NewPill(lang.Num(18), theme.Accent), av, av2),
				NewLabel("جلسهٔ فردا ساعت ۱۰ — Agenda v2 (PDF)", Subject),
				NewLabel(tr("Account settings — office@shomal.example", "تنظیمات حساب — office@shomal.example"), Title),
				NewLabel(tr("12,481 messages · 18 unread", "۱۲٬۴۸۱ نامه · ۱۸ خوانده‌نشده"), Meta),
				check, radio.Box(),
				HBox(10, Fixed(170, 0, sel), NewButton(Link, tr("Use defaults", "پیش‌فرض‌ها"), "", nil), Fixed(220, 0, slider), NewLabel("60 s", Body)),
				NewNote(NewLabel(tr("The next check will remove 3 messages older than 14 days from the server. Show list…", "بازبینی بعدی ۳ پیامِ قدیمی‌تر از ۱۴ روز را از سرور پاک می‌کند. نمایش فهرست…"), Style{Size: 13, Color: theme.Muted}).Wrapped()),
				Grid(2, 12, card, NewOptionCard(icons.Download, "POP3", tr("Mail is downloaded to this computer and read without a connection; a copy stays on the server for as long as you say.", "نامه‌ها روی این رایانه بارگیری می‌شوند و بدون اینترنت خوانده می‌شوند."), nil)),
				HBox(8, Spacer(), NewButton(Plain, tr("Cancel", "انصراف"), "", nil), NewButton(Primary, tr("Save", "ذخیره"), "", nil), NewButton(DangerPrimary, tr("Delete", "حذف"), icons.Trash2, nil), NewButton(Outline, tr("Details", "جزئیات"), "", nil)),
			)))
	}, nil)
}

func TestGalleryOverlays(t *testing.T) {
	inVariants(t, "overlays", fyne.NewSize(900, 520), func(w fyne.Window) fyne.CanvasObject {
		return EmptyState(icons.Inbox, tr("Nothing here yet", "هنوز چیزی اینجا نیست"), tr("New mail appears here as it arrives.", "نامه‌های تازه همین‌جا دیده می‌شوند."), NewButton(Primary, tr("Get mail", "دریافت"), icons.RefreshCw, nil))
	}, func(w fyne.Window) {
		ShowToast(w, tr("3 messages moved to Trash", "۳ نامه به زباله‌دان رفت"), 5e9, Action{lang.T("kit.undo"), func() {}})
		x := float32(60)
		if lang.RTL() {
			x = 840
		}
		ShowMenu(w.Canvas(), fyne.NewPos(x, 60),
			Item(tr("Reply", "پاسخ"), icons.Reply, nil).With("R"), Item(tr("Reply all", "پاسخ به همه"), icons.ReplyAll, nil).With("A"),
			MenuLine(), SubMenu(tr("Move to", "انتقال به"), icons.FolderInput, Item("Archive", icons.Archive, nil)),
			&MenuItem{Text: tr("Delete", "حذف"), Icon: icons.Trash2, Danger: true, Shortcut: "Del"})
		m := w.Canvas().Focused().(*menuPanel)
		m.step(1)
	})
	inVariants(t, "dialog", fyne.NewSize(900, 520), func(w fyne.Window) fyne.CanvasObject {
		return NewLabel("x", Body)
	}, func(w fyne.Window) {
		Confirm(w, tr("Empty the Trash?", "زباله‌دان خالی شود؟"), tr("42 messages will be gone for good, also on the server.", "۴۲ نامه برای همیشه پاک می‌شوند، روی سرور هم."), tr("Empty", "خالی کن"), true, nil)
	})
}
