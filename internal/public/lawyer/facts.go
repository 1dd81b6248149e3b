package lawyer

import (
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
)

// Added says that a person became a duty lawyer.
type Added struct {
	Status Status `json:"status"`
}

// Kind names the fact.
func (Added) Kind() string { return "lawyer.added" }

// StatusChanged says that a lawyer went online, busy or away.
type StatusChanged struct {
	From Status `json:"from"`
	To   Status `json:"to"`
}

// Kind names the fact.
func (StatusChanged) Kind() string { return "lawyer.status_changed" }

func init() {
	journal.Register("lawyer.list", func() journal.Event { return &Added{} }, func() journal.Event { return &StatusChanged{} },
		func() journal.Event { return PracticeChanged{} }, func() journal.Event { return CardOpened{} })
	say.Register(map[string]say.Texts{
		"fact.lawyer.added": {
			"加入了值班律师。", "加入了值班律師。", "A duty lawyer joined."},
		"fact.lawyer.status_changed": {
			"律师更改了值班状态。", "律師更改了值班狀態。", "A lawyer changed whether he is on duty."},
		"fact.lawyer.practice_changed": {
			"律师更改了执业信息。", "律師更改了執業資料。", "A lawyer changed what he does."},
		"fact.lawyer.card_opened": {
			"律师资料被查看。", "律師資料被查閱。", "A lawyer's card was looked at."},
		"lawyer.phone_invalid": {
			"手机号无法识别。请填写 11 位手机号，或带国家区号的号码。", "手機號碼無法識別。請填寫 8 位香港號碼，或帶國家區號的號碼。",
			"This phone number is not recognised. Give it with its country code."},
		"lawyer.status_online": {"在线", "在線", "online"},
		"lawyer.status_busy":   {"忙碌", "忙碌", "busy"},
		"lawyer.status_away":   {"离开", "離開", "away"},
		"lawyer.match_whole": {
			"业务领域、地区和语言均符合；符合的律师中手上工单最少（{load} 件）；已排除 {passed} 位。",
			"業務範疇、地區和語言均符合；符合的律師中手上工單最少（{load} 件）；已排除 {passed} 位。",
			"Area, region and language fit; of those who fit he had the fewest open orders ({load}); {passed} left out."},
		"lawyer.match_any_region": {
			"本地区没有合适的在岗律师，由其他地区业务领域和语言符合的律师承办；其中手上工单最少（{load} 件）；已排除 {passed} 位。",
			"本地區沒有合適的當值律師，由其他地區業務範疇和語言符合的律師承辦；其中手上工單最少（{load} 件）；已排除 {passed} 位。",
			"Nobody on duty for this region; area and language fit; of those he had the fewest open orders ({load}); {passed} left out."},
		"lawyer.match_any_area": {
			"没有该业务领域的在岗律师，由语言符合的律师承办；其中手上工单最少（{load} 件）；已排除 {passed} 位。",
			"沒有該業務範疇的當值律師，由語言符合的律師承辦；其中手上工單最少（{load} 件）；已排除 {passed} 位。",
			"Nobody on duty for this area; the language fits; of those he had the fewest open orders ({load}); {passed} left out."},
		"lawyer.match_chosen": {
			"由运营人员指定；当时手上工单 {load} 件（已排除 {passed} 位）。",
			"由營運人員指定；當時手上工單 {load} 件（已排除 {passed} 位）。",
			"Named by operations; he had {load} open orders ({passed} left out)."},
	})
}
