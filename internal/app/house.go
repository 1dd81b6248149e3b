package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"

	"mingfa/internal/app/wap"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/seal"
	basenet "mingfa/internal/base/web"
	"mingfa/internal/base/who"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/core/notify"
	"mingfa/internal/core/settings"
	"mingfa/internal/data/alarm"
	"mingfa/internal/data/board"
	"mingfa/internal/data/exchange"
	"mingfa/internal/data/report"
	"mingfa/internal/edge/sms"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
	"mingfa/internal/public/quality"
	"mingfa/web"
)

// version is told by the API; releases set it at build time.
var version = "0.1.0"

// house is everything, wired.
type house struct {
	config   config
	log      *slog.Logger
	unlock   func()
	keys     *seal.Keys
	db       *db.DB
	signer   *journal.Signer
	journal  *journal.Journal
	due      *due.Runner
	refusals *access.Recorder
	blobs    *blob.Blobs
	people   *identity.Service
	notify   *notify.Service
	lawyers  *lawyer.Service
	consult  *consult.Service
	complain *complaint.Service
	quality  *quality.Service
	exchange *exchange.Service
	report   *report.Service
	board    *board.Service
	alarm    *alarm.Service
	settings *settings.Service
	screen   *sms.Screen // nil unless messages are shown on a screen
	web      *basenet.Server
}

// options are what only the program itself decides.
type options struct {
	clock db.Clock // nil: the real one
	step  bool     // nothing runs beside: for stepped clocks
	log   *slog.Logger
}

