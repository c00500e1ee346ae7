package cli

import (
	"context"
	"errors"
	"fmt"

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
}

type jsonProblem struct {
	Where    string `json:"where"`
	What     string `json:"what"`
	Repaired bool   `json:"repaired"`
	Harmless bool   `json:"harmless"`
}

func doctorCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	repair := fs.Bool("repair", false, "repair what can be repaired")
	asJSON := fs.Bool("json", false, "print one JSON object")
	if _, err := c.wants(fs, 0, 0); err != nil {
		return err
	}
	rep, err := c.examine(ctx, *repair)
	if err != nil {
		return err
	}
	if *asJSON {
		j := jsonReport{Clean: rep.Clean(), Messages: rep.Messages, Blobs: rep.Blobs, Folders: rep.Folders, Bytes: rep.BytesChecked, Broken: rep.Broken,
			Problems: []jsonProblem{}}
		for _, p := range rep.Problems {
			j.Problems = append(j.Problems, jsonProblem{p.Where, p.What, p.Repaired, p.Harmless})
		}
		if err := jsonLines(c.Stdout).Encode(j); err != nil {
			return err
		}
	} else {
		c.printReport(rep)
	}
	if !rep.Clean() {
		if *repair {
			return errors.New("not everything could be repaired; what is listed as lost comes again from the server with the next sync where it is still there")
		}
		return errors.New("the profile has problems; repair them with: peyk doctor --repair")
	}
	return nil
}

// examine opens and checks the profile. Where repair is asked for, one that does not even open, or that has pages which
// cannot be repaired in place, is salvaged into new files.
func (c *call) examine(ctx context.Context, repair bool) (store.Report, error) {
	dir, err := c.profileDir()
	if err != nil {
		return store.Report{}, err
	}
	st, err := OpenStore(ctx, dir)
	if err != nil {
		var broken *store.CorruptError
		if repair && errors.As(err, &broken) {
			return store.Repair(ctx, dir, StoreOptions())
		}
		return store.Report{}, fmt.Errorf("open the profile %s: %w", dir, err)
	}
	rep, err := st.Check(ctx, repair)
	if cerr := st.Close(); err == nil {
		err = cerr
	}
	if err != nil || !repair || rep.Clean() {
		return rep, err
	}
	return store.Repair(ctx, dir, StoreOptions())
}

func (c *call) printReport(rep store.Report) {
	fmt.Fprintf(c.Stdout, "%d messages in %d folders, %d stored bodies, %s read\n", rep.Messages, rep.Folders, rep.Blobs, bytesText(rep.BytesChecked))
	for _, p := range rep.Problems {
		mark := "problem "
		switch {
		case p.Repaired:
			mark = "repaired"
		case p.Harmless:
			mark = "note    "
		}
		fmt.Fprintf(c.Stdout, "%s  %s: %s\n", mark, plain(p.Where), plain(p.What))
	}
	if rep.Broken != "" {
		fmt.Fprintf(c.Stdout, "the damaged file was put aside as %s\n", rep.Broken)
	}
	if rep.Clean() {
		fmt.Fprintln(c.Stdout, "all is well")
	}
}
