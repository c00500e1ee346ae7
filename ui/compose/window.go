package compose

import (
	"context"
	"image"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/filepick"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// saveAfter is how long after the last change a draft is stored, saveLatest how long after the first one, for who never pauses.
const (
	saveAfter  = 2 * time.Second
	saveLatest = 10 * time.Second
)

// Options connect the window to what stands around it.
type Options struct {
	Engine   Engine
	People   People
	Loop     Loop
	Accounts []mail.Account
	Now      func() time.Time // nil: time.Now
	// Files asks for the files to attach; nil: a chooser of the window's own.
	Files *filepick.Chooser
	// Shown are pictures on servers that the user was shown in the message that is sent on, from any goroutine; nil: none. Others are not fetched here.
	Shown func(url string) image.Image
	// Clipboard reads the picture in the clipboard, off the UI thread; nil: that of the system.
	Clipboard func(ctx context.Context) ([]byte, error)
	// Formatted reads the formatted text in it, off the UI thread; nil: that of the system.
	Formatted func(ctx context.Context) (html string, err error)
	// Folder makes a folder for one file, which goes when the program ends; from any goroutine.
	Folder func() (string, error)
	// UndoSend is how long a message waits in the outbox so that sending can be taken back.
	UndoSend time.Duration
	// Sent is called once the message is in the outbox; later is when it is to be sent by the user's wish, zero: now.
	Sent func(id mail.OutboxID, later time.Time)
	// Discarded is called once a stored draft was thrown away by the user's wish.
	Discarded func(id mail.DraftID)
	// Closed is called once the window is gone.
	Closed func()
}

// Window is one message being written.
type Window struct {
	opt    Options
	win    fyne.Window
	draft  mail.Draft
	people *people

	from          *kit.Select
	senders       []sender
	to, cc, bcc   *recipients
	ccRow, bccRow fyne.CanvasObject
	more          *kit.Button
	subject       *kit.Entry
	body          *kit.Editor
	format        *formatBar
	pictures      *pictures
	files         *attachments
	saved         *kit.LinkText
	send          *kit.Button
	banner        *fyne.Container
	accepted      string // what looks wrong with recipients and was sent anyway
	complained    bool   // the banner says what keeps the message from being sent
	weight        weight
	putBack       func()         // puts the file back that was taken out last; nil: there is none
	plain         bool           // written as text alone
	signatureTold bool           // the banner says that a signature stays
	signature     richtext.Doc   // what stands under the text now, to be replaced when the sender changes
	always        []mail.Address // who is always in Bcc of what the sender writes
	dirty         bool
	touched       bool       // the user wrote something
	begun         mail.Draft // what the window was opened with
	stopTimer     func()     // the clock after the last change
	stopLatest    func()     // and that after the first one
	stopLanguage  func()
	saving        int     // saves on their way
	stored        *stored // what the engine called the draft
	storedAt      time.Time
	sending       bool              // it is being handed to the outbox
	coming        coming            // what is on its way into it
	cover         fyne.CanvasObject // takes all input meanwhile
	finished      bool
}

// sender is one line of From.
type sender struct {
	account  mail.Account
	identity int
}

func (s sender) id() mail.Identity { return s.account.Identities[s.identity] }

// Open shows a draft in a new window.
func Open(app fyne.App, d mail.Draft, opt Options) *Window {
	w := New(app.NewWindow(""), d, opt)
	w.win.Resize(fyne.NewSize(820, 640))
	w.win.Show()
	kit.FitScreen(w.win)
	w.focusFirst()
	return w
}

// New builds the content of a window for a draft without showing it.
func New(win fyne.Window, d mail.Draft, opt Options) *Window {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Files == nil {
		opt.Files = filepick.New(opt.Loop, opt.Now)
	}
	w := &Window{opt: opt, win: win, draft: d, begun: d, people: newPeople(opt.Loop, opt.People), banner: kit.VBox(0), stored: &stored{d.ID, d.HeaderID},
		weight: weight{most: map[mail.AccountID]int64{}}}
	w.build()
	w.load(d)
	kit.SetContent(win, w.content())
	win.SetCloseIntercept(w.Close)
	win.SetOnDropped(w.dropped)
	w.shortcuts()
	w.title()
	if d.Unsaved {
		w.draft.Unsaved = false
		w.changed()
	}
	if len(w.senders) == 0 { // before much is written
		w.tell(kit.LevelWarning, lang.T("compose.noaccount"))
	}
	w.stopLanguage = lang.OnChange(w.languageChanged)
	if d.ID != 0 && !d.Modified.IsZero() { // its versions can be looked at before anything is changed
		w.storedAt = d.Modified
		w.showSaved()
	}
	w.weigh()
	return w
}

func (w *Window) build() {
	for _, a := range w.opt.Accounts {
		if a.Disabled {
			continue // it sends nothing
		}
		for i := range a.Identities {
			w.senders = append(w.senders, sender{a, i})
		}
	}
	var names []string
	for _, s := range w.senders {
		names = append(names, mail.Address{Name: s.id().Name, Addr: s.id().Addr}.String())
	}
	w.from = kit.NewSelect(names, w.senderChanged).Borderless()
	w.to = newRecipients(w.people, "", w.recipientsRoom, w.changed)
	w.cc = newRecipients(w.people, "", w.recipientsRoom, w.changed)
	w.bcc = newRecipients(w.people, "", w.recipientsRoom, w.changed)
	fields := []*recipients{w.to, w.cc, w.bcc}
	for i, r := range fields {
		r.others, r.title, r.reveal = fields, []string{"compose.to", "compose.cc", "compose.bcc"}[i], func() {}
		r.resized = w.relayout
	}
	w.bcc.reveal = w.showCopies
	w.people.learned = func() {
		for _, r := range fields {
			r.rebuild()
		}
	}
	for _, s := range w.senders {
		w.people.trust([]mail.Address{{Addr: s.id().Addr}})
	}
	w.subject = kit.NewEntry().Borderless()
	w.subject.OnChanged = func(string) { w.changed(); w.title() }
	w.subject.OnSubmit = func(string) { w.body.Focus() }
	w.body = kit.NewEditor()
	w.body.OnChanged = func(string) { w.changed() }
	w.body.OnDropText = w.droppedText
	w.body.OnPaste = w.pasted
	w.body.OnPasteOther = w.pastePicture
	w.body.OnPasted = w.pastedWords
	w.body.MoreMenu = w.linkMenu
	w.pictures = newPictures(w)
	w.files = newAttachments(w.win, w.opt.Loop, &w.coming, func() { w.changed(); w.weigh() },
		func(s string) { w.tell(kit.LevelWarning, s) }, func(s string) { w.tell(kit.LevelError, s) })
	w.files.removed = w.fileRemoved
	w.saved = kit.NewLinkText("", kit.Meta, w.showVersions)
	w.saved.Hide()
	w.tabOrder()
	w.words()
}

// words makes the parts that speak the language of the window.
func (w *Window) words() {
	w.body.SetPlaceholder(lang.T("compose.body.hint"))
	w.format = newFormatBar(w)
	w.body.OnFormat(w.format.show)
	w.send = kit.NewButton(kit.Primary, lang.T("compose.send"), icons.Send, w.Send).Tip("Ctrl+Enter")
	w.more = kit.NewIconButton(icons.Ellipsis, lang.T("compose.more"), w.showCopies)
}

// languageChanged lays the window out anew in another language; what is written in it, and its history, stay.
func (w *Window) languageChanged() {
	bcc, saved, sending := w.bccRow.Visible(), w.saved.Visible(), w.send.Disabled()
	w.words()
	w.send.SetEnabled(!sending)
	kit.SetContent(w.win, w.content())
	if bcc {
		w.bccRow.Show()
	}
	w.moreVisible()
	w.format.enable(!w.plain)
	if saved {
		w.showSaved()
	}
	w.title()
}

// tabOrder leads Tab through the fields and into the text, past the buttons between them; from the text it goes to those.
func (w *Window) tabOrder() {
	fields := func() []*kit.Entry {
		out := []*kit.Entry{w.to.entry}
		if w.ccRow.Visible() {
			out = append(out, w.cc.entry)
		}
		if w.bccRow.Visible() {
			out = append(out, w.bcc.entry)
		}
		if w.draft.Resend {
			return out
		}
		return append(out, w.subject)
	}
	for _, e := range []*kit.Entry{w.to.entry, w.cc.entry, w.bcc.entry, w.subject} {
		e.OnTab = func(back bool) bool {
			all := fields()
			i := slices.Index(all, e)
			switch {
			case back && i > 0:
				all[i-1].Focus()
			case !back && i+1 < len(all):
				all[i+1].Focus()
			case !back:
				w.body.Focus()
			default:
				return false
			}
			return true
		}
	}
	w.body.OnTab = func(back bool) bool {
		if back {
			all := fields()
			all[len(all)-1].Focus()
		}
		return back
	}
}

// load fills the fields from a draft.
func (w *Window) load(d mail.Draft) {
	w.draft = d
	for i, s := range w.senders {
		if s.account.ID == d.Account && s.identity == d.Identity {
			w.from.Choose(i)
		}
	}
	if w.from.Chosen() < 0 && len(w.senders) > 0 {
		w.from.Choose(0)
	}
	w.to.set(d.To)
	w.cc.set(d.Cc)
	w.bcc.set(d.Bcc)
	w.bccVisible()
	w.subject.SetText(d.Subject)
	files := d.Attachments
	if !d.Plain {
		files = w.pictures.take(d.Attachments, docOf(d))
	}
	w.files.set(files)
	w.loadText(d)
	w.body.SetEnabled(!d.Resend)
	w.signature, w.always = nil, nil
	if s, ok := w.sender(); ok && !d.Resend {
		w.signature, w.always = signatureDoc(s.id()), parseAddresses(s.id().Bcc)
	}
	w.dirty = false
}

func (w *Window) sender() (sender, bool) {
	i := w.from.Chosen()
	if i < 0 || i >= len(w.senders) {
		return sender{}, false
	}
	return w.senders[i], true
}

// Draft is the message as it stands in the window.
func (w *Window) Draft() mail.Draft { return w.snapshot().draft() }

// Writes reports whether the window is the one in which a draft is written: one of this computer, or one that so far is only in a Drafts folder.
func (w *Window) Writes(d mail.Draft) bool {
	return d.ID != 0 && w.draft.ID == d.ID || d.Copy != 0 && w.draft.Copy == d.Copy
}

func (w *Window) title() {
	s := model.Visible(w.subject.Text())
	switch {
	case w.draft.Resend:
		s = lang.Plain(lang.T("compose.redirect.title", s))
	case s == "":
		s = lang.T("compose.new")
	}
	w.win.SetTitle(s + " — " + lang.T("app.name"))
}

// The most room for the recipients of a field, three rows and a part of the next, and for the files, two rows; and the least, of a low window: a row
// and a part of the next. The text keeps its room with dozens of them.
const (
	recipientsHeight, recipientsLeast = 112, 42
	filesHeight, filesLeast           = 128, 66
	// What the text has of a low window at the least, and then the fields.
	textLeast, fieldsLeast = 110, 88
)

// recipientsRoom is the most room that a field has for its recipients in the window as it is.
func (w *Window) recipientsRoom() float32 {
	return max(recipientsLeast, min((w.win.Canvas().Size().Height-480)/2, recipientsHeight))
}

// filesRoom is the same for the files.
func (w *Window) filesRoom() float32 {
	return max(filesLeast, min((w.win.Canvas().Size().Height-360)/2, filesHeight))
}

// content lays the window out as in the design.
func (w *Window) content() fyne.CanvasObject {
	more := kit.NewIconButton(icons.Ellipsis, lang.T("compose.menu"), nil)
	more.OnTapped = func() { kit.ShowMenuBelow(more, w.moreMenu()...) }
	later := kit.NewButton(kit.Plain, lang.T("compose.later"), icons.Clock, nil)
	later.OnTapped = func() { w.laterMenu(later) }
	bar := kit.HBox(4, w.send, later)
	if !w.draft.Resend {
		bar.Add(toolButton(icons.Paperclip, "compose.attach", "Ctrl+Shift+A", w.attach))
	}
	for _, o := range []fyne.CanvasObject{more, kit.Spacer(), w.saved} {
		bar.Add(o)
	}
	w.ccRow = w.field("compose.cc", kit.HBox(6, kit.Grow(w.cc.area), w.more))
	w.bccRow = w.field("compose.bcc", w.bcc.area)
	toRow := w.field("compose.to", w.to.area)
	w.to.row, w.cc.row, w.bcc.row = toRow, w.ccRow, w.bccRow
	rows := kit.VBox(0,
		w.field("compose.from", w.from),
		toRow,
		w.ccRow, w.bccRow)
	if !w.draft.Resend {
		rows.Add(w.field("compose.subject", w.subject))
	}
	if len(w.draft.Bcc) == 0 {
		w.bccRow.Hide()
	}
	w.moreVisible()
	above := kit.VBox(0, kit.NewSurface(theme.Side, kit.PadXY(14, 9, bar)), kit.HLine(), w.banner)
	below, foot := redirectNote, kit.VBox(0)
	if !w.draft.Resend {
		below = func() fyne.CanvasObject { return kit.VBox(0, kit.PadXY(14, 4, w.format.box), kit.HLine()) }
		foot.Add(kit.PadXY(22, 0, kit.Pad(0, 0, 12, 0, kit.ScrollWithin(w.filesRoom, w.files.box))))
	}
	under := below()
	fields := kit.ScrollWithin(func() float32 { return w.fieldsRoom(above, under, foot) }, kit.PadXY(22, 6, rows))
	return kit.NewSurface(theme.BG, kit.Border(kit.VBox(0, above, fields, under), foot, nil, nil, kit.PadXY(0, 12, w.body)))
}

// fieldsRoom is what the other parts of the window and a few lines of text leave to the fields on a small screen, where they scroll.
func (w *Window) fieldsRoom(parts ...fyne.CanvasObject) float32 {
	s := w.win.Canvas().Size()
	room := s.Height - textLeast
	for _, o := range parts {
		room -= kit.HeightFor(o, s.Width)
	}
	return max(room, fieldsLeast)
}

// field is a row with its label and a line below.
func (w *Window) field(id string, o fyne.CanvasObject) fyne.CanvasObject {
	return kit.VBox(0, kit.PadXY(0, 6, kit.HBox(0, kit.Fixed(labelWidth(), 0, kit.NewLabel(lang.T(id), kit.Muted)), kit.Grow(o))), kit.HLine())
}

// labelWidth is the room for the names of the fields, in every language with a gap behind the longest.
func labelWidth() float32 {
	const least, gap = 78, 12
	w := float32(least)
	for _, id := range []string{"compose.from", "compose.to", "compose.cc", "compose.bcc", "compose.subject"} {
		w = max(w, kit.NewLabel(lang.T(id), kit.Muted).MinSize().Width+gap)
	}
	return w
}

func (w *Window) showCopies() {
	w.bccRow.Show()
	w.moreVisible()
	kit.Content(w.win).Refresh()
	w.bcc.entry.Focus()
}

func (w *Window) moreVisible() {
	if w.bccRow.Visible() {
		w.more.Hide()
	} else {
		w.more.Show()
	}
}

func (w *Window) focusFirst() {
	switch {
	case len(w.to.list) == 0:
		w.to.entry.Focus()
	case w.draft.Subject == "":
		w.subject.Focus()
	default:
		w.body.Focus()
		w.body.SetCaret(w.written())
	}
}

// relayout gives every part of the window its room anew.
func (w *Window) relayout() {
	if o := kit.Content(w.win); o != nil {
		o.Refresh()
	}
}

// prefixLines puts something before every line of the selection.
func (w *Window) prefixLines(prefix func(i int) string) {
	text := w.body.Text()
	start, end := w.body.Selection()
	start, end = min(start, end), max(start, end)
	from := strings.LastIndexByte(text[:start], '\n') + 1
	to := len(text)
	if i := strings.IndexByte(text[end:], '\n'); i >= 0 {
		to = end + i
	}
	lines := strings.Split(text[from:to], "\n")
	for i := range lines {
		lines[i] = prefix(i) + lines[i]
	}
	out := strings.Join(lines, "\n")
	forced := w.body.ForcedDirections()
	w.body.Select(from, to)
	w.body.Insert(out)
	w.body.SetForcedDirections(forced)
	w.body.Focus()
	w.changed()
}

// tell shows a sentence over the fields.
func (w *Window) tell(level kit.Level, text string, actions ...kit.Action) {
	w.complained, w.weight.told, w.signatureTold = false, false, false
	w.banner.RemoveAll()
	if text != "" {
		w.banner.Add(kit.NewBanner(level, "", text, actions...))
	}
	kit.Content(w.win).Refresh()
}

// Awaits reports whether the window was opened with the same new message, to the same people and about the same, and nothing was written into it yet:
// who asks for that message again, by a click too many, is led to it.
func (w *Window) Awaits(d mail.Draft) bool {
	b := w.begun
	if w.touched || w.finished || w.sending || b.ID != 0 || b.Copy != 0 || d.ID != 0 || d.Copy != 0 || d.Unsaved {
		return false
	}
	file := func(x, y mail.DraftAttachment) bool {
		return x.Name == y.Name && x.Path == y.Path && x.Message == y.Message && x.Part == y.Part
	}
	return b.Account == d.Account && b.Identity == d.Identity && b.Source == d.Source && b.Forwarded == d.Forwarded && b.Subject == d.Subject && b.Text == d.Text &&
		slices.Equal(b.To, d.To) && slices.Equal(b.Cc, d.Cc) && slices.Equal(b.Bcc, d.Bcc) && slices.EqualFunc(b.Attachments, d.Attachments, file)
}

// Raise brings the window before the others.
func (w *Window) Raise() { w.win.RequestFocus() }
