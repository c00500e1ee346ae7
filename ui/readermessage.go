package ui

import (
	"context"
	"errors"
	"io"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// messageView is one open message: its header, banners with what is to be said about it, its body, cards of what belongs to
// it and is no text, its attachments. It reads the message by itself and follows its changes. What is added to messages by
// other files goes into banners and cards from showContent, and into header.details.
type messageView struct {
	env  *env
	pane *readerPane

	row     mail.Row
	content mail.Content
	gen     int // counts what is shown: an answer about something older is dropped
	// cancel ends the reading that goes on; stopMark the clock that marks as read.
	cancel   func()
	opening  bool // it is the first
	stopMark func()
	getting  *arrival // the body that is being fetched; nil: none
	// unfetched is why it could not be; nil: it was not tried, or is.
	unfetched error
	whenHere  func() // what to do once the whole message is shown

	header  *readerHeader
	banners *fyne.Container
	body    *readerBody
	images  *inlineImages
	links   *linkGuard
	remote  *remoteGate
	auth    *authLines
	cards   *fyne.Container
	parts   *attachmentBar
}

func newMessageView(p *readerPane, row mail.Row) *messageView {
	m := &messageView{env: p.env, pane: p, row: row, content: mail.Content{Row: row}, banners: kit.VBox(0), cards: kit.VBox(10)}
	m.header = newReaderHeader(p.env)
	m.header.found = func() string { return p.found.words }
	if p.inside {
		m.header.inside()
	}
	m.header.onCommand = func(c string) { p.OnCommand(c, m.content.Row) }
	m.header.onMore = func(o fyne.CanvasObject) { p.moreMenu(m, o) }
	m.header.changed = p.relayout
	m.header.onColors = p.toggleColors
	m.header.onQuit = func() { m.unsubscribe() }
	m.body = newReaderBody(p.env, p.look)
	m.body.changed = m.bodyChanged
	m.body.width = p.bodyWidth
	m.body.pictures = m.pictures
	m.body.source = func() func(context.Context) (io.ReadCloser, error) {
		id := m.row.ID // on the UI thread: the view shows another message later
		return func(ctx context.Context) (io.ReadCloser, error) { return p.reading.Raw(ctx, id) }
	}
	m.remote = newRemoteGate(m)
	m.auth = newAuthLines(m)
	m.header.details.Add(m.auth.box)
	m.links = &linkGuard{env: p.env, mailto: func(u string) { p.OnMailto(u) }, drawn: m.body.html.LinkTexts}
	for _, s := range m.body.selections() {
		s.Scroll = p.scroll
		s.OnLink, s.OnHover = m.links.Open, m.links.Over
		s.OnMenu = func(url string, pos fyne.Position) { p.bodyMenu(m, url, pos) }
		s.OnFocus = func() { p.touched(m) }
	}
	m.images = newInlineImages(p.env, p.reading)
	m.images.changed = p.relayout
	m.parts = newAttachmentBar(p.env, p.reading)
	m.parts.found = m.header.found
	m.parts.withRest = m.withRest
	m.parts.openMail = func(a mail.Attachment) { p.OnEnclosed(m, a) }
	m.parts.changed = p.relayout
	m.cards.Hide()
	m.header.Show(m.content, false)
	return m
}

// reset takes another message: making the widgets anew for each one that is glanced at would fill the memory of the toolkit.
func (m *messageView) reset(row mail.Row) {
	m.leave()
	m.row, m.content = row, mail.Content{Row: row}
	m.remote = newRemoteGate(m)
	m.banners.RemoveAll()
	m.cards.RemoveAll()
	m.cards.Hide()
	m.parts.Show(0, nil)
	m.header.reset()
	m.header.Show(m.content, false)
}

// leave ends what goes on for the message.
func (m *messageView) leave() {
	m.gen++
	m.stopFetching()
	m.whenHere, m.unfetched = nil, nil
	m.remote.Leave()
	m.body.Clear()
	m.images.Clear()
	for _, stop := range []*func(){&m.cancel, &m.stopMark} {
		if *stop != nil {
			(*stop)()
			*stop = nil
		}
	}
}

// Load reads the message; first tells whether it was just opened. A reading under way gives way: what it brings may be older.
func (m *messageView) Load(first bool) {
	if m.cancel != nil {
		m.cancel()
		first = first || m.opening
	}
	gen, id := m.gen, m.row.ID
	m.opening = first
	m.cancel = m.env.loop.Cancellable(func(ctx context.Context) func() {
		c, err := m.pane.reading.Content(ctx, id)
		return func() {
			if gen != m.gen {
				return
			}
			m.cancel = nil
			if err != nil {
				m.unreadable(err)
				return
			}
			m.showContent(c, first)
		}
	})
}

func (m *messageView) showContent(c mail.Content, first bool) {
	if c.Row.ID == m.row.ID {
		m.row = c.Row
	} else { // a message within a message has no row of its own
		c.Row.ID = m.row.ID
	}
	same := !first && sameBody(m.content, c)
	m.content = c
	auth := model.Authenticate(c.Headers, c.Row.From, m.pane.servers(c.Row.Account), c.Signatures)
	findings := m.pane.judge(c, auth.Verdict)
	m.header.Show(c, auth.Verdict == model.AuthPass && len(findings) == 0)
	m.auth.Show(auth)
	m.banners.RemoveAll()
	m.warn(c, findings)
	if !same {
		m.remote.Begin(auth)
	}
	m.parts.Show(c.Row.ID, c.Attachments)
	m.showCards()
	if !same {
		m.body.Show(c)
		m.readLinks()
		m.showImages()
	}
	if first {
		m.markLater()
	}
	if c.Partial {
		m.partial(first)
	} else if c.Text == "" && len(c.Attachments) == 0 && !m.body.Designed() {
		m.body.note(lang.T("reader.no.text"))
	}
	m.pane.loaded(m)
	if do := m.whenHere; do != nil && !c.Partial {
		m.whenHere = nil
		do()
	}
}

// sameBody reports whether what is shown of a message in arrival stays as it is.
func sameBody(a, b mail.Content) bool {
	pictures := func(c mail.Content) (n int) {
		for _, a := range c.Attachments {
			if a.Inline {
				n++
			}
		}
		return n
	}
	return a.Partial && a.HTML == b.HTML && a.Text == b.Text && a.Text+a.HTML != "" && pictures(a) == pictures(b) && a.Report == b.Report
}

// readLinks tells the guard under which texts links stand: in a text they are their own.
func (m *messageView) readLinks() {
	m.links.Read(pick(m.body.Mode() == asDesigned, m.content.HTML, ""))
}

// showImages shows the pictures of a text below it; a page of HTML has them in it.
func (m *messageView) showImages() {
	if m.body.Mode() == asText {
		m.images.Show(m.row.ID, m.content.Attachments)
	} else {
		m.images.Clear()
	}
}

// bodyChanged is called when the body became higher or lower, or is ready.
func (m *messageView) bodyChanged() {
	m.header.offerColors(isDark() && m.body.Mode() == asDesigned, m.pane.look.original)
	m.pane.bodyChanged(m)
	m.remote.Settle()
}

// warn puts the banners over a message: what is wrong with its sender, what was left out.
func (m *messageView) warn(c mail.Content, findings []model.Finding) {
	if m.env.isDraft(c.Row) {
		m.banners.Add(kit.NewBanner(kit.LevelInfo, icons.FilePen, lang.T("reader.draft"),
			kit.Action{Text: lang.T("draft.edit"), Do: func() { m.pane.OnEdit(c.Row.ID) }}))
	}
	m.snoozedBanner()
	for i, f := range findings {
		if i == 2 { // the worst two say enough
			break
		}
		m.notice(pick(severe(f.Why), kit.LevelError, kit.LevelWarning), icons.ShieldAlert, suspicionWords(f))
	}
	m.banners.Add(m.remote.box)
	if c.Row.Failed != "" {
		m.banners.Add(kit.NewBanner(kit.LevelError, "", c.Row.Failed))
	}
	m.report(c.Report)
	m.remarks(c.Warnings, findings)
}

// remarks shows what the parser found: what is about the sender each in a banner, the rest as one line.
func (m *messageView) remarks(ws []mail.Warning, findings []model.Finding) {
	var rest []string
	for _, s := range ws {
		words, grave := warningWords(s, findings)
		switch {
		case s.Code == mail.WarnEncrypted:
			m.notice(kit.LevelWarning, icons.Lock, words)
		case grave:
			m.notice(kit.LevelWarning, icons.ShieldAlert, words)
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
	m.notice(kit.LevelInfo, "", words)
}

// notice says something above the message that the reader can put away.
func (m *messageView) notice(level kit.Level, icon icons.Name, words string) {
	b := kit.NewBanner(level, icon, words)
	m.banners.Add(b.Dismissible(func() {
		m.banners.Remove(b)
		m.pane.relayout()
	}))
}

func (m *messageView) unreadable(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	m.banners.RemoveAll()
	m.banners.Add(kit.NewBanner(kit.LevelError, icons.CircleAlert, lang.T("reader.unreadable")+" "+lang.ErrorWords(err)))
	m.pane.relayout()
	m.pane.wasRead(m)
}

// markLater marks the message as read after it was open for a while.
func (m *messageView) markLater() {
	if m.pane.inside || m.pane.covered || !m.row.Unread() || m.env.prefs.MarkRead < 0 {
		return
	}
	gen := m.gen
	m.stopMark = m.env.loop.After(time.Duration(m.env.prefs.MarkRead)*time.Second, func() {
		if gen == m.gen && m.row.Unread() {
			m.env.act.Quiet(mail.Action{Kind: mail.ActRead, Messages: []mail.MessageID{m.row.ID}})
		}
	})
}

// KeepUnread stops the clock that marks as read: the user said otherwise.
func (m *messageView) KeepUnread() {
	if m.stopMark != nil {
		m.stopMark()
		m.stopMark = nil
	}
}

// changed takes the row as it is now.
func (m *messageView) changed(row mail.Row) {
	if row.HasBody && m.content.Partial {
		m.Load(false)
		return
	}
	waits := m.row.Snoozed
	m.row, m.content.Row = row, row
	if !waits.Equal(row.Snoozed) {
		m.Load(false) // with what is said above it
		return
	}
	m.header.flags(row)
	m.header.content.Refresh()
}
