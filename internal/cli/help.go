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
}

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
