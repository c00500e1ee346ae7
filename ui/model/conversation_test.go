package model

import (
	"context"
	"errors"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/store"
)

type pages struct {
	rows []mail.Row
	err  error
}

func (p pages) Page(context.Context, store.Query, int, int) ([]mail.Row, error) { return p.rows, p.err }

type roles map[mail.FolderID]mail.Role

func (r roles) Folder(id mail.FolderID) (mail.Folder, bool) {
	role, ok := r[id]
	return mail.Folder{ID: id, Role: role}, ok
}

func TestConversation(t *testing.T) {
	at := func(h int) time.Time { return time.Date(2025, 11, 25, h, 0, 0, 0, time.UTC) }
	folders := roles{1: mail.RoleInbox, 2: mail.RoleSent, 3: mail.RoleTrash, 4: mail.RoleAll, 5: mail.RoleDrafts}
	row := func(id int, folder int, header string, h int) mail.Row {
		return mail.Row{ID: mail.MessageID(id), Folder: mail.FolderID(folder), HeaderID: header, Date: at(h), Thread: 9}
	}
	all := []mail.Row{row(6, 5, "draft", 12), row(5, 1, "e", 11), row(4, 4, "c", 10), row(3, 1, "c", 10), row(2, 2, "b", 9), row(7, 3, "gone", 8), row(1, 1, "a", 7)}
	ids := func(chosen mail.Row) (out []mail.MessageID) {
		got, err := Conversation(context.Background(), pages{rows: all}, chosen, folders)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range got {
			out = append(out, r.ID)
		}
		return out
	}
	same := func(a []mail.MessageID, b ...mail.MessageID) bool {
		if len(a) != len(b) {
			return false
		}
		for i := range a {
			if a[i] != b[i] {
				return false
			}
		}
		return true
	}
	if got := ids(all[1]); !same(got, 1, 2, 3, 5) { // sent mail among them; copies, drafts and the deleted are not
		t.Errorf("%v", got)
	}
	if got := ids(all[2]); !same(got, 1, 2, 4, 5) { // the copy that was chosen
		t.Errorf("from All Mail: %v", got)
	}
	if got := ids(all[5]); !same(got, 1, 7, 2, 3, 5) { // read in the trash, it is part of it
		t.Errorf("from the trash: %v", got)
	}
	if got, err := Conversation(context.Background(), pages{err: errors.New("disk")}, all[1], folders); err == nil || len(got) != 1 {
		t.Errorf("%v %v", got, err)
	}
}
