package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

// Deps are what the command line is given by the program.
type Deps struct {
	Stdin          io.Reader // nil: os.Stdin
	Stdout, Stderr io.Writer // nil: os.Stdout, os.Stderr
	Version        string
	// DemoServe runs the demo servers, prints where they are and returns when ctx ends. nil: this program has none.
	DemoServe func(ctx context.Context, out io.Writer) error
}

// The exit codes.
const (
	exitOK = iota
	exitFailure
	exitUsage
)

// usageError is a wrong use of a command: exit code 2.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usage(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// errTold is a failure that was told already, line by line.
var errTold = errors.New("told already")

// command is one sub-command.
type command struct {
	name  string
	args  string // as shown in its usage line
	short string
	run   func(ctx context.Context, c *call) error
}

// commands lists the sub-commands in the order of the help text.
var commands []command

func init() {
	commands = []command{
		{"account", "add FILE.toml | list [--json] | test NAME [--json] | remove NAME | forget-encryption NAME", "set up accounts", accountCommand},
		{"sync", "[--account NAME] [--json]", "one whole pass: pending operations, receive, send", syncCommand},
		{"list", "[--account NAME] [--folder NAME] [--limit N] [--json]", "messages, newest first", existing(listCommand)},
		{"folders", "[--account NAME] [--json]", "folders with their counts", existing(foldersCommand)},
		{"search", "QUERY [--limit N] [--newest] [--count] [--json]", "messages that match, best first", existing(searchCommand)},
		{"show", "[--headers] ID", "the readable text of a message", existing(showCommand)},
		{"raw", "ID", "the message's bytes exactly as received", existing(rawCommand)},
		{"op", "ACTION ID… | move|copy --to FOLDER ID… | tag|untag TAG ID… | tag [--add TAG]… [--remove TAG]… ID… | undo",
			"read, unread, star, unstar, archive, delete, destroy, junk, notjunk, move, copy, tag, untag; undo", existing(opCommand)},
		{"send", "FILE.eml [--account NAME] [--at TIME] [--json]", "put a message in the outbox; sync sends it", sendCommand},
		{"outbox", "[list] [--account NAME] [--json] | show ID | retry ID… | arrived ID… | later ID… --at TIME | edit ID… | discard ID…", "what waits to be sent, and what became of it", existing(outboxCommand)},
		{"inspect", "[--json] FILE.eml…", "parse files, one JSON line each", inspectCommand},
		{"render", "FILE.(eml|html) -o OUT.(png|pdf) [--width N] [--scale N] [--dark] [--paper a4|letter] [--allow-remote [--allow-private]] [--with-headers]", "draw a message as the reader pane does", renderCommand},
		{"export", "--format mbox|eml|maildir [--account NAME] [--folder NAME]… [--resume] [--json] DIR", "write mail into files", existing(exportCommand)},
		{"import", "PATH… [--account NAME] [--folder NAME] [--new=false] [--resume] [--json]", "read mail from mbox, EML and Maildir", importCommand},
		{"ledger", "export [--account NAME] [--csv] [FILE]", "what POP3 accounts fetched, and when and why it was removed from the server", existing(ledgerCommand)},
		{"doctor", "[--repair [--save-unreadable DIR]] [--json]", "check the profile", existing(doctorCommand)},
		{"demo", "--serve", "only the demo servers; stops on an interrupt", demoCommand},
		{"version", "", "print the version", versionCommand},
		{"help", "[COMMAND]", "this list, or what a command takes", helpCommand},
	}
}

// Run executes the sub-command that args name. handled is false when they name none: then the window is to be opened with
// args (nothing, flags of the window, a mailto URL or a mail file).
func Run(ctx context.Context, args []string, deps Deps) (code int, handled bool) {
	attachConsole()
	c := newCall(deps)
	if err := checkClock(); err != nil {
		return c.exit(err), true
	}
	name, rest, found := split(args)
	if !found {
		return exitOK, false
	}
	for _, cmd := range commands {
		if cmd.name == name {
			c.cmd, c.args = cmd, rest
			return c.exit(c.written(cmd.run(ctx, c))), true
		}
	}
	if forWindow(name) {
		return exitOK, false
	}
	return c.exit(usage("peyk: %q is no command, no mailto address and no mail file; see: peyk help", name)), true
}

// split finds the name of the sub-command: the first argument that names one, else the first that is no flag. Flags may
// stand before it.
func split(args []string) (name string, rest []string, found bool) {
	first := -1
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--profile" || a == "-profile":
			i++
		case strings.HasPrefix(a, "-"):
		case isCommand(a):
			return a, slices.Delete(slices.Clone(args), i, i+1), true
		case first < 0:
			first = i
		}
	}
	if first >= 0 {
		return args[first], slices.Delete(slices.Clone(args), first, first+1), true
	}
	for _, a := range args {
		switch a {
		case "-h", "-help", "--help":
			return "help", nil, true
		case "-version", "--version":
			return "version", nil, true
		}
	}
	return "", nil, false
}

func isCommand(name string) bool {
	return slices.ContainsFunc(commands, func(c command) bool { return c.name == name })
}

// forWindow reports whether an argument is for the window to open.
func forWindow(arg string) bool {
	low := strings.ToLower(arg)
	if strings.HasPrefix(low, "mailto:") || strings.HasSuffix(low, ".eml") || strings.HasSuffix(low, ".mbox") {
		return true
	}
	st, err := os.Stat(arg)
	return err == nil && st.Mode().IsRegular()
}

// call is one invocation of a command.
type call struct {
	Deps
	cmd  command
	args []string
	// profile is the value of --profile.
	profile string
	// existing: the command is about a profile that is there, and makes none.
	existing bool
	// dashWords: what begins with a single dash and is no flag of the command is an argument.
	dashWords bool
	// goesOn says what goes on where the command is interrupted; "": there is nothing to go on with.
	goesOn string
	out    *output
}

