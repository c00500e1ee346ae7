package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/store"
)

// jsonReport is what `doctor --json` prints.
type jsonReport struct {
	Clean    bool          `json:"clean"`
	Messages int           `json:"messages"`
	Blobs    int           `json:"blobs"`
	Folders  int           `json:"folders"`
	Bytes    int64         `json:"bytes_checked"`
	Broken   string        `json:"put_aside,omitempty"`
	Problems []jsonProblem `json:"problems"`
	SetAside []jsonAside   `json:"set_aside"`
	Refused  []jsonRefused `json:"refused_folders"`
}

// jsonRefused is a folder that its server lists and does not open.
type jsonRefused struct {
	Account string    `json:"account"`
	Folder  string    `json:"folder"`
	Why     string    `json:"why"`
	Since   time.Time `json:"since"`
	Tries   int       `json:"tries"`
	Next    time.Time `json:"next_try"` // when it is tried again by itself
}

// jsonAside is a message that could not be fetched and stays on its server.
type jsonAside struct {
	Account string    `json:"account"`
	Folder  string    `json:"folder"`
	UID     mail.UID  `json:"uid,omitempty"`
	UIDL    string    `json:"uidl,omitempty"`
	Subject string    `json:"subject,omitempty"`
	From    string    `json:"from,omitempty"`
	Sent    time.Time `json:"sent,omitzero"`
	Size    int64     `json:"size,omitempty"`
	Why     string    `json:"why"`
	Tries   int       `json:"tries"`             // how often it was asked for
	Next    time.Time `json:"next_try,omitzero"` // when it is by itself; absent: never
}

type jsonProblem struct {
	Where    string `json:"where"`
	What     string `json:"what"`
	Repaired bool   `json:"repaired"`
	Harmless bool   `json:"harmless"`
	Lost     bool   `json:"lost"`
}

func doctorCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	repair := fs.Bool("repair", false, "repair what can be repaired")
	asJSON := fs.Bool("json", false, "print one JSON object")
	save := fs.String("save-unreadable", "", "with --repair: write what is left of outgoing messages and drafts that cannot be read into `DIR`, and remove them")
	if _, err := c.wants(fs, 0, 0); err != nil {
		return err
	}
	if *save != "" && !*repair {
		return usage("peyk doctor: --save-unreadable removes what it has saved; say --repair, too")
	}
	rep, left, err := c.examine(ctx, *repair, *save)
	if err != nil {
		return err
	}
	if *asJSON {
		j := jsonReport{Clean: rep.Clean(), Messages: rep.Messages, Blobs: rep.Blobs, Folders: rep.Folders, Bytes: rep.BytesChecked, Broken: rep.Broken,
			Problems: []jsonProblem{}, SetAside: left.aside, Refused: left.refused}
		for _, p := range rep.Problems {
			j.Problems = append(j.Problems, jsonProblem{p.Where, p.What, p.Repaired, p.Harmless, p.Lost})
		}
		if err := jsonLines(c.Stdout).Encode(j); err != nil {
			return err
		}
	} else {
		c.printReport(rep, left)
	}
	return verdict(rep, *repair)
}

// verdict is the error that a profile is worth.
func verdict(rep store.Report, repair bool) error {
	switch {
	case !repair && !rep.Clean():
		return errors.New("the profile has problems; repair them with: peyk doctor --repair")
	case !rep.Clean():
		return errors.New("not everything could be repaired; what is listed as missing comes again from the server with the next sync where it is still there")
	case repair && rep.Lost():
		return errors.New("the profile is in order again, but what is listed as lost is gone for good; where you have a copy of it, import that with: peyk import PATH")
	}
	return nil
}

// examine opens and checks the profile. Where repair is asked for, one that does not even open, or that has pages which
// cannot be repaired in place, is salvaged into new files.
func (c *call) examine(ctx context.Context, repair bool, save string) (rep store.Report, left unfetched, err error) {
	left = unfetched{aside: []jsonAside{}, refused: []jsonRefused{}}
	dir, err := c.profileDir()
	if err != nil {
		return rep, left, err
	}
	st, err := OpenStore(ctx, dir)
	if err != nil {
		var broken *store.CorruptError
		if repair && errors.As(err, &broken) {
			rep, err = store.Repair(ctx, dir, StoreOptions())
			return rep, left, err
		}
		return rep, left, fmt.Errorf("open the profile %s: %w", dir, err)
	}
	rep, err = checkAndSave(ctx, st, repair, save)
	if err == nil {
		left.aside, err = setAside(ctx, st)
	}
	if err == nil {
		left.refused, err = refusedFolders(ctx, st)
	}
	if cerr := st.Close(); err == nil {
		err = cerr
	}
	if err != nil || !repair || rep.Clean() {
		return rep, left, err
	}
	again, err := store.Repair(ctx, dir, StoreOptions())
	for _, p := range rep.Problems { // the second time nothing is said of them
		if p.Repaired {
			again.Problems = append(again.Problems, p)
		}
	}
	return again, left, err
}

