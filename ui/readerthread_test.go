package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

const minutes = "Re: Minutes of the Tehran meeting · thread"

const newsletter = `<html><body style="margin:0;font-family:sans-serif"><table width="600" align="center" cellpadding="0" cellspacing="0" style="border:1px solid #e4e6ea;border-radius:10px">
<tr><td style="padding:18px 22px;background:linear-gradient(90deg,#0f766e,#1d4ed8);color:#fff;font-size:20px;font-weight:bold" colspan=3>Quarterly summary</td></tr>
<tr bgcolor="#f4f5f7"><td style="padding:8px 22px"><b>Item</b></td><td align=right style="padding:8px"><b>Q2</b></td><td align=right style="padding:8px 22px"><b>Q3</b></td></tr>
<tr><td style="padding:8px 22px">Servers</td><td align=right style="padding:8px">4,100</td><td align=right style="padding:8px 22px">4,350</td></tr>
<tr><td style="padding:8px 22px">Travel</td><td align=right style="padding:8px">8,300</td><td align=right style="padding:8px 22px"><b>8,600</b></td></tr>
<tr><td colspan=3 style="padding:14px 22px"><a href="https://example.org/sheet" style="background:#0f766e;color:#fff;padding:10px 16px;border-radius:6px;text-decoration:none">Open the sheet</a></td></tr></table>
<blockquote type="cite"><p>The numbers of Q2, for comparison.</p></blockquote></body></html>`

// threaded fills the inbox with a conversation of n messages in two folders, the last two unread.
func threaded(n int) func(b *bench) {
	return func(b *bench) {
		people := []string{"Reza Ahmadi <reza@example.org>", "Anna Keller <anna@example.net>", "Maryam Noori <maryam@example.org>"}
		for i := range n {
			m := sampleMail{
				from: people[i%3], subject: fmt.Sprintf("%s %d", minutes, i), at: today.Add(time.Duration(i-n) * time.Hour), to: "maryam@example.org, Anna Keller <anna@example.net>, Reza Ahmadi <reza@example.org>",
				text:    fmt.Sprintf("Message %d of the conversation, please check the names of all who were there.\n\nArqam را ببین: ارقام نهایی را پیوست کردم.\n\nOn Monday somebody wrote:\n> one\n> two\n> three\n> four\n> five", i),
				headers: "References: <root@example.org>\r\n", flags: mail.Flags{mail.FlagSeen},
			}
			if i >= n-2 {
				m.flags = nil
			}
			if i == n-1 {
				m.extra = "pdf txt"
			}
			folder := b.folder(b.imap, "INBOX")
			if i%3 == 2 {
				folder = b.folder(b.imap, "Sent")
			}
			b.put(folder, mail.UID(200+i), m)
		}
	}
}

func threadSubject(i int) string { return fmt.Sprintf("%s %d", minutes, i) }

// openThread selects a message and waits for its conversation.
func (b *bench) openThread(i int) *readerThread {
	b.Helper()
	id := b.ids[threadSubject(i)]
	b.w.list.SelectMessage(id)
	b.until("the conversation", func() bool {
		t := b.w.reader.thread
		return b.w.reader.Message() == id && t != nil && t.items[t.cur].row.ID == id && t.items[t.cur].view != nil && t.items[t.cur].view.body.ready
	})
	b.drain()
	return b.w.reader.thread
}

func TestConversation(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }), threaded(6))
	th := b.openThread(4)
	open := ""
	for _, it := range th.items {
		open += pick(it.open, "o", "-")
	}
	if open != "----oo" { // the read ones are folded, the unread and the newest are open
		t.Errorf("open: %s", open)
	}
	if got := lang.Plain(b.w.reader.head.people.Text()); got != "6 messages · Reza Ahmadi, Anna Keller, you" {
		t.Errorf("the head says %q", got)
	}
	if th.shown(1) || th.shown(3) || !th.shown(0) {
		t.Error("the older messages are not folded to a count")
	}
	b.shot("conversation-light")
	b.key(fyne.KeyN)
	b.drain()
	if th.cur != 5 {
		t.Errorf("n turned to message %d", th.cur)
	}
	b.key(fyne.KeyP)
	b.key(fyne.KeyP)
	b.drain()
	if th.cur != 0 {
		t.Errorf("p over the folded ones turned to %d", th.cur)
	}
	b.key(fyne.KeyO)
	b.until("the oldest", func() bool { v := th.items[0].view; return v != nil && v.body.ready })
	th.ShowAll()
	b.drain()
	if th.items[2].line == nil {
		t.Error("a folded message near the view has no line")
	}
	th.OpenAll(false)
	b.drain()
	if th.items[0].open || !th.items[5].open {
		t.Error("folding all leaves the newest open and no other")
	}
	for _, c := range []struct {
		name, code string
		mode       theme.Mode
	}{{"conversation-dark", "en", theme.ForceDark}, {"conversation-persian", "fa", theme.ForceLight}} {
		theme.SetMode(c.mode)
		lang.Set(c.code)
		b.drain()
		b.selectSubject(sara)
		b.openThread(4)
		b.shot(c.name)
	}
}

