package filepick

import (
	"io/fs"
	"syscall"
)

// markedHidden: AppData, desktop.ini, and the names that Windows keeps for old programs and lets nobody open.
func markedHidden(info fs.FileInfo) bool {
	a, ok := info.Sys().(*syscall.Win32FileAttributeData)
	return ok && a.FileAttributes&(syscall.FILE_ATTRIBUTE_HIDDEN|syscall.FILE_ATTRIBUTE_SYSTEM) != 0
}
