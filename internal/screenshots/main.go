package main

import (
	"context"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"time"
)

// moment is when the pictures are taken: a Tuesday morning on which the sample mail reads well.
const moment = "PEYK_NOW=2025-11-25T11:00:00+03:30"

// scene is one picture: how the program is started, what is done to it, and how large the screen is.
type scene struct {
	name          string
	args          []string
	env           []string
	width, height int
	script        string
}

const (
	light, dark      = "FYNE_THEME=light", "FYNE_THEME=dark"
	english, persian = "LANG=en_GB.UTF-8", "LANG=fa_IR.UTF-8"
)

// open opens the mail that the design shows.
const open = "wait 2500\nclick 436 240\nwait 1500\nmove 700 640\nwait 300"
const openMirrored = "wait 2500\nclick 930 240\nwait 1500\nmove 300 640\nwait 300"

// settings opens the last page of the settings of the POP3 account, from the menu behind the gear at a place, by a click
// on its tab.
func settings(gear, tab string) string {
	return "wait 1500\nfill\nwait 1000\nclick " + gear + "\nwait 600\nkey Down Down Down Return\nwait 2000\nfill\nwait 500\nclick " + tab + "\nwait 1500"
}

// The arrows that go into a conversation of the list, from left to right and mirrored.
const right, left = "Right", "Left"

// listed groups the list by conversation and unfolds the first one.
func listed(into string) string {
	return "wait 2500\nkey ctrl+shift+t\nwait 1500\nkey Home\nwait 800\nkey " + into + "\nwait 2500"
}

// offline switches the network off by the menu behind the gear at a place, so that what is done stays to be seen.
func offline(gear string) string {
	return "wait 2500\nfill\nwait 1000\nclick " + gear + "\nwait 600\nkey Down Down Down Down Down Down Down Down Down Down Return\nwait 800\n"
}

// activity archives two messages and stars one, the first of them at a place, and opens the activity.
func activity(gear, message string) string {
	return offline(gear) + "click " + message + "\nwait 1000\nkey e\nwait 800\nkey e\nwait 800\nkey s\nwait 800\nkey ctrl+shift+a\nwait 1500\nfill\nwait 1000\nmove 400 400\nwait 300"
}

// snoozed snoozes the message at a place until tomorrow and the one that is selected then for an hour, and shows those that wait, the first of them open.
func snoozed(message, place, row string) string {
	return "wait 2500\nclick " + message + "\nwait 1000\nkey b\nwait 800\nkey Down Down Down Return\nwait 1500\nkey b\nwait 800\nkey Down Return\nwait 1500\nclick " + place +
		"\nwait 1500\nclick " + row + "\nwait 2500\nmove 400 600\nwait 7000"
}

// outbox answers the message at a place, to be sent later by the button at another, and opens the answer in the outbox. Only ASCII can be
// typed: letters that the keyboard does not have get lost on a busy machine.
func outbox(gear, message, text, later, place, row string) string {
	return offline(gear) + "click " + message + "\nwait 1500\nkey r\nwait 5000\nfill\nwait 3000\n" + text +
		"\nwait 500\nclick " + later + "\nwait 2000\nkey Down Down Return\nwait 5000\nfill\nwait 2000\nclick " + place + "\nwait 2000\nclick " + row + "\nwait 1000\nmove 680 640\nwait 6000"
}

