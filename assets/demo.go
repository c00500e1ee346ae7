package assets

import "embed"

// Demo holds the sample mail of the demo mailbox, demo/{imap,pop3}-*.txt; package demo describes the format.
//
//go:embed demo
var Demo embed.FS
