package cli

import (
	"bufio"
	"context"
	"fmt"

	"peyk/internal/message"
)

func inspectCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	fs.Bool("json", true, "one JSON object a line (always)")
	rest, err := c.wants(fs, 1, -1)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(c.Stdout)
	enc := jsonLines(w)
	failed := false
	files := message.NewInspector(rest)
	files.Stdin = c.Stdin
	for _, path := range rest {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		in, err := files.File(path)
		if err != nil {
			fmt.Fprintln(c.Stderr, "peyk: "+oneLine(err.Error()))
			failed = true
			continue
		}
		if err := enc.Encode(in); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if failed {
		return errTold
	}
	return nil
}
