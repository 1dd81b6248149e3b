package complaint

import (
	"testing"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/base/web/webtest"
	"mingfa/internal/base/who"
)

// api is the room behind its HTTP operations.
type api struct {
	*room
	*webtest.API
}

func (h *room) api() *api { return &api{h, webtest.New(h.T, h.DB.Now, h.Routes)} }

// req: B7.1.2.1a, B7.1.2.1b, B7.1.2.3a, B7.1.2.3b, B7.1.2.3c, B7.1.2.4, B7.1.3.2c
func TestComplaintOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, n := h.api(), id.New().String()
		body := `{"id":"` + n + `","kind":"complaint","region":"440000","text":"PLANTED 我不想活了"}`
		a.Want(a.Do(h.citizen, "POST", "/complaints", body), 201, `"number":"20260302-`, `"call_by":"2026-03-03T15:59:59.999Z"`, `"help":"Your safety`,
			`"state":"collected"`, "!staff", "!suicide", "PLANTED")
		a.Want(a.Do(h.citizen, "POST", "/complaints", body), 201, n)
		h.Settle()
		a.Want(a.Do(h.citizen, "POST", "/complaints", `{"id":"`+id.New().String()+`","kind":"PLANTED","text":"x"}`), 422, `"field":"kind"`, "!PLANTED")
		a.Want(a.Do(h.lawyer, "POST", "/complaints", body), 404)
		a.Want(a.Do(who.Actor{}, "GET", "/complaints", ""), 401)
		path := "/complaints/" + n
		a.Want(a.Do(h.citizen, "GET", "/complaints", ""), 200, "12356, 120, 110")
		for _, as := range []who.Actor{h.other, h.lawyer, h.admin, h.opsElsewhere} {
			a.Want(a.Do(as, "GET", path, ""), 404, "!PLANTED")
			if as.Is(who.DutyLawyer) || as.Is(who.Admin) { // who never may
				a.Want(a.Do(as, "GET", "/complaints", ""), 404)
				continue
			}
			a.Want(a.Do(as, "GET", "/complaints", ""), 200, `"items":[]`)
		}
		rec := a.Do(h.ops, "GET", path, "")
		a.Want(rec, 200, `"hints":["suicide"]`, `"category":"suicide"`, `"by_words":true`, `"phone":"+8613800138000"`, `"acknowledge_by":"2026-03-02T04:05:00Z"`,
			`"can":["call","flag","file","attach"]`, "!help")
		etag := rec.Header().Get("ETag")
		a.Want(a.Do(h.bureau, "POST", path+"/acknowledge", "{}", "If-Match", etag), 200, `"acknowledged_at":"2026-03-02T04:00:00Z"`)
		a.Want(a.Do(h.ops, "POST", path+"/calls", `{"id":"`+id.New().String()+`","reached":true,"reason":"太急"}`, "If-Match", etag), 409, "fault.stale")
		a.Want(a.Do(h.ops, "POST", path+"/calls", `{"id":"`+id.New().String()+`","reached":true}`), 422, `"field":"reason"`)
		a.Want(a.Do(h.lawyer, "POST", path+"/calls", `{"id":"`+id.New().String()+`","reached":true}`), 404)
		a.Want(a.Do(h.ops, "POST", path+"/result", `{"kind":"complaint","reason_category":"slow","reason":"a","measure":"b","result":"c"}`), 409, "complaint.call_first")
		a.Want(a.Do(h.ops, "POST", path+"/calls", `{"id":"`+id.New().String()+`","reached":true,"reason":"太急"}`), 201, `"in_time":true`, `"reason":"太急"`)
		a.Want(a.Do(h.ops, "POST", path+"/result", `{"kind":"complaint","reason_category":"slow","reason":"a","measure":"b","result":"已致歉"}`), 200, `"measure":"b"`)
		a.Want(a.Do(h.ops, "POST", path+"/close", "{}"), 409, "complaint.missing_filing")
		a.Want(a.Do(h.ops, "POST", path+"/filing", `{"number":"7","date":"2026-03-32","authority":"省司法厅"}`), 422, `"field":"date"`)
		a.Want(a.Do(h.ops, "POST", path+"/filing", `{"number":"7","date":"2026-03-02","authority":"省司法厅"}`), 200, `"can":["record","flag","file","attach","close"]`)
		a.Want(a.Do(h.citizen, "GET", path, ""), 200, `"state":"registered"`, "!已致歉")
		a.Want(a.Do(h.ops, "POST", path+"/close", "{}"), 200, `"state":"closed"`)
		a.Want(a.Do(h.citizen, "GET", path, ""), 200, `"result":"已致歉"`, "!measure")
		a.Want(a.Do(h.ops, "POST", path+"/flag", `{"category":"","note":"x"}`), 409, "complaint.already_closed")
		a.Want(a.Do(h.ops, "DELETE", path, ""), 405)
		h.Settle()
	})
}

