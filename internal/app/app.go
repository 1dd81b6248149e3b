package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// command is one thing the program does.
type command struct {
	name, args, help string
	run              func(ctx context.Context, args []string, out, errOut io.Writer) error
}

// commands are all of them, in the order of the help.
func commands() []command {
	return []command{
		{"serve", "[--data DIR] [--listen ADDR] [--db URL] [--demo]", "run the service", serve},
		{"play", "--questions FILE [--orders N] [--seed S] [--db URL] [--data DIR] [--json]", "play a whole day of real questions", play},
		{"stage", "[--from MOMENT] [--statutes FILE] [the flags of serve]", "a demonstration whose clock stands until a line on its input moves it", standing},
		{"verify", "--data DIR | --db URL | --proof FILE [--key K] [--checkpoint FILE]", "prove that nothing was altered", verify},
		{"bench", "[NAME ...] [--db URL] [--json] [--orders N] [--keep DIR]", "measure the speed of this machine", func(ctx context.Context, args []string, out, _ io.Writer) error { return runBench(ctx, args, out) }},
		{"migrate", "[--data DIR] [--db URL] [--grant ROLE]", "bring the schema up to date", migrate},
		{"openapi", "", "print the description of the HTTP API", openapi},
		{"restore", "--accept-loss [--data DIR] [--db URL]", "open a new log after a loss", restore},
		{"org", "add --region CODE --name NAME [--zone ZONE] [--data DIR] [--db URL]", "make the organisation of a province, city or county", orgs},
		{"staff", "add --user USER --name NAME --roles ROLE,... [--region CODE] [--phone P] [--firm F] [--areas A,...] [--regions R,...] [--data DIR] [--db URL]", "make an account; its password and second factor are told once", staff},
		{"statutes", "load FILE [--data DIR] [--db URL]", "load laws that legal bases are checked against", statutes},
		{"totp", "SECRET", "print the one-time password of a demonstration's key", oneTime},
		{"regions", "load FILE [--data DIR] [--db URL]", "load region codes (GB/T 2260)", regions},
		{"holidays", "load FILE [--region CODE] [--data DIR] [--db URL]", "load the days of a notice of holidays and make-up days", holidays},
	}
}

// errUsage says that the command line can't be used; the text was printed.
var errUsage = errors.New("usage")

// Run runs the program and returns its exit code: 0 for success, 1 when
// something did not hold or failed, 2 when the command line can't be used.
func Run(ctx context.Context, args []string, out, errOut io.Writer) int {
	if len(args) == 0 || slices.Contains([]string{"help", "-h", "--help"}, args[0]) {
		usage(out)
		return 0
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		switch err := c.run(ctx, args[1:], out, errOut); {
		case err == nil, errors.Is(err, flag.ErrHelp):
			return 0
		case errors.Is(err, errUsage):
			return 2
		default:
			fmt.Fprintln(errOut, "mingfa "+c.name+":", err)
			return 1
		}
	}
	fmt.Fprintf(errOut, "mingfa: there is no command %q\n", args[0])
	usage(errOut)
	return 2
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "mingfa carries a legal problem from the first question to the closed case, and proves every step.")
	fmt.Fprintln(w)
	for _, c := range commands() {
		fmt.Fprintf(w, "  mingfa %-8s %s\n           %s\n", c.name, c.args, c.help)
	}
	fmt.Fprintln(w, "\nEvery flag may also stand in the environment (MINGFA_DATA for --data) or in the file of --config, one name=value a line.")
}

// parse reads a command's flags; what is left must be known names only.
func parse(f *flag.FlagSet, args []string, errOut io.Writer) error {
	f.SetOutput(errOut)
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	return nil
}

// noMore refuses arguments that are no flags.
func noMore(f *flag.FlagSet) error {
	if f.NArg() > 0 {
		return fmt.Errorf("these arguments mean nothing here: %q", strings.Join(f.Args(), " "))
	}
	return nil
}
