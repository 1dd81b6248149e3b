package complaint

import "mingfa/internal/base/say"

func init() {
	say.Register(factTexts)
	say.Register(stepTexts)
	say.Register(nameTexts)
	say.Register(columnTexts)
	say.Register(noticeTexts)
}

var factTexts = map[string]say.Texts{
	"fact.complaint.collected":    {Hans: "投诉建议已受理", Hant: "投訴建議已受理", En: "The complaint or suggestion was received"},
	"fact.complaint.attached":     {Hans: "附上了第 {n} 个文件（{type}）", Hant: "附上了第 {n} 個檔案（{type}）", En: "File {n} was added ({type})"},
	"fact.complaint.opened":       {Hans: "第 {n} 个文件被打开查看", Hant: "第 {n} 個檔案被開啟檢視", En: "File {n} was opened"},
	"complaint.attachments_full":  {Hans: "文件太多了：一件投诉建议最多 {max} 个。", Hant: "檔案太多：一宗投訴建議最多 {max} 個。", En: "Too many files: a complaint takes {max}."},
	"fact.complaint.warned":       {Hans: "今天是回访时限的最后一天，尚未回访", Hant: "今天是回覆時限的最後一天，尚未致電", En: "The last day for the call, and nobody has called"},
	"fact.complaint.overdue":      {Hans: "超过一个工作日未回访", Hant: "超過一個工作天未致電回覆", En: "More than one working day without a call"},
	"fact.complaint.tried":        {Hans: "第 {n} 次电话回访", Hant: "第 {n} 次致電", En: "Call {n} to the person"},
	"fact.complaint.registered":   {Hans: "处理情况已登记", Hant: "處理情況已登記", En: "The register was filled in"},
	"fact.complaint.flagged":      {Hans: "敏感事项标记：{category}", Hant: "敏感事項標記：{category}", En: "Sensitivity: {category}"},
	"fact.complaint.acknowledged": {Hans: "司法行政机关已签收报告", Hant: "主管部門已簽收報告", En: "The bureau acknowledged the report"},
	"fact.complaint.escalated":    {Hans: "报告 5 分钟内无人签收，已升级", Hant: "報告 5 分鐘內無人簽收，已升級", En: "Nobody acknowledged the report within 5 minutes: escalated"},
	"fact.complaint.filed":        {Hans: "处理结果已报备", Hant: "處理結果已報備", En: "The result was filed with the judicial department"},
	"fact.complaint.closed":       {Hans: "投诉建议已办结", Hant: "投訴建議已完結", En: "The complaint or suggestion was closed"},
	"fact.complaint.exported":     {Hans: "导出了投诉登记表（{rows} 条）", Hant: "匯出了投訴登記冊（{rows} 項）", En: "The register was exported ({rows} rows)"},
}

var stepTexts = map[string]say.Texts{
	"complaint.next_collected":  {Hans: "已受理。工作人员最迟在所示时间前给您打电话。", Hant: "已受理。職員最遲於所示時間前致電給您。", En: "Received. Somebody will call you by the time shown at the latest."},
	"complaint.next_late":       {Hans: "回访已超过时限，我们正在督促处理，非常抱歉。", Hant: "致電已超過時限，我們正在督促處理，非常抱歉。", En: "The call is late. We are seeing to it and apologise."},
	"complaint.next_called":     {Hans: "已联系您，正在处理。处理结果会通知您。", Hant: "已聯絡您，正在處理。處理結果會通知您。", En: "We have called you and are dealing with it. You will be told the result."},
	"complaint.next_registered": {Hans: "处理情况已登记，正在核对办结。处理结果会通知您。", Hant: "處理情況已登記，正在核對完結。處理結果會通知您。", En: "What was done is on record and being checked. You will be told the result."},
	"complaint.next_closed":     {Hans: "已办结，处理结果如下。如不认同，可以再次投诉。", Hant: "已完結，處理結果如下。如不認同，可以再次投訴。", En: "Closed; the result is below. If you do not agree you can complain again."},

	"complaint.help": {
		Hans: "您的安全最重要。如果您或身边的人正处于危险中，请立即拨打 {numbers}，有人会帮助您。",
		Hant: "您的安全最重要。如果您或身邊的人正處於危險中，請立即致電 {numbers}，有人會幫助您。",
		En:   "Your safety comes first. If you or somebody near you is in danger, call {numbers} now. Somebody will help you."},

	"complaint.already_closed":     {Hans: "这条投诉建议已经办结。", Hant: "這項投訴建議已完結。", En: "This is closed already."},
	"complaint.already_registered": {Hans: "处理情况已经登记，不能再补录电话。", Hant: "處理情況已登記，不能再補錄電話。", En: "The register is filled in already; no further call can be noted."},
	"complaint.call_first": {
		Hans: "请先电话回访。没有联系上的，须在不同时间至少拨打 {min} 次（间隔半小时以上），现已计 {counted} 次。",
		Hant: "請先致電回覆。未能聯絡上的，須在不同時間至少致電 {min} 次（相隔半小時以上），現已計 {counted} 次。",
		En:   "Call first. If nobody is reached, at least {min} calls at different times are needed (half an hour apart); {counted} count so far."},
	"complaint.missing":          {Hans: "还不能办结。", Hant: "尚不能完結。", En: "This can't be closed yet."},
	"complaint.missing_call":     {Hans: "尚未回访。", Hant: "尚未致電回覆。", En: "The person was not called back."},
	"complaint.missing_register": {Hans: "登记表尚未填写完整。", Hant: "登記冊尚未填寫完整。", En: "The register is not filled in."},
	"complaint.missing_filing":   {Hans: "须先登记向司法行政机关报备的文号、日期和机关。", Hant: "須先登記向主管部門報備的文號、日期和部門。", En: "Note number, date and authority of the filing with the judicial department first."},
	"complaint.not_flagged":      {Hans: "这条投诉建议没有标记为敏感事项。", Hant: "這項投訴建議沒有標記為敏感事項。", En: "This is not marked as sensitive."},
	"complaint.person_erased":    {Hans: "当事人的资料已删除，不能再登记内容。", Hant: "當事人的資料已刪除，不能再登記內容。", En: "The person was erased; nothing more can be written down."},
	"complaint.received_range":   {Hans: "受理时间不能晚于现在，也不能早于 31 天前。", Hant: "受理時間不能遲於現在，也不能早於 31 天前。", En: "The time must not be in the future, nor more than 31 days ago."},
	"complaint.date_future":      {Hans: "日期不能晚于今天。", Hant: "日期不能遲於今天。", En: "The date must not be in the future."},
	"complaint.export_too_large": {Hans: "一次最多导出 {max} 条，请按月份导出。", Hant: "一次最多匯出 {max} 項，請按月份匯出。", En: "A file holds at most {max} rows. Please choose a month."},
}

