package seal

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"mingfa/internal/base/id"
)

func sealAll(t testing.TB, k *Keys, key id.ID, name string, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := k.SealStream(t.Context(), key, name, &out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func openAll(t testing.TB, k *Keys, key id.ID, name string, sealed []byte) ([]byte, error) {
	t.Helper()
	r, err := k.OpenStream(t.Context(), key, name, bytes.NewReader(sealed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func TestStreamsOfEveryLength(t *testing.T) {
	k := open(t, Config{Dir: t.TempDir()})
	_, _, order := chain(t, k)
	for _, n := range []int{0, 1, segment - 1, segment, segment + 1, 2 * segment, 3*segment + 7} {
		plain := random(n)
		got, err := openAll(t, k, order, "a", sealAll(t, k, order, "a", plain))
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes: %d came back, %v", n, len(got), err)
		}
	}
}

func TestStreamsAlteredCutOrMovedDoNotOpen(t *testing.T) {
	k := open(t, Config{Dir: t.TempDir()})
	_, person, order := chain(t, k)
	full := segment + 16
	sealed := sealAll(t, k, order, "a", random(3*segment))
	refuse := func(what string, b []byte, key id.ID, name string) {
		t.Helper()
		if _, err := openAll(t, k, key, name, b); !errors.Is(err, ErrBox) {
			t.Errorf("%s: %v", what, err)
		}
	}
	refuse("another name", sealed, order, "b")
	refuse("another key", sealed, person, "a")
	refuse("nothing", nil, order, "a")
	refuse("salt only", sealed[:saltLen], order, "a")
	refuse("cut by a byte", sealed[:len(sealed)-1], order, "a")
	refuse("cut by a segment", sealed[:saltLen+2*full], order, "a")
	refuse("with more behind", append(bytes.Clone(sealed), 0), order, "a")
	swapped := bytes.Clone(sealed)
	copy(swapped[saltLen:], sealed[saltLen+full:saltLen+2*full])
	copy(swapped[saltLen+full:], sealed[saltLen:saltLen+full])
	refuse("two segments swapped", swapped, order, "a")
	for _, at := range []int{0, saltLen, saltLen + full, len(sealed) - 1} {
		b := bytes.Clone(sealed)
		b[at] ^= 1
		refuse("one bit", b, order, "a")
	}
}

func FuzzOpenStream(f *testing.F) {
	k := open(f, Config{Dir: f.TempDir()})
	_, _, order := chain(f, k)
	f.Add(sealAll(f, k, order, "b", []byte("another name")))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := openAll(t, k, order, "a", b); err == nil {
			t.Fatalf("%d forged bytes opened", len(got))
		}
	})
}
