package cli

import (
	"context"
	"flag"
	"fmt"
	"strings"
)

func (c *call) printUsage(fs *flag.FlagSet) {
	fmt.Fprintf(c.Stdout, "usage: %s\n%s\n\n", c.cmd.line(), c.cmd.short)
	fs.VisitAll(func(f *flag.Flag) {
		dash, deflt := "--", ""
		if len(f.Name) == 1 {
			dash = "-"
		}
		value, words := flag.UnquoteUsage(f)
		if f.DefValue != "" && f.DefValue != "0" && value != "" {
			deflt = " (" + f.DefValue + ")"
		}
		fmt.Fprintf(c.Stdout, "  %s\n        %s%s\n", strings.TrimSpace(dash+f.Name+" "+value), words, deflt)
	})
	fmt.Fprint(c.Stdout, moreHelp[c.cmd.name])
}

// moreHelp is what some commands have to say beyond their flags.
var moreHelp = map[string]string{"search": `
Every word must occur, in subject, people, names of files or text; the last may be unfinished.
  "a phrase"  -not  one OR other  ( )
  from: to: subject: filename:            words in that place
  in:inbox  in:"Projects/2025"  account:  a role, a folder; an account
  is:unread read starred answered forwarded draft   has:attachment   tag:work
  before:2025-11-01  after:2025-05  on:1404-05-01  after:7d  (d, w, m, y; today, yesterday)
  larger:5M  smaller:100K

Best first means: the words in the subject, together before apart; then in subject, sender or names of
files; then together in the text; then the others. Within each of these the newest come first.
`}

func helpCommand(ctx context.Context, c *call) error {
	rest, err := c.wants(c.flags(), 0, 1)
	if err != nil {
		return err
	}
	if len(rest) == 1 {
		for _, cmd := range commands {
			if cmd.name == rest[0] {
				h := *c
				h.cmd, h.args = cmd, []string{"--help"}
				return cmd.run(ctx, &h)
			}
		}
		return usage("peyk help: there is no command %q; see: peyk help", rest[0])
	}
	fmt.Fprint(c.Stdout, `peyk [mailto:URL | FILE.eml | FILE.mbox]   open the window
peyk --demo                                open the window on a demo mailbox
peyk COMMAND [--profile DIR] …             work without a display:

`)
	for _, cmd := range commands {
		fmt.Fprintf(c.Stdout, "  %-9s %s\n", cmd.name, cmd.short)
	}
	fmt.Fprintln(c.Stdout, "\nThe profile is "+defaultProfileText+" unless --profile names another. peyk help COMMAND tells more.")
	return nil
}

func versionCommand(_ context.Context, c *call) error {
	if _, err := c.wants(c.flags(), 0, 0); err != nil {
		return err
	}
	v := c.Version
	if v == "" {
		v = "dev"
	}
	_, err := fmt.Fprintln(c.Stdout, "peyk "+v)
	return err
}

func demoCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	serve := fs.Bool("serve", false, "run the servers")
	if _, err := c.wants(fs, 0, 0); err != nil {
		return err
	}
	if !*serve {
		return usage("peyk demo: say peyk demo --serve for the servers alone, or peyk --demo for the window on them")
	}
	if c.DemoServe == nil {
		return fmt.Errorf("this build of Peyk has no demo servers")
	}
	return c.DemoServe(ctx, c.Stdout)
}
