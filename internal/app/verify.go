package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/core/identity"
	"mingfa/internal/data/alarm"
	"mingfa/internal/data/board"
	"mingfa/internal/data/exchange"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/quality"
)

// verify proves that nothing was altered, dropped or reordered: of a whole
// database, or of one proof file.
func verify(ctx context.Context, args []string, out, errOut io.Writer) error {
	var c config
	f := flag.NewFlagSet("verify", flag.ContinueOnError)
	proof := f.String("proof", "", "check a proof file instead of a database")
	key := f.String("key", "", "verifier key, or the file that holds it (default: KEYS/journal.pub)")
	checkpoint := f.String("checkpoint", "", "file of checkpoints kept outside")
	if err := c.read(f, args, errOut); err != nil {
		return err
	}
	if err := noMore(f); err != nil {
		return err
	}
	public, err := publicKey(c, *key)
	if err != nil {
		return err
	}
	if *proof != "" {
		return verifyProof(*proof, public, out)
	}
	a := journal.Audit{Public: public}
	path := *checkpoint
	if path == "" {
		path = c.Checkpoints
	}
	if a.Outside, err = outside(path, public); err != nil && (*checkpoint != "" || !errors.Is(err, os.ErrNotExist)) {
		return fmt.Errorf("read the outside checkpoints: %w", err)
	}
	r, err := verifyData(ctx, c, a)
	if err != nil {
		return err
	}
	if n := r.Content[seal.Bad]; n > 0 {
		return fmt.Errorf("%d contents are not what their facts committed to", n)
	}
	if len(a.Outside) == 0 {
		fmt.Fprintln(out, "self-consistent only: no checkpoint from outside was given (--checkpoint)")
	}
	fmt.Fprintf(out, "ok facts=%d unsealed=%d root=%s content ok=%d erased=%d bad=0\n", r.Facts, r.Unsealed, r.Root, r.Content[seal.OK], r.Content[seal.Erased])
	return nil
}

// publicKey reads the verifier key: as given, or the one beside the keys.
func publicKey(c config, key string) (string, error) {
	if key != "" && strings.HasPrefix(key, "mingfa-journal+") {
		return key, nil
	}
	path := key
	if path == "" {
		path = filepath.Join(c.Keys, "journal.pub")
	}
	b, err := os.ReadFile(path)
	if err != nil && key == "" && errors.Is(err, os.ErrNotExist) {
		return "", nil // a proof may be checked against itself
	}
	if err != nil {
		return "", fmt.Errorf("read the verifier key: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

func outside(path, public string) ([]journal.Checkpoint, error) {
	if path == "" {
		return nil, nil
	}
	var v note.Verifier
	if public != "" {
		var err error
		if v, err = note.NewVerifier(public); err != nil {
			return nil, err
		}
	}
	return journal.ReadOutside(path, v)
}

// verifyData checks the database of a configuration. The server may be running.
func verifyData(ctx context.Context, c config, a journal.Audit) (r journal.Result, err error) {
	if _, err := os.Stat(strings.TrimPrefix(c.DB, "sqlite:")); c.postgres() == "" && err != nil {
		return r, fmt.Errorf("there is no database in %s", c.Data)
	}
	if a.DB, err = db.Open(ctx, c.DB, db.Options{}); err != nil {
		return r, err
	}
	defer a.DB.Close() //nolint:errcheck // read only
	if _, err := os.Stat(filepath.Join(c.Keys, "journal.key")); err == nil {
		if a.Signer, err = journal.LoadSigner(c.Keys); err != nil {
			return r, err
		}
		a.Public = a.Signer.Public
	}
	if _, err := os.Stat(filepath.Join(c.Keys, "master.key")); err == nil {
		if a.Keys, err = seal.Open(ctx, seal.Config{Dir: c.Keys, PostgresURL: c.postgres()}); err != nil {
			return r, err
		}
		defer a.Keys.Close() //nolint:errcheck // read only
	}
	files := []sentFiles{consult.NewFiles(), complaint.NewFiles(), identity.NewPictures()}
	a.Replays = []journal.Replay{consult.NewFacts(), files[0], complaint.NewFacts(), files[1], files[2], quality.NewFacts(), board.NewFacts(), alarm.NewFacts(), exchange.NewFacts()}
	if r, err = journal.Verify(ctx, a); err != nil || a.Keys == nil {
		return r, err
	}
	return r, verifyFiles(ctx, c, a, files, r)
}

// sentFiles are the files of a room that people sent.
type sentFiles interface {
	journal.Replay
	// Told are they all, each with what it belongs to.
	Told() []attach.Told
}

// verifyFiles reads the attachments. A house that never had one may have no
// directory of files; it is not made here.
func verifyFiles(ctx context.Context, c config, a journal.Audit, files []sentFiles, r journal.Result) error {
	var store blob.Store = noFiles{}
	if _, err := os.Stat(c.Blobs); err == nil {
		dir, err := blob.OpenDir(c.Blobs)
		if err != nil {
			return err
		}
		defer dir.Close() //nolint:errcheck // it was only read
		store = dir
	}
	for _, x := range files {
		if err := attach.Check(ctx, a.DB, blob.New(a.Keys, store), x.Told(), r.Content); err != nil {
			return err
		}
	}
	return nil
}

// noFiles is a store without any file.
type noFiles struct{ blob.Store }

// Get finds nothing.
func (noFiles) Get(context.Context, string) (io.ReadCloser, error) { return nil, fs.ErrNotExist }

func verifyProof(path, public string, out io.Writer) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	r, err := journal.CheckProof(b, public)
	if err != nil {
		return err
	}
	if public == "" {
		fmt.Fprintln(out, "self-consistent only: no verifier key was given (--key)")
	}
	for _, f := range r.Facts {
		fmt.Fprintf(out, "%s  %-28s rev %d\n", f.At.Format("2006-01-02T15:04:05.000Z"), f.Kind, f.Rev)
	}
	fmt.Fprintf(out, "ok facts=%d root=%s as of checkpoint %d\n", len(r.Facts), r.Root, r.Checkpoint.Size)
	return nil
}
