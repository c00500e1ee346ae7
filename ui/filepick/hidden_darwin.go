package filepick

import (
	"io/fs"
	"syscall"
)

// markedHidden: the Library folder of a home, for one.
func markedHidden(info fs.FileInfo) bool {
	const hidden = 0x8000 // UF_HIDDEN, chflags(2)
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && s.Flags&hidden != 0
}
