package ui

import (
	"context"
	"time"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// arrivalPatience is how long a message may show no progress before the fetching is given up.
const arrivalPatience = 10 * time.Minute

// arrival is the fetching of the message that is open.
type arrival struct {
	stop   func()
	banner *kit.Banner
	state  mail.Arrival
	file   string // the attachment that the user wants opened; "" for none
	then   func() // opens it
}

// partial offers the rest of a message of which only the header is here. It is fetched at once, unless the account says
// that large messages wait to be asked for.
func (m *messageView) partial(first bool) {
	if m.getting != nil {
		m.sayArrival()
		m.banners.Add(m.getting.banner)
		return
	}
	if m.unfetched != nil {
		m.banners.Add(kit.NewBanner(kit.LevelWarning, icons.CloudOff, lang.T("reader.unfetched", lang.ErrorWords(m.unfetched)),
			kit.Action{Text: lang.T("reader.again"), Do: m.fetchRest}))
		return
	}
	acc, _ := m.env.tree.Account(m.content.Row.Account)
	limit := int64(acc.POP3.HeadersOnlyAboveKB) * 1024
	ask := acc.Protocol == mail.POP3 && limit > 0 && m.content.Row.Size >= limit
	if first && !ask {
		m.fetch()
		m.banners.Add(m.getting.banner)
		return
	}
	words := pick(m.readable(), "reader.partial.files", "reader.partial")
	m.banners.Add(kit.NewBanner(kit.LevelInfo, icons.Download, lang.T(words, lang.Size(m.content.Row.Size)),
		kit.Action{Text: lang.T("reader.download"), Do: m.fetchRest}))
}

// readable reports whether the text is here although the message is not here whole.
func (m *messageView) readable() bool {
	return m.content.Partial && (m.content.Text != "" || m.content.HTML != "")
}

// fetch asks for the body of the message and shows it when it is here: of a large one first what can be read.
func (m *messageView) fetch() {
	if m.getting != nil {
		return
	}
	gen, id := m.gen, m.row.ID
	a := &arrival{}
	a.banner = kit.NewProgressBanner(icons.Download, kit.Action{Text: lang.T("kit.cancel"), Do: func() {
		m.stopFetching()
		m.showContent(m.content, false)
	}})
	m.getting, m.unfetched = a, nil
	m.sayArrival()
	a.stop = m.env.loop.Cancellable(func(ctx context.Context) func() {
		ctx, end := context.WithCancel(ctx)
		defer end()
		patience := time.AfterFunc(arrivalPatience, end)
		defer patience.Stop()
		err := m.env.engine.Want(ctx, id, func(s mail.Arrival) {
			patience.Reset(arrivalPatience)
			m.env.loop.Post(func() {
				if gen == m.gen && m.getting == a {
					m.arrived(s)
				}
			})
		})
		return func() {
			if gen != m.gen || m.getting != a {
				return
			}
			m.getting = nil
			if m.unfetched = err; err != nil {
				m.showContent(m.content, false)
				return
			}
			m.whenHere = a.then
			m.Load(false)
		}
	})
}

// fetchRest is fetch for a message that is shown already.
func (m *messageView) fetchRest() {
	if m.getting == nil {
		m.fetch()
		m.showContent(m.content, false)
	}
}

// arrived shows how far the message is, and what has become readable of it.
func (m *messageView) arrived(s mail.Arrival) {
	more := s.Readable > m.getting.state.Readable
	m.getting.state = s
	b := m.getting.banner
	width := b.Size().Width
	height := b.HeightForWidth(width)
	m.sayArrival()
	if b.HeightForWidth(width) != height { // in a narrow pane the words may need another line
		m.pane.relayout()
	}
	if more && m.cancel == nil {
		m.Load(false)
	}
}

// sayArrival says in the banner what is being fetched and how far it is.
func (m *messageView) sayArrival() {
	a := m.getting
	if a.state.Total == 0 {
		a.banner.Progress(-1, lang.T("reader.fetching", lang.Size(m.content.Row.Size)))
		return
	}
	done, total := lang.Size(a.state.Done), lang.Size(a.state.Total)
	words := lang.T(pick(m.readable(), "reader.arriving.files", "reader.arriving"), done, total)
	if a.file != "" {
		words = lang.T("reader.arriving.open", a.file, done, total)
	}
	a.banner.Progress(float64(a.state.Done)/float64(a.state.Total), words)
}

// stopFetching gives the fetching up; what has come stays with the engine for a while.
func (m *messageView) stopFetching() {
	if m.getting != nil {
		m.getting.stop()
		m.getting = nil
	}
}

// withRest does something with a file of the message, which may have to arrive first.
func (m *messageView) withRest(a mail.Attachment, do func()) {
	if !m.content.Partial {
		do()
		return
	}
	m.fetchRest()
	m.getting.file, m.getting.then = model.VisibleName(a.Filename), do
	m.sayArrival()
}
