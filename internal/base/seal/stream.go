package seal

import (
	"context"
	"fmt"
	"io"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"

	"mingfa/internal/base/id"
)

// segment is how much of a sealed stream is held in memory.
const segment = 64 << 10

// SealStream seals what is written and writes it to w. Only Close makes the
// stream whole; it does not close w.
func (k *Keys) SealStream(ctx context.Context, key id.ID, name string, w io.Writer) (io.WriteCloser, error) {
	s, err := k.stream(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("seal a file: %w", err)
	}
	return s.NewEncryptingWriter(w, bytesAAD(key, name))
}

// OpenStream opens what SealStream sealed under the same key and name. Each
// segment is checked before it is given out, and the last one must be there.
func (k *Keys) OpenStream(ctx context.Context, key id.ID, name string, r io.Reader) (io.Reader, error) {
	s, err := k.stream(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return s.NewDecryptingReader(r, bytesAAD(key, name))
}

func (k *Keys) stream(ctx context.Context, key id.ID) (*subtle.AESGCMHKDF, error) {
	found, err := k.key(ctx, key)
	if err != nil {
		return nil, err
	}
	return subtle.NewAESGCMHKDF(found.files, "SHA256", keyLen, segment, 0)
}
