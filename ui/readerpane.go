package ui

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// readerPane is the end of the window: one open message, or what to do with the selection.
type readerPane struct {
	env     *env
	gen     int // counts what is shown: an answer about something older is dropped
	id      mail.MessageID
	content mail.Content
	// cancel ends the fetching of a body; stopMark the clock that marks as read.
	cancel   func()
	stopMark func()

	holder  *fyne.Container
	header  *readerHeader
	banners *fyne.Container
	body    *readerBody
	html    *htmlBody
	// textOnly shows the text of messages that have HTML.
	textOnly bool
	relayout func()
	images   *inlineImages
	links    *linkGuard
	scroll   *kit.Scroll
	parts    *attachmentBar
	message  fyne.CanvasObject
	root     fyne.CanvasObject

	// OnCommand carries out a command of the table for the open message.
	OnCommand func(command string)
	// OnMore asks for the menu of the open message.
	OnMore func(below fyne.CanvasObject)
	// OnEdit opens a message of a Drafts folder for writing.
	OnEdit func(mail.MessageID)
	// OnMailto opens a mailto link.
	OnMailto func(url string)
}

func newReaderPane(e *env) *readerPane {
	r := &readerPane{env: e, holder: kit.Stack(), banners: kit.VBox(0)}
	r.header = newReaderHeader(e)
	r.header.onCommand = func(c string) { r.OnCommand(c) }
	r.header.onMore = func(o fyne.CanvasObject) { r.OnMore(o) }
	r.body = newReaderBody()
	r.body.onLink, r.body.onOver, r.body.onMenu = r.openLink, r.overLink, r.linkMenu
	r.html = newHTMLBody(e.loop)
	r.html.onLink, r.html.onOver, r.html.onMenu = r.openLink, r.overLink, r.linkMenu
	r.links = &linkGuard{env: e, mailto: func(u string) { r.OnMailto(u) }}
	r.images = newInlineImages(e)
	r.parts = newAttachmentBar(e)
	r.scroll = kit.NewScroll(kit.Pad(22, 26, 26, 26, kit.VBox(14, r.html, r.body.box, r.images.box)))
	r.scroll.OnScrolled = func(float32) { r.exposeHTML() }
	r.relayout = func() { r.scroll.Refresh(); r.holder.Refresh() }
	r.body.changed, r.header.changed, r.images.changed = r.relayout, r.relayout, r.relayout
	r.html.changed = func() { r.relayout(); r.exposeHTML() }
	top := kit.VBox(0, r.header.content, kit.HLine(), r.banners)
	r.message = kit.Border(top, r.parts.content, nil, nil, r.scroll)
	r.root = kit.NewSurface(theme.BG, r.holder)
	r.ShowEmpty()
	return r
}

// leave ends what goes on for what was shown before.
func (r *readerPane) leave() {
	r.gen++
	r.id = 0
	for _, stop := range []*func(){&r.cancel, &r.stopMark} {
		if *stop != nil {
			(*stop)()
			*stop = nil
		}
	}
}

func (r *readerPane) show(o fyne.CanvasObject) {
	if len(r.holder.Objects) == 1 && r.holder.Objects[0] == o {
		return
	}
	r.holder.Objects = []fyne.CanvasObject{o}
	r.holder.Refresh()
}

// ShowEmpty says that nothing is open.
func (r *readerPane) ShowEmpty() {
	r.leave()
	r.show(kit.EmptyState(icons.MailOpen, lang.T("reader.empty.title"), lang.T("reader.empty.text"), nil))
}

// ShowOther shows something that is not a message: a summary of the selection, a draft, an outbox item.
func (r *readerPane) ShowOther(o fyne.CanvasObject) {
	r.leave()
	r.show(o)
}

// Message is the open message, 0 for none.
func (r *readerPane) Message() mail.MessageID { return r.id }

// Content is the open message as far as it was read.
func (r *readerPane) Content() mail.Content { return r.content }