var nameTexts = map[string]say.Texts{
	"complaint.kind_complaint":   {Hans: "投诉", Hant: "投訴", En: "Complaint"},
	"complaint.kind_suggestion":  {Hans: "建议", Hant: "建議", En: "Suggestion"},
	"complaint.state_collected":  {Hans: "待回访", Hant: "待致電", En: "To be called"},
	"complaint.state_called":     {Hans: "待登记", Hant: "待登記", En: "To be registered"},
	"complaint.state_registered": {Hans: "待办结", Hant: "待完結", En: "To be closed"},
	"complaint.state_closed":     {Hans: "已办结", Hant: "已完結", En: "Closed"},
	"complaint.channel_web":      {Hans: "网站", Hant: "網站", En: "Web"},
	"complaint.channel_wap":      {Hans: "简版网页", Hant: "簡版網頁", En: "Simple pages"},
	"complaint.channel_app":      {Hans: "手机应用", Hant: "手機應用程式", En: "App"},
	"complaint.channel_chat":     {Hans: "在线客服", Hant: "在線客服", En: "Chat"},
	"complaint.channel_hotline":  {Hans: "投诉热线", Hant: "投訴熱線", En: "Hotline"},
	"complaint.channel_callback": {Hans: "回访中提出", Hant: "回訪時提出", En: "Call-back"},
	"complaint.channel_visit":    {Hans: "来访", Hant: "親臨", En: "Visit"},
	"complaint.channel_letter":   {Hans: "来信", Hant: "來信", En: "Letter"},

	"complaint.sensitive_none":            {Hans: "不属于敏感事项", Hant: "不屬於敏感事項", En: "not sensitive"},
	"complaint.sensitive_suicide":         {Hans: "自杀、自伤", Hant: "自殺、自傷", En: "Suicide or self-harm"},
	"complaint.sensitive_public_security": {Hans: "公共安全", Hant: "公共安全", En: "Public security"},
	"complaint.sensitive_sit_in":          {Hans: "静坐、聚集", Hant: "靜坐、聚集", En: "Sit-in or gathering"},
	"complaint.sensitive_petition":        {Hans: "上访", Hant: "上訪", En: "Petitioning"},
	"complaint.sensitive_public_opinion":  {Hans: "可能引发舆情", Hant: "可能引發輿情", En: "Likely public opinion"},

	"complaint.ledger":      {Hans: "投诉建议登记簿", Hant: "投訴及建議登記冊", En: "Register of complaints and suggestions"},
	"complaint.yes":         {Hans: "是", Hant: "是", En: "yes"},
	"complaint.no":          {Hans: "否", Hant: "否", En: "no"},
	"complaint.reached":     {Hans: "已接通", Hant: "已接通", En: "reached"},
	"complaint.not_reached": {Hans: "未接通", Hant: "未接通", En: "not reached"},
}

