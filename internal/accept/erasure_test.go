//go:build accept

package accept

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
)

// told is everything that the erased person of the test says, or is told.
type told struct {
	phone, name, question, title, back, comment                       string
	judgement, text, advice, reply                                    string
	note, reason, details, feedback, summary, legalName, legalArticle string
	file, scan                                                        string // the name of a file, and what it holds
}

var victim = told{
	phone: "+8613971828459", name: "欧阳雪见甲", question: "我在琥珀工厂做了三年零七个月，老板卷款跑到珊瑚岛去了，工资怎么要？", title: "琥珀工厂欠薪一事",
	back: "如果珊瑚岛那边没有他的住址，法院还会受理吗？", comment: "答复里没有说清楚珊瑚岛怎么送达",
	judgement: "琥珀工厂应当支付您三年零七个月里拖欠的工资。", text: strings.Repeat("请把琥珀工厂的工资条、考勤和珊瑚岛的线索都留好，先去劳动监察大队投诉。", 3),
	advice: "带上琥珀工厂的工牌去投诉", reply: "可以公告送达，不必等到珊瑚岛的住址查清。",
	note: "电话里说珊瑚岛的事还没有着落", reason: "觉得琥珀工厂的答复太笼统", details: "希望说明珊瑚岛公告送达的步骤", feedback: "已就琥珀工厂一事致歉",
	file: "琥珀工厂工资条.pdf", scan: "珊瑚岛收据壹万元",
	summary: "已向他说明珊瑚岛公告送达的期限", legalName: "琥珀条例", legalArticle: "第三十条",
}

// words are all his texts.
func (w told) words() []string {
	return []string{w.phone, w.phone[3:], w.name, w.question, w.title, w.back, w.comment, w.judgement, w.text[:60], w.advice, w.reply,
		w.note, w.reason, w.details, w.feedback, w.summary, w.file, "琥珀工厂", "珊瑚岛"}
}

// story has the person go through everything that keeps words.
func (w told) story(t *testing.T, s *server, citizen, op, law user) (order string) {
	t.Helper()
	q := question(w.question)
	q["contact"], q["title"] = map[string]string{"name": w.name}, w.title
	order = q["id"].(string)
	files := func(u user) []map[string]string {
		return []map[string]string{{"id": u.upload(t, order, pdfOf(w.scan)), "name": w.file}}
	}
	q["attachments"] = files(citizen)
	citizen.must(t, "POST", "/orders", q, nil)
	citizen.upload(t, id.New().String(), pdfOf(w.scan)) // of a question that is never asked
	citizen.must(t, "PUT", "/me/drafts/"+id.New().String(), map[string]any{"step": 2, "question": w.question, "title": w.title, "contact": map[string]string{"name": w.name}}, nil)
	citizen.must(t, "PATCH", "/me", map[string]string{"name": w.name}, nil)
	op.must(t, "POST", "/orders/"+order+"/assign", map[string]string{"lawyer": law.id}, nil)
	short := map[string]any{"judgement": w.judgement, "text": "琥珀工厂", "basis": []any{}, "advice": []string{w.advice}}
	if status, b, err := law.call("POST", "/orders/"+order+"/answer", short); err != nil || status != 422 {
		t.Fatalf("a short answer: %d %v %s", status, err, b)
	}
	law.must(t, "POST", "/orders/"+order+"/answer", map[string]any{"judgement": w.judgement, "text": w.text,
		"basis": []map[string]string{{"law": w.legalName, "article": w.legalArticle}}, "advice": []string{w.advice}, "attachments": files(law)}, nil)
	citizen.must(t, "POST", "/orders/"+order+"/read", map[string]any{}, nil)
	citizen.must(t, "POST", "/orders/"+order+"/messages", map[string]any{"id": id.New().String(), "text": w.back, "attachments": files(citizen)}, nil)
	law.must(t, "POST", "/orders/"+order+"/messages", map[string]string{"id": id.New().String(), "text": w.reply}, nil)
	var o struct{ Callback struct{ ID string } }
	citizen.must(t, "POST", "/orders/"+order+"/rating", map[string]string{"id": id.New().String(), "level": "general", "comment": w.comment}, &o)
	path := "/callbacks/" + o.Callback.ID
	op.must(t, "POST", path+"/attempts", map[string]any{"id": id.New().String(), "reached": true, "note": w.note}, nil)
	op.must(t, "POST", path+"/result", map[string]any{"reason_category": "unclear", "reason": w.reason, "details": w.details,
		"legal_question": true, "service_violation": false, "feedback": w.feedback}, nil)
	law.must(t, "POST", path+"/lawyer-call", map[string]any{"summary": w.summary}, nil)
	op.must(t, "POST", path+"/close", map[string]any{}, nil)
	return order
}

// erasure is the state of one run of the test.
type erasure struct {
	place
	s                         *server
	admin, op, law, gone, bob user
	order, other              string
	day                       string
	keys                      []id.ID // his, and those below
	wrapped                   map[string][]byte
	figures                   string
}

