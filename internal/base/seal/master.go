package seal

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// probe is sealed under the master key in each store, so that a store opened
// with another's master key is noticed at once and not at the first text.
const probe = "mingfa key store 1"

// openMaster reads the master key, or makes it for a store that has none yet.
func openMaster(ctx context.Context, s *store, path string) (cipher.AEAD, error) {
	box, err := s.probe(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the key store: %w", err)
	}
	raw, err := readMaster(path)
	if errors.Is(err, fs.ErrNotExist) {
		if box != nil {
			return nil, errors.New("the master key file is missing, but the key store belongs to one: put master.key back from where it is kept")
		}
		raw, err = makeMaster(path)
	}
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	aead := newAEAD(subkey(raw, "wrap"))
	if box == nil {
		if box, err = s.setProbe(ctx, encrypt(aead, []byte(probe), []byte("probe"))); err != nil {
			return nil, fmt.Errorf("write the key store: %w", err)
		}
	}
	if got, err := decrypt(aead, box, []byte("probe")); err != nil || string(got) != probe {
		return nil, errors.New("the master key file belongs to another key store")
	}
	return aead, nil
}

// readMaster reads the file and refuses one that is damaged or that others can
// read.
func readMaster(path string) ([]byte, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	if st.Mode().Perm()&0o077 != 0 {
		return nil, errors.New("the master key file can be read by others: chmod 600 master.key")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	if len(raw) != keyLen {
		return nil, fmt.Errorf("the master key file must have %d bytes, it has %d", keyLen, len(raw))
	}
	return raw, nil
}

// makeMaster writes a fresh master key. It is whole and on disk, or not there:
// written aside, synced, then linked to its name; of two that start at once,
// the first wins and both use its key.
func makeMaster(path string) ([]byte, error) {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".master-*") // 0600
	if err != nil {
		return nil, fmt.Errorf("make the master key: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // the name is only aside
	raw := random(keyLen)
	defer clear(raw)
	_, err = f.Write(raw)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("write the master key: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("place the master key: %w", err)
	}
	if err := syncDir(dir); err != nil {
		return nil, fmt.Errorf("place the master key: %w", err)
	}
	return readMaster(path)
}

// syncDir makes the names in a directory last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
