package assets

import _ "embed"

// Providers is the table of mail providers that account discovery looks at first: a JSON array, read by package accounts.
// Each entry has domains (of addresses), mx (ends of mail exchanger names that mean this provider for any domain), imap,
// pop3 and smtp as host:port with "/starttls" where that is the security (TLS otherwise), user ("local": the part before
// the @; the whole address otherwise), auth (where the usual password is refused), verify (hosts that are used only when they answer) and a hint for the user (see mail.Hint).
//
//go:embed providers.json
var Providers []byte
