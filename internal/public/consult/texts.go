package consult

import "mingfa/internal/base/say"

func init() {
	say.Register(problemTexts)
	say.Register(askTexts)
	say.Register(replyTexts)
	say.Register(ratingTexts)
	say.Register(elementTexts)
}

var problemTexts = map[string]say.Texts{
	"problem.marriage_family":       {"婚姻、家庭与继承", "婚姻、家庭與繼承", "Marriage, family and inheritance"},
	"problem.labour":                {"劳动与社会保险", "勞動與社會保險", "Work and social insurance"},
	"problem.traffic":               {"交通事故与违章", "交通意外與違例", "Traffic accidents and offences"},
	"problem.debt":                  {"借贷与债务", "借貸與債務", "Loans and debts"},
	"problem.contract":              {"合同", "合約", "Contracts"},
	"problem.housing":               {"房屋买卖与租赁", "房屋買賣與租賃", "Buying and renting homes"},
	"problem.consumer":              {"消费维权与物业", "消費者權益與物業管理", "Consumer rights and property management"},
	"problem.personal_injury":       {"人身伤害赔偿", "人身傷害賠償", "Personal injury"},
	"problem.tort":                  {"其他侵权", "其他侵權", "Other wrongs (reputation, privacy, damage)"},
	"problem.medical":               {"医疗纠纷", "醫療糾紛", "Medical disputes"},
	"problem.criminal":              {"刑事案件", "刑事案件", "Criminal matters"},
	"problem.administrative":        {"与行政机关的争议", "與行政機關的爭議", "Disputes with authorities"},
	"problem.demolition":            {"征地与拆迁", "徵地與拆遷", "Land taking and demolition"},
	"problem.construction":          {"建设工程", "建造工程", "Construction"},
	"problem.company":               {"公司与经营", "公司與經營", "Companies and business"},
	"problem.intellectual_property": {"知识产权", "知識產權", "Intellectual property"},
	"problem.guarantee":             {"抵押、担保与银行贷款", "抵押、擔保與銀行貸款", "Mortgages, guarantees and bank loans"},
	"problem.foreign":               {"涉外与出入境", "涉外與出入境", "Foreign matters, entry and exit"},
	"problem.maritime":              {"海事与货物运输", "海事與貨物運輸", "Shipping and carriage of goods"},
	"problem.general":               {"其他问题", "其他問題", "Something else"},
}

var askTexts = map[string]say.Texts{
	"consult.region_unknown": {"请选择所在地区。", "請選擇所在地區。", "Please choose your region."},
	"consult.phone_invalid": {
		"手机号无法识别。请填写 11 位手机号，或带国家区号的号码。", "電話號碼無法識別。請填寫 8 位香港號碼，或帶國家區號的號碼。",
		"This phone number is not recognised. Give it with its country code."},
	"consult.email_invalid": {
		"邮箱地址无法识别。请填写一个完整的地址，最多 {max} 个字。", "電郵地址無法識別。請填寫一個完整的地址，最多 {max} 個字。",
		"This mail address is not recognised. Give one whole address of at most {max} characters."},
}

var replyTexts = map[string]say.Texts{
	"consult.too_short": {
		"本人撰写的内容须超过 {min} 字，现有 {own} 字（开头语、免责声明和结束语不计）。请补充说明。",
		"本人撰寫的內容須超過 {min} 字，現有 {own} 字（開頭語、免責聲明和結束語不計）。請補充說明。",
		"Your own text must exceed {min} characters or words; it has {own} (opening, disclaimer and closing do not count). Please say more."},
	"consult.judgement_missing": {
		"请写明对问题的法律判断。", "請寫明對問題的法律判斷。", "Please give your legal judgement of the question."},
	"consult.basis_missing": {
		"请至少列出一条法律依据（法律名称和条号），或说明为何没有具体依据。", "請至少列出一條法律依據（法律名稱和條號），或說明為何沒有具體依據。",
		"Please cite at least one law and article, or say why there is no specific basis."},
	"consult.basis_reason_short": {
		"请具体说明为何没有法律依据。", "請具體說明為何沒有法律依據。", "Please say in a few words why there is no specific basis."},
	"consult.basis_unrecognised": {
		"有一条依据无法识别。请填写法律名称，条号写成“第一千零七十九条”或“1079”，每行一条。",
		"有一條依據無法識別。請填寫法律名稱，條號寫成「第一千零七十九條」或「1079」，每行一條。",
		"One citation is not recognised. Give the name of the law and one article, such as 1079 or s. 26A."},
	"consult.advice_missing": {
		"请至少写一条可行的建议，且不留空行。", "請至少寫一條可行的建議，且不留空行。", "Please give at least one advice that can be followed, and leave none empty."},
	"consult.template_missing": {
		"缺少统一文本。请联系管理员设置开头语、免责声明和结束语。", "缺少統一文本。請聯絡管理員設定開頭語、免責聲明和結束語。",
		"A uniform text is missing. Ask the administrator to set opening, disclaimer and closing."},
	"consult.done_length":     {"字数已够。", "字數已夠。", "Long enough."},
	"consult.done_judgement":  {"已写法律判断。", "已寫法律判斷。", "Judgement given."},
	"consult.done_basis":      {"已列法律依据。", "已列法律依據。", "Legal basis given."},
	"consult.done_advice":     {"已写建议。", "已寫建議。", "Advice given."},
	"consult.done_opening":    {"已加开头语。", "已加開頭語。", "Opening set."},
	"consult.done_disclaimer": {"已加免责声明。", "已加免責聲明。", "Disclaimer set."},
	"consult.done_closing":    {"已加结束语。", "已加結束語。", "Closing set."},
}

