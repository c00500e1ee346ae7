package model

import (
	"context"

	"peyk/internal/mail"
	"peyk/store"
)

// maxConversation bounds how many messages of a conversation are shown: the newest.
const maxConversation = 1000

// Pages is the part of the store that conversations are read from.
type Pages interface {
	Page(ctx context.Context, q store.Query, offset, limit int) ([]mail.Row, error)
}

// Roles tells what a folder is for.
type Roles interface {
	Folder(id mail.FolderID) (mail.Folder, bool)
}

// Conversation lists the messages of the conversation that a message is part of, oldest first, across the folders of its
// account. What lies in Trash, Junk or Drafts is left out, unless it was chosen itself; of several copies of a message one is
// listed. It always holds the message that was chosen, also together with an error.
func Conversation(ctx context.Context, p Pages, chosen mail.Row, roles Roles) ([]mail.Row, error) {
	found, err := p.Page(ctx, store.Query{Thread: chosen.Thread}, 0, maxConversation)
	if err != nil {
		return []mail.Row{chosen}, err
	}
	role := func(r mail.Row) mail.Role {
		f, _ := roles.Folder(r.Folder)
		return f.Role
	}
	home := role(chosen)
	best := map[string]int{} // Message-ID → index in out
	out := []mail.Row{chosen}
	if chosen.HeaderID != "" {
		best[chosen.HeaderID] = 0
	}
	for _, r := range found {
		rl := role(r)
		switch {
		case r.ID == chosen.ID:
			out[0] = r
			continue
		case aside(rl) && rl != home:
			continue
		}
		if i, twice := best[r.HeaderID]; twice && r.HeaderID != "" {
			if i > 0 && rank(rl) < rank(role(out[i])) {
				out[i] = r
			}
			continue
		}
		best[r.HeaderID] = len(out)
		out = append(out, r)
	}
	oldestFirst(out)
	return out, nil
}

// aside reports folders whose messages are not part of what is read.
func aside(r mail.Role) bool {
	return r == mail.RoleTrash || r == mail.RoleJunk || r == mail.RoleDrafts
}

// rank orders copies of a message: the one in the inbox stands for the one in an archive of everything.
func rank(r mail.Role) int {
	switch r {
	case mail.RoleInbox:
		return 0
	case mail.RoleArchive, mail.RoleAll:
		return 2
	}
	return 1
}
