package cli

import (
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/store"
)

// TestWordsOfAnActionOnFoldersAndOneMessage: emptying the trash removes the folders in it first, which are operations without messages.
func TestWordsOfAnActionOnFoldersAndOneMessage(t *testing.T) {
	ctx := t.Context()
	st, err := store.Open(ctx, t.TempDir(), StoreOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	a, err := st.SaveAccount(ctx, mail.Account{Name: "Local", Protocol: mail.POP3, Disabled: true})
	if err != nil {
		t.Fatal(err)
	}
	var f [2]mail.FolderID
	for i, path := range []string{"Trash", "Trash/Old"} {
		if f[i], err = st.EnsureLocalFolder(ctx, a, path, mail.RoleNone); err != nil {
			t.Fatal(err)
		}
	}
	ids, err := st.Ingest(ctx, f[0], []mail.Incoming{{Received: time.Unix(1e9, 0), Summary: mail.Summary{Subject: "the only one"}}})
	if err != nil {
		t.Fatal(err)
	}
	g, err := st.Submit(ctx, []mail.Op{{Account: a, Kind: mail.OpDropFolder, Folder: f[1]}, {Account: a, Kind: mail.OpExpunge, Messages: ids}})
	if err != nil {
		t.Fatal(err)
	}
	if what, err := actionWords(ctx, st, g); err != nil || !strings.Contains(what, "the only one") && !strings.Contains(what, "1 message") {
		t.Errorf("it says %q, %v", what, err)
	}
}
