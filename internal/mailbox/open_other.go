//go:build !unix

package mailbox

// noWait: pipes have no place among the files here.
const noWait = 0