// ShowMessage opens a message. What the list knows of it shows at once, the rest when it is read.
func (r *readerPane) ShowMessage(row mail.Row) {
	if row.ID == r.id {
		return
	}
	r.leave()
	r.id, r.content = row.ID, mail.Content{Row: row}
	r.header.reset()
	r.banners.RemoveAll()
	r.body.Show("")
	r.html.Clear()
	r.images.Clear()
	r.parts.Clear()
	if row.Subject != "" || len(row.From) > 0 {
		r.header.Show(r.content, false)
		r.show(r.message)
	}
	r.load(true)
}

// load reads the open message; first tells whether it was just opened.
func (r *readerPane) load(first bool) {
	gen, id := r.gen, r.id
	r.cancel = r.env.loop.Cancellable(func(ctx context.Context) func() {
		c, err := r.env.engine.Content(ctx, id)
		return func() {
			if gen != r.gen {
				return
			}
			r.cancel = nil
			if err != nil {
				r.unreadable(err)
				return
			}
			r.showContent(c, first)
		}
	})
}

func (r *readerPane) showContent(c mail.Content, first bool) {
	r.content = c
	auth := model.Authenticate(c.Headers, c.Row.From, r.servers(c.Row.Account), c.Signatures)
	findings := r.judge(c, auth.Verdict)
	r.header.Show(c, auth.Verdict == model.AuthPass && len(findings) == 0)
	r.banners.RemoveAll()
	r.warn(c, findings)
	r.parts.Show(c.Row.ID, c.Attachments)
	if r.asHTML(c) {
		r.body.Show("")
		r.images.Clear()
		r.showHTML(c)
	} else {
		r.showText(c)
	}
	r.show(r.message)
	if first {
		r.scroll.ScrollTo(0)
		r.markLater()
	}
	if c.Partial {
		r.partial(first)
	} else if c.Text == "" && len(c.Attachments) == 0 {
		r.note(lang.T("reader.no.text"))
	}
	r.holder.Refresh()
}

// warn puts the banners over a message: what is wrong with its sender, what was left out.
func (r *readerPane) warn(c mail.Content, findings []model.Finding) {
	if r.env.isDraft(c.Row) {
		r.banners.Add(kit.NewBanner(kit.LevelInfo, icons.FilePen, lang.T("reader.draft"),
			kit.Action{Text: lang.T("draft.edit"), Do: func() { r.OnEdit(c.Row.ID) }}))
	}
	for i, f := range findings {
		if i == 2 { // the worst two say enough
			break
		}
		r.banners.Add(kit.NewBanner(pick(severe(f.Why), kit.LevelError, kit.LevelWarning), icons.ShieldAlert, suspicionWords(f)))
	}
	if n := remoteImages(c.HTML); n > 0 {
		r.banners.Add(kit.NewBanner(kit.LevelWarning, icons.ImageOff, lang.N("reader.remote", n)))
	}
	if c.Row.Failed != "" {
		r.banners.Add(kit.NewBanner(kit.LevelError, "", c.Row.Failed))
	}
	r.remarks(c.Warnings, findings)
}

// remarks shows what the parser found: what is about the sender each in a banner, the rest as one line.
func (r *readerPane) remarks(ws []string, findings []model.Finding) {
	var rest []string
	for _, s := range ws {
		words, grave := warningWords(s, findings)
		switch {
		case grave:
			r.banners.Add(kit.NewBanner(kit.LevelWarning, icons.ShieldAlert, words))
		case words != "" && !contains(rest, words):
			rest = append(rest, words)
		}
	}
	if len(rest) == 0 {
		return
	}
	words := rest[0]
	if n := len(rest) - 1; n > 0 {
		words = lang.N("reader.warnings", n, words)
	}
	r.banners.Add(kit.NewBanner(kit.LevelInfo, "", words))
}

