package mailsync

import "peyk/internal/mail"

// Waiting is how many messages somebody waits for that are not being fetched yet.
func (e *Engine) Waiting(account mail.AccountID) int {
	q := e.worker(account).wants
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}