func TestConversationFollowsTheStore(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }), threaded(3))
	th := b.openThread(0)
	b.put(b.folder(b.imap, "INBOX"), 300, sampleMail{from: "Anna Keller <anna@example.net>", subject: "Re: late", at: today, text: "One more thing.", headers: "References: <root@example.org>\r\n"})
	b.until("the new message", func() bool { return len(th.items) == 4 && th.items[3].open })
	b.w.do(mail.Action{Kind: mail.ActDelete, Messages: []mail.MessageID{b.ids[threadSubject(1)]}})
	b.until("it is gone", func() bool { return len(th.items) == 3 })
	if b.w.reader.thread != th || th.items[th.cur].row.ID != b.ids[threadSubject(0)] {
		t.Error("the place in the conversation was lost")
	}
}

func TestConversationOfHundreds(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }), threaded(300))
	th := b.openThread(297)
	built := func() (n int) {
		for _, it := range th.items {
			if it.box.inner != nil {
				n++
			}
		}
		return n
	}
	if n := built(); n > 20 {
		t.Errorf("%d of 300 messages were made to show three", n)
	}
	th.ShowAll()
	b.drain()
	if n := built(); n > 60 {
		t.Errorf("%d lines were made for a window full", n)
	}
	th.OpenAll(true)
	for i := 0; i < 40; i++ {
		b.w.reader.ScrollPage(-1)
		b.drain1()
	}
	b.drain()
	if n := len(th.views()); n > mostOpen+12 {
		t.Errorf("%d messages are in memory", n)
	}
}

// drain1 does what is waiting now.
func (b *bench) drain1() {
	for {
		select {
		case f := <-b.jobs:
			f()
		default:
			return
		}
	}
}

func TestQuickReply(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }), threaded(4))
	q := b.openThread(3).reply
	if got := q.hint.Text(); got != "Reply to Reza and Anna…" {
		t.Errorf("the field says %q", got)
	}
	q.Open()
	q.Send()
	if q.warning.Text() == "" {
		t.Error("an empty answer is not refused")
	}
	q.editor.SetText("متشکرم")
	b.shot("quickreply")
	q.Send()
	var items []mail.OutboxItem
	b.until("the answer in the outbox", func() bool {
		var err error
		items, err = b.store.OutboxItems(b.Context())
		b.ok(err)
		return len(items) == 1 && !q.busy
	})
	if !strings.HasPrefix(items[0].Subject, "Re: ") || len(items[0].Rcpt) != 2 || q.editor.Text() != "" {
		t.Errorf("%+v", items[0])
	}
	blob, err := b.store.OpenBlob(b.Context(), items[0].Blob.Hash)
	b.ok(err)
	defer blob.Close()
	if m := message.Parse(blob, blob.Size()); !strings.HasPrefix(m.Text(), "متشکرم") || !strings.Contains(m.HTML(), "متشکرم") {
		t.Errorf("the answer says %q and %q", m.Text(), m.HTML())
	}
	q.editor.SetText("half")
	b.selectSubject(sara)
	b.until("the rest as a draft", func() bool {
		ds, err := b.store.Drafts(b.Context())
		b.ok(err)
		return len(ds) == 1 && strings.HasPrefix(ds[0].Text, "half")
	})
}

func TestFoldedQuotationAndDesigns(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	b.selectSubject(reza)
	m := b.w.reader.single
	b.until("the text", func() bool { return m.body.ready })
	b.drain()
	if !m.body.quote.Visible() || strings.Contains(m.body.html.Slice(0, m.body.html.Length()), "Best,") {
		t.Fatal("the quotation is not folded")
	}
	was := m.body.html.height()
	b.shot("reader-folded")
	m.body.toggleQuote()
	b.until("the quotation", func() bool {
		return strings.Contains(m.body.html.Slice(0, m.body.html.Length()), "Best,") && m.body.html.height() > was
	})
	b.drain()
	b.shot("reader-unfolded")
}
