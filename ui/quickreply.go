package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// quickReply is the field below a conversation: a line until it is used, then an editor. It answers the newest message to
// everybody in it. What is written is a draft from the first pause on, which stays when the reader turns to something else.
type quickReply struct {
	pane    *readerPane
	thread  *readerThread
	row     mail.Row // that is answered
	kind    mail.ReplyKind
	busy    bool
	gone    bool              // the reader turned to something else while the answer was on its way
	left    bool              // and the keyboard was in the field: what is typed into it goes to the window that goes on with it
	typed   func(text string) // puts what is typed into that window, when it is open
	handed  string            // what it has of what stands in the field
	touched bool              // something was written since the draft was thrown away
	kept    *keptReply
	clocks  [2]func() // that end the waiting to store: for a pause, and for who makes none; nil: not waiting
	hint    *kit.Label
	editor  *kit.Editor
	send    *kit.Button
	warning *kit.Label
	line    *fyne.Container
	area    *keyArea // of line
	field   *fyne.Container
	content fyne.CanvasObject
}

func newQuickReply(p *readerPane, t *readerThread) *quickReply {
	q := &quickReply{pane: p, thread: t, kept: &keptReply{}, hint: kit.NewLabel("", kit.Muted).Ellipsized(), warning: kit.NewLabel("", kit.DangerText).Wrapped()}
	q.editor = kit.NewEditor().Rows(4).Padding(16, 12)
	q.editor.OnChanged = func(string) { q.changed() }
	q.editor.OnShortcut = func(s fyne.Shortcut) bool {
		c, ok := s.(*desktop.CustomShortcut)
		if !ok || c.Modifier != fyne.KeyModifierShortcutDefault || c.KeyName != fyne.KeyReturn && c.KeyName != fyne.KeyEnter {
			return false
		}
		q.Send()
		return true
	}
	q.editor.OnEscape = func() bool {
		if q.written() {
			return false
		}
		q.fold(true)
		return true
	}
	q.send = kit.NewButton(kit.Primary, lang.T("compose.send"), icons.Send, q.Send).Tip("Ctrl+Enter")
	whole := kit.NewButton(kit.Plain, lang.T("reader.reply.window"), icons.Maximize2, q.openWindow).Tinted(theme.Muted)
	row := kit.HBox(12, kit.NewIcon(icons.Reply, theme.Muted, theme.Icon), kit.Grow(q.hint), kit.NewLabel("Ctrl+Enter", kit.Muted).Directed(kit.DirLTR))
	var card *kit.Surface
	q.area = newKeyArea(q.Open, func(focused bool) { card.SetStroke(pick(focused, theme.Accent, theme.Line)) })
	q.line = kit.Stack(q.area, kit.PadXY(17, 12, row))
	q.warning.Hide()
	q.field = kit.VBox(0, q.editor, kit.Pad(0, 12, 12, 16, kit.VBox(8, q.warning, kit.HBox(8, q.send, whole, kit.Spacer()))))
	q.field.Hide()
	card = kit.NewCard(0, kit.Stack(q.line, q.field))
	q.content = kit.Pad(4, 0, 0, 0, card)
	return q
}

// Aim points the answer at the newest message of a conversation that somebody else wrote. One that is being written goes to whom it was begun for: what came meanwhile may be of
// somebody else, and so is what is left when that message was deleted.
func (q *quickReply) Aim(rows []mail.Row) {
	if q.writing() {
		return
	}
	q.row = rows[len(rows)-1]
	for i := len(rows) - 1; i >= 0; i-- {
		if !q.pane.env.isMe(firstOf(rows[i].From)) {
			q.row = rows[i]
			break
		}
	}
	names := q.names()
	q.kind = pick(len(names) > 1, mail.ReplyAll, mail.ReplySender)
	words := ""
	switch len(names) {
	case 0:
		words = lang.T("reader.reply.hint", model.ShownName(firstOf(q.row.From)))
	case 1:
		words = lang.T("reader.reply.hint", names[0])
	case 2:
		words = lang.T("reader.reply.two", names[0], names[1])
	default:
		words = lang.N("reader.reply.more", len(names)-1, names[0])
	}
	q.hint.SetText(words)
	q.editor.SetPlaceholder(words)
}

// names are those who get the answer.
func (q *quickReply) names() (out []string) {
	for _, a := range append(append([]mail.Address(nil), q.row.From...), q.row.To...) {
		if n := firstName(model.ShownName(a)); !q.pane.env.isMe(a) && n != "" && !contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// firstName is how one speaks of a person, or the whole of an address.
func firstName(name string) string {
	if f := strings.Fields(name); len(f) > 1 && !strings.Contains(name, "@") {
		return f[0]
	}
	return name
}

// written reports whether something stands in the field.
func (q *quickReply) written() bool { return strings.TrimSpace(q.editor.Text()) != "" }

// writing reports whether there is an answer in the field, or one that is being handed over.
func (q *quickReply) writing() bool { return q.busy || q.written() }

// Open unfolds the field and gives it the keyboard.
func (q *quickReply) Open() { q.fold(false) }

// fold makes a line of the field, or the field of the line; the keyboard stays with what is seen of it.
func (q *quickReply) fold(yes bool) {
	q.line.Hidden, q.field.Hidden = !yes, yes
	q.pane.relayout()
	c := q.pane.env.win.Canvas()
	switch {
	case !yes:
		c.Focus(q.editor)
		q.pane.scroll.ScrollTo(1e9)
	case c.Focused() != q.editor:
	case q.gone: // nobody sees it
		c.Unfocus()
	default:
		c.Focus(q.area)
	}
}

// wait keeps the field as it is while the answer is handed over: what was typed then would be in nothing that is sent or stored.
func (q *quickReply) wait(yes bool) {
	q.busy = yes
	q.send.SetEnabled(!yes)
	q.editor.SetEnabled(!yes)
}

func (q *quickReply) tell(words string) {
	q.warning.SetText(words)
	q.warning.Hidden = words == ""
	q.pane.relayout()
}

// Send puts the answer into the outbox, where it can be taken back for a moment.
func (q *quickReply) Send() {
	switch {
	case q.busy:
		return
	case !q.written():
		q.tell(lang.T("reader.reply.empty"))
		return
	}
	q.wait(true)
	q.gone = false
	at := q.pane.env.now().Add(q.pane.env.undoSend())
	q.draft(func(ctx context.Context, d *mail.Draft) (func(), error) {
		if err := q.pane.env.engine.SaveDraft(ctx, d); err != nil { // first of all, so that a failure loses nothing
			return nil, err
		}
		id, err := q.pane.env.engine.Send(ctx, *d, at)
		return func() {
			q.clear()
			q.pane.OnSent(id)
		}, err
	})
}

// clear makes the field ready for another answer, when this one went elsewhere.
func (q *quickReply) clear() {
	q.stopClocks()
	q.kept = &keptReply{}
	q.editor.SetText("")
	q.warning.Hide()
	q.fold(true)
	if rows := q.pane.rows; q.pane.thread == q.thread && len(rows) > 0 { // what came and went meanwhile
		q.Aim(rows)
	}
}

// openWindow goes on in a window of its own.
func (q *quickReply) openWindow() {
	if q.busy || q.pane.env.open.Compose == nil {
		return
	}
	q.wait(true)
	q.draft(func(_ context.Context, d *mail.Draft) (func(), error) {
		return func() {
			q.clear()
			q.pane.env.open.Compose(*d)
		}, nil
	})
}
