package identity

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"golang.org/x/crypto/argon2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/seal"
)

// Argon2id as OWASP recommends it for servers: 19 MiB, 2 passes, 1 lane.
const (
	argonTime    = 2
	argonMemory  = 19 * 1024 // KiB
	argonThreads = 1
	argonLen     = 32
	argonSalt    = 16
)

// argonSlots keeps sign-ins from taking all memory and both cores.
var argonSlots = make(chan struct{}, 2)

// argon runs the hash when it is its turn.
func argon(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case argonSlots <- struct{}{}:
	case <-ctx.Done():
		return nil, fault.Wrap(fault.Unavailable, "fault.unavailable", ctx.Err())
	}
	defer func() { <-argonSlots }()
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonLen), nil
}

var argonPrefix = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonMemory, argonTime, argonThreads)

// hashPassword gives the PHC string of a password.
func hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	rand.Read(salt) //nolint:errcheck // never fails
	h, err := argon(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return argonPrefix + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(h), nil
}

// dummyHash is what the password of an unknown user is compared with, so that
// he takes as long as a known one. Nothing has this hash.
var dummyHash = sync.OnceValue(func() string {
	b := make([]byte, argonSalt+argonLen)
	rand.Read(b) //nolint:errcheck // never fails
	return argonPrefix + base64.RawStdEncoding.EncodeToString(b[:argonSalt]) + "$" + base64.RawStdEncoding.EncodeToString(b[argonSalt:])
})

// checkPassword compares; a stored hash that can't be read fits nothing.
func checkPassword(ctx context.Context, stored, password string) (bool, error) {
	rest, ok := strings.CutPrefix(stored, argonPrefix)
	salt64, hash64, cut := strings.Cut(rest, "$")
	salt, err1 := base64.RawStdEncoding.DecodeString(salt64)
	want, err2 := base64.RawStdEncoding.DecodeString(hash64)
	if !ok || !cut || err1 != nil || err2 != nil || len(want) != argonLen {
		return false, fmt.Errorf("a stored password hash can't be read")
	}
	got, err := argon(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return seal.Same(got, want), nil
}

// totpPeriod is how long a step of the second factor lasts.
const totpPeriod = 30

// totpStep finds the step, of the present one and its neighbours, whose code
// this is. No step is 0.
func totpStep(secret, code string, now time.Time) int64 {
	present := now.Unix() / totpPeriod
	found := int64(0)
	for _, step := range []int64{present - 1, present, present + 1} {
		ok, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && ok {
			found = step
		}
	}
	return found
}
