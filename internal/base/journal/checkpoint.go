package journal

import (
	"bufio"
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/fail"
	"mingfa/internal/base/id"
)

// checkpointEvery is the longest that a numbered fact waits for a signature.
const checkpointEvery = time.Second

// keyName is the name under which the journal signs.
const keyName = "mingfa-journal"

// Signer signs checkpoints. Its key lies in files beside the key store, never
// in the database.
type Signer struct {
	sign   note.Signer
	Public string // the verifier key: what an auditor passes as --key
	macKey []byte
}

// mac binds a row of the journal's own bookkeeping (logs, cursors, parked
// facts) to the key, since no leaf holds it. Without a signer it is empty.
func (s *Signer) mac(what string, parts ...any) []byte {
	if s == nil {
		return []byte{}
	}
	h := hmac.New(sha256.New, s.macKey)
	fmt.Fprintf(h, "%q", what)
	for _, p := range parts {
		fmt.Fprintf(h, " %q", fmt.Sprint(p))
	}
	return h.Sum(nil)
}

// headMAC binds the head to all that is under it: whoever builds the log anew
// without the key can't even do so for facts that no checkpoint covers yet.
func (s *Signer) headMAC(log id.ID, base, size int64, root tlog.Hash) []byte {
	return s.mac("head", log, base, size, root)
}

// LoadSigner reads DIR/journal.key and DIR/journal.pub, making them at the
// first start.
func LoadSigner(dir string) (*Signer, error) {
	secret, public := filepath.Join(dir, "journal.key"), filepath.Join(dir, "journal.pub")
	s, err := os.ReadFile(secret)
	if errors.Is(err, os.ErrNotExist) {
		skey, vkey, err := note.GenerateKey(rand.Reader, keyName)
		if err != nil {
			return nil, err
		}
		if err := errors.Join(os.MkdirAll(dir, 0o700), writeSynced(public, vkey+"\n", 0o644), writeSynced(secret, skey+"\n", 0o600)); err != nil {
			return nil, fmt.Errorf("keep the journal's key: %w", err)
		}
		s = []byte(skey + "\n")
	} else if err != nil {
		return nil, fmt.Errorf("read the journal's key: %w", err)
	}
	signer, err := note.NewSigner(strings.TrimSpace(string(s)))
	if err != nil {
		return nil, errors.New("journal.key is not a signing key") // the cause may print it
	}
	v, err := os.ReadFile(public)
	if err != nil {
		return nil, fmt.Errorf("read the journal's public key: %w", err)
	}
	mk, err := hkdf.Key(sha256.New, s, nil, "mingfa journal bookkeeping", 32)
	return &Signer{sign: signer, Public: strings.TrimSpace(string(v)), macKey: mk}, err
}

func writeSynced(path, text string, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(text); err != nil {
		f.Close() //nolint:errcheck // the write failed
		return err
	}
	return errors.Join(f.Sync(), f.Close(), syncDir(filepath.Dir(path)))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Checkpoint is what was signed: this log had this many leaves with this root.
type Checkpoint struct {
	Log  id.ID
	Size int64 // leaves of the log
	Root tlog.Hash
	At   time.Time
	Note string // the signed text
}

// text is what is signed: origin, size, root, time; C2SP checkpoint format with
// one extension line.
func (c Checkpoint) text() string {
	return fmt.Sprintf("mingfa/%s\n%d\n%s\nat %d\n", c.Log, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]), c.At.UnixMilli())
}

// ParseCheckpoint opens a signed note. With a nil verifier the signature is not
// checked.
func ParseCheckpoint(signed string, v note.Verifier) (Checkpoint, error) {
	text, _, ok := strings.Cut(signed, "\n\n")
	if !ok {
		return Checkpoint{}, errors.New("not a signed checkpoint")
	}
	text += "\n"
	if v != nil {
		var err error
		if text, err = openNote(signed, v); err != nil {
			return Checkpoint{}, fmt.Errorf("the checkpoint's signature does not hold: %w", err)
		}
	}
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || !strings.HasPrefix(lines[0], "mingfa/") || !strings.HasPrefix(lines[3], "at ") {
		return Checkpoint{}, errors.New("not a checkpoint of mingfa")
	}
	log, err1 := id.Parse(strings.TrimPrefix(lines[0], "mingfa/"))
	size, err2 := strconv.ParseInt(lines[1], 10, 64)
	root, err3 := base64.StdEncoding.Strict().DecodeString(lines[2])
	at, err4 := strconv.ParseInt(strings.TrimPrefix(lines[3], "at "), 10, 64)
	if err := errors.Join(err1, err2, err3, err4); err != nil || len(root) != tlog.HashSize || size < 0 {
		return Checkpoint{}, errors.New("not a checkpoint of mingfa")
	}
	return Checkpoint{Log: log, Size: size, Root: tlog.Hash(root), At: time.UnixMilli(at).UTC(), Note: signed}, nil
}

