package mailsync

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// A message that cannot be fetched was set aside, often before anything of it was here. So that people know which one it is, its server is
// asked for the little that names it, when everything else of a pass is done: the server may hang up at that, too. Each question is noted
// before it is put, and there are few of them.

const (
	headlineTries = 2  // IMAP: the lines of the header, and what the server itself has read of it
	topTries      = 1  // POP3: TOP n 0, where fetching it ended the session
	namedAtOnce   = 20 // messages in one pass
	// maxTold is how many messages a pass tells one by one that it has set aside: a server that gives nothing may have a million.
	maxTold = 50
)

// notice is a message that a pass has set aside and that is to be told.
type notice struct {
	q    store.Quarantined
	f    mail.Folder
	name string // what it is called where nothing is known of it
	why  error
}

// nameAside asks a server what the messages are that were set aside. What fails is no failure of the pass.
func (p *pass) nameAside(ctx context.Context, mb remote.Mailboxes) error {
	h, ok := mb.(remote.Headliner)
	if !ok {
		return nil
	}
	list, err := p.st.Nameless(ctx, p.acct.ID, headlineTries, namedAtOnce)
	if err != nil {
		return err
	}
	for _, q := range list {
		f, err := p.st.Folder(ctx, q.Folder)
		if err != nil {
			return err
		}
		for ; q.Asked < headlineTries; q.Asked++ {
			if err := p.st.AskSetAside(ctx, q.ID()); err != nil {
				return err
			}
			head, err := h.Headline(ctx, f.Path, q.UID, q.Asked > 0)
			if err != nil && (closed(err) || ctx.Err() != nil) {
				p.e.opt.Log.Info("naming", "account", p.acct.Name, "folder", f.Path, "uid", q.UID, "err", err)
				return nil
			}
			if known, err := p.name(ctx, q, head); known || err != nil {
				if err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

// name notes what a header says.
func (p *pass) name(ctx context.Context, q store.Quarantined, head []byte) (known bool, err error) {
	if len(head) == 0 {
		return false, nil
	}
	sum := message.ParseHeader(head).Summary()
	if sum.Subject == "" && len(sum.From) == 0 {
		return false, nil
	}
	q.Subject, q.From, q.Sent = sum.Subject, sum.From, sum.Date
	return true, p.st.NameSetAside(ctx, q)
}

// nameDrops is nameAside for a maildrop, on a session of its own: where it ends early, no deletion is lost.
func (p *pass) nameDrops(ctx context.Context, opener remote.Opener) error {
	list, err := p.st.Nameless(ctx, p.acct.ID, topTries, namedAtOnce)
	if err != nil || len(list) == 0 {
		return err
	}
	md, err := p.openDrop(ctx, opener)
	if err != nil {
		return err
	}
	defer md.Close()
	if !md.Capabilities().Top {
		return nil
	}
	drops, err := md.List(ctx)
	if err != nil {
		return err
	}
	for _, q := range list {
		i := slices.IndexFunc(drops, func(d remote.Drop) bool { return d.UIDL != "" && d.UIDL == q.UIDL })
		if i < 0 {
			continue
		}
		if err := p.st.AskSetAside(ctx, q.ID()); err != nil {
			return err
		}
		head, err := md.Top(ctx, drops[i], 0)
		if err == nil {
			_, err = p.name(ctx, q, head)
		}
		if err != nil && (closed(err) || ctx.Err() != nil || remote.As(err) == nil) {
			return err
		}
	}
	return md.Quit(ctx)
}

// tellAside tells what the pass has set aside, by name as far as that is known now.
func (p *pass) tellAside(ctx context.Context) {
	told, more := p.aside, p.unnamed
	p.aside, p.unnamed = nil, 0
	ctx = context.WithoutCancel(ctx)
	for _, n := range told {
		if l, err := p.st.Quarantined(ctx, n.f.ID); err == nil {
			i := slices.IndexFunc(l, func(q store.Quarantined) bool { return q.ID() == n.q.ID() })
			if i < 0 {
				continue // it has come since
			}
			n.q = l[i]
		}
		pr := &mail.Problem{
			Account: p.acct.ID, Kind: mail.ProblemServer, Code: mail.CodeSetAside, Where: p.acct.Incoming.Host, Detail: n.why.Error(),
			Summary: fmt.Sprintf("%s: %s could not be read and was set aside", p.acct.Name, n.name),
			Advice:  "It stays on the server; look at it with another program.",
		}
		if called := calledBy(n.q); called != "" {
			pr.Code, pr.Args = mail.CodeSetAsideNamed, []string{called}
			pr.Summary = fmt.Sprintf("%s: the message “%s” could not be read and was set aside (%s)", p.acct.Name, called, n.name)
		}
		p.tell(pr)
	}
	if more > 0 {
		p.tell(&mail.Problem{Account: p.acct.ID, Kind: mail.ProblemServer, Code: mail.CodeSetAsideMore, Args: []string{strconv.Itoa(more)}, Where: p.acct.Incoming.Host,
			Summary: fmt.Sprintf("%s: %d more messages could not be read and were set aside", p.acct.Name, more),
			Advice:  "They stay on the server; look at them with another program."})
	}
}

// noteAside takes note of a message that was set aside, to be told at the end of the pass.
func (p *pass) noteAside(n notice) {
	if len(p.aside) >= maxTold {
		p.unnamed++
		return
	}
	p.aside = append(p.aside, n)
}

// calledBy is the subject of a message that was set aside and who wrote it, "" where neither is known.
func calledBy(q store.Quarantined) string {
	var parts []string
	if q.Subject != "" {
		parts = append(parts, q.Subject)
	}
	if len(q.From) > 0 {
		if who := q.From[0]; who.Name != "" {
			parts = append(parts, who.Name)
		} else {
			parts = append(parts, who.Addr)
		}
	}
	return strings.Join(parts, " · ")
}
