package ui

import (
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// rowText is what a list shows of a message, in words.
type rowText struct {
	who, address  string // address picks the avatar's colour
	subject, text string
	date          string
	until         string // when a snoozed message comes back
	failed        bool
	tags          []string
	strong        []kit.Span // in who: those who wrote something that is unread
}

// textOf puts a row into words. outgoing lists show whom a message goes to; isMe knows the addresses of the user.
func textOf(r mail.Row, outgoing bool, now time.Time, isMe func(mail.Address) bool) rowText {
	t := rowText{subject: model.Visible(r.Subject), text: model.Visible(r.Snippet), date: lang.ListDate(r.Listed(), now)}
	if !r.Snoozed.IsZero() {
		t.until = lang.When(r.Snoozed, now)
	}
	if outgoing {
		t.who = namesOf(r.To)
		if len(r.To) > 0 {
			t.address = r.To[0].Addr
		}
		if t.who == "" {
			t.who = lang.T("list.no.recipient")
		}
	} else if len(r.From) > 0 {
		t.who, t.address = model.ShownName(r.From[0]), r.From[0].Addr
		if r.Nested != mail.NestedNot && isMe(r.From[0]) {
			t.who = lang.T("reader.thread.me")
		}
	}
	if g := r.Group; g != nil {
		if who, strong := participants(pick(outgoing, g.To, g.From), isMe); who != "" {
			t.who, t.strong = who, strong
		}
	}
	if t.who == "" {
		t.who = lang.T("list.no.sender")
	}
	if t.subject == "" {
		t.subject = lang.T("list.no.subject")
	}
	if r.Failed != "" {
		t.text, t.failed = model.Visible(r.Failed), true
	}
	if r.Date.IsZero() {
		t.date = ""
	}
	for _, f := range r.Flags {
		if f.IsTag() {
			t.tags = append(t.tags, model.Visible(f.TagName()))
		}
	}
	return t
}

// participants joins the names of those who take part in a conversation, and says where the unread ones stand.
func participants(ps []mail.Participant, isMe func(mail.Address) bool) (names string, strong []kit.Span) {
	for _, p := range ps {
		if names != "" {
			names += lang.T("list.comma")
		}
		from := len(names)
		if isMe(p.Address) {
			names += lang.T("reader.thread.me")
		} else {
			names += model.ShownName(p.Address)
		}
		if p.Unread {
			strong = append(strong, kit.Span{Start: from, End: len(names), Weight: kit.Strong.Weight})
		}
	}
	return names, strong
}

// meNamed puts "me" in place of the names of the user.
func meNamed(as []mail.Address, isMe func(mail.Address) bool) []mail.Address {
	out := make([]mail.Address, len(as))
	for i, a := range as {
		if out[i] = a; isMe(a) {
			out[i].Name = lang.T("reader.me")
		}
	}
	return out
}

// namesOf joins the names of a few addresses.
func namesOf(as []mail.Address) string {
	var names []string
	for i, a := range as {
		if i == 4 {
			names = append(names, "…")
			break
		}
		names = append(names, model.ShownName(a))
	}
	return strings.Join(names, lang.T("list.comma"))
}

// placeTitle is the name of a place.
func placeTitle(p model.Place, tree *model.Tree) string {
	switch p.Kind {
	case model.PlaceInboxes:
		return lang.T("place.inboxes")
	case model.PlaceStarred:
		return lang.T("place.starred")
	case model.PlaceSnoozed:
		return lang.T("place.snoozed")
	case model.PlaceDrafts:
		return lang.T("place.drafts")
	case model.PlaceOutbox:
		return lang.T("place.outbox")
	case model.PlaceSearch:
		if at := tree.Searches.Of(p.Search); at >= 0 {
			return model.Visible(tree.Searches[at].Name)
		}
		return lang.T("place.search")
	}
	if f, ok := tree.Folder(p.Folder); ok {
		return folderTitle(f)
	}
	return lang.T("place.gone")
}

// folderTitle is the name of a folder: in the window's language when it has a role, else as the server says.
func folderTitle(f mail.Folder) string {
	if s := lang.RoleName(f.Role); s != "" {
		return s
	}
	if f.Local {
		if s := ownFolder(f.Path); s != "" {
			return s
		}
	}
	return model.Visible(f.Name())
}

// ownFolder is what a folder of this computer that Peyk made by itself is called in the window's language; "" for others.
func ownFolder(path string) string {
	switch path {
	case mail.RescueFolder:
		return lang.T("folder.rescue")
	case mail.ImportedFolder:
		return lang.T("folder.imported")
	case mail.OpenedFolder:
		return lang.T("folder.opened")
	}
	return ""
}

// outboxWords say where a message stands that is on its way out.
func outboxWords(it mail.OutboxItem, now time.Time) string {
	reason := lang.ProblemWords(mail.StoredProblem(it.Reason), "")
	switch it.State {
	case mail.OutboxSending:
		return lang.T("outbox.sending")
	case mail.OutboxUncertain:
		return lang.T("outbox.uncertain")
	case mail.OutboxFailed:
		return lang.T("outbox.failed", reason)
	case mail.OutboxPartly:
		return lang.N("outbox.partly", len(it.Refused))
	case mail.OutboxSent:
		return lang.T("outbox.sent")
	}
	waits := waitingWords(it, reason, now)
	if !it.Chosen.IsZero() && !it.Chosen.After(now) {
		return lang.Dots(waits, lang.T("outbox.planned", lang.FullDate(it.Chosen.In(now.Location()))))
	}
	return waits
}

// waitingWords say what a message waits for that is to be sent.
func waitingWords(it mail.OutboxItem, reason string, now time.Time) string {
	tried := it.Attempts > 0 || it.Reason != "" // a server that was not reached at all counts no attempt
	switch {
	case it.NotBefore.After(now) && tried:
		return lang.T("outbox.retry", lang.Time(it.NotBefore.In(now.Location())), reason)
	case it.NotBefore.After(now):
		return lang.T("outbox.later", lang.FullDate(it.NotBefore.In(now.Location())))
	case tried:
		return lang.T("outbox.again", reason)
	}
	return lang.T("outbox.queued")
}

// isOutgoing reports whether a folder holds what the user wrote.
func isOutgoing(r mail.Role) bool {
	return r == mail.RoleSent || r == mail.RoleDrafts || r == mail.RoleOutbox
}

// roleOf is the role of what a place shows.
func roleOf(p model.Place, tree *model.Tree) mail.Role {
	switch p.Kind {
	case model.PlaceDrafts:
		return mail.RoleDrafts
	case model.PlaceOutbox:
		return mail.RoleOutbox
	case model.PlaceInboxes:
		return mail.RoleInbox
	}
	f, _ := tree.Folder(p.Folder)
	return f.Role
}