// open takes the data directory, opens keys and database and wires the rooms.
// Nothing runs yet.
func open(ctx context.Context, c config, o options) (_ *house, err error) {
	h := &house{config: c, log: o.log, unlock: func() {}}
	if h.log == nil {
		h.log = slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	unlock, err := lockData(c.Data)
	if err != nil {
		return nil, err
	}
	h.unlock = unlock
	if h.keys, err = seal.Open(ctx, seal.Config{Dir: c.Keys, PostgresURL: c.postgres()}); err != nil {
		return nil, fmt.Errorf("open the keys: %w", err)
	}
	if h.signer, err = journal.LoadSigner(c.Keys); err != nil {
		return nil, err
	}
	if h.db, err = db.Open(ctx, c.DB, db.Options{Clock: o.clock, Log: h.log, Migrate: true}); err != nil {
		return nil, err
	}
	if h.journal, err = journal.Open(ctx, h.db, journal.Config{Signer: h.signer, Outside: c.Checkpoints, Log: h.log}); err != nil {
		return nil, err
	}
	store, err := blob.OpenDir(c.Blobs)
	if err != nil {
		return nil, fmt.Errorf("open the directory of files: %w", err)
	}
	h.blobs = blob.New(h.keys, store)
	h.wire(o)
	if err := h.mailing(); err != nil {
		return nil, err
	}
	return h, h.settle(ctx)
}

// wire makes the rooms and hands each what it needs from others.
func (h *house) wire(o options) {
	h.due = due.NewRunner(h.db, h.log)
	h.refusals = access.NewRecorder(h.db, h.log)
	rules := &access.Rules{Note: h.refusals.Note}
	h.people = &identity.Service{DB: h.db, Keys: h.keys, Rules: rules, Blobs: h.blobs, FieldKnown: consult.TypeKnown, Log: h.log}
	h.notify = &notify.Service{DB: h.db, Reach: h.reach, Link: h.link, Wait: o.step, Log: h.log}
	h.lawyers = &lawyer.Service{DB: h.db, Keys: h.keys, Rules: rules, People: h.people, AreaKnown: consult.TypeKnown}
	h.consult = &consult.Service{DB: h.db, Keys: h.keys, Rules: rules, People: h.people, Lawyers: h.lawyers, Journal: h.journal, Blobs: h.blobs, Log: h.log, Calendar: calendar, Font: pdfFont}
	h.complain = &complaint.Service{DB: h.db, Keys: h.keys, Rules: rules, People: h.people, Blobs: h.blobs, Calendar: calendar, Font: pdfFont}
	h.quality = &quality.Service{DB: h.db, Keys: h.keys, Rules: rules, People: h.people, Lawyers: h.lawyers, Consult: h.consult, Calendar: calendar}
	h.exchange = &exchange.Service{DB: h.db, Keys: h.keys, Rules: rules, People: h.people, Lawyers: h.lawyers, Consult: h.consult, Blobs: h.blobs, Log: h.log, Wait: o.step}
	h.report = &report.Service{DB: h.db, Rules: rules, People: h.people, Blobs: h.blobs, Log: h.log, Wait: o.step, Font: pdfFont}
	h.board = &board.Service{DB: h.db, Rules: rules, People: h.people}
	h.alarm = &alarm.Service{DB: h.db, Keys: h.keys, Rules: rules, People: h.people}
	h.settings = &settings.Service{DB: h.db, Keys: h.keys, Rules: rules, People: h.people}
	h.people.Unread = notify.Unread
	h.people.Status = lawyer.StatusOf
	h.people.Send = h.sendCode
	h.people.Holders = []identity.Holder{h.consult, h.complain, h.lawyers, h.quality, h.exchange}
	h.provider()
	h.people.Wire(h.due)
	h.notify.Wire(h.due)
	h.consult.Wire(h.due)
	h.complain.Wire(h.due)
	h.quality.Wire(h.due)
	h.exchange.Wire(h.due)
	h.report.Wire(h.due)
	h.alarm.Wire(h.due)
	h.due.Handle(dueSweep, h.sweep)
	h.flows()
	h.web = basenet.New(basenet.Config{Title: "mingfa", Version: version, Authenticate: h.people.Authenticate, Ready: h.ready,
		Log: h.log, Now: h.db.Now, ProxyHeader: h.config.ProxyHeader, Rates: h.config.Rates})
	h.routes()
}

// pdfFont is the font of the pages' build, read once when the first PDF is asked
// for; nil without a build.
var pdfFont = sync.OnceValue(func() *paper.Font {
	font, err := paper.NewFont(web.Font())
	if err != nil {
		return nil
	}
	return font
})

// provider chooses how SMS are sent: a gateway, the screen, or not at all, and
// then the server is not ready.
func (h *house) provider() {
	switch {
	case h.config.SMS == "screen" || h.config.SMS == "" && h.config.Demo:
		h.screen = &sms.Screen{Now: h.db.Now}
		h.notify.Provider = h.screen
	case h.config.SMS != "":
		h.notify.Provider = sms.NewGateway(h.config.SMS, h.config.SMSToken)
	}
}

// errNoProvider is why a server without SMS is not ready: nobody could sign in.
var errNoProvider = errors.New("no SMS provider is configured: --sms URL of a gateway, or --sms=screen for a trial")

func (h *house) ready(ctx context.Context) error {
	if h.notify.Provider == nil {
		return errNoProvider
	}
	return h.db.View(ctx, who.System("ready"), func(tx *db.Tx) error {
		var one int
		return tx.Row("SELECT 1").Scan(&one)
	})
}

// calendar is an organisation's calendar of working days.
func calendar(tx *db.Tx, o identity.Org) (workday.Calendar, error) {
	return workday.Of(tx, o.Path, tx.Now())
}

// reach finds a person for notify, which may not know of identity's errors.
func (h *house) reach(ctx context.Context, person id.ID) (notify.Contact, error) {
	phone, language, err := h.people.Phone(ctx, person)
	if errors.Is(err, identity.ErrGone) {
		err = notify.ErrGone
	}
	return notify.Contact{Phone: phone, Language: language}, err
}

// link is the address of an order's page: on the desk for staff, on the portal for who
// asked.
func (h *house) link(order id.ID, kind string) string {
	page := "/desk/#/orders/"
	if slices.Contains(consult.ToCitizens, kind) {
		page = "/#/orders/"
	}
	return strings.TrimRight(h.config.URL, "/") + page + order.String()
}

// dueSweep takes files without a row away, once a day.
const dueSweep = "blob.sweep"

func (h *house) sweep(tx *db.Tx, f due.Fired) error {
	tx.After(func() {
		go func() {
			if _, err := h.blobs.Sweep(context.Background(), h.db); err != nil {
				h.log.Error("files without a row could not be swept; tomorrow again", "error", err)
			}
		}()
	})
	return sweepDaily(f.Org).Next(tx, f)
}

func sweepDaily(root id.ID) due.Daily {
	return due.Daily{Org: root, Subject: root, Name: "sweep", Kind: dueSweep, Hour: 3, Minute: 30, Zone: "Asia/Shanghai", CatchUp: due.Last}
}

// settle makes what a fresh house lacks: its operator and the rows that repeat.
func (h *house) settle(ctx context.Context) error {
	root, ok, err := h.people.Root(ctx)
	if err != nil {
		return err
	}
	if !ok {
		root, err = h.people.MakeOrg(ctx, system, identity.NewOrg{Level: identity.Operator, Name: "公共法律服务平台", Zone: "Asia/Shanghai"})
		if err != nil && !errors.Is(err, os.ErrExist) {
			if again, ok, err2 := h.people.Root(ctx); err2 == nil && ok { // another node was first
				root, err = again, nil
			}
		}
		if err != nil {
			return fmt.Errorf("make the operator: %w", err)
		}
	}
	if err := h.consult.IndexStatutes(ctx, system); err != nil {
		return err
	}
	return h.db.Do(ctx, system, func(tx *db.Tx) error {
		if err := report.Ensure(tx, root); err != nil {
			return err
		}
		return sweepDaily(root.ID).Ensure(tx)
	})
}

// system acts for the program itself.
var system = who.System("app")

// start lets the loops run: numbering, checkpoints, reactions, due rows.
func (h *house) start() {
	h.journal.Start()
	h.due.Start()
}

// stop ends them and seals what is left.
func (h *house) stop(ctx context.Context) error {
	h.due.Stop()
	return errors.Join(h.journal.Stop(ctx), h.close())
}

// close gives everything back, also after an opening that failed half way.
func (h *house) close() error {
	var err error
	if h.refusals != nil {
		h.refusals.Close()
		h.refusals = nil
	}
	if h.db != nil {
		err = h.db.Close()
	}
	if h.keys != nil {
		err = errors.Join(err, h.keys.Close())
	}
	h.unlock()
	return err
}

// pages serves what is for browsers.
func (h *house) pages() {
	const build = "the pages are not built: run make web, then build the program again"
	h.web.ServeFiles(basenet.Files{Path: "/", FS: web.Portal(), Assets: "assets/", Missing: build})
	h.web.ServeFiles(basenet.Files{Path: "/desk/", FS: web.Desk(), Assets: "assets/", Missing: build, Nonce: web.Nonce})
	h.web.Mux().Handle("/m/", wap.Handler(h.web.Handler()))
	if h.screen != nil {
		h.web.Mux().Handle("GET /sms-screen", http.RedirectHandler("/#/sms-screen", http.StatusSeeOther))
	}
}
