package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"peyk/internal/mail"
)

// Processes and goroutines that change settings of one account at the same time lose nothing of each other's.
func TestAccountsChangedTogether(t *testing.T) {
	dir := t.TempDir()
	const each = 20
	stores := make([]*Store, 2)
	for i := range stores {
		st, err := Open(context.Background(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		stores[i] = st
	}
	id, err := stores[0].SaveAccount(t.Context(), mail.Account{Name: "office", Protocol: mail.IMAP})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for w, st := range stores {
		wg.Go(func() {
			for i := range each {
				_, err := st.ChangeAccount(t.Context(), id, func(a *mail.Account) bool {
					a.Identities = append(a.Identities, mail.Identity{Name: fmt.Sprint(w, i)})
					return true
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	a, err := stores[0].ChangeAccount(t.Context(), id, func(a *mail.Account) bool { a.Name = "not stored"; return false })
	if err != nil || a.ID != id {
		t.Fatalf("%+v, %v", a, err)
	}
	if a, err = stores[1].Account(t.Context(), id); err != nil || a.Name != "office" {
		t.Fatalf("%+v, %v", a, err)
	}
	var names []string
	for _, i := range a.Identities {
		names = append(names, i.Name)
	}
	if slices.Sort(names); len(slices.Compact(names)) != 2*each {
		t.Errorf("%d changes are left of %d", len(names), 2*each)
	}
	if _, err := stores[0].ChangeAccount(t.Context(), id+1, func(*mail.Account) bool { return true }); !errors.Is(err, ErrNotFound) {
		t.Errorf("an account that is not there: %v", err)
	}
}
