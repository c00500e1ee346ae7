package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/internal/mail"
	"peyk/internal/text"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// readerSubject is the head of the reader: the subject, tags, and for a conversation how many messages of whom.
type readerSubject struct {
	env     *env
	subject *kit.Label
	tags    *fyne.Container
	people  *kit.Label
	content *fyne.Container
}

func newReaderSubject(e *env) *readerSubject {
	s := &readerSubject{
		env:     e,
		subject: kit.NewLabel("", kit.Subject).Lines(4).Aligned(kit.AlignText).Selectable(),
		tags:    kit.Flow(6, 4),
		people:  kit.NewLabel("", kit.Meta).Ellipsized().Selectable(),
	}
	s.tags.Hide()
	s.people.Hide()
	s.content = kit.VBox(6, newSubjectLine(s.subject, s.tags), s.people)
	return s
}

// Show shows the head of a message or of a conversation; rows are oldest first. The words of the search that it was opened from are marked.
func (s *readerSubject) Show(rows []mail.Row, found string) {
	subject := ""
	var flags mail.Flags
	for _, r := range rows {
		if s := model.Visible(r.Subject); s != "" { // the newest
			subject = s
		}
		for _, f := range r.Flags {
			if f.IsTag() && !flags.Has(f) {
				flags = append(flags, f)
			}
		}
	}
	s.subject.SetText(pick(subject == "", lang.T("list.no.subject"), subject))
	s.subject.Mark(foundSpans(subject, found, store.InSubject))
	s.tags.RemoveAll()
	for _, f := range flags {
		s.tags.Add(kit.NewPill(model.Visible(f.TagName()), theme.Accent))
	}
	s.tags.Hidden = len(s.tags.Objects) == 0
	s.people.Hidden = len(rows) < 2
	if len(rows) > 1 {
		s.people.SetText(lang.N("reader.thread.count", len(rows)) + " · " + s.participants(rows))
	}
	s.content.Refresh()
}

// mostNamed is how many people of a conversation are named.
const mostNamed = 6

// participants names the senders of a conversation, each once, oneself last.
func (s *readerSubject) participants(rows []mail.Row) string {
	var names []string
	me := false
	seen := map[string]bool{}
	for _, r := range rows {
		from := firstOf(r.From)
		key := strings.ToLower(from.Addr)
		switch {
		case s.env.isMe(from):
			me = true
		case !seen[key]:
			seen[key] = true
			names = append(names, text.Isolate(model.ShownName(from)))
		}
	}
	more := ""
	if len(names) > mostNamed {
		more = lang.N("reader.more.addresses", len(names)-mostNamed)
		names = names[:mostNamed]
	}
	if me {
		names = append(names, lang.T("reader.you"))
	}
	if more != "" {
		names = append(names, more)
	}
	return strings.Join(names, lang.T("list.comma"))
}

// subjectLine puts the tags behind the subject where there is room, else below it.
type subjectLine struct {
	widget.BaseWidget
	subject *kit.Label
	tags    *fyne.Container
}

func newSubjectLine(subject *kit.Label, tags *fyne.Container) *subjectLine {
	l := &subjectLine{subject: subject, tags: tags}
	l.ExtendBaseWidget(l)
	return l
}

const tagGap = 8

// beside reports whether subject and tags stand in one line of this width, and how wide the two are.
func (l *subjectLine) beside(width float32) (subject, tags float32, ok bool) {
	subject = l.subject.Natural().Width + 1
	for _, o := range l.tags.Objects {
		tags += o.MinSize().Width + 6
	}
	return subject, tags, subject+tagGap+tags <= width
}

// HeightForWidth is the height of the wrapped subject, and of the tags below it.
func (l *subjectLine) HeightForWidth(width float32) float32 {
	if _, _, ok := l.beside(width); ok || !l.tags.Visible() {
		return kit.HeightFor(l.subject, width)
	}
	return kit.HeightFor(l.subject, width) + 6 + kit.HeightFor(l.tags, width)
}

// CreateRenderer implements fyne.Widget.
func (l *subjectLine) CreateRenderer() fyne.WidgetRenderer { return subjectRenderer{l} }

type subjectRenderer struct{ l *subjectLine }

func (r subjectRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.l.subject, r.l.tags}
}
func (r subjectRenderer) Destroy() {}
func (r subjectRenderer) MinSize() fyne.Size {
	return fyne.NewSize(80, r.l.subject.MinSize().Height)
}

func (r subjectRenderer) Layout(s fyne.Size) {
	l := r.l
	w, tags, ok := l.beside(s.Width)
	switch {
	case !l.tags.Visible():
		put(l.subject, s.Width, 0, 0, s.Width, s.Height)
	case ok:
		h, t := kit.HeightFor(l.subject, w), kit.HeightFor(l.tags, tags)
		x, tx := float32(0), w+tagGap
		if own := text.FieldDirection(l.subject.Text()); own != text.Auto && own == text.RTL != lang.RTL() {
			// A subject stands at the side where it begins, also in a window of the other direction.
			x, tx = s.Width-w, s.Width-w-tagGap-tags
		}
		put(l.subject, s.Width, x, 0, w, h)
		put(l.tags, s.Width, tx, (h-t)/2, tags, t)
	default:
		h := kit.HeightFor(l.subject, s.Width)
		put(l.subject, s.Width, 0, 0, s.Width, h)
		put(l.tags, s.Width, 0, h+6, s.Width, kit.HeightFor(l.tags, s.Width))
	}
}

func (r subjectRenderer) Refresh() {
	r.Layout(r.l.Size())
	r.l.subject.Refresh()
	r.l.tags.Refresh()
}
