package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	basenet "mingfa/internal/base/web"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/lawyer"
)

// The world of the matrix of rights: a province with two cities, three citizens
// and three lawyers with a bundle of things each, staff of every role at both
// cities, above them and at the operator, and a machine for each scope and city.

// actor is somebody who asks. Path is the organisation he works for, "" for
// citizens and nobody.
type actor struct {
	name, role, path, person, token string
}

// bundle is what belongs to one citizen, his lawyer and their city: an ID or
// word for each placeholder, and what gives it away where it must not be seen.
type bundle struct {
	name, citizen, lawyer, path string
	word                        map[string]string
	canaries                    []string
}

// within tells whether an actor's organisation is that of the bundle or above.
func (b *bundle) within(a *actor) bool { return a.path != "" && strings.HasPrefix(b.path, a.path) }

// concerns tells whether the actor may know that the bundle is there at all.
func (b *bundle) concerns(a *actor) bool {
	switch a.role {
	case "citizen":
		return b.citizen == a.person
	case "lawyer":
		return b.lawyer == a.person
	}
	return b.within(a)
}

type world struct {
	t       *testing.T
	th      *theatre
	login   *demoAccess
	handler http.Handler
	actors  []*actor
	bundles []*bundle
	orgs    map[string]identity.Org // by A, B, P and R
	shared  map[string]string       // ID of a reply that A and B share
	picture []byte
	calls   int

	fileName string // of what is uploaded, where the address does not name it
}

// importedPhone is in a row that was imported in each city.
const importedPhone = "13800138099"

// answered is what came back.
type answered struct {
	status int
	kind   string
	body   []byte
}

// send sends one request as the actor; nil is nobody.
func (w *world) send(a *actor, method, path, contentType string, body []byte) answered {
	w.t.Helper()
	w.calls++
	q := httptest.NewRequestWithContext(w.t.Context(), method, "/api/v1"+path, bytes.NewReader(body))
	if contentType != "" {
		q.Header.Set("Content-Type", contentType)
	}
	q.Header.Set("Accept-Language", "en")
	q.Header.Set("If-Match", `"999999"`) // a version that is not there: whoever may, gets 409, and nothing changes
	if w.seeding() {
		q.Header.Del("If-Match")
	}
	if w.fileName != "" {
		q.Header.Set("Content-Disposition", basenet.Disposition(false, w.fileName))
	}
	if a != nil && a.token != "" {
		q.Header.Set("Authorization", "Bearer "+a.token)
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, q)
	return answered{rec.Code, rec.Header().Get("Content-Type"), rec.Body.Bytes()}
}

// seeding tells whether the world is still being made.
func (w *world) seeding() bool { return w.shared == nil }

