// Package message reads any mail message and writes ones that everybody can read.
package message
