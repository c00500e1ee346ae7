// Package weblink judges web addresses that strangers send: where a link really leads, what about it deceives, which pictures
// only tell that a mail was read. It asks nobody: everything is in the address itself and in short tables.
package weblink
