package accounts

import (
	"context"
	"sync"

	"peyk/internal/mail"
)

// NewMemoryVault keeps passwords in memory only: for the demo, and where nothing may be left behind. fallback serves
// accounts that have none of their own.
func NewMemoryVault(fallback mail.Secrets) Vault {
	return &memoryVault{fallback: Fixed(fallback), kept: map[string]string{}}
}

type memoryVault struct {
	fallback Fixed

	mu   sync.Mutex
	kept map[string]string
}

func (m *memoryVault) Password(ctx context.Context, a mail.Account, side mail.ServerSide) (string, error) {
	m.mu.Lock()
	p := m.kept[secretKey(a.ID, side)]
	m.mu.Unlock()
	if p != "" {
		return p, nil
	}
	return m.fallback.Password(ctx, a, side)
}

func (m *memoryVault) Save(_ context.Context, id mail.AccountID, s mail.Secrets) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for side, p := range map[mail.ServerSide]string{mail.SideIncoming: s.Incoming, mail.SideOutgoing: s.Outgoing} {
		if p != "" {
			m.kept[secretKey(id, side)] = p
		}
	}
	return nil
}

func (m *memoryVault) Forget(_ context.Context, id mail.AccountID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, secretKey(id, mail.SideIncoming))
	delete(m.kept, secretKey(id, mail.SideOutgoing))
	return nil
}

func (m *memoryVault) Info() mail.SecretStoreInfo {
	return mail.SecretStoreInfo{Kind: "memory", Detail: "until Peyk is closed"}
}

func (m *memoryVault) Unlock(context.Context, string) error { return nil }