// TestErasure is line 5 of the acceptance, the control first.
//
// req: B9.3.1, B7.4.2.1.5
func TestErasure(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		e := &erasure{place: p}
		e.live(t)
		e.control(t)
		backup := e.backup(t)
		e.erase(t)
		e.nothingDecrypts(t, "after the erasure")
		e.nothingInFiles(t, "after the erasure")
		e.othersStand(t)
		e.putBack(t, backup)
		e.nothingDecrypts(t, "with the backup put back")
		e.nothingInFiles(t, "with the backup put back")
		e.phoneFindsNobody(t, "with the backup put back")
		e.gravestonesAreNoDoor(t)
	})
}

// again starts the server; who was signed in still is.
func (e *erasure) again(t *testing.T) {
	t.Helper()
	e.s = start(t, e.place, nil)
	for _, u := range []*user{&e.admin, &e.op, &e.law, &e.gone, &e.bob} {
		u.s = e.s
	}
}

func (e *erasure) live(t *testing.T) {
	t.Helper()
	e.again(t)
	e.admin, e.op, e.law = e.s.staff(t, "admin1"), e.s.staff(t, "operator1"), e.s.staff(t, "lawyer1")
	e.gone, e.bob = e.s.citizen(t, victim.phone), e.s.citizen(t, "+8613971828460")
	e.day = time.Now().In(time.FixedZone("CST", 8*60*60)).Format(time.DateOnly)
	e.order = victim.story(t, e.s, e.gone, e.op, e.law)
	q := question("房东不退押金怎么办？")
	e.other = q["id"].(string)
	e.bob.must(t, "POST", "/orders", q, nil)
	e.op.must(t, "POST", "/orders/"+e.other+"/assign", map[string]string{"lawyer": e.law.id}, nil)
	e.law.must(t, "POST", "/orders/"+e.other+"/answer", answer(), nil)
	eventually(t, "the figures of both answers", func() bool { // they are made of numbered facts
		e.figures = e.figuresNow(t)
		return strings.Contains(e.figures, `"answered":2`) && strings.Contains(e.figures, `"callbacks_done":1`)
	})
	e.s.stop(t)
}

// figuresNow are the day's figures without what tells when they were made.
func (e *erasure) figuresNow(t *testing.T) string {
	t.Helper()
	var f map[string]any
	e.op.must(t, "GET", "/figures?date="+e.day, nil, &f)
	delete(f, "leaf")
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// control proves that the test can see: before the erasure it opens every text
// and finds every wrapped key.
func (e *erasure) control(t *testing.T) {
	t.Helper()
	c := e.raw(t)
	var key id.ID
	err := c.QueryRow("SELECT key FROM identity_person WHERE id = '" + e.gone.id + "'").Scan(&key)
	c.Close()
	if err != nil {
		t.Fatal(err)
	}
	parent, wrapped := e.wrappedKeys(t)
	e.keys, e.wrapped = []id.ID{key}, map[string][]byte{}
	for k, up := range parent {
		if up == key {
			e.keys = append(e.keys, k)
		}
	}
	for _, k := range e.keys {
		e.wrapped[k.String()] = wrapped[k]
	}
	var all strings.Builder
	texts := e.decrypted(t, e.keys)
	for _, x := range texts {
		all.WriteString(x.Plain + "\n")
	}
	for _, w := range append(victim.words(), victim.text) {
		if !strings.Contains(all.String(), w) {
			t.Errorf("control: %q is not among the texts", w)
		}
	}
	files := e.filesUnder(t, e.keys)
	for _, content := range files {
		if content != string(pdfOf(victim.scan)) {
			t.Errorf("control: a file holds %q", content)
		}
	}
	if len(files) != 4 {
		t.Errorf("control: %d files opened", len(files))
	}
	e.checkpoint(t)
	if found := e.found(t, e.wrapped); len(found) != len(e.keys) || len(e.keys) < 2 {
		t.Errorf("control: of %d wrapped keys %d are found in files", len(e.keys), len(found))
	}
	for what, where := range e.found(t, spellings(victim.words())) {
		t.Errorf("control: %q lies open in %s", what, where)
	}
	t.Logf("control: %d keys, %d texts opened", len(e.keys), len(texts))
}

// erase has the administrator erase him, and waits until it is finished.
func (e *erasure) erase(t *testing.T) {
	t.Helper()
	e.again(t)
	e.admin.must(t, "DELETE", "/people/"+e.gone.id, map[string]string{"reason": "request"}, nil)
	c := e.raw(t)
	defer c.Close()
	eventually(t, "identity.erased", func() bool {
		var n int
		err := c.QueryRow("SELECT count(*) FROM journal_fact WHERE kind = 'identity.erased' AND subject = '" + e.gone.id + "'").Scan(&n)
		return err == nil && n == 1
	})
	if status, _, err := e.gone.call("GET", "/orders", nil); err != nil || status != 401 {
		t.Errorf("his session after the erasure: %d %v", status, err)
	}
	e.s.stop(t)
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s did not come", what)
		}
	}
}

