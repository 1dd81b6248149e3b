package app

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"mingfa/internal/base/web"
)

// config is everything an operator may set. Flags win over the environment
// (MINGFA_ and the flag's name in capitals, - as _), that over the file of
// --config. An unknown name is refused: a misspelt setting must not be silent.
type config struct {
	Data        string // directory of the embedded default
	DB          string // database URL; "" is SQLite in Data
	Keys        string // directory of keys; "" is Data/keys
	Blobs       string // directory of files; "" is Data/blobs; nodes on one PostgreSQL share it
	Checkpoints string // file outside Data that takes checkpoints; "" is Data.checkpoints; "-" is none
	Listen      string
	URL         string // how persons reach this server, for links in messages
	Demo        bool
	SMS         string // "", "screen", or the URL of a gateway
	SMSToken    string
	Hotline     string
	TalkOpens   string // day on which conversations open, YYYY-MM-DD; "" is not known yet
	VideoOpens  string // the same of video calls
	ProxyHeader string // in which our proxy tells the client's address; "" for none
	Rates       web.Rates

	Mail, MailPassword, MailFrom string // the SMTP server for mail, "" is none
	ReportTo                     string // who gets the day's report by mail
	File                         string
	Quiet                        bool
}

// flags binds the settings to a command's flags.
func (c *config) flags(f *flag.FlagSet) {
	f.StringVar(&c.Data, "data", "./data", "directory that holds everything")
	f.StringVar(&c.DB, "db", "", "database: sqlite:FILE or postgres://... (default: SQLite in --data)")
	f.StringVar(&c.Keys, "keys", "", "directory of the keys, backed up apart (default: DATA/keys)")
	f.StringVar(&c.Blobs, "blobs", "", "directory of files, shared by all nodes (default: DATA/blobs)")
	f.StringVar(&c.Checkpoints, "checkpoints", "", "file outside the data that takes signed checkpoints (default: DATA.checkpoints, - for none)")
	f.StringVar(&c.File, "config", "", "file of settings, one name=value a line")
}

// serverFlags are those of a server only.
func (c *config) serverFlags(f *flag.FlagSet) {
	f.StringVar(&c.Listen, "listen", "127.0.0.1:8080", "address to listen on")
	f.StringVar(&c.URL, "url", "", "how persons reach this server (default: http://LISTEN)")
	f.BoolVar(&c.Demo, "demo", false, "sample organisations and people, and SMS shown on a screen")
	f.StringVar(&c.SMS, "sms", "", "SMS provider: the URL of an HTTP gateway, or screen")
	f.StringVar(&c.SMSToken, "sms-token", "", "bearer token for the gateway")
	f.StringVar(&c.Mail, "mail", "", "mail server: smtps://USER@HOST, smtp://USER@HOST (STARTTLS) or smtp+plain://HOST")
	f.StringVar(&c.MailPassword, "mail-password", "", "password of the mail server's user")
	f.StringVar(&c.MailFrom, "mail-from", "", "sender of mail")
	f.StringVar(&c.ReportTo, "report-to", "", "who gets the daily report by mail: ADDRESS (the operator's) or REGION=ADDRESS, with commas between")
	f.StringVar(&c.ProxyHeader, "proxy-header", "", "header in which your proxy tells the client's address: X-Forwarded-For or X-Real-IP (default: none is believed)")
	f.IntVar(&c.Rates.Reads, "limit-reads", defaultRates.Reads, "requests that read, a minute and session or token; 0 for no limit")
	f.IntVar(&c.Rates.Writes, "limit-writes", defaultRates.Writes, "requests that change something, a minute and session or token; 0 for no limit")
	f.IntVar(&c.Rates.Public, "limit-public", defaultRates.Public, "requests without signing in, a minute and address; 0 for no limit")
	f.StringVar(&c.Hotline, "hotline", "12348", "telephone number shown to persons")
	f.Func("talk-opens", "day on which conversations open, shown to persons: YYYY-MM-DD", dayInto(&c.TalkOpens))
	f.Func("video-opens", "day on which video calls open: YYYY-MM-DD", dayInto(&c.VideoOpens))
}