// req: B7.1.2.1b, B7.1.2.3c
func TestListsAndNumbersOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a := h.api()
		a.Want(a.Do(h.quality, "POST", "/complaints/register", `{"id":"`+id.New().String()+`","kind":"suggestion","text":"建议","channel":"hotline","name":"张三","phone":"13800138000","received_at":"2026-03-02T03:00:00Z"}`),
			201, `"channel":"hotline"`, `"received_at":"2026-03-02T03:00:00Z"`)
		h.Clock.Set(h.Clock.Now().Add(time.Minute))
		h.complain("第二件")
		a.Want(a.Do(h.citizen, "GET", "/complaints?limit=1", ""), 200, "第二件", `"next_cursor":"`, "!建议")
		a.Want(a.Do(h.ops, "GET", "/complaints?state=open&month=2026-03", ""), 200, "第二件", "建议")
		a.Want(a.Do(h.ops, "GET", "/complaints?sensitive=true", ""), 200, `"items":[]`)
		a.Want(a.Do(h.ops, "GET", "/complaints?state=eaten", ""), 422)
		a.Want(a.Do(h.ops, "GET", "/complaints?month=2026-13", ""), 422, `"field":"month"`)
		a.Want(a.Do(h.ops, "GET", "/complaints?limit=201", ""), 422)
		a.Want(a.Do(h.ops, "GET", "/complaints?order="+id.New().String(), ""), 200, `"items":[]`)
		rec := a.Do(h.ops, "GET", "/complaints/register.csv?month=2026-03", "")
		a.Want(rec, 200, "Number,Kind,State", "张三")
		if kind, name := rec.Header().Get("Content-Type"), rec.Header().Get("Content-Disposition"); kind != "text/csv; charset=utf-8" || name != `attachment; filename="mingfa-complaints-2026-03.csv"` {
			t.Errorf("the file is %s, %s", kind, name)
		}
		a.Want(a.Do(h.citizen, "GET", "/complaints/register.csv", ""), 404, "!建议")
		a.Want(a.Do(who.Actor{}, "GET", "/complaints/codes", ""), 200, `"code":"suicide"`, `"code":"hotline"`, `"code":"attitude"`)
		a.Want(a.Do(who.Actor{}, "GET", "/complaint-numbers", ""), 200, `"hotline":""`, `"help":["12356","120","110"]`)
		a.Want(a.Do(h.admin, "PUT", "/complaint-numbers", `{"hotline":"400-820-12348","help":[]}`), 200, "400-820-12348")
		a.Want(a.Do(h.ops, "PUT", "/complaint-numbers", `{"hotline":"1","help":[]}`), 404)
		h.Clock.Set(h.Clock.Now().Add(time.Second))
		a.Want(a.Do(who.Actor{}, "GET", "/complaint-numbers?region=440000", ""), 200, `"hotline":"400-820-12348"`, "12356")
	})
}