func (e *erasure) nothingDecrypts(t *testing.T, when string) {
	t.Helper()
	texts := e.decrypted(t, e.keys)
	if len(texts) < 15 {
		t.Errorf("%s: only %d rows of his are left to try", when, len(texts))
	}
	for i, x := range texts {
		if !x.Erased || x.Plain != "" {
			t.Errorf("%s: text %s still opens", when, i)
		}
	}
	files := e.filesUnder(t, e.keys)
	for i, content := range files {
		if content != "" {
			t.Errorf("%s: file %s still opens", when, i)
		}
	}
	if len(files) != 4 {
		t.Errorf("%s: only %d files are left to try", when, len(files))
	}
	_, wrapped := e.wrappedKeys(t)
	for _, k := range e.keys {
		if wrapped[k] != nil {
			t.Errorf("%s: key %s is in the store", when, k)
		}
	}
	t.Logf("%s: %d texts, none opens", when, len(texts))
}

func (e *erasure) nothingInFiles(t *testing.T, when string) {
	t.Helper()
	e.checkpoint(t)
	for key, where := range e.found(t, e.wrapped) {
		t.Errorf("%s: the wrapped key %s is in %s", when, key, where)
	}
	for what, where := range e.found(t, spellings(victim.words())) {
		t.Errorf("%s: %q is in %s", when, what, where)
	}
	for what, needle := range spellings(victim.words()) {
		if bytes.Contains(e.s.errOut.Bytes(), needle) {
			t.Errorf("%s: %q is in the program's log", when, what)
		}
	}
}

var content = regexp.MustCompile(`^ok facts=\d+ unsealed=0 root=\S+ content ok=[1-9]\d* erased=(\d+) bad=0$`)

// othersStand looks at what has to be as before.
func (e *erasure) othersStand(t *testing.T) {
	t.Helper()
	last, err := e.verify(t)
	if m := content.FindStringSubmatch(last); err != nil || m == nil || m[1] == "0" {
		t.Errorf("verify: %v %s", err, last)
	}
	t.Log(last)
	d := e.database(t)
	if n := countOf(t, d, "SELECT count(*) FROM consult_begun"); n != 0 {
		t.Errorf("%d questions that he had begun are left", n)
	}
	d.Close()
	e.again(t)
	if now := e.figuresNow(t); now != e.figures {
		t.Errorf("figures before\n%s\nand after\n%s", e.figures, now)
	}
	var o struct {
		Question string
		Erased   bool
		Answer   struct{ Text string }
		Messages []struct {
			Text   string
			Erased bool
		}
		Attachments []struct {
			ID, Name string
			Erased   bool
		}
	}
	e.law.must(t, "GET", "/orders/"+e.other, nil, &o)
	if o.Question != "房东不退押金怎么办？" || o.Answer.Text != answer()["text"] || o.Erased {
		t.Errorf("the lawyer's other order: %+v", o)
	}
	e.law.must(t, "GET", "/orders/"+e.order, nil, &o)
	if o.Question != "" || o.Answer.Text != "" || !o.Erased || len(o.Messages) == 0 || !o.Messages[0].Erased || o.Messages[0].Text != "" {
		t.Errorf("the erased person's order: %+v", o)
	}
	if len(o.Attachments) != 1 || !o.Attachments[0].Erased || o.Attachments[0].Name != "" {
		t.Fatalf("the erased person's files: %+v", o.Attachments)
	}
	if status, _, err := e.law.call("GET", attachmentPath(e.order, o.Attachments[0].ID), nil); err != nil || status != 404 {
		t.Errorf("the erased person's file: %d %v", status, err)
	}
	e.s.stop(t)
	e.phoneFindsNobody(t, "after the erasure")
}

// phoneFindsNobody signs in with the phone of the erased: somebody new.
func (e *erasure) phoneFindsNobody(t *testing.T, when string) {
	t.Helper()
	e.again(t)
	anew := e.s.citizen(t, victim.phone)
	var list struct{ Items []any }
	anew.must(t, "GET", "/orders", nil, &list)
	if anew.id == e.gone.id || len(list.Items) != 0 {
		t.Errorf("%s: the phone finds person %s (erased: %s) with %d orders", when, anew.id, e.gone.id, len(list.Items))
	}
	e.s.stop(t)
}

// gravestonesAreNoDoor: who strikes the marks of destruction out of the store
// has no key for it.
func (e *erasure) gravestonesAreNoDoor(t *testing.T) {
	t.Helper()
	driver, name, table := "sqlite", "file:"+filepath.Join(e.data, "keys", "keys.db"), "key"
	if e.db != "" {
		driver, name, table = "pgx", e.db, "mingfa_keys.key"
	}
	c, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Exec("UPDATE " + table + " SET gone = 0"); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	keys, err := seal.Open(ctx, seal.Config{Dir: filepath.Join(e.data, "keys"), PostgresURL: e.db})
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	for _, k := range e.keys {
		if _, err := keys.Seal(ctx, id.New(), k, "x"); err == nil {
			t.Errorf("key %s can be used", k)
		}
	}
}