var ratingTexts = map[string]say.Texts{
	"consult.rating_very_satisfied":    {"非常满意", "非常滿意", "Very satisfied"},
	"consult.rating_satisfied":         {"满意", "滿意", "Satisfied"},
	"consult.rating_general":           {"一般", "一般", "Neutral"},
	"consult.rating_dissatisfied":      {"不满意", "不滿意", "Dissatisfied"},
	"consult.rating_very_dissatisfied": {"非常不满意", "非常不滿意", "Very dissatisfied"},

	"consult.category_content":     {"解答内容", "解答內容", "The answer itself"},
	"consult.category_unclear":     {"没有看懂", "沒有看懂", "Not understood"},
	"consult.category_attitude":    {"服务态度", "服務態度", "Manner"},
	"consult.category_slow":        {"回复太慢", "回覆太慢", "Too slow"},
	"consult.category_process":     {"平台使用", "平台使用", "Using the platform"},
	"consult.category_outside":     {"法律或其他部门的原因", "法律或其他部門的原因", "The law or another office"},
	"consult.category_mistaken":    {"误评", "誤評", "Rated by mistake"},
	"consult.category_other":       {"其他", "其他", "Other"},
	"consult.category_not_reached": {"未能联系上", "未能聯絡上", "Not reached"},

	"consult.callback_call_first": {
		"请先致电用户：须已接通，或至少拨打 {min} 次未接通（现已拨打 {attempts} 次）。", "請先致電用戶：須已接通，或至少撥打 {min} 次未接通（現已撥打 {attempts} 次）。",
		"Call first: the person must have been reached, or called {min} times in vain (so far {attempts})."},
	"consult.callback_recorded": {
		"回访结果已登记。如需更正，请修改结果。", "回訪結果已登記。如需更正，請修改結果。", "The result is recorded already. Change the result if it needs correcting."},
	"consult.callback_closed": {
		"这次回访已结束，不能再更改。", "這次回訪已結束，不能再更改。", "This call-back is closed and can no longer be changed."},
	"consult.callback_missing": {
		"回访还不能结束。请先完成所列事项。", "回訪還不能結束。請先完成所列事項。", "The call-back cannot be closed yet. Do first what is listed."},
	"consult.callback_no_question": {
		"没有需要律师回电的法律问题。请先登记回访结果。", "沒有需要律師回電的法律問題。請先登記回訪結果。",
		"No legal question waits for a lawyer's call. Record the result first."},
	"consult.callback_lawyer_called": {
		"律师回电已登记。", "律師回電已登記。", "The lawyer's call is recorded already."},
	"consult.missing_call": {
		"致电用户，或至少尝试三次。", "致電用戶，或至少嘗試三次。", "Call the person, or try at least three times."},
	"consult.missing_result": {
		"登记原因、详情和反馈。", "登記原因、詳情和回饋。", "Record reason, details and feedback."},
	"consult.missing_lawyer": {
		"仍有法律问题：律师须在一小时内回电并登记。", "仍有法律問題：律師須在一小時內回電並登記。", "A legal question remains: a lawyer must call within one hour, and record it."},
}

var elementTexts = map[string]say.Texts{}
