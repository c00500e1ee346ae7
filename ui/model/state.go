package model

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// Settings keeps small strings; the store implements it. An unset key reads as "".
type Settings interface {
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// The keys of the settings table that belong to the window.
const (
	keyWindow = "ui.window"
	keyPrefs  = "ui.prefs"
)

// WindowState is what the window remembers by itself. Lengths are in Fyne's device-independent pixels.
type WindowState struct {
	Width      float32 `json:"width"`
	Height     float32 `json:"height"`
	FolderPane float32 `json:"folder_pane"`
	List       float32 `json:"list"`
	// FolderShare and ListShare are the shares that the panes have at most of a window without room for these widths, 0 to 1; 0: not chosen.
	FolderShare float32  `json:"folder_share,omitempty"`
	ListShare   float32  `json:"list_share,omitempty"`
	Place       string   `json:"place"`
	Filter      Filter   `json:"filter"`
	Closed      []string `json:"closed,omitempty"` // folder rows whose children are hidden
	SortBy      Sorting  `json:"sort_by,omitempty"`
	SortOldest  bool     `json:"sort_oldest,omitempty"` // and for other orders: the other way around
}

// DefaultWindow is the window of a first start, with the measures of look.md.
func DefaultWindow() WindowState {
	return WindowState{Width: 1360, Height: 860, FolderPane: 236, List: 400, Place: Inboxes.String(), Filter: FilterAll}
}

// Prefs are what the user chose in the window's own settings.
type Prefs struct {
	Language string `json:"language"` // "" follows the system
	Theme    string `json:"theme"`    // "" follows the system, "light", "dark"
	Compact  bool   `json:"compact"`
	// MarkRead is how many seconds a message must be open before it counts as read; -1: only by hand.
	MarkRead int  `json:"mark_read"`
	Notify   bool `json:"notify"`
	// RemoteImages loads remote images of every message without asking.
	RemoteImages bool `json:"remote_images,omitempty"`
	// UndoSend is how many seconds a message waits so that sending can be taken back, 0 to 30.
	UndoSend int `json:"undo_send"`
	// How messages are read: texts rather than HTML, HTML in its own colours in a dark window, messages alone rather than in
	// conversations, the zoom in percent (0: 100).
	TextOnly       bool `json:"text_only,omitempty"`
	OriginalColors bool `json:"original_colors,omitempty"`
	Alone          bool `json:"alone,omitempty"`
	Zoom           int  `json:"zoom,omitempty"`
	// Grouped lists conversations rather than messages.
	Grouped bool `json:"grouped,omitempty"`
	// Threads does the same for what searches find.
	Threads bool `json:"threads,omitempty"`
	// Tags are the user's keywords in the order of the tag menu.
	Tags []string `json:"tags,omitempty"`
}

// DefaultPrefs are the settings of a first start.
func DefaultPrefs() Prefs { return Prefs{MarkRead: 2, Notify: true, UndoSend: 10} }

// Conversations reports whether messages are shown with the conversation that they are part of.
func (p Prefs) Conversations() bool { return !p.Alone }

// ReaderZoom is the zoom of messages, 0.5 to 3; 1 is 100 %.
func (p Prefs) ReaderZoom() float32 {
	if p.Zoom < 50 || p.Zoom > 300 {
		return 1
	}
	return float32(p.Zoom) / 100
}

// LoadWindow reads the remembered state; what is missing or makes no sense gets its default.
func LoadWindow(ctx context.Context, s Settings) (WindowState, error) {
	w := DefaultWindow()
	if err := load(ctx, s, keyWindow, &w); err != nil {
		return DefaultWindow(), err
	}
	d := DefaultWindow()
	w.Width = within(w.Width, 420, 10000, d.Width)
	w.Height = within(w.Height, 420, 10000, d.Height)
	w.FolderPane = within(w.FolderPane, 120, 600, d.FolderPane)
	w.List = within(w.List, 200, 1200, d.List)
	w.FolderShare, w.ListShare = within(w.FolderShare, 0, 1, 0), within(w.ListShare, 0, 1, 0)
	if w.Filter != FilterUnread && w.Filter != FilterStarred {
		w.Filter = FilterAll
	}
	if !slices.Contains(sortings(), w.SortBy) {
		w.SortBy = SortDate
	}
	return w, nil
}

// SaveWindow stores the state.
func SaveWindow(ctx context.Context, s Settings, w WindowState) error {
	return save(ctx, s, keyWindow, w)
}

// LoadPrefs reads the user's choices.
func LoadPrefs(ctx context.Context, s Settings) (Prefs, error) {
	p := DefaultPrefs()
	if err := load(ctx, s, keyPrefs, &p); err != nil {
		return DefaultPrefs(), err
	}
	p.MarkRead = max(min(p.MarkRead, 60), -1)
	p.UndoSend = max(min(p.UndoSend, 30), 0)
	return p, nil
}

// SavePrefs stores the user's choices.
func SavePrefs(ctx context.Context, s Settings, p Prefs) error { return save(ctx, s, keyPrefs, p) }

func load(ctx context.Context, s Settings, key string, into any) error {
	text, err := s.Setting(ctx, key)
	if err != nil {
		return fmt.Errorf("reading the setting %s: %w", key, err)
	}
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("the setting %s is not readable: %w", key, err)
	}
	return nil
}

func save(ctx context.Context, s Settings, key string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing the setting %s: %w", key, err)
	}
	if err := s.SetSetting(ctx, key, string(b)); err != nil {
		return fmt.Errorf("writing the setting %s: %w", key, err)
	}
	return nil
}

func within(v, low, high, otherwise float32) float32 {
	if v < low || v > high {
		return otherwise
	}
	return v
}
