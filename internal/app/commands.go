package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/pquerna/otp/totp"

	"mingfa/internal/base/db"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/core/notify"
)

// migrate brings the schema up to date and says so. With --grant it lets a role
// of PostgreSQL serve that owns nothing.
func migrate(ctx context.Context, args []string, out, errOut io.Writer) error {
	var c config
	f := flag.NewFlagSet("migrate", flag.ContinueOnError)
	role := f.String("grant", "", "PostgreSQL: a role that is to serve and owns nothing; it can't change or delete facts")
	if err := c.read(f, args, errOut); err != nil {
		return err
	}
	if *role != "" && c.postgres() == "" {
		return errors.New("--grant is for PostgreSQL: say --db postgres://... as the owner of the tables")
	}
	unlock, err := lockData(c.Data)
	if err != nil {
		return err
	}
	defer unlock()
	d, err := db.Open(ctx, c.DB, db.Options{Migrate: true})
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "the schema is up to date")
	if *role != "" {
		err = grant(ctx, d, c.postgres(), *role, out)
	}
	return errors.Join(err, d.Close())
}

// grant lets a role serve.
func grant(ctx context.Context, d *db.DB, url, role string, out io.Writer) error {
	if err := d.Grant(ctx, role, journal.Grant); err != nil {
		return err
	}
	if err := seal.GrantPostgres(ctx, url, role); err != nil {
		return err
	}
	fmt.Fprintf(out, "role %s may serve, and may not change or delete facts\n", role)
	return nil
}

// openapi prints the description of the API.
func openapi(ctx context.Context, args []string, out, errOut io.Writer) error {
	dir, err := os.MkdirTemp("", "mingfa-openapi-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary directory
	c := config{Data: dir, Checkpoints: "-"}
	if err := c.defaults(); err != nil {
		return err
	}
	h, err := open(ctx, c, options{log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	b, err := h.web.OpenAPI()
	if err == nil {
		_, err = out.Write(b)
	}
	return errors.Join(err, h.close())
}

// restore accepts a loss and opens a new log.
func restore(ctx context.Context, args []string, out, errOut io.Writer) error {
	var c config
	f := flag.NewFlagSet("restore", flag.ContinueOnError)
	accept := f.Bool("accept-loss", false, "I know that the facts after the restored copy are lost")
	if err := c.read(f, args, errOut); err != nil {
		return err
	}
	if !*accept {
		return errors.New("a restored copy is behind the newest outside checkpoint: what came after it is lost. Say --accept-loss to go on in a new log that records the loss")
	}
	lost, err := acceptLoss(ctx, c)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "a new log is open; facts %d to %d of log %s are lost. Waiting SMS are held back.\n", lost.LostFrom, lost.LostTo-1, lost.OldLog)
	return withHouse(ctx, c, func(h *house) error {
		n, err := h.people.EraseAgain(ctx)
		if n > 0 {
			fmt.Fprintf(out, "%d persons who had been erased after the copy was made are erased again.\n", n)
		}
		return err
	})
}

// acceptLoss opens a new log on a restored copy.
func acceptLoss(ctx context.Context, c config) (lost journal.Reopened, err error) {
	unlock, err := lockData(c.Data)
	if err != nil {
		return lost, err
	}
	defer unlock()
	signer, err := journal.LoadSigner(c.Keys)
	if err != nil {
		return lost, err
	}
	d, err := db.Open(ctx, c.DB, db.Options{Migrate: true})
	if err != nil {
		return lost, err
	}
	defer d.Close() //nolint:errcheck // everything is committed
	return journal.Restore(ctx, d, journal.Config{Signer: signer, Outside: c.Checkpoints}, notify.HoldAll)
}

// withHouse opens everything for a command that loads something.
func withHouse(ctx context.Context, c config, fn func(h *house) error) error {
	h, err := open(ctx, c, options{})
	if err != nil {
		return err
	}
	err = fn(h)
	return errors.Join(err, h.stop(ctx))
}

// loader is a command "NAME load FILE"; more adds its own flags, or is nil.
func loader(ctx context.Context, name string, args []string, errOut io.Writer, more func(f *flag.FlagSet), fn func(h *house, r io.Reader) error) error {
	if len(args) < 2 || args[0] != "load" {
		return fmt.Errorf("say: mingfa %s load FILE [--data DIR]", name)
	}
	var c config
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	if more != nil {
		more(f)
	}
	if err := c.read(f, args[2:], errOut); err != nil {
		return err
	}
	file, err := os.Open(args[1])
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // read only
	return withHouse(ctx, c, func(h *house) error { return fn(h, file) })
}

// statutes loads laws.
func statutes(ctx context.Context, args []string, out, errOut io.Writer) error {
	return loader(ctx, "statutes", args, errOut, nil, func(h *house, r io.Reader) error {
		n, err := h.consult.LoadStatutes(ctx, system, r)
		if err == nil {
			fmt.Fprintf(out, "%d articles are loaded\n", n)
		}
		return err
	})
}

// regions loads codes of administrative divisions.
func regions(ctx context.Context, args []string, out, errOut io.Writer) error {
	return loader(ctx, "regions", args, errOut, nil, func(h *house, r io.Reader) error {
		n, err := h.people.LoadRegions(ctx, system, r)
		if err == nil {
			fmt.Fprintf(out, "%d regions are loaded\n", n)
		}
		return err
	})
}

// oneTime prints the one-time password of a secret, for demonstrations.
func oneTime(_ context.Context, args []string, out, _ io.Writer) error {
	if len(args) != 1 {
		return errors.New("say: mingfa totp SECRET")
	}
	code, err := totp.GenerateCode(args[0], time.Now())
	if err != nil {
		return errors.New("this is not a secret in base32")
	}
	fmt.Fprintln(out, code)
	return nil
}
