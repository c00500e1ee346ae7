package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"peyk/ui/kit"
)

// sheetLayout stands a message between its head and its files. Where they would leave too little room for the text, in a low window with a long
// subject and many files, first the files give way and then the head: both are scrolled then.
type sheetLayout struct {
	head, find, body, foot fyne.CanvasObject
	whole                  fyne.CanvasObject // what is in head
	edge                   fyne.CanvasObject // below a head that is scrolled
	files                  *attachmentBar
}

// The least that a text keeps: so much of the window, at most so many units. leastHead is what the head keeps in a window in which nothing fits.
const (
	textShare = 0.4
	leastText = 140
	leastHead = 48
)

// newSheet puts the parts of a message together; find stands below the head, and files are those of foot.
func newSheet(head, find, body, foot fyne.CanvasObject, files *attachmentBar) fyne.CanvasObject {
	l := &sheetLayout{head: kit.NewScroll(head), find: find, body: body, foot: foot, whole: head, edge: kit.HLine(), files: files}
	return container.New(l, l.head, l.edge, l.find, l.body, l.foot)
}

// Layout implements fyne.Layout.
func (l *sheetLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	find := float32(0)
	if l.find.Visible() {
		find = kit.HeightFor(l.find, s.Width)
	}
	head, foot := l.heights(fyne.NewSize(s.Width, s.Height-find))
	put(l.head, s.Width, 0, 0, s.Width, head)
	put(l.edge, s.Width, 0, head-1, s.Width, 1)
	if head < kit.HeightFor(l.whole, s.Width) {
		l.edge.Show()
	} else {
		l.edge.Hide()
	}
	put(l.find, s.Width, 0, head, s.Width, find)
	put(l.body, s.Width, 0, head+find, s.Width, max(0, s.Height-head-find-foot))
	if l.foot.Visible() {
		put(l.foot, s.Width, 0, s.Height-foot, s.Width, foot)
	}
}

// heights are those of head and foot in a space.
func (l *sheetLayout) heights(s fyne.Size) (head, foot float32) {
	text := min(leastText, textShare*s.Height)
	room := s.Height - text
	head = kit.HeightFor(l.whole, s.Width)
	if l.foot.Visible() {
		l.files.most = cardsHeight
		foot = kit.HeightFor(l.foot, s.Width)
		if over := head + foot - room; over > 0 {
			l.files.most = max(cardsHeight-over, cardHeight+10)
			foot = kit.HeightFor(l.foot, s.Width)
		}
	}
	if head+foot > room {
		head = max(room-foot, min(head, leastHead))
		foot = min(foot, max(0, s.Height-head))
	}
	return head, foot
}

// MinSize implements fyne.Layout.
func (l *sheetLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.whole.MinSize().Width, leastHead+40)
}