func scenes() []scene {
	demo := []string{"--demo"}
	return []scene{
		{"main-light", demo, []string{light, english}, 1360, 860, open},
		{"main-dark", demo, []string{dark, english}, 1360, 860, open},
		{"main-persian", demo, []string{light, persian}, 1360, 860, openMirrored},
		{"main-persian-dark", demo, []string{dark, persian}, 1360, 860, openMirrored},
		{"main-small", demo, []string{light, english}, 900, 600, "wait 1500\nfill\nwait 1000\nclick 400 240\nwait 1500"},
		{"main-small-persian", demo, []string{light, persian}, 900, 600, "wait 1500\nfill\nwait 1000\nclick 500 240\nwait 1500"},
		{"html-mail", demo, []string{light, english}, 1360, 860, "wait 2500\nkey ctrl+k\nwait 300\ntype delta\nwait 2500\nclick 430 230\nwait 3000\nmove 1200 700\nwait 300"},
		{"conversation", demo, []string{light, english}, 1360, 860, "wait 2500\nclick 436 160\nwait 2000\nmove 700 840\nwait 300"},
		{"conversation-dark", demo, []string{dark, english}, 1360, 860, "wait 2500\nclick 436 160\nwait 2000\nmove 700 840\nwait 300"},
		{"conversations-list", demo, []string{light, english}, 1360, 860, listed(right)},
		{"conversations-list-persian", demo, []string{dark, persian}, 900, 600, "wait 1500\nfill\nwait 1000\n" + listed(left)},
		{"search", demo, []string{light, english}, 1360, 860, "wait 2500\nkey ctrl+k\nwait 300\ntype from:anna budget \nwait 1500"},
		{"compose", demo, []string{light, english}, 1360, 860, open + "\nkey r\nwait 2000"},
		{"compose-persian", demo, []string{light, persian}, 1360, 860, openMirrored + "\nkey r\nwait 2000"},
		{"settings-advanced", demo, []string{light, english}, 820, 700, settings("796 26", "565 72")},
		{"settings-advanced-persian", demo, []string{light, persian}, 820, 700, settings("24 26", "367 72")},
		{"activity", demo, []string{light, english}, 1000, 640, activity("976 26", "420 160")},
		{"activity-persian", demo, []string{dark, persian}, 1000, 640, activity("24 26", "580 160")},
		{"outbox", demo, []string{light, english}, 1360, 860, outbox("1336 26", "436 160", "type Thank you, I bring both tomorrow.", "115 31", "70 230", "436 160")},
		{"snoozed", demo, []string{light, english}, 1360, 860, snoozed("436 240", "70 167", "436 160")},
		{"snoozed-persian", demo, []string{dark, persian}, 1360, 860, snoozed("930 240", "1290 167", "924 160")},
		{"outbox-persian", demo, []string{light, persian}, 1360, 860, outbox("24 26", "930 240", "", "1190 31", "1290 230", "924 160")},
		{"wizard", nil, []string{light, english}, 760, 690, "wait 1500\nfill\nwait 1000"},
		{"wizard-persian", nil, []string{light, persian}, 760, 690, "wait 1500\nfill\nwait 1000"},
	}
}

func main() {
	out := flag.String("o", "docs/screenshots", "the `folder` to write to")
	only := flag.String("only", "", "only the scene of this `name`; gallery: only the mails")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: screenshots [-o FOLDER] [-only NAME] BINARY")
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	for _, sc := range scenes() {
		if *only != "" && *only != sc.name {
			continue
		}
		if err := sc.shoot(ctx, flag.Arg(0), filepath.Join(*out, sc.name+".png")); err != nil {
			fmt.Fprintf(os.Stderr, "screenshots: %s: %v\n", sc.name, err)
			os.Exit(1)
		}
		fmt.Println(filepath.Join(*out, sc.name+".png"))
	}
	if *only == "" || *only == "gallery" {
		if err := paintGallery(ctx, flag.Arg(0), *out); err != nil {
			fmt.Fprintf(os.Stderr, "screenshots: gallery: %v\n", err)
			os.Exit(1)
		}
	}
}

// shoot takes the picture.
func (sc scene) shoot(ctx context.Context, binary, file string) error {
	s, err := startScreen(ctx, sc.width, sc.height)
	if err != nil {
		return err
	}
	defer s.close()
	p, err := start(ctx, s, binary, append([]string{moment, "TZ=Asia/Tehran"}, sc.env...), sc.args...)
	if err != nil {
		return err
	}
	defer p.stop()
	if err := p.do(ctx, sc.script); err != nil {
		return err
	}
	img, err := s.settled(ctx, 5*time.Second)
	if err != nil {
		return err
	}
	if n := colours(img, 64); n < 64 {
		return fmt.Errorf("the screen has %d colours: the window is empty", n)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