// openNote checks a signed note and gives its text. There is one way to write a
// note: other spellings of the signature and signatures of strangers are
// refused.
func openNote(signed string, v note.Verifier) (string, error) {
	n, err := note.Open([]byte(signed), note.VerifierList(v))
	if err != nil {
		return "", err
	}
	if len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		return "", errors.New("there are other signatures beside it")
	}
	if _, err := base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64); err != nil {
		return "", errors.New("it is written in another way")
	}
	return n.Text, nil
}

// Checkpoint signs the present head if it has grown since the last signature,
// keeps the note in the database and then in the outside file. The outside file
// is never ahead of what is on disk.
func (j *Journal) Checkpoint(ctx context.Context) error {
	if j.signer == nil {
		return nil
	}
	j.signed.Lock()
	defer j.signed.Unlock()
	var made *Checkpoint
	size := j.signed.size
	err := j.db.Do(ctx, system, func(tx *db.Tx) error {
		made, size = nil, j.signed.size
		if h, _, err := readHead(tx, false); err != nil || h.size == j.signed.size || h.size == h.base {
			return err
		}
		h, ok, err := readHead(tx, true)
		if err != nil || !ok || h.size == j.signed.size || h.size == h.base {
			return err
		}
		c, err := j.sign(tx, h)
		if err != nil {
			return err
		}
		_, err = tx.Exec("INSERT INTO journal_checkpoint (log, size, at, note) VALUES (?, ?, ?, ?) ON CONFLICT (log, size) DO NOTHING",
			c.Log.String(), c.Size, c.At.UnixMilli(), c.Note)
		made, size = &c, h.size
		return err
	})
	if err != nil {
		j.signed.size = 0
		return fmt.Errorf("sign a checkpoint: %w", err)
	}
	j.signed.size, j.signed.at = size, j.db.Now()
	if made == nil || j.outside == "" {
		return nil
	}
	fail.Point("journal.checkpoint")
	if err := appendOutside(j.outside, made.Note); err != nil {
		j.signed.size = 0 // the next one goes there even if nothing has grown
		return err
	}
	return nil
}

func (j *Journal) lastSigned() time.Time {
	j.signed.Lock()
	defer j.signed.Unlock()
	return j.signed.at
}

func (j *Journal) sign(tx *db.Tx, h head) (Checkpoint, error) {
	root, err := tlog.TreeHash(h.size-h.base, reader(chunks(tx, h.log)))
	if err != nil {
		return Checkpoint{}, err
	}
	c := Checkpoint{Log: h.log, Size: h.size - h.base, Root: root, At: tx.Now()}
	b, err := note.Sign(&note.Note{Text: c.text()}, j.signer.sign)
	c.Note = string(b)
	return c, err
}

// appendOutside adds a note to the outside file and syncs it. A blank line ends
// each note; one that a crash has torn is closed first, so that it can't take
// the new one with it.
func appendOutside(path, signed string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return fmt.Errorf("keep the checkpoint outside: %w", err)
	}
	if end, err := f.Seek(0, io.SeekEnd); err == nil && end > 0 {
		last := []byte{0}
		if _, err := f.ReadAt(last, end-1); err != nil || last[0] != '\n' {
			signed = "\n" + signed
		}
	}
	if _, err := f.WriteString(signed + "\n"); err != nil {
		f.Close() //nolint:errcheck // the write failed
		return fmt.Errorf("keep the checkpoint outside: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// ReadOutside reads the checkpoints of an outside file, oldest first. A torn
// last note (the machine died while writing it) is left out.
func ReadOutside(path string, v note.Verifier) ([]Checkpoint, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // read only
	var out []Checkpoint
	var lines []string
	torn := error(nil)
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		line := sc.Text()
		if strings.HasPrefix(line, "mingfa/") {
			lines = nil // what came before was torn
		}
		lines = append(lines, line)
		if !strings.HasPrefix(line, "— ") {
			continue
		}
		c, err := ParseCheckpoint(strings.Join(lines, "\n")+"\n", v)
		lines = nil
		if err != nil {
			torn = err
			continue
		}
		out = append(out, c)
	}
	if len(out) == 0 && torn != nil {
		return nil, torn
	}
	return out, sc.Err()
}

// ErrBehind says that the database is older than what was seen outside: a
// restored copy, or a lost tail. Serving from it would fork the log.
var ErrBehind = errors.New("the journal is behind the newest outside checkpoint; see mingfa restore --accept-loss")

// refuseFork compares the head with the newest outside checkpoint.
func (j *Journal) refuseFork(ctx context.Context) error {
	if j.outside == "" {
		return nil
	}
	var v note.Verifier
	if j.signer != nil {
		var err error
		if v, err = note.NewVerifier(j.signer.Public); err != nil {
			return err
		}
	}
	all, err := ReadOutside(j.outside, v)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the outside checkpoints: %w", err)
	}
	if len(all) == 0 {
		return nil
	}
	newest := newestOf(all)
	return j.db.View(ctx, system, func(tx *db.Tx) error { return covers(tx, newest) })
}

