package app

// calls say how each operation is called: the path with what it names filled in,
// and the smallest body that is valid. $new is a new ID and $phone a new number
// each time; the other
// placeholders are words of a bundle (rights_world_test.go). An operation may have
// several calls: what stands behind a blank in the key names them.
//
// Items marks a call whose answer lists or contains things: not the status but
// what is in the answer tells whether the actor may see a bundle.
type call struct {
	path  string // behind the operation's own path; with "=" the whole of it
	body  string // JSON; a word with "@" is a file
	items bool
	last  bool // it ends something, so it comes behind all others
}

var calls = map[string]call{
	"GET /alarms":                   {items: true, path: "?limit=200"},
	"GET /alarms/{id}":              {path: "=/alarms/$alarm"},
	"POST /alarms/{id}/acknowledge": {path: "=/alarms/$alarm/acknowledge", body: `{"words":"x"}`},
	"POST /alarms/{id}/resolve":     {path: "=/alarms/$alarm/resolve", body: `{"words":"x"}`},

	"GET /board":   {},
	"GET /figures": {path: "?date=2026-03-02"},

	"GET /callbacks":                   {items: true, path: "?limit=200"},
	"GET /callbacks done":              {items: true, path: "?state=done"},
	"GET /callbacks/ledger.csv":        {items: true},
	"GET /callbacks/ledger.csv org":    {items: true, path: "?org=$org"},
	"GET /callbacks/ledger.xlsx":       {items: true},
	"GET /callbacks/ledger.xlsx org":   {items: true, path: "?org=$org"},
	"GET /callbacks/ledger.pdf":        {},
	"GET /callbacks/{id}":              {path: "=/callbacks/$callback"},
	"POST /callbacks/{id}/attempts":    {path: "=/callbacks/$callback/attempts", body: `{"id":"$new","reached":false,"note":"x"}`},
	"POST /callbacks/{id}/result":      {path: "=/callbacks/$callback/result", body: `{"reason_category":"unclear","reason":"x","details":"x","legal_question":false,"service_violation":false,"feedback":"x"}`},
	"POST /callbacks/{id}/lawyer-call": {path: "=/callbacks/$callback/lawyer-call", body: `{"id":"$new","summary":"x"}`},
	"POST /callbacks/{id}/close":       {path: "=/callbacks/$callback/close", body: `{}`, last: true},

	"GET /complaint-numbers":            {path: "?region=440100"},
	"PUT /complaint-numbers":            {body: `{"hotline":"12348","help":["12355"]}`},
	"GET /complaints":                   {items: true, path: "?limit=200"},
	"GET /complaints order":             {items: true, path: "?order=$order"},
	"GET /complaints/codes":             {},
	"POST /complaints":                  {body: `{"id":"$new","kind":"complaint","text":"x","order":"$order"}`},
	"POST /complaints taken":            {body: `{"id":"$complaint","kind":"suggestion","text":"x"}`},
	"POST /complaints/register taken":   {body: `{"id":"$complaint","kind":"complaint","text":"x","channel":"hotline","phone":"+8613800138001"}`},
	"POST /complaints no order":         {body: `{"id":"$new","kind":"suggestion","text":"x"}`},
	"POST /complaints/register":         {body: `{"id":"$new","kind":"complaint","text":"x","channel":"hotline","order":"$order"}`},
	"GET /complaints/register.csv":      {items: true},
	"GET /complaints/register.csv org":  {items: true, path: "?org=$org"},
	"GET /complaints/register.xlsx":     {items: true},
	"GET /complaints/register.xlsx org": {items: true, path: "?org=$org"},
	"GET /complaints/register.pdf":      {},
	"GET /complaints/{id}":              {path: "=/complaints/$complaint"},
	"POST /complaints/{id}/acknowledge": {path: "=/complaints/$complaint/acknowledge", body: `{}`},
	"POST /complaints/{id}/calls":       {path: "=/complaints/$complaint/calls", body: `{"id":"$new","reached":true}`},
	"POST /complaints/{id}/close":       {path: "=/complaints/$complaint/close", body: `{}`},
	"POST /complaints/{id}/filing":      {path: "=/complaints/$complaint/filing", body: `{"number":"1","date":"2026-03-02","authority":"x"}`},
	"POST /complaints/{id}/flag":        {path: "=/complaints/$complaint/flag", body: `{"category":"safety","note":"x"}`},
	"POST /complaints/{id}/result":      {path: "=/complaints/$complaint/result", body: `{"kind":"complaint","reason_category":"unclear","reason":"x","measure":"x","result":"x"}`},

	"GET /exchange-rules":          {},
	"PUT /exchange-rules":          {body: `{"standard":false,"fees":false,"strict":false}`},
	"GET /exports/{table} users":   {items: true, path: "=/exports/users?format=csv"},
	"GET /exports/{table} lawyers": {items: true, path: "=/exports/lawyers?format=xlsx"},
	"GET /exports/{table} orders":  {items: true, path: "=/exports/orders?format=json"},
	"GET /exports/{table} csv":     {items: true, path: "=/exports/orders?format=csv"},
	"GET /exports/{table} xlsx":    {items: true, path: "=/exports/orders?format=xlsx"},
	"POST /imported-people/erase":  {body: `{"phone":"+8613800139999"}`},
	"GET /imports":                 {items: true, path: "?limit=200"},
	"GET /imports/{id}":            {path: "=/imports/$import"},
	"PUT /imports/{id}":            {path: "=/imports/$new?table=users&format=csv", body: "@import"},
	"PUT /imports/{id} taken":      {path: "=/imports/$import?table=users&format=csv", body: "@import"},
	"POST /imports/{id}/run":       {path: "=/imports/$import/run"},
	"POST /imports/{id}/cancel":    {path: "=/imports/$import/cancel"},

	"GET /exclusions": {items: true, path: "?limit=200"},

	"GET /inbox":            {items: true},
	"POST /inbox/{id}/read": {path: "=/inbox/$inbox/read"},

	"GET /interventions":                {items: true},
	"GET /interventions lawyer":         {items: true, path: "?lawyer=$lawyer"},
	"GET /interventions/{id}":           {path: "=/interventions/$intervention"},
	"PUT /interventions/{id}/analysis":  {path: "=/interventions/$intervention/analysis", body: `{"category":"clarity","cause":"x"}`},
	"POST /interventions/{id}/measures": {path: "=/interventions/$intervention/measures", body: `{"id":"$new","kind":"talk","words":"x"}`},
	"POST /interventions/{id}/close":    {path: "=/interventions/$intervention/close", body: `{"conclusion":"x"}`},

	"GET /lawyers":            {items: true},
	"GET /lawyers status":     {items: true, path: "?status=away"},
	"GET /lawyers/me/figures": {},
	"PUT /lawyers/me/status":  {body: `{"status":"away"}`},

	"GET /me":               {},
	"PATCH /me":             {body: `{"language":"en"}`},
	"GET /me/elements":      {},
	"PATCH /me/elements":    {body: `{"values":{}}`},
	"PUT /me/pictures":      {body: "@picture"},
	"GET /me/pictures/{id}": {path: "=/me/pictures/$picture"},

	"GET /orders":                               {items: true, path: "?limit=200"},
	"GET /orders number":                        {items: true, path: "?q=$order_number"},
	"GET /orders same person":                   {items: true, path: "?same_person=$order"},
	"GET /orders figure":                        {items: true, path: "?figure=callbacks_open"},
	"GET /orders date":                          {items: true, path: "?date=$day&limit=200"},
	"GET /orders own":                           {items: true, path: "?own=rated&since=$day&until=$day"},
	"GET /orders state":                         {items: true, path: "?state=excluded"},
	"POST /orders":                              {body: `{"id":"$new","region":"440000","question":"x 公司拖欠工资怎么办？","contact":{"name":"x"}}`, last: true},
	"POST /orders taken":                        {body: `{"id":"$order","region":"440000","question":"x 公司拖欠工资怎么办？","contact":{"name":"x"}}`, last: true},
	"GET /orders/{id}":                          {path: "=/orders/$order"},
	"POST /orders/{id}/answer":                  {path: "=/orders/$order/answer", body: "@answer"},
	"POST /orders/{id}/answer/check":            {path: "=/orders/$order/answer/check", body: "@answer"},
	"POST /orders/{id}/assign":                  {path: "=/orders/$order/assign", body: `{"lawyer":"$lawyer"}`},
	"GET /orders/{id}/attachments/{file}":       {path: "=/orders/$order/attachments/$file"},
	"PUT /orders/{id}/attachments/{file}":       {path: "=/orders/$order/attachments/$new", body: "@picture"},
	"PUT /orders/{id}/attachments/{file} taken": {path: "=/orders/$order/attachments/$file", body: "@picture"},
	"DELETE /orders/{id}/attachments/{file}":    {path: "=/orders/$order/attachments/$unsent", last: true},
	"POST /orders/{id}/exclusion":               {path: "=/orders/$order/exclusion", body: `{"reason":"test","note":"x"}`},
	"POST /orders/{id}/inclusion":               {path: "=/orders/$excluded/inclusion", body: `{"note":"x"}`},
	"GET /orders/{id}/facts":                    {path: "=/orders/$order/facts"},
	"POST /orders/{id}/messages":                {path: "=/orders/$order/messages", body: `{"id":"$new","text":"x"}`},
	"POST /orders/{id}/notes":                   {path: "=/orders/$order/notes", body: `{"id":"$new","text":"x"}`},
	"POST /orders/{id}/pass":                    {path: "=/orders/$order/pass", body: `{"reason":"x","summary":"x"}`},
	"GET /orders/{id}/proof":                    {path: "=/orders/$order/proof"},
	"POST /orders/{id}/rating":                  {path: "=/orders/$order/rating", body: `{"id":"$new","level":"satisfied"}`},
	"POST /orders/{id}/read":                    {path: "=/orders/$order/read", body: `{}`},
	"GET /orders/{id}/transcript/{kind}":        {path: "=/orders/$order/transcript/txt"},
	"GET /orders/{id}/transcript/{kind} pdf":    {path: "=/orders/$order/transcript/pdf"},

	"DELETE /people/{id}":       {path: "=/people/$person", body: `{"reason":"mistake"}`, last: true},
	"DELETE /people/{id} staff": {path: "=/people/$staff", body: `{"reason":"mistake"}`, last: true},

	"GET /problem-types":          {},
	"POST /problem-types/suggest": {body: `{"question":"x"}`},
	"GET /regions":                {},
	"GET /service":                {},
	"GET /screen/sms":             {path: "?phone=%2B8613800137777"},
	"GET /statutes":               {path: "?q=%E5%8A%B3%E5%8A%A8"},

	"GET /quality/catalogue":             {},
	"PUT /quality/catalogue":             {body: `{"items":[{"code":"clarity","fatal":true,"text":{"zh-Hans":"a","zh-Hant-HK":"a","en":"a"}}]}`, last: true},
	"GET /quality/draws":                 {items: true, path: "?lawyer=$lawyer&month=$month"},
	"GET /quality/limits":                {},
	"PUT /quality/limits":                {body: `{"sample_percent":5,"dispute_days":3,"recheck_days":3,"fatal_percent":1,"minor_percent":5,"warn_percent":95,"warn_days":30,"warn_ratings":5}`},
	"GET /quality/rates":                 {items: true, path: "?month=$month"},
	"GET /quality/results":               {items: true},
	"GET /quality/samples":               {items: true, path: "?limit=200"},
	"GET /quality/samples lawyer":        {items: true, path: "?lawyer=$lawyer"},
	"POST /quality/samples":              {body: `{"order":"$order","reason":"x"}`},
	"GET /quality/samples/{id}":          {path: "=/quality/samples/$sample"},
	"POST /quality/samples/{id}/checks":  {path: "=/quality/samples/$sample/checks", body: `{"id":"$new","marks":[]}`},
	"POST /quality/samples/{id}/dispute": {path: "=/quality/samples/$sample/dispute", body: `{"words":"x"}`},

	"GET /rating-reminder":    {},
	"PUT /rating-reminder":    {body: `{"hours":24}`},
	"GET /reports":            {},
	"GET /reports/{file}":     {path: "=/reports/2026-03-02.json"},
	"GET /reports/{file} csv": {path: "=/reports/2026-03-02.csv"},

	"GET /saved-replies":         {items: true},
	"POST /saved-replies":        {body: `{"id":"$new","title":"x","text":"x"}`},
	"POST /saved-replies taken":  {body: `{"id":"$saved","title":"x","text":"x"}`},
	"POST /saved-replies shared": {body: `{"id":"$new","title":"x","text":"x","shared":true}`},
	"PUT /saved-replies/{id}":    {path: "=/saved-replies/$saved", body: `{"title":"x","text":"x"}`},
	"DELETE /saved-replies/{id}": {path: "=/saved-replies/$saved"},

	"POST /codes":              {body: `{"phone":"$phone"}`},
	"POST /sessions":           {body: `{"phone":"$phone","code":"000000","bearer":true}`},
	"POST /staff-sessions":     {body: `{"user":"$new","password":"wrong password","totp":"000000"}`},
	"DELETE /sessions/current": {last: true},

	"GET /settings":                 {},
	"GET /settings org":             {path: "?org=$org"},
	"GET /settings/{name}":          {path: "=/settings/board.limits?org=$org"},
	"PUT /settings/{name}":          {path: "=/settings/board.limits", body: `{"org":"$org","version":999999,"reason":"x","value":{}}`},
	"POST /settings/{name}/inherit": {path: "=/settings/board.limits/inherit", body: `{"org":"$org","version":999999,"reason":"x"}`},
	"POST /settings/{name}/revert":  {path: "=/settings/board.limits/revert", body: `{"org":"$org","version":999999,"reason":"x","to":1}`},

	"GET /templates":        {},
	"PUT /templates/{name}": {path: "=/templates/opening", body: `{"texts":{"zh-Hans":"x","zh-Hant-HK":"x","en":"x"}}`},

	"GET /tokens":         {items: true},
	"POST /tokens":        {body: `{"id":"$new","name":"x","scopes":["figures:read"],"expires_at":"2026-04-01T00:00:00Z"}`},
	"POST /tokens taken":  {body: `{"id":"$token","name":"x","scopes":["figures:read"],"expires_at":"2026-04-01T00:00:00Z"}`},
	"POST /tokens org":    {body: `{"id":"$new","org":"$org","name":"x","scopes":["figures:read"],"expires_at":"2026-04-01T00:00:00Z"}`},
	"DELETE /tokens/{id}": {path: "=/tokens/$token", last: true},

	"GET /warnings": {items: true},
}
