package message

import "peyk/internal/mail"

// From is who the message says it is from.
func (m *Message) From() []mail.Address {
	return m.Addresses("From")
}
