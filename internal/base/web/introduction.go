package web

import "strings"

// chapter is a part of the API's introduction: a heading and paragraphs, in which
// `code` stands in backquotes.
type chapter struct {
	Title string
	Text  []string
}

type chapters []chapter

// markdown is the introduction as the description of the OpenAPI document.
func (c chapters) markdown() string {
	var b strings.Builder
	for _, x := range c {
		b.WriteString("## " + x.Title + "\n\n" + strings.Join(x.Text, "\n\n") + "\n\n")
	}
	return strings.TrimSpace(b.String())
}

// introduction says what holds for all operations. A test of the house finds each
// operation that it names.
var introduction = chapters{
	{"Sign in", []string{
		"A citizen asks for a code with `POST /codes` and gives it to `POST /sessions`. Staff sign in with `POST /staff-sessions`: user, password and one-time password.",
		"A browser gets a cookie that scripts can't read. A program says `\"bearer\": true`, gets a token in the answer and sends it as `Authorization: Bearer TOKEN`. `DELETE /sessions/current` ends either.",
		"In the calls that are shown, `$BASE` is the address of the server, as `http://localhost:8080`, and `$TOKEN` such a token.",
	}},
	{"Tokens and scopes of machines", []string{
		"An administrator makes a token for an integrator's program with `POST /tokens`. It is shown once, holds until its day, sees only its organisation and those below, and may only read.",
		"Each operation says which scope it needs. Without the scope, and where an operation is closed to machines, the answer is 404, as for what isn't there; a list of orders is empty.",
	}},
	{"Limits", []string{
		"Requests that read, requests that change something, and requests of an address without sign-in are counted apart, each by the minute. `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds) stand in every answer that was counted. A refused request is 429 and says in `Retry-After` how many seconds to wait.",
		"Some operations have limits of their own, as codes by SMS for one number.",
	}},
	{"Client-made IDs", []string{
		"Whoever creates something makes its `id`: a UUID, version 7. The same request with the same ID may be sent again, after a lost connection as well: the thing is made once, and a repeat is no mistake. The ID of something else is 409.",
	}},
	{"Versions", []string{
		"What changes has a version: `rev` in the body, `ETag` in the header. Send it as `If-Match` with a change, and somebody else's change in between is 409 instead of being overwritten.",
	}},
	{"Pages", []string{
		"A long list comes in pages of at most 200 (`limit`). `next_cursor` is there as long as there is more: send it as `cursor`. Rows that are added meanwhile are neither repeated nor do they push others out.",
	}},
	{"Languages", []string{
		"`Accept-Language`, or `?lang=`, chooses the texts: `zh-Hans`, `zh-Hant-HK` or `en`. Codes are the same in all of them. `Content-Language` says which it is.",
	}},
	{"Problems", []string{
		"Every refusal is `application/problem+json` (RFC 9457). Programs look at `code`, which stays, and `status`; people read `detail`. A 422 lists in `errors` each field that is wrong. Quote `request_id` when you ask for help. What was sent is never repeated in a problem.",
		"What isn't there and what you may not see are the same 404.",
	}},
	{"Times, numbers and fields", []string{
		"Times are RFC 3339 in UTC. Days are `YYYY-MM-DD` in the zone of the organisation. Requests and answers are JSON in UTF-8; a field that isn't described is refused in a request. In answers new fields may come, so ignore those you don't know.",
	}},
}
