package ui

import (
	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// searchFoot is what the status bar says while a search is shown and nothing is more urgent: the keys for its results, and what it took to search how
// much of the mail. Both are "" for other places.
func (w *MainWindow) searchFoot() (keys, searched string) {
	if w.list.place.Kind != model.PlaceSearch {
		return "", ""
	}
	took := ""
	if t := w.list.pager.Took(); t > 0 {
		took = lang.Took(t)
	}
	return w.searchKeys(), lang.Dots(took, searchedWords(w.env.tree.Folders(0), w.list.partly))
}

// searchKeys are the keys for the results of a search, as the table of commands has them.
func (w *MainWindow) searchKeys() string {
	first := pick(lang.RTL(), "\u200f", "") // the key stands before what it does, in the order of reading
	words := []string{first + "↑↓ " + lang.T("search.keys.move")}
	for _, id := range []string{"open", "selectall", "archive", "escape"} {
		words = append(words, first+lang.Keys(w.byID[id].keyText())+" "+lang.T("search.keys."+id))
	}
	return lang.Dots(words...)
}

// searchedWords say how much of the mail the index can find by its words: of messages that are here by their header only it knows just that.
func searchedWords(folders []mail.Folder, partly int) string {
	total := 0
	for _, f := range folders {
		total += f.Total
	}
	if total == 0 {
		return ""
	}
	return lang.N("search.indexed", total, lang.Percent(max(0, total-partly)*100/total))
}
