package mail

import "time"

// ListenWhy is why new mail in a folder does not show at once although the user wants that.
type ListenWhy string

// The reasons.
const (
	ListenNotConnected ListenWhy = "not_connected" // no connection now, or none yet
	ListenNoPush       ListenWhy = "no_push"       // the server does not announce new mail (no IDLE, RFC 2177)
	ListenOff          ListenWhy = "off"           // the account's settings say not to listen
	ListenConnections  ListenWhy = "connections"   // the settings or the server allow no more connections
)

// ListenWhys lists every reason.
func ListenWhys() []ListenWhy {
	return []ListenWhy{ListenNotConnected, ListenNoPush, ListenOff, ListenConnections}
}

// Listening is how soon new mail shows in a folder that the user wants listened to.
type Listening struct {
	Now   bool          // the server tells at once
	Why   ListenWhy     // why not
	Every time.Duration // the folder is looked into this often instead, while there is a connection
}