var columnTexts = map[string]say.Texts{
	"complaint.column_number":          {Hans: "编号", Hant: "編號", En: "Number"},
	"complaint.column_kind":            {Hans: "类别", Hant: "類別", En: "Kind"},
	"complaint.column_state":           {Hans: "状态", Hant: "狀態", En: "State"},
	"complaint.column_channel":         {Hans: "渠道", Hant: "渠道", En: "Channel"},
	"complaint.column_received_at":     {Hans: "受理时间", Hant: "受理時間", En: "Received (UTC+8)"},
	"complaint.column_name":            {Hans: "姓名", Hant: "姓名", En: "Name"},
	"complaint.column_phone":           {Hans: "电话", Hant: "電話", En: "Phone"},
	"complaint.column_order":           {Hans: "关联工单", Hant: "相關工單", En: "Order"},
	"complaint.column_text":            {Hans: "内容", Hant: "內容", En: "Words"},
	"complaint.column_call_by":         {Hans: "回访时限", Hant: "致電時限", En: "Call by"},
	"complaint.column_called_at":       {Hans: "回访时间", Hant: "致電時間", En: "Called"},
	"complaint.column_in_time":         {Hans: "按时回访", Hant: "按時致電", En: "In time"},
	"complaint.column_reached":         {Hans: "是否接通", Hant: "是否接通", En: "Reached"},
	"complaint.column_calls":           {Hans: "通话记录", Hant: "通話記錄", En: "Call log"},
	"complaint.column_category":        {Hans: "原因类别", Hant: "原因類別", En: "Category of reason"},
	"complaint.column_reason":          {Hans: "原因", Hant: "原因", En: "Reason"},
	"complaint.column_measure":         {Hans: "处理措施", Hant: "處理措施", En: "Measure"},
	"complaint.column_result":          {Hans: "处理结果", Hant: "處理結果", En: "Result"},
	"complaint.column_recorded_at":     {Hans: "登记时间", Hant: "登記時間", En: "Registered"},
	"complaint.column_recorded_by":     {Hans: "登记人", Hant: "登記人", En: "Registered by"},
	"complaint.column_sensitive":       {Hans: "敏感事项", Hant: "敏感事項", En: "Sensitive"},
	"complaint.column_reported_at":     {Hans: "报告时间", Hant: "報告時間", En: "Reported"},
	"complaint.column_acknowledged_at": {Hans: "签收时间", Hant: "簽收時間", En: "Acknowledged"},
	"complaint.column_filing_number":   {Hans: "报备文号", Hant: "報備文號", En: "Filing number"},
	"complaint.column_filed_on":        {Hans: "报备日期", Hant: "報備日期", En: "Filed on"},
	"complaint.column_authority":       {Hans: "报备机关", Hant: "報備部門", En: "Authority"},
	"complaint.column_closed_at":       {Hans: "办结时间", Hant: "完結時間", En: "Closed at"},
	"complaint.column_closed_by":       {Hans: "办结人", Hant: "完結人", En: "Closed by"},
}

var noticeTexts = map[string]say.Texts{
	"notify.complaint_received":  {Hans: "您的投诉建议已受理，编号 {number}。我们会在一个工作日内给您打电话。", Hant: "您的投訴建議已受理，編號 {number}。我們會在一個工作天內致電給您。", En: "Your complaint or suggestion was received, number {number}. We will call you within one working day."},
	"notify.complaint_closed":    {Hans: "您的投诉建议 {number} 已办结，处理结果请登录后在“我的投诉和建议”中查看。", Hant: "您的投訴建議 {number} 已完結，處理結果請登入後在「我的投訴和建議」中查看。", En: "Your complaint or suggestion {number} is closed. Sign in to see the result under My complaints and suggestions."},
	"notify.complaint_new":       {Hans: "新的投诉建议 {number}，请在一个工作日内回访。", Hant: "新的投訴建議 {number}，請在一個工作天內致電。", En: "New complaint or suggestion {number}. Please call within one working day."},
	"notify.complaint_warned":    {Hans: "投诉建议 {number} 今天到期，尚未回访。", Hant: "投訴建議 {number} 今天到期，尚未致電。", En: "Complaint {number} is due today and nobody has called."},
	"notify.complaint_overdue":   {Hans: "投诉建议 {number} 超过一个工作日未回访。", Hant: "投訴建議 {number} 超過一個工作天未致電。", En: "Complaint {number}: more than one working day without a call."},
	"notify.complaint_sensitive": {Hans: "敏感事项报告：投诉建议 {number}，请在 5 分钟内签收。", Hant: "敏感事項報告：投訴建議 {number}，請在 5 分鐘內簽收。", En: "Sensitive: complaint {number}. Please acknowledge within 5 minutes."},
	"notify.complaint_escalated": {Hans: "升级：敏感投诉建议 {number} 的报告 5 分钟内无人签收，请立即处理。", Hant: "升級：敏感投訴建議 {number} 的報告 5 分鐘內無人簽收，請立即處理。", En: "Escalated: nobody acknowledged sensitive complaint {number} within 5 minutes. Please act now."},
}