// output remembers that something could not be written, so that no command has to look after every line.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}

// written is the error of a command, or of its output where it had none.
func (c *call) written(err error) error {
	if (err == nil || errors.Is(err, flag.ErrHelp)) && c.out.err != nil {
		return fmt.Errorf("writing the output: %w", c.out.err)
	}
	return err
}

func newCall(d Deps) *call {
	if d.Stdin == nil {
		d.Stdin = os.Stdin
	}
	if d.Stdout == nil {
		d.Stdout = os.Stdout
	}
	if d.Stderr == nil {
		d.Stderr = os.Stderr
	}
	out := &output{w: d.Stdout}
	d.Stdout = out
	return &call{Deps: d, out: out}
}

// exit tells an error and returns the exit code for it.
func (c *call) exit(err error) int {
	var ue usageError
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errTold):
		return exitFailure
	case errors.As(err, &ue):
		fmt.Fprintln(c.Stderr, c.named(oneLine(ue.text)))
		return exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(c.Stderr, strings.TrimSuffix("peyk: interrupted; "+c.goesOn, "; "))
		return exitFailure
	}
	fmt.Fprintln(c.Stderr, "peyk: "+oneLine(err.Error()))
	return exitFailure
}

// named puts the command before what is said about its use by code that does not know it.
func (c *call) named(text string) string {
	if strings.HasPrefix(text, "peyk") {
		return text
	}
	return strings.TrimSpace("peyk "+c.cmd.name) + ": " + text
}

// oneLine keeps an error on one line, without control characters that a server may have put in it.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, control), "; ")
}

// flags makes the flag set of the command, with --profile in it.
func (c *call) flags() *flag.FlagSet {
	fs := flag.NewFlagSet(c.cmd.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&c.profile, "profile", "", "the profile `DIR` (default: "+defaultProfileText+")")
	return fs
}

// parse reads flags standing anywhere among the arguments and returns the others. After "--" everything is an argument.
func (c *call) parse(fs *flag.FlagSet) ([]string, error) {
	var rest []string
	args := c.args
	for {
		n := len(args)
		if i := slices.IndexFunc(args, func(a string) bool { return c.dashWords && isDashWord(fs, a) }); i == 0 {
			rest, args = append(rest, args[0]), args[1:]
			continue
		} else if i > 0 {
			n = i
		}
		err := fs.Parse(args[:n])
		if errors.Is(err, flag.ErrHelp) {
			c.printUsage(fs)
			return nil, err
		}
		if err != nil {
			return nil, usage("peyk %s: %s; usage: %s", c.cmd.name, FlagWords(err), c.cmd.line())
		}
		if err := emptyFlag(fs); err != nil {
			return nil, err
		}
		done := n - fs.NArg()
		left := args[done:]
		if len(left) == 0 {
			return rest, nil
		}
		if done > 0 && args[done-1] == "--" {
			return append(rest, left...), nil
		}
		if fs.NArg() > 0 {
			rest, left = append(rest, left[0]), left[1:]
		}
		args = left
	}
}

// emptyFlag is an error where a flag was given nothing: --profile "$DIR" of a script in which DIR is not set must not mean the user's own mail,
// nor --folder "$NAME" every folder.
func emptyFlag(fs *flag.FlagSet) (err error) {
	fs.Visit(func(f *flag.Flag) {
		if f.Value.String() == "" && err == nil {
			err = usage("--%s is empty; leave it out, or say what it is", f.Name)
		}
	})
	return err
}

// flagErrors are what package flag says of flags, and how that is said here.
var flagErrors = []struct {
	said  *regexp.Regexp
	words string
}{
	{regexp.MustCompile(`^flag provided but not defined: -(.+)$`), "there is no flag --$1"},
	{regexp.MustCompile(`^flag needs an argument: -(.+)$`), "--$1 needs a value"},
	{regexp.MustCompile(`(?s)^invalid (?:boolean )?value (".*") for (?:flag )?-([a-z-]+): value out of range$`), "--$2 $1 is too large"},
	{regexp.MustCompile(`(?s)^invalid boolean value (".*") for -([a-z-]+): parse error$`), "--$2 $1: it is true or false"},
	{regexp.MustCompile(`(?s)^invalid value (".*") for flag -([a-z-]+): parse error$`), "--$2 $1 is no number"},
}

// FlagWords puts an error of package flag into words that say what to do.
func FlagWords(err error) string {
	for _, e := range flagErrors {
		if e.said.MatchString(err.Error()) {
			return e.said.ReplaceAllString(err.Error(), e.words)
		}
	}
	return err.Error()
}

// isDashWord reports whether an argument begins with one dash and names no flag.
func isDashWord(fs *flag.FlagSet, a string) bool {
	name, ok := strings.CutPrefix(a, "-")
	if !ok || name == "" || name[0] == '-' {
		return false
	}
	name, _, _ = strings.Cut(name, "=")
	return name != "h" && name != "help" && fs.Lookup(name) == nil
}

// wants parses the flags and holds the number of arguments between least and most (-1: any).
func (c *call) wants(fs *flag.FlagSet, least, most int) ([]string, error) {
	rest, err := c.parse(fs)
	if err != nil {
		return nil, err
	}
	if len(rest) < least || (most >= 0 && len(rest) > most) {
		return nil, usage("peyk %s: wrong arguments; usage: %s", c.cmd.name, c.cmd.line())
	}
	return rest, nil
}

func (cmd command) line() string { return strings.TrimSpace("peyk " + cmd.name + " " + cmd.args) }