// dayInto takes a day as written in the calendar.
func dayInto(into *string) func(string) error {
	return func(s string) error {
		if _, err := time.Parse(time.DateOnly, s); s != "" && err != nil {
			return errors.New("say the day as YYYY-MM-DD")
		}
		*into = s
		return nil
	}
}

// defaultRates leave people alone: a lawyer's page asks once a second while he
// types, and a whole office may share one address.
var defaultRates = web.Rates{Reads: 600, Writes: 120, Public: 600}

// read parses the command line over the environment over the file.
func (c *config) read(f *flag.FlagSet, args []string, errOut io.Writer) error {
	c.flags(f)
	if err := parse(f, args, errOut); err != nil {
		return err
	}
	set := map[string]bool{}
	f.Visit(func(g *flag.Flag) { set[g.Name] = true })
	if err := fromEnvironment(f, set); err != nil {
		return err
	}
	if c.File != "" {
		if err := fromFile(f, c.File, set); err != nil {
			return err
		}
	}
	return c.defaults()
}

// elsewhere are MINGFA_ names that are no settings of the program.
var elsewhere = map[string]bool{"MINGFA_FAIL": true, "MINGFA_TESTDATA": true, "MINGFA_TEST_POSTGRES": true}

func fromEnvironment(f *flag.FlagSet, set map[string]bool) error {
	for _, kv := range os.Environ() {
		name, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, "MINGFA_") || elsewhere[name] {
			continue
		}
		flagName := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, "MINGFA_")), "_", "-")
		if err := apply(f, flagName, value, set); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func fromFile(f *flag.FlagSet, path string, set map[string]bool) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read the settings: %w", err)
	}
	defer file.Close() //nolint:errcheck // read only
	sc := bufio.NewScanner(file)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return fmt.Errorf("%s line %d is not name=value", path, n)
		}
		if err := apply(f, strings.TrimSpace(name), strings.TrimSpace(value), set); err != nil {
			return fmt.Errorf("%s line %d: %w", path, n, err)
		}
	}
	return sc.Err()
}

// known are the settings of all commands: the environment may name one that
// this command does not need.
func known(name string) bool {
	var c config
	f := flag.NewFlagSet("", flag.ContinueOnError)
	c.flags(f)
	c.serverFlags(f)
	return f.Lookup(name) != nil
}

func apply(f *flag.FlagSet, name, value string, set map[string]bool) error {
	if set[name] {
		return nil
	}
	if f.Lookup(name) == nil {
		if known(name) {
			return nil
		}
		return errors.New("there is no such setting")
	}
	set[name] = true
	if err := f.Set(name, value); err != nil {
		return errors.New("this value can't be used")
	}
	return nil
}

func (c *config) defaults() error {
	if c.Rates.Reads < 0 || c.Rates.Writes < 0 || c.Rates.Public < 0 {
		return errors.New("a limit is a number of requests, or 0 for none")
	}
	switch http.CanonicalHeaderKey(c.ProxyHeader) {
	case "", "X-Forwarded-For", "X-Real-Ip":
	default:
		return errors.New("--proxy-header takes X-Forwarded-For or X-Real-IP")
	}
	abs, err := filepath.Abs(c.Data)
	if err != nil {
		return err
	}
	c.Data = abs
	if c.DB == "" {
		c.DB = "sqlite:" + filepath.Join(c.Data, "mingfa.db")
	}
	if c.Keys == "" {
		c.Keys = filepath.Join(c.Data, "keys")
	}
	if c.Blobs == "" {
		c.Blobs = filepath.Join(c.Data, "blobs")
	}
	switch c.Checkpoints {
	case "":
		c.Checkpoints = c.Data + ".checkpoints"
	case "-":
		c.Checkpoints = ""
	}
	return nil
}

// postgres is the database's URL when it is PostgreSQL, for the key store.
func (c *config) postgres() string {
	if strings.HasPrefix(c.DB, "postgres") {
		return c.DB
	}
	return ""
}

// lockData keeps a second process away from the data directory. The lock goes
// with the process, however it ends.
func lockData(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close() //nolint:errcheck // not locked
		return nil, fmt.Errorf("another mingfa is working in %s; stop it first", dir)
	}
	return func() { f.Close() }, nil //nolint:errcheck // closing unlocks
}
