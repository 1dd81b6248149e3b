package identity

import (
	"strings"
	"testing"

	"mingfa/internal/base/who"
)

// Who is to be erased is found by phone or name, by those who may erase him alone, and
// that he was shown is noted. req: B9.3.1
func TestHTTPFind(t *testing.T) {
	eachDoor(t, func(t *testing.T, d door) {
		d.staff(d.root.ID, "admin", who.Admin)
		in := d.want(d.call("POST", "/staff-sessions", "", `{"user":"admin","password":"`+passwd+`","totp":"`+d.totp()+`","bearer":true}`), 201)
		token, _ := in.body["token"].(string)
		citizen, citizenToken := d.citizen(phoneA)
		find := func(body string) []any {
			t.Helper()
			items, ok := d.want(d.call("POST", "/people/find", token, body), 200).body["items"].([]any)
			if !ok {
				t.Fatalf("no list for %s", body)
			}
			return items
		}
		got := find(`{"phone":"` + phoneA + `"}`)
		if len(got) != 1 || got[0].(map[string]any)["id"] != citizen.Person.String() || !strings.Contains(mustJSON(t, got), "****") {
			t.Errorf("by phone: %v", got)
		}
		for _, name := range []string{"审核", "張審"} { // a part of it, and in traditional characters
			if got := find(`{"name":"` + name + `"}`); len(got) != 1 || got[0].(map[string]any)["name"] != "张审核" {
				t.Errorf("by %s: %v", name, got)
			}
		}
		if n := d.count("SELECT count(*) FROM journal_fact WHERE kind = 'identity.found'"); n != 3 {
			t.Errorf("%d facts of three who were shown", n)
		}
		for _, nobody := range []string{`{"phone":"13800009999"}`, `{"name":"不是任何人"}`} {
			if got := find(nobody); len(got) != 0 {
				t.Errorf("%s finds %v", nobody, got)
			}
		}
		d.want(d.call("POST", "/people/find", token, `{}`), 422)
		d.want(d.call("POST", "/people/find", token, `{"phone":"12"}`), 422)
		d.want(d.call("POST", "/people/find", citizenToken, `{"phone":"`+phoneA+`"}`), 404)
		d.want(d.call("DELETE", "/people/"+citizen.Person.String(), token, `{"reason":"request"}`), 202)
		if got := find(`{"phone":"` + phoneA + `"}`); len(got) != 0 {
			t.Errorf("one who was erased is found: %v", got)
		}
	})
}