// checkAndSave checks the profile, and once more when what could not be read was saved and is gone.
func checkAndSave(ctx context.Context, st *store.Store, repair bool, save string) (store.Report, error) {
	rep, err := st.Check(ctx, repair)
	if err != nil || save == "" {
		return rep, err
	}
	saved, err := saveUnreadable(ctx, st, save)
	if err != nil {
		return rep, fmt.Errorf("saving what cannot be read: %w", err)
	}
	if len(saved) == 0 {
		return rep, nil
	}
	again, err := st.Check(ctx, repair)
	for _, p := range rep.Problems {
		if p.Repaired {
			saved = append(saved, p)
		}
	}
	again.Problems = append(saved, again.Problems...)
	return again, err
}

// unfetched is what servers do not give. It is no fault of the profile.
type unfetched struct {
	aside   []jsonAside
	refused []jsonRefused
}

// maxAside is how many messages that were set aside are listed.
const maxAside = 1000

// setAside lists the messages that could not be fetched. They are no fault of the profile.
func setAside(ctx context.Context, st *store.Store) ([]jsonAside, error) {
	list, _, err := st.SetAside(ctx, maxAside)
	if err != nil {
		return nil, err
	}
	out := make([]jsonAside, 0, len(list))
	for _, q := range list {
		f, err := st.Folder(ctx, q.Folder)
		if errors.Is(err, store.ErrNotFound) {
			continue // damaged: Check tells of that
		}
		if err != nil {
			return nil, err
		}
		a, err := st.Account(ctx, f.Account)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		j := jsonAside{Account: a.Name, Folder: f.Path, UID: q.UID, UIDL: q.UIDL, Subject: q.Subject, Sent: q.Sent, Size: q.Size, Why: mail.StoredProblem(q.Reason).Summary, Tries: q.Tries, Next: q.Due}
		if len(q.From) > 0 {
			j.From = q.From[0].String()
		}
		out = append(out, j)
	}
	return out, nil
}

// refusedFolders lists the folders that their servers do not open.
func refusedFolders(ctx context.Context, st *store.Store) ([]jsonRefused, error) {
	accts, err := st.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	out := []jsonRefused{}
	for _, a := range accts {
		list, err := st.RefusedFolders(ctx, a.ID)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			out = append(out, jsonRefused{a.Name, f.Path, mail.StoredProblem(f.Why).Summary, f.Since, f.Tries, f.Due})
		}
	}
	return out, nil
}

// text names a message that was set aside.
func (j jsonAside) text() string {
	var parts []string
	if j.Subject != "" {
		parts = append(parts, "“"+j.Subject+"”")
	}
	if j.From != "" {
		parts = append(parts, "from "+j.From)
	}
	if !j.Sent.IsZero() {
		parts = append(parts, "of "+j.Sent.Format(time.DateOnly))
	}
	if len(parts) == 0 && j.UID != 0 {
		parts = append(parts, fmt.Sprintf("with UID %d", j.UID))
	} else if len(parts) == 0 {
		parts = append(parts, "that its server calls "+j.UIDL)
	}
	next := "it is not tried again by itself"
	if !j.Next.IsZero() {
		next = "the next try is due on " + j.Next.Local().Format("2006-01-02 15:04")
	}
	return fmt.Sprintf("a message %s could not be fetched and stays on the server: %s; %s", strings.Join(parts, " "), j.Why, next)
}

func (c *call) printReport(rep store.Report, left unfetched) {
	fmt.Fprintf(c.Stdout, "%d messages in %d folders, %d stored bodies, %s read\n", rep.Messages, rep.Folders, rep.Blobs, bytesText(rep.BytesChecked))
	for _, p := range rep.Problems {
		mark := "problem "
		switch {
		case p.Lost && p.Repaired:
			mark = "lost    "
		case p.Repaired:
			mark = "repaired"
		case p.Harmless:
			mark = "note    "
		}
		fmt.Fprintf(c.Stdout, "%s  %s: %s\n", mark, plain(p.Where), plain(p.What))
	}
	for _, f := range left.refused {
		fmt.Fprintf(c.Stdout, "refused   %s, %s: %s; the next try is due on %s\n", plain(f.Account), plain(f.Folder), plain(f.Why), f.Next.Local().Format("2006-01-02 15:04"))
	}
	for _, j := range left.aside {
		fmt.Fprintf(c.Stdout, "aside     %s, %s: %s\n", plain(j.Account), plain(j.Folder), plain(j.text()))
	}
	if rep.Broken != "" {
		fmt.Fprintf(c.Stdout, "the damaged file was put aside as %s\n", rep.Broken)
	}
	if rep.Clean() && !rep.Lost() {
		fmt.Fprintln(c.Stdout, "all is well")
	}
}
