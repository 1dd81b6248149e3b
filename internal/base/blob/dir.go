package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Dir is a Store in a local directory, with 256 directories below it. Nobody
// knows a name before its file is whole, so files are written in their place.
type Dir struct{ root *os.Root }

// OpenDir opens the directory, and makes it the first time.
func OpenDir(dir string) (*Dir, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the directory of files: %w", err)
	}
	return &Dir{root: root}, nil
}

// Close is for Store.
func (d *Dir) Close() error { return d.root.Close() }

// Put is for Store: the file is synced, then its directory, and the directory
// above when that is new.
func (d *Dir) Put(_ context.Context, name string, write func(io.Writer) error) error {
	at, err := place(name)
	if err != nil {
		return err
	}
	shard := path.Dir(at)
	made := d.root.Mkdir(shard, 0o700)
	if made != nil && !errors.Is(made, fs.ErrExist) {
		return made
	}
	f, err := d.root.OpenFile(at, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := d.sync(shard); err != nil {
		return err
	}
	// Another writer may have made the shard just now and not synced it yet, so
	// an existing one is synced too: it costs little beside the file.
	return d.sync(".")
}

// Get is for Store.
func (d *Dir) Get(_ context.Context, name string) (io.ReadCloser, error) {
	at, err := place(name)
	if err != nil {
		return nil, err
	}
	return d.root.Open(at)
}

// Stat is for Store.
func (d *Dir) Stat(_ context.Context, name string) (Info, error) {
	at, err := place(name)
	if err != nil {
		return Info{}, err
	}
	st, err := d.root.Stat(at)
	if err != nil {
		return Info{}, err
	}
	return Info{Name: name, Size: st.Size(), At: st.ModTime()}, nil
}

// Delete is for Store; when it returns nil a power cut does not bring the file
// back.
func (d *Dir) Delete(_ context.Context, name string) error {
	at, err := place(name)
	if err != nil {
		return err
	}
	err = d.root.Remove(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.sync(path.Dir(at))
}

// List is for Store. A file that goes while it is listed is passed over; one
// that has no name of ours is none of ours.
func (d *Dir) List(ctx context.Context, fn func(Info) error) error {
	return fs.WalkDir(d.root.FS(), ".", func(at string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		want, bad := place(e.Name())
		if bad != nil || want != at || !e.Type().IsRegular() {
			return nil
		}
		st, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(Info{Name: e.Name(), Size: st.Size(), At: st.ModTime()})
	})
}

// sync makes the names in a directory last.
func (d *Dir) sync(dir string) error {
	f, err := d.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// place is where a name lies; a name that randomName can't have made has none.
func place(name string) (string, error) {
	if len(name) != 32 || strings.Trim(name, "0123456789abcdef") != "" {
		return "", errors.New("this is no name of a file")
	}
	return name[:2] + "/" + name, nil
}

func notThere(err error) bool { return errors.Is(err, fs.ErrNotExist) }
