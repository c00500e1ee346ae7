package filepick

import (
	"mime"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// row shows an entry, or a place.
type row struct {
	widget.BaseWidget
	icon             *kit.Icon
	name, size, date *kit.Label
	body             fyne.CanvasObject
}

// Widths of the columns beside the name.
const (
	sizeColumn = 86
	dateColumn = 96
)

func newRow(columns bool) *row {
	r := &row{icon: kit.NewIcon("", theme.Muted, theme.Icon), name: kit.NewLabel("", kit.Body).Ellipsized(),
		size: kit.NewLabel("", kit.Meta).Aligned(kit.AlignEnd).Ellipsized(), date: kit.NewLabel("", kit.Meta).Aligned(kit.AlignEnd).Ellipsized()}
	box := kit.HBox(10, r.icon, kit.Grow(r.name))
	if columns {
		box.Add(kit.Fixed(sizeColumn, 0, r.size))
		box.Add(kit.Fixed(dateColumn, 0, r.date))
	}
	r.body = kit.Pad(0, 12, 0, 10, box)
	r.ExtendBaseWidget(r)
	return r
}

func (r *row) bind(icon icons.Name, name string, s kit.RowState) {
	tint, style := theme.Muted, kit.Body
	if s.Selected {
		tint, style = theme.Accent, kit.Strong.With(theme.Accent)
	}
	r.icon.Set(icon, tint)
	r.name.Set(name, style)
}

func (r *row) bindEntry(e entry, now time.Time, s kit.RowState) {
	r.bind(iconOf(e), model.VisibleName(e.name), s)
	r.size.SetText("")
	if !e.folder {
		r.size.SetText(lang.Size(e.size))
	}
	r.date.SetText(lang.ListDate(e.time, now))
}

// CreateRenderer implements fyne.Widget.
func (r *row) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

// iconOf goes by the ending of the name: looking into every file would take too long.
func iconOf(e entry) icons.Name {
	if e.folder {
		return icons.Folder
	}
	ext := strings.ToLower(filepath.Ext(e.name))
	switch ext {
	case ".zip", ".7z", ".rar", ".gz", ".xz", ".zst", ".tar", ".tgz":
		return icons.FileArchive
	case ".xls", ".xlsx", ".ods", ".csv":
		return icons.FileSpreadsheet
	case ".eml", ".mbox":
		return icons.Mail
	case ".pdf", ".doc", ".docx", ".odt", ".rtf":
		return icons.FileText
	}
	major, _, _ := strings.Cut(mime.TypeByExtension(ext), "/")
	switch major {
	case "image":
		return icons.Image
	case "audio":
		return icons.FileAudio
	case "video":
		return icons.FileVideoCamera
	case "text":
		return icons.FileText
	}
	return icons.File
}
