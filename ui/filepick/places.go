package filepick

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"peyk/ui/icons"
)

func isEOF(err error) bool { return errors.Is(err, io.EOF) }

// place is a folder offered at the side. Its name is id in the catalogue, or the name of the folder when that is "".
type place struct {
	id, path string
	icon     icons.Name
}

// findPlaces lists the places there are: the user's folders as the desktop names them, the root, what is mounted.
func findPlaces() []place {
	home, err := os.UserHomeDir()
	var out []place
	add := func(id, path string, icon icons.Name) {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			return
		}
		for _, p := range out {
			if p.path == path {
				return
			}
		}
		out = append(out, place{id, path, icon})
	}
	if err == nil {
		dirs := userDirs(home)
		add("files.place.home", home, icons.User)
		add("files.place.desktop", dirs["DESKTOP"], icons.PanelLeft)
		add("files.place.documents", dirs["DOCUMENTS"], icons.FileText)
		add("files.place.downloads", dirs["DOWNLOAD"], icons.Download)
		add("files.place.pictures", dirs["PICTURES"], icons.Image)
	}
	for _, root := range roots() {
		if root == "/" {
			add("files.place.root", root, icons.HardDrive)
		} else {
			add("", root, icons.HardDrive)
		}
	}
	return out
}

// userDirs are the user's folders by their XDG names (user-dirs.dirs of xdg-user-dirs; elsewhere the usual names).
func userDirs(home string) map[string]string {
	out := map[string]string{
		"DESKTOP": filepath.Join(home, "Desktop"), "DOCUMENTS": filepath.Join(home, "Documents"),
		"DOWNLOAD": filepath.Join(home, "Downloads"), "PICTURES": filepath.Join(home, "Pictures"),
	}
	config := os.Getenv("XDG_CONFIG_HOME")
	if config == "" {
		config = filepath.Join(home, ".config")
	}
	f, err := os.Open(filepath.Join(config, "user-dirs.dirs"))
	if err != nil {
		return out
	}
	defer f.Close()
	for sc := bufio.NewScanner(io.LimitReader(f, 64<<10)); sc.Scan(); {
		name, value, ok := strings.Cut(strings.TrimSpace(sc.Text()), "=")
		name, xdg := strings.CutPrefix(name, "XDG_")
		name, dir := strings.CutSuffix(name, "_DIR")
		if !ok || !xdg || !dir {
			continue
		}
		value = strings.Trim(value, `"`)
		if rest, inHome := strings.CutPrefix(value, "$HOME"); inHome {
			value = filepath.Join(home, rest)
		}
		if filepath.IsAbs(value) {
			out[name] = filepath.Clean(value)
		}
	}
	return out
}

// roots are where the file systems begin: drives on Windows, elsewhere "/" and what is mounted for the user.
func roots() []string {
	if runtime.GOOS == "windows" {
		var out []string
		for c := 'A'; c <= 'Z'; c++ {
			if _, err := os.Stat(string(c) + `:\`); err == nil {
				out = append(out, string(c)+`:\`)
			}
		}
		return out
	}
	out := []string{"/"}
	user := filepath.Base(os.Getenv("HOME"))
	for _, pattern := range []string{filepath.Join("/media", user, "*"), filepath.Join("/run/media", user, "*"), "/Volumes/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil { // a home folder with a bracket in its name
			continue
		}
		out = append(out, found...)
	}
	return out
}

// expand makes an absolute path of what was typed in dir: "~" is the home folder.
func expand(dir, typed string) string {
	typed = strings.TrimSpace(typed)
	if typed == "~" || strings.HasPrefix(typed, "~/") || strings.HasPrefix(typed, `~\`) {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, typed[1:])
		}
	}
	if filepath.IsAbs(typed) {
		return filepath.Clean(typed)
	}
	return filepath.Join(dir, typed)
}

// crumbs are the folders on the way to a path, the root first.
func crumbs(path string) []string {
	var out []string
	for {
		out = append([]string{path}, out...)
		up := filepath.Dir(path)
		if up == path {
			return out
		}
		path = up
	}
}

// existing is path, or the nearest folder above it that is there.
func existing(path string) string {
	for {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return path
		}
		up := filepath.Dir(path)
		if up == path {
			return path
		}
		path = up
	}
}