// partial offers the rest of a message of which only the header is here. It is fetched at once, unless the account says
// that large messages wait to be asked for.
func (r *readerPane) partial(first bool) {
	acc, _ := r.env.tree.Account(r.content.Row.Account)
	limit := int64(acc.POP3.HeadersOnlyAboveKB) * 1024
	ask := acc.Protocol == mail.POP3 && limit > 0 && r.content.Row.Size >= limit
	if first && !ask {
		r.fetch()
		return
	}
	r.banners.Add(kit.NewBanner(kit.LevelInfo, icons.Download, lang.T("reader.partial", lang.Size(r.content.Row.Size)),
		kit.Action{Text: lang.T("reader.download"), Do: r.fetch}))
}

// fetch asks for the body of the open message and shows it when it is here.
func (r *readerPane) fetch() {
	gen, id := r.gen, r.id
	r.banners.RemoveAll()
	wait := kit.NewBanner(kit.LevelInfo, icons.Download, lang.T("reader.fetching", lang.Size(r.content.Row.Size)),
		kit.Action{Text: lang.T("kit.cancel"), Do: func() {
			if r.cancel != nil {
				r.cancel()
				r.cancel = nil
			}
			r.banners.RemoveAll()
			r.partial(false)
			r.holder.Refresh()
		}})
	r.banners.Add(wait)
	r.holder.Refresh()
	r.cancel = r.env.loop.Cancellable(func(ctx context.Context) func() {
		ctx, end := context.WithTimeout(ctx, 10*time.Minute)
		defer end()
		err := r.env.engine.Want(ctx, id)
		return func() {
			if gen != r.gen {
				return
			}
			r.cancel = nil
			if err != nil {
				r.unfetched(err)
				return
			}
			r.load(false)
		}
	})
}

func (r *readerPane) unfetched(err error) {
	r.banners.RemoveAll()
	r.banners.Add(kit.NewBanner(kit.LevelWarning, icons.CloudOff, lang.T("reader.unfetched", lang.ErrorWords(err)),
		kit.Action{Text: lang.T("reader.again"), Do: r.fetch}))
	r.holder.Refresh()
}

func (r *readerPane) unreadable(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	r.show(kit.EmptyState(icons.CircleAlert, lang.T("reader.unreadable"), lang.ErrorWords(err), nil))
}

func (r *readerPane) note(words string) {
	r.body.box.Add(kit.NewLabel(words, kit.Muted))
}

// markLater marks the message as read after it was open for a while.
func (r *readerPane) markLater() {
	if !r.content.Row.Unread() || r.env.prefs.MarkRead < 0 {
		return
	}
	gen := r.gen
	r.stopMark = r.env.loop.After(time.Duration(r.env.prefs.MarkRead)*time.Second, func() {
		if gen == r.gen && r.content.Row.Unread() {
			r.env.act.Quiet(mail.Action{Kind: mail.ActRead, Messages: []mail.MessageID{r.id}})
		}
	})
}

// KeepUnread stops the clock that marks as read: the user said otherwise.
func (r *readerPane) KeepUnread() {
	if r.stopMark != nil {
		r.stopMark()
		r.stopMark = nil
	}
}

// Changed looks at the open message again after a change in the store.
func (r *readerPane) Changed(c mail.Change) {
	if r.id == 0 || !c.Reload && !contains(c.Messages, r.id) {
		return
	}
	gen, id := r.gen, r.id
	r.env.loop.Go(func(ctx context.Context) func() {
		rows, err := r.env.store.Rows(ctx, []mail.MessageID{id})
		return func() {
			switch {
			case gen != r.gen || err != nil:
			case len(rows) == 0:
				r.ShowEmpty()
			case rows[0].HasBody && r.content.Partial:
				r.load(false)
			default:
				r.content.Row = rows[0]
				r.header.flags(rows[0])
				r.header.content.Refresh()
			}
		}
	})
}

// ScrollPage moves the text by most of a page: 1 down, -1 up. It reports false at the end.
func (r *readerPane) ScrollPage(by float32) bool {
	was := r.scroll.Offset()
	r.scroll.ScrollTo(was + by*(r.scroll.Size().Height-40))
	return r.scroll.Offset() != was
}

func contains[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

func firstOf(as []mail.Address) mail.Address {
	if len(as) == 0 {
		return mail.Address{}
	}
	return as[0]
}