// do is send for the making of the world: it must succeed.
func (w *world) do(a *actor, method, path string, body, into any) {
	w.t.Helper()
	b, kind := []byte(nil), ""
	switch x := body.(type) {
	case nil:
	case []byte:
		b, kind = x, "application/octet-stream"
	default:
		var err error
		if b, err = json.Marshal(x); err != nil {
			w.t.Fatal(err)
		}
		kind = "application/json"
	}
	got := w.send(a, method, path, kind, b)
	if got.status >= 300 {
		w.t.Fatalf("%s %s: %d %s", method, path, got.status, got.body)
	}
	if into != nil {
		if err := json.Unmarshal(got.body, into); err != nil {
			w.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// settle lets everything that follows follow.
func (w *world) settle() { w.t.Helper(); w.must(w.th.settle(w.t.Context())) }

type fields = map[string]any

// newWorld opens a house on a stepped clock and plays until everything is there.
func newWorld(t *testing.T, url string) *world {
	c := config{Data: t.TempDir(), DB: url, SMS: "screen", Checkpoints: filepath.Join(t.TempDir(), "checkpoints"), URL: "http://mingfa.test"}
	if err := c.defaults(); err != nil {
		t.Fatal(err)
	}
	c.Rates.Reads, c.Rates.Writes, c.Rates.Public = 0, 0, 0
	w := &world{t: t, login: newDemoAccess(), orgs: map[string]identity.Org{}}
	w.th = &theatre{clock: db.NewStepClock(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))}
	var err error
	w.th.house, err = open(t.Context(), c, options{clock: w.th.clock, step: true, log: slog.New(slog.DiscardHandler)})
	w.must(err)
	t.Cleanup(func() {
		if err := w.th.house.close(); err != nil {
			t.Error(err)
		}
	})
	w.handler = w.th.house.web.Handler()
	w.picture = aPicture(t)
	w.organisations()
	w.staff()
	w.people()
	w.machines()
	for n, x := range []struct{ name, org, region, area string }{{"A1", "A", "440100", "labour"}, {"A2", "A", "440100", "debt"}, {"B1", "B", "440300", "labour"}} {
		w.bundles = append(w.bundles, w.bundle(n, x.name, x.org, x.region, x.area))
	}
	w.secondDay()
	w.imported()
	shared := map[string]string{}
	for _, org := range []string{"A", "B"} {
		shared[org] = id.New().String()
		w.do(w.actor("operations "+org), "POST", "/saved-replies", fields{"id": shared[org], "shared": true, "title": "shared", "text": "shared by " + org}, nil)
	}
	w.settle()
	w.shared = shared
	return w
}

func aPicture(t *testing.T) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (w *world) organisations() {
	root, ok, err := w.th.house.people.Root(w.t.Context())
	if err != nil || !ok {
		w.t.Fatal("no operator", err)
	}
	w.orgs["R"] = root
	for _, o := range []struct {
		key, parent, region, name string
		level                     identity.Level
	}{{"P", "R", "440000", "甲省公共法律服务中心", identity.Province}, {"A", "P", "440100", "canaryorgA", identity.City}, {"B", "P", "440300", "canaryorgB", identity.City}} {
		made, err := w.th.house.people.MakeOrg(w.t.Context(), system, identity.NewOrg{ID: id.New(), Parent: w.orgs[o.parent].ID, Level: o.level, Name: o.name, Region: o.region})
		w.must(err)
		w.orgs[o.key] = made
	}
}

var staffRolesOfMatrix = []who.Role{who.Operations, who.Quality, who.Bureau, who.Admin}

// short is a role's name in the matrix.
func short(r who.Role) string {
	if r == who.Admin {
		return "admin"
	}
	return string(r)
}

func (w *world) staff() {
	for _, org := range []string{"A", "B", "P", "R"} {
		for _, role := range staffRolesOfMatrix {
			name := short(role) + " " + org
			user := strings.ReplaceAll(name, " ", "-")
			person, _, err := w.th.house.hire(w.t.Context(), w.login, w.orgs[org].ID, user, "staff of "+org, role)
			w.must(err)
			w.actors = append(w.actors, &actor{name: name, role: short(role), path: w.orgs[org].Path, person: person.String()})
		}
	}
	for i, x := range []struct{ org, area string }{{"A", "labour"}, {"A", "debt"}, {"B", lawyer.Any}} {
		name := fmt.Sprintf("lawyer %d", i+1)
		org := w.orgs[x.org]
		person, key, err := w.th.house.hire(w.t.Context(), w.login, org.ID, strings.ReplaceAll(name, " ", "-"), "canarylawyer"+fmt.Sprint(i), who.DutyLawyer)
		w.must(err)
		w.must(w.th.house.lawyers.Add(w.t.Context(), system, lawyer.New{Person: person, Key: key, Org: org.ID, Path: org.Path, Name: "canarylawyer" + fmt.Sprint(i),
			Nickname: "律师", Firm: "律师事务所", Areas: []string{x.area}, Regions: []string{org.Region}, Languages: []string{"zh-Hans", "en"}, Status: lawyer.Online}))
		w.actors = append(w.actors, &actor{name: name, role: "lawyer", path: org.Path, person: person.String()})
	}
	w.signIn()
}

// signIn signs the staff in, who are signed out at night.
func (w *world) signIn() {
	code, err := totp.GenerateCode(w.login.TOTP, w.th.Now())
	w.must(err)
	for _, a := range w.actors {
		if a.role == "citizen" || strings.HasPrefix(a.role, "machine") {
			continue
		}
		var in signedIn
		w.do(nil, "POST", "/staff-sessions", fields{"user": strings.ReplaceAll(a.name, " ", "-"), "password": w.login.Password, "totp": code, "bearer": true}, &in)
		a.token = in.Token
	}
}

func (w *world) actor(name string) *actor {
	w.t.Helper()
	for _, a := range w.actors {
		if a.name == name {
			return a
		}
	}
	w.t.Fatalf("nobody is %s", name)
	return nil
}

func (w *world) citizen(name, phone string) *actor {
	var in signedIn
	w.do(nil, "POST", "/codes", fields{"phone": phone}, nil)
	w.settle()
	code := sixDigits.FindString(w.th.house.screen.Messages(phone, 1)[0].Text)
	w.do(nil, "POST", "/sessions", fields{"phone": phone, "code": code, "bearer": true}, &in)
	return &actor{name: name, role: "citizen", person: in.Person.ID, token: in.Token}
}

func (w *world) people() {
	for i := range 3 {
		w.actors = append(w.actors, w.citizen(fmt.Sprintf("citizen %d", i+1), fmt.Sprintf("+861380013800%d", i+1)))
	}
}

func (w *world) machines() {
	for _, org := range []string{"A", "B"} {
		for _, scope := range access.Scopes() {
			var made struct{ ID, Token string }
			w.do(w.actor("admin "+org), "POST", "/tokens", fields{"id": id.New(), "name": scope, "scopes": []string{scope}, "expires_at": w.th.Now().AddDate(0, 1, 0)}, &made)
			role := "machine:" + strings.TrimSuffix(scope, ":read")
			w.actors = append(w.actors, &actor{name: role + " " + org, role: role, path: w.orgs[org].Path, person: made.ID, token: made.Token})
		}
	}
}

// goodAnswer is a reply that keeps the rules.
func goodAnswer() fields {
	return fields{"judgement": "单位应当支付拖欠的工资。", "text": strings.Repeat("请先保存好工资条和考勤记录再去劳动监察大队投诉。", 4),
		"basis": []fields{{"law": "劳动合同法", "article": "第三十条"}}, "advice": []string{"向劳动监察大队投诉"}}
}

// ask is a question of the bundle's citizen; the lawyer of the bundle must get it.
func (w *world) ask(citizen *actor, b *bundle, name string, more fields) {
	order := id.New().String()
	b.word[name] = order
	q := fields{"id": order, "region": b.word["region"], "question": "canaryquestion" + b.name + " 公司拖欠工资怎么办？", "problem_type": b.word["area"], "language": "zh-Hans",
		"contact": fields{"name": "canaryname" + b.name}}
	if more != nil {
		file := id.New().String()
		b.word["file"] = file
		w.do(citizen, "PUT", "/orders/"+order+"/attachments/"+file, w.picture, nil)
		q["attachments"] = []fields{{"id": file, "name": "canaryfile" + b.name + ".png"}}
	}
	var o struct {
		Number string
		Lawyer struct{ ID string }
	}
	w.do(citizen, "POST", "/orders", q, &o)
	if o.Lawyer.ID != b.lawyer {
		w.t.Fatalf("%s: order %s went to %s, not to %s", b.name, name, o.Lawyer.ID, b.lawyer)
	}
	b.word[name+"_number"] = o.Number
	b.canaries = append(b.canaries, order, o.Number)
}

// bundle makes one citizen's case with all that hangs on it.
func (w *world) bundle(n int, name, org, region, area string) *bundle {
	citizen, law := w.actor(fmt.Sprintf("citizen %d", n+1)), w.actor(fmt.Sprintf("lawyer %d", n+1))
	ops, admin := w.actor("operations "+org), w.actor("admin "+org)
	b := &bundle{name: name, citizen: citizen.person, lawyer: law.person, path: w.orgs[org].Path, word: map[string]string{
		"region": region, "area": area, "org": w.orgs[org].ID.String(), "lawyer": law.person, "citizen": citizen.person, "month": "2026-03", "day": "2026-03-02"}}
	for _, what := range []string{"question", "name", "file", "complaint", "note", "saved"} {
		b.canaries = append(b.canaries, "canary"+what+name)
	}
	b.canaries = append(b.canaries, law.person, citizen.person, "canarylawyer"+fmt.Sprint(n))
	if name != "A2" { // the organisation is that of A1, too
		b.canaries = append(b.canaries, "canaryorg"+org)
	}
	for i := range 5 {
		order, level := fmt.Sprintf("rated%d", i), "very_satisfied"
		var more fields
		switch i {
		case 0:
			order, level, more = "order", "dissatisfied", fields{}
		case 1:
			level = "very_dissatisfied"
		}
		w.ask(citizen, b, order, more)
		path := "/orders/" + b.word[order]
		w.do(law, "POST", path+"/answer", goodAnswer(), nil)
		var o struct{ Callback struct{ ID string } }
		w.do(citizen, "POST", path+"/rating", fields{"id": id.New(), "level": level}, &o)
		switch i {
		case 0:
			b.word["callback"] = o.Callback.ID
		case 1:
			w.callBack(ops, o.Callback.ID)
			b.canaries = append(b.canaries, o.Callback.ID)
		}
		w.settle()
	}
	w.ask(citizen, b, "excluded", nil)
	w.do(law, "POST", "/orders/"+b.word["excluded"]+"/answer", goodAnswer(), nil)
	w.do(ops, "POST", "/orders/"+b.word["excluded"]+"/exclusion", fields{"reason": "test", "note": "canarynote" + name}, nil)
	w.do(law, "POST", "/orders/"+b.word["order"]+"/notes", fields{"id": id.New(), "text": "canarynote" + name}, nil)
	for key, call := range map[string]struct {
		by   *actor
		path string
		body fields
	}{
		"complaint": {citizen, "/complaints", fields{"kind": "complaint", "text": "canarycomplaint" + name, "order": b.word["order"]}},
		"saved":     {law, "/saved-replies", fields{"title": "canarysaved" + name, "text": "canarysaved" + name}},
		"token":     {admin, "/tokens", fields{"name": "canarytoken" + name, "scopes": []string{"figures:read"}, "expires_at": w.th.Now().AddDate(0, 1, 0)}},
	} {
		b.word[key] = id.New().String()
		call.body["id"] = b.word[key]
		w.do(call.by, "POST", call.path, call.body, nil)
	}
	b.word["complaint_file"] = id.New().String()
	w.fileName = "canarycomplaintfile" + name + ".png"
	w.do(citizen, "PUT", "/complaints/"+b.word["complaint"]+"/attachments/"+b.word["complaint_file"], w.picture, nil)
	w.fileName = ""
	b.word["import"] = id.New().String()
	w.do(admin, "PUT", "/imports/"+b.word["import"]+"?table=users&format=csv&name=canaryimport.csv", []byte("20101,20102,20103,20107\n张三,z3,"+importedPhone+",web\n"), nil)
	var sample struct{ ID string }
	w.do(w.actor("quality "+org), "POST", "/quality/samples", fields{"order": b.word["order"], "reason": "canarynote" + name}, &sample)
	b.word["sample"] = sample.ID
	w.do(w.actor("quality "+org), "POST", "/quality/samples/"+sample.ID+"/checks", fields{"id": id.New(), "marks": []fields{{"item": "language_unclear", "note": "canarynote" + name}}}, nil)
	var picture struct{ ID string }
	w.do(law, "PUT", "/me/pictures", w.picture, &picture)
	b.word["picture"] = picture.ID
	w.do(law, "PATCH", "/me/elements", fields{"values": fields{"20307": picture.ID, "20210": "canarycard" + name}}, nil)
	b.canaries = append(b.canaries, "canarycard"+name)
	spare := w.citizen("spare", fmt.Sprintf("+86138001381%02d", n))
	b.word["person"] = spare.person
	staff, _, err := w.th.house.hire(w.t.Context(), w.login, w.orgs[org].ID, "spare-"+name, "spare", who.Operations)
	w.must(err)
	b.word["staff"] = staff.String()
	w.settle()
	return b
}

// callBack calls a citizen back until the call-back is closed.
func (w *world) callBack(by *actor, callback string) {
	path := "/callbacks/" + callback
	w.do(by, "POST", path+"/attempts", fields{"id": id.New(), "reached": true, "note": "x"}, nil)
	w.do(by, "POST", path+"/result", fields{"reason_category": "unclear", "reason": "x", "details": "x", "legal_question": false, "service_violation": false, "feedback": "x"}, nil)
	w.do(by, "POST", path+"/close", fields{}, nil)
}

// imported lets the imports of both cities be kept, each with a row of one phone.
func (w *world) imported() {
	for _, b := range w.bundles[1:] { // A2 and B1
		w.do(w.actor("admin "+b.name[:1]), "POST", "/imports/"+b.word["import"]+"/run", nil, nil)
	}
	for _, b := range w.bundles {
		admin, orders := w.actor("admin "+b.name[:1]), "/imports/"+id.New().String()
		w.do(admin, "PUT", orders+"?table=orders&format=csv&name=orders.csv", []byte("20501,20502,20503,20505,20506,20507,20508,20511,20515\n"+
			"canaryarchive"+b.name+",2024-05-01,labour,closed,0 CNY,canaryarchive"+b.name+",13800138098,PT2H,web\n"), nil)
		w.settle()
		w.do(admin, "POST", orders+"/run", nil, nil)
	}
	w.settle()
	for _, b := range w.bundles {
		b.word["archived"] = w.find("/archived-orders?limit=200", "operations "+b.name[:1], func(x map[string]any) bool { return x["title"] == "canaryarchive"+b.name })
		b.canaries = append(b.canaries, "canaryarchive"+b.name, b.word["archived"])
	}
}

// secondDay is for what needs a night, or a clock that runs: the report, the draw,
// the warning and its alarm. Then it collects the IDs that the house made.
func (w *world) secondDay() {
	w.must(w.th.To(w.t.Context(), time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC)))
	w.signIn()
	for i, b := range w.bundles {
		citizen := w.actor(fmt.Sprintf("citizen %d", i+1))
		w.ask(citizen, b, "late", nil)
		b.word["unsent"] = id.New().String()
		w.do(citizen, "PUT", "/orders/"+b.word["order"]+"/attachments/"+b.word["unsent"], w.picture, nil)
		b.word["begun"] = id.New().String()
		w.do(citizen, "PUT", "/me/drafts/"+b.word["begun"], fields{"step": 2, "question": "canaryquestion" + b.name + " begun"}, nil)
	}
	for _, b := range w.bundles { // of the first day: the facts are signed
		b.word["hand_draw"] = id.New().String()
		w.do(w.actor("quality "+b.name[:1]), "POST", "/quality/hand-draws", fields{"id": b.word["hand_draw"], "lawyer": b.lawyer, "from": "2026-03-02", "to": "2026-03-02",
			"percent": 100, "reason": "canarynote" + b.name}, nil)
	}
	for i := range w.bundles { // or it would be passed on, at last to a lawyer of the other city
		w.do(w.actor(fmt.Sprintf("lawyer %d", i+1)), "PUT", "/lawyers/me/status", fields{"status": "away"}, nil)
	}
	w.must(w.th.To(w.t.Context(), w.th.Now().Add(115*time.Minute)))
	w.settle()
	for i, b := range w.bundles {
		org := b.name[:1]
		b.word["intervention"] = w.find("/interventions?lawyer="+b.lawyer, "quality "+org, func(map[string]any) bool { return true })
		b.word["alarm"] = w.find("/alarms?kind=order_late", "operations "+org, func(x map[string]any) bool { return x["number"] == b.word["late_number"] })
		b.word["inbox"] = w.find("/inbox", fmt.Sprintf("citizen %d", i+1), func(map[string]any) bool { return true })
		for _, key := range []string{"callback", "complaint", "sample", "intervention", "alarm", "saved", "token", "import", "inbox", "file", "begun", "complaint_file", "picture", "person", "hand_draw"} {
			b.canaries = append(b.canaries, b.word[key])
		}
	}
}

func (w *world) find(path, by string, fits func(map[string]any) bool) string {
	w.t.Helper()
	var list struct{ Items []map[string]any }
	w.do(w.actor(by), "GET", path, nil, &list)
	for _, x := range list.Items {
		if fits(x) {
			return x["id"].(string)
		}
	}
	w.t.Fatalf("%s: nothing of %v", path, list.Items)
	return ""
}

// nowhere is a bundle of which nothing is there.
func nowhere(like *bundle) *bundle {
	b := &bundle{name: "nowhere", word: map[string]string{}}
	for k, v := range like.word {
		b.word[k] = v
		if _, err := id.Parse(v); err == nil {
			b.word[k] = id.New().String()
		} else if strings.HasSuffix(k, "_number") {
			b.word[k] = "NOSUCH"
		}
	}
	return b
}