// newestOf is the checkpoint that has seen most of the log of the last note:
// nodes that share a file do not write in order.
func newestOf(all []Checkpoint) Checkpoint {
	newest := all[len(all)-1]
	for _, c := range all {
		if c.Log == newest.Log && c.Size > newest.Size {
			newest = c
		}
	}
	return newest
}

// covers tells whether the database holds all that the checkpoint has seen.
func covers(tx *db.Tx, c Checkpoint) error {
	var base int64
	err := tx.Row("SELECT base FROM journal_log WHERE log = ?", c.Log.String()).Scan(&base)
	if err == sql.ErrNoRows {
		return fmt.Errorf("%w: the checkpoint is of log %s, which is not here", ErrBehind, c.Log)
	}
	if err != nil {
		return err
	}
	end, err := endOf(tx, c.Log, base)
	if err != nil {
		return err
	}
	if end-base < c.Size {
		return fmt.Errorf("%w: it has %d facts, the checkpoint has seen %d", ErrBehind, end-base, c.Size)
	}
	root, err := tlog.TreeHash(c.Size, reader(chunks(tx, c.Log)))
	if err != nil {
		return err
	}
	if root != c.Root {
		return fmt.Errorf("%w: its first %d facts are not those the checkpoint has seen", ErrBehind, c.Size)
	}
	return nil
}

// endOf is the position behind the last leaf of a log.
func endOf(tx *db.Tx, log id.ID, base int64) (int64, error) {
	var next sql.NullInt64
	if err := tx.Row("SELECT min(base) FROM journal_log WHERE base > ?", base).Scan(&next); err != nil {
		return 0, err
	}
	if next.Valid {
		return next.Int64, nil
	}
	h, _, err := readHead(tx, false)
	return h.size, err
}

// Signed is a checkpoint as rooms use it: it holds the facts with leaf < Below.
// Below is its size, and more where its log was opened by a restore, behind the
// facts of the logs before.
type Signed struct {
	Checkpoint
	Below int64
}

// Newest is the newest signed checkpoint in the database; ok is false when none
// was signed in this log yet.
func Newest(tx *db.Tx) (c Signed, ok bool, err error) {
	h, _, err := readHead(tx, false)
	if err != nil {
		return c, false, err
	}
	return signed(tx, h.log, h.base, "SELECT note FROM journal_checkpoint WHERE log = ? ORDER BY size DESC LIMIT 1", h.log.String())
}

// SignedAt is the checkpoint that holds just the facts with leaf < below; ok is
// false when none was signed there.
func SignedAt(tx *db.Tx, below int64) (c Signed, ok bool, err error) {
	var log id.ID
	var base int64
	err = tx.Row("SELECT log, base FROM journal_log WHERE base < ? ORDER BY base DESC LIMIT 1", below).Scan(&log, &base)
	if err != nil {
		return c, false, unlessNone(err)
	}
	return signed(tx, log, base, "SELECT note FROM journal_checkpoint WHERE log = ? AND size = ?", log.String(), below-base)
}

func signed(tx *db.Tx, log id.ID, base int64, query string, args ...any) (c Signed, ok bool, err error) {
	var note string
	if err := tx.Row(query, args...).Scan(&note); err != nil {
		return c, false, unlessNone(err)
	}
	c.Checkpoint, err = ParseCheckpoint(note, nil)
	if err == nil && c.Log != log {
		err = fmt.Errorf("a checkpoint of log %s stands among those of log %s", c.Log, log)
	}
	c.Below = base + c.Size
	return c, err == nil, err
}

func unlessNone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

func (j *Journal) checkpointLoop(ctx context.Context) {
	t := time.NewTicker(checkpointEvery / 2)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if err := j.Checkpoint(ctx); err != nil && ctx.Err() == nil {
			j.log.Error("no checkpoint could be kept; it is tried again", "error", err)
		}
	}
}
