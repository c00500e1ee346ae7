package demo

import (
	"fmt"
	"io/fs"
	netmail "net/mail"
	"sort"
	"strconv"
	"strings"
	"time"

	"peyk/assets"
	"peyk/internal/mail"
)

// sample is one mail of the demo, ready to be served.
type sample struct {
	key     string
	account string
	folder  string
	date    time.Time
	flags   mail.Flags
	from    mail.Address
	raw     []byte
}

// entry is one mail as it is written in assets/demo: a header of our own and a body. The format:
//
//	=== key folder daysAgo HH:MM [seen star answered forwarded draft #tag …]
//	From: Name <address>
//	To: …                     (default: the owner of the mailbox)
//	Subject: …
//	Re: key                   (answers that mail: In-Reply-To and References)
//	Attach: name.pdf, b.png   (made by attach.go from the name's extension)
//	Type: html                (the body is HTML; default text)
//	Text: one line            (the text alternative of an HTML mail)
//	Repeat: 12 7              (twelve of them, each seven days older; {n} counts up to the newest)
//	Number: 562               (what {n} is for the newest of a repeated mail)
//	X-Any: any other header is taken over
//
//	body…
type entry struct {
	account string
	key     string
	folder  string
	days    int
	clock   string
	flags   []string
	header  map[string]string
	order   []string // header names in the order written
	body    string
	file    string
}

// loadSamples reads every mail of assets/demo and builds its bytes, dated against now, oldest first.
func loadSamples(now time.Time) ([]sample, error) {
	var entries []entry
	for file, account := range map[string]string{"imap": IMAPUser, "pop3": POP3User} {
		names, err := fs.Glob(assets.Demo, "demo/"+file+"-*.txt")
		if err != nil {
			return nil, fmt.Errorf("demo: listing the sample mail: %w", err)
		}
		sort.Strings(names)
		for _, name := range names {
			b, err := fs.ReadFile(assets.Demo, name)
			if err != nil {
				return nil, fmt.Errorf("demo: %w", err)
			}
			es, err := parseEntries(name, account, string(b))
			if err != nil {
				return nil, err
			}
			entries = append(entries, es...)
		}
	}
	return buildSamples(entries, now)
}

func buildSamples(entries []entry, now time.Time) ([]sample, error) {
	var out []sample
	byKey := map[string]entry{}
	for _, e := range entries {
		if _, twice := byKey[e.key]; twice {
			return nil, fmt.Errorf("demo: %s: the key %q stands twice", e.file, e.key)
		}
		byKey[e.key] = e
	}
	for _, e := range entries {
		copies, err := e.repeated()
		if err != nil {
			return nil, err
		}
		for _, c := range copies {
			s, err := c.build(byKey, now)
			if err != nil {
				return nil, fmt.Errorf("demo: %s: %s: %w", e.file, e.key, err)
			}
			out = append(out, s)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].date.Before(out[j].date) })
	return out, nil
}

func parseEntries(file, account, text string) ([]entry, error) {
	var out []entry
	for _, block := range strings.Split("\n"+text, "\n=== ")[1:] {
		first, rest, _ := strings.Cut(block, "\n")
		f := strings.Fields(first)
		if len(f) < 4 {
			return nil, fmt.Errorf("demo: %s: %q wants key, folder, days and time", file, first)
		}
		days, err := strconv.Atoi(f[2])
		if err != nil {
			return nil, fmt.Errorf("demo: %s: %s: the days are %q", file, f[0], f[2])
		}
		e := entry{account: account, key: f[0], folder: f[1], days: days, clock: f[3], flags: f[4:], file: file, header: map[string]string{}}
		head, body, _ := strings.Cut(rest, "\n\n")
		for _, line := range strings.Split(head, "\n") {
			name, value, ok := strings.Cut(line, ":")
			if !ok {
				return nil, fmt.Errorf("demo: %s: %s: %q is no header line", file, e.key, line)
			}
			e.header[name] = strings.TrimSpace(value)
			e.order = append(e.order, name)
		}
		e.body = strings.TrimSpace(body) + "\n"
		out = append(out, e)
	}
	return out, nil
}

// repeated returns the copies that a Repeat line asks for, or the entry alone.
func (e entry) repeated() ([]entry, error) {
	spec := e.header["Repeat"]
	if spec == "" {
		return []entry{e}, nil
	}
	var count, step int
	if _, err := fmt.Sscanf(spec, "%d %d", &count, &step); err != nil {
		return nil, fmt.Errorf("demo: %s: %s: Repeat is %q: %w", e.file, e.key, spec, err)
	}
	number := count
	if n, err := strconv.Atoi(e.header["Number"]); err == nil {
		number = n
	}
	var out []entry
	for i := range count {
		c := e
		c.days = e.days + i*step
		if i > 0 {
			c.key = fmt.Sprintf("%s-%d", e.key, i)
			if c.folder == "INBOX" && i > 2 {
				c.flags = append([]string{"seen"}, e.flags...)
			}
		}
		n := strconv.Itoa(number - i)
		c.body = strings.ReplaceAll(e.body, "{n}", n)
		c.header = map[string]string{}
		for k, v := range e.header {
			c.header[k] = strings.ReplaceAll(v, "{n}", n)
		}
		out = append(out, c)
	}
	return out, nil
}

// when is the moment the mail was sent, never after now.
func (e entry) when(now time.Time) (time.Time, error) {
	clock, err := time.Parse("15:04", e.clock)
	if err != nil {
		return time.Time{}, fmt.Errorf("the time is %q: %w", e.clock, err)
	}
	d := now.AddDate(0, 0, -e.days)
	t := time.Date(d.Year(), d.Month(), d.Day(), clock.Hour(), clock.Minute(), 0, 0, now.Location())
	for t.After(now) {
		t = t.AddDate(0, 0, -1)
	}
	return t, nil
}

func (e entry) systemFlags() (mail.Flags, error) {
	var out mail.Flags
	for _, f := range e.flags {
		switch f {
		case "seen":
			out = out.With(mail.FlagSeen)
		case "star":
			out = out.With(mail.FlagFlagged)
		case "answered":
			out = out.With(mail.FlagAnswered)
		case "forwarded":
			out = out.With(mail.FlagForwarded)
		case "draft":
			out = out.With(mail.FlagDraft)
		default:
			tag, ok := strings.CutPrefix(f, "#")
			if !ok {
				return nil, fmt.Errorf("%q is no flag", f)
			}
			out = out.With(mail.Flag(tag))
		}
	}
	return out, nil
}

// peopleOf collects the senders that answer by themselves: everybody but the two users and robots.
func peopleOf(samples []sample) map[string]mail.Address {
	out := map[string]mail.Address{}
	for _, s := range samples {
		addr := strings.ToLower(s.from.Addr)
		local, _, _ := strings.Cut(addr, "@")
		robot := strings.Contains(local, "reply") || local == "postmaster" || local == "mailer-daemon"
		if addr == IMAPUser || addr == POP3User || robot || s.folder == "Junk" {
			continue
		}
		out[addr] = s.from
	}
	return out
}

func parseAddress(s string) (mail.Address, error) {
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return mail.Address{}, fmt.Errorf("the address %q: %w", s, err)
	}
	return mail.Address{Name: a.Name, Addr: a.Address}, nil
}
