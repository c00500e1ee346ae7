package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// sampleRow is a message row as the main window draws it, for the gallery.
type sampleRow struct {
	widget.BaseWidget
	body                *fyne.Container
	avatar              *Avatar
	from, subject, text *Label
	date                *Label
}

var sampleMail = [][4]string{
	{"Reza Ahmadi", "Re: Minutes of the Tehran meeting", "I have attached the final figures. Two open questions remain, both on page 3", "10:42"},
	{"سارا محمدی", "جلسهٔ فردا ساعت ۱۰ — Agenda v2 (PDF)", "سلام مریم جان، فایل نهایی را پیوست کردم. لطفاً قبل از جلسه نگاهی به بخش «بودجه» بینداز", "09:15"},
	{"GitHub", "[peyk/peyk] Release v1.4.0", "Faster first synchronisation, Persian search folding, and more", "08:03"},
	{"حسابداری شمال", "صورتحساب شمارهٔ ۱۴۰۴/۲۳۱", "مبلغ ۱۲٬۵۰۰٬۰۰۰ ریال تا پایان آبان قابل پرداخت است.", "Sat"},
}

func newSampleRow() *sampleRow {
	r := &sampleRow{avatar: NewAvatar(36), from: NewLabel("", ListStrong).Ellipsized(), subject: NewLabel("", ListStrong).Ellipsized(),
		text: NewLabel("", Meta).Ellipsized(), date: NewLabel("", Meta)}
	r.ExtendBaseWidget(r)
	r.body = Pad(9, 16, 0, 16, HBoxTop(11, r.avatar, Grow(VBox(0,
		HBox(8, Grow(r.from), r.date), r.subject, r.text))))
	return r
}

func (r *sampleRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func sampleTree() *Tree {
	t := NewTree()
	t.SetNodes([]*TreeNode{
		{ID: "h1", Header: true, Text: tr("Unified", "یکپارچه"), Children: []*TreeNode{
			{ID: "all", Text: tr("All inboxes", "همهٔ صندوق‌ها"), Icon: icons.Inbox, Count: 18},
			{ID: "star", Text: tr("Starred", "ستاره‌دار"), Icon: icons.Star},
			{ID: "snoozed", Text: tr("Snoozed", "به‌تعویق‌افتاده"), Icon: icons.Clock, Count: 2},
		}},
		{ID: "h2", Header: true, Text: "maryam@example.org · IMAP", Children: []*TreeNode{
			{ID: "in", Text: lang.RoleName("inbox"), Icon: icons.Inbox, Count: 14, Strong: true},
			{ID: "pr", Text: tr("Projects", "پروژه‌ها"), Icon: icons.Folder, Count: 3, Expanded: true, Children: []*TreeNode{
				{ID: "pr1", Text: "Peyk", Icon: icons.Folder}}},
			{ID: "trash", Text: lang.RoleName("trash"), Icon: icons.Trash2},
		}},
		{ID: "h3", Header: true, Text: "office@shomal.example · POP3", Children: []*TreeNode{
			{ID: "in3", Text: lang.RoleName("inbox"), Icon: icons.Inbox, Count: 4, Warn: "offline"},
		}},
	})
	t.Select("all")
	return t
}

func sampleList() *List {
	l := NewList(ListOptions{
		New: func() fyne.CanvasObject { return newSampleRow() },
		Bind: func(i int, o fyne.CanvasObject, s RowState) {
			r, m := o.(*sampleRow), sampleMail[i%len(sampleMail)]
			r.avatar.Set(m[0], m[0])
			r.from.SetText(m[0])
			r.subject.SetText(m[1])
			r.text.SetText(m[2])
			r.date.SetText(lang.Digits(m[3]))
		},
		RowHeight: theme.ListRowHeight, Multi: true, Lines: true,
	})
	l.SetCount(1_000_000)
	l.Select(1)
	return l
}

func TestGalleryMain(t *testing.T) {
	inVariants(t, "main", fyne.NewSize(1100, 560), func(w fyne.Window) fyne.CanvasObject {
		head := NewSurface(theme.BG, Fixed(0, 63, PadXY(16, 12, HBox(8,
			Grow(VBox(1, NewLabel(tr("All inboxes", "همهٔ صندوق‌ها"), Title), NewLabel(tr("12,481 messages · 18 unread", "۱۲٬۴۸۱ نامه · ۱۸ خوانده‌نشده"), Meta))),
			NewToggleChip(tr("All", "همه"), nil), NewToggleChip(tr("Unread", "خوانده‌نشده"), nil)))))
		reader := VBox(0, PadXY(26, 16, VBox(8,
			NewLabel("جلسهٔ فردا ساعت ۱۰ — Agenda v2 (PDF)", Subject).Aligned(AlignText),
			NewLabel(tr("to me and 2 others · Tue 25 Nov 2025, 09:15", "به من و ۲ نفر دیگر · سه‌شنبه ۴ آذر ۱۴۰۴، ۰۹:۱۵"), Meta).Selectable())), HLine())
		return NewSplit(theme.FolderPane, NewSurface(theme.Side, sampleTree()),
			NewSplit(theme.ListPane, Border(VBox(0, head, HLine()), nil, nil, nil, sampleList()), NewSurface(theme.BG, reader)))
	}, nil)
}
