package quality

import (
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
)

// The facts of an intervention: subject and root are the case.

// CaseOpenedFact: a lawyer's satisfaction is below the warning value.
type CaseOpenedFact struct {
	Lawyer    id.ID `json:"lawyer"`
	Rated     int   `json:"rated"`
	Satisfied int   `json:"satisfied"`
	Percent   int64 `json:"percent"` // the warning value
	Days      int   `json:"days"`
}

// CaseAnalysedFact: why, and which inspected orders show it.
type CaseAnalysedFact struct {
	Category Category `json:"category"`
	Checks   []id.ID  `json:"checks"`
}

// CaseMeasuredFact: something was done.
type CaseMeasuredFact struct {
	Measure id.ID       `json:"measure"`
	What    MeasureKind `json:"kind"`
}

// CaseClosedFact: the case is done.
type CaseClosedFact struct{}

// CaseLapsedFact: the lawyer's person was erased.
type CaseLapsedFact struct{}

// Kind names the fact.
func (CaseOpenedFact) Kind() string { return "quality.case_opened" }

// Kind names the fact.
func (CaseAnalysedFact) Kind() string { return "quality.case_analysed" }

// Kind names the fact.
func (CaseMeasuredFact) Kind() string { return "quality.case_measured" }

// Kind names the fact.
func (CaseClosedFact) Kind() string { return "quality.case_closed" }

// Kind names the fact.
func (CaseLapsedFact) Kind() string { return "quality.case_lapsed" }

func init() {
	journal.Register("intervention.see",
		func() journal.Event { return CaseOpenedFact{} },
		func() journal.Event { return CaseAnalysedFact{} },
		func() journal.Event { return CaseMeasuredFact{} },
		func() journal.Event { return CaseClosedFact{} },
		func() journal.Event { return CaseLapsedFact{} })
	say.Register(map[string]say.Texts{
		"fact.quality.case_opened":   {Hans: "满意率低于预警值（{satisfied}/{rated}），开始点对点干预", Hant: "滿意率低於預警值（{satisfied}/{rated}），開始點對點介入", En: "Satisfaction is below the warning value ({satisfied} of {rated}): an intervention opened"},
		"fact.quality.case_analysed": {Hans: "分析了评价偏低的原因", Hant: "分析了評分偏低的原因", En: "The cause of the low ratings was analysed"},
		"fact.quality.case_measured": {Hans: "采取了干预措施", Hant: "採取了介入措施", En: "A measure was taken"},
		"fact.quality.case_closed":   {Hans: "干预结束", Hant: "介入結束", En: "The intervention was closed"},
		"fact.quality.case_lapsed":   {Hans: "律师信息已删除，干预终止", Hant: "律師資料已刪除，介入終止", En: "The lawyer's data were erased; the intervention ended"},

		"quality.case_closed":        {Hans: "这项干预已经结束。请刷新页面。", Hant: "這項介入已經結束。請重新整理頁面。", En: "This intervention is closed already. Please reload the page."},
		"quality.case_needs_cause":   {Hans: "请先填写原因类别和原因分析。", Hant: "請先填寫原因類別和原因分析。", En: "Please give the category and the analysis of the cause first."},
		"quality.case_needs_measure": {Hans: "请先登记至少一项措施。", Hant: "請先登記至少一項措施。", En: "Please note at least one measure first."},
		"quality.case_full":          {Hans: "这项干预的措施已经很多，不能再增加。", Hant: "這項介入的措施已經很多，不能再增加。", En: "This intervention has as many measures as it can take."},
		"quality.check_unknown":      {Hans: "有一项不是该律师已有结果的质检工单。", Hant: "有一項不是該律師已有結果的質素檢查工單。", En: "One is not an inspected order of this lawyer with a result."},

		"quality.category_knowledge":   {Hans: "业务能力", Hant: "業務能力", En: "Legal knowledge"},
		"quality.category_attitude":    {Hans: "服务态度", Hant: "服務態度", En: "Attitude"},
		"quality.category_timeliness":  {Hans: "答复不及时", Hant: "回覆不及時", En: "Late answers"},
		"quality.category_clarity":     {Hans: "表达不清", Hant: "表達不清", En: "Unclear language"},
		"quality.category_workload":    {Hans: "工作量过大", Hant: "工作量過大", En: "Workload"},
		"quality.category_expectation": {Hans: "群众期望与法律规定不符", Hant: "市民期望與法律規定不符", En: "Expectations that the law does not meet"},
		"quality.category_platform":    {Hans: "平台或流程问题", Hant: "平台或流程問題", En: "Platform or procedure"},
		"quality.category_other":       {Hans: "其他", Hant: "其他", En: "Other"},
	})
}
