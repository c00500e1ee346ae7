//go:build !windows && !darwin

package filepick

import "io/fs"

// markedHidden: a dot before the name is the only mark.
func markedHidden(fs.FileInfo) bool { return false }
