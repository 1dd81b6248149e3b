package wap

import "mingfa/internal/base/say"

func init() {
	for _, texts := range []map[string]say.Texts{pageTexts, homeTexts, askTexts, fileTexts, orderTexts, ratingTexts, complaintTexts, listTexts, meTexts, draftTexts} {
		say.Register(texts)
	}
}

// pageTexts stand on every page.
var pageTexts = map[string]say.Texts{
	"wap.title":           {Hans: "公共法律咨询", Hant: "公共法律諮詢", En: "Public legal advice"},
	"wap.home":            {Hans: "首页", Hant: "主頁", En: "Home"},
	"wap.records":         {Hans: "我的咨询", Hant: "我的諮詢", En: "My questions"},
	"wap.inbox":           {Hans: "通知", Hant: "通知", En: "Messages"},
	"wap.sign_in":         {Hans: "登录", Hant: "登入", En: "Sign in"},
	"wap.sign_out":        {Hans: "退出登录", Hant: "登出", En: "Sign out"},
	"wap.language":        {Hans: "语言", Hant: "語言", En: "Language"},
	"wap.menu":            {Hans: "主菜单", Hant: "主選單", En: "Main menu"},
	"wap.lang_zh-Hans":    {Hans: "简体", Hant: "简体", En: "简体"},
	"wap.lang_zh-Hant-HK": {Hans: "繁體", Hant: "繁體", En: "繁體"},
	"wap.lang_en":         {Hans: "English", Hant: "English", En: "English"},
	"wap.zone":            {Hans: "时间为北京时间（UTC+8）。", Hant: "時間為香港時間（UTC+8）。", En: "Times are in UTC+8."},
	"wap.api":             {Hans: "接口文档", Hant: "介面文件", En: "For programs"},
	"wap.hotline":         {Hans: "也可以拨打热线 {n}", Hant: "亦可致電熱線 {n}", En: "You can also call {n}"},
	"wap.demo":            {Hans: "这是演示，内容都不是真的。", Hant: "這是示範，內容並非真實。", En: "This is a demonstration. Nothing here is real."},
	"wap.failed":          {Hans: "没有成功，请再试一次。", Hant: "未能完成，請再試一次。", En: "That did not work. Please try again."},
	"wap.too_much":        {Hans: "内容太长，请写短一些。", Hant: "內容太長，請寫短一些。", En: "That is too long. Please shorten it."},
}

// homeTexts are the first page.
var homeTexts = map[string]say.Texts{
	"wap.lead":         {Hans: "遇到法律问题？写下来，律师会在 120 分钟内回复，白天夜里都一样，免费。", Hant: "遇到法律問題？寫下來，律師會在 120 分鐘內回覆，日夜如是，費用全免。", En: "A legal problem? Write it down. A lawyer replies within 120 minutes, day or night, free of charge."},
	"wap.ask":          {Hans: "我要咨询", Hant: "我要諮詢", En: "Ask a question"},
	"wap.keep":         {Hans: "保存咨询记录：", Hant: "保存諮詢紀錄：", En: "Keep a record of this:"},
	"wap.talk_now":     {Hans: "与律师即时对话", Hant: "與律師即時對話", En: "Talk to a lawyer now"},
	"wap.video_call":   {Hans: "与律师视频通话", Hant: "與律師視像通話", En: "Video call with a lawyer"},
	"wap.opens":        {Hans: "{day}开通，现在请先留言咨询。", Hant: "{day}開通，現時請先留言諮詢。", En: "Opens on {day}. Until then, please ask in writing."},
	"wap.opens_later":  {Hans: "正在准备，开通日期定下后会写在这里，现在请先留言咨询。", Hant: "正在籌備，開通日期確定後會寫在這裏，現時請先留言諮詢。", En: "Being prepared. The opening day will stand here. Until then, please ask in writing."},
	"wap.how_title":    {Hans: "接下来会怎样", Hant: "接下來會怎樣", En: "What happens"},
	"wap.how_1":        {Hans: "您写下问题，我们马上转给合适的律师。", Hant: "您寫下問題，我們即時轉交合適的律師。", En: "You write your question and it goes to a fitting lawyer at once."},
	"wap.how_2":        {Hans: "律师在 120 分钟内回复，我们发短信告诉您。", Hant: "律師在 120 分鐘內回覆，我們會以短訊通知您。", En: "The lawyer replies within 120 minutes and we send you a text message."},
	"wap.how_3":        {Hans: "您看回复、追问、打分。不满意，我们会打电话给您。", Hant: "您看回覆、追問、評分。如不滿意，我們會致電給您。", En: "You read it, ask back and rate it. If you are not satisfied, we call you."},
	"wap.records_hint": {Hans: "看律师的回复，继续追问，给出评价", Hant: "看律師的回覆，繼續追問，給予評分", En: "Read the reply, ask back, rate it"},
}

// askTexts lead through the three steps of a question.
var askTexts = map[string]say.Texts{
	"wap.step":            {Hans: "第 {n} 步，共 3 步", Hant: "第 {n} 步，共 3 步", En: "Step {n} of 3"},
	"wap.step_1":          {Hans: "事情发生在哪里？", Hant: "事情在哪裏發生？", En: "Where did it happen?"},
	"wap.step_2":          {Hans: "您想问什么？", Hant: "您想問甚麼？", En: "What is your question?"},
	"wap.step_3":          {Hans: "怎么联系您？", Hant: "怎樣聯絡您？", En: "How can we reach you?"},
	"wap.place":           {Hans: "地区", Hant: "地區", En: "Place"},
	"wap.place_chosen":    {Hans: "已选：{place}", Hant: "已選：{place}", En: "Chosen: {place}"},
	"wap.choose":          {Hans: "请选择", Hant: "請選擇", En: "Please choose"},
	"wap.next":            {Hans: "下一步", Hant: "下一步", En: "Next"},
	"wap.again":           {Hans: "重新选择地区", Hant: "重新選擇地區", En: "Choose the place again"},
	"wap.question":        {Hans: "把事情写下来", Hant: "把事情寫下來", En: "Write down what happened"},
	"wap.question_hint":   {Hans: "什么时候、跟谁、发生了什么、您想怎么办。请不要写身份证号和银行卡号。", Hant: "何時、與誰、發生了甚麼、您想怎樣。請勿寫身份證號碼和銀行卡號碼。", En: "When, with whom, what happened, what you want. Please leave out identity and bank card numbers."},
	"wap.question_needed": {Hans: "请写下您的问题。", Hant: "請寫下您的問題。", En: "Please write your question."},
	"wap.type":            {Hans: "问题属于哪一类？", Hant: "問題屬於哪一類？", En: "What kind of problem is it?"},
	"wap.type_hint":       {Hans: "我们按您写的内容选了一个，请您看看对不对，可以改。", Hant: "我們按您寫的內容選了一個，請您看看是否正確，可以更改。", En: "We chose one by what you wrote. Please check it; you may change it."},
	"wap.name":            {Hans: "您的称呼", Hant: "您的稱呼", En: "Your name"},
	"wap.phone":           {Hans: "手机号", Hant: "手提電話號碼", En: "Mobile phone number"},
	"wap.phone_known":     {Hans: "律师回复后，我们发短信到您登录用的手机号。", Hant: "律師回覆後，我們會發短訊到您登入時用的電話號碼。", En: "We send a text message to the number you signed in with."},
	"wap.code":            {Hans: "短信验证码（6 位数字）", Hant: "短訊驗證碼（6 位數字）", En: "Code from the text message (6 digits)"},
	"wap.code_send":       {Hans: "发送验证码", Hant: "發送驗證碼", En: "Send me a code"},
	"wap.code_resend":     {Hans: "重新发送验证码", Hant: "重新發送驗證碼", En: "Send the code again"},
	"wap.code_sent":       {Hans: "验证码已发出，请看手机短信，填在下面。", Hant: "驗證碼已發出，請查看手機短訊，填在下面。", En: "The code is on its way. Please write it below."},
	"wap.send":            {Hans: "发送给律师", Hant: "傳送給律師", En: "Send to a lawyer"},
	"wap.review":          {Hans: "您要发送的内容", Hant: "您要傳送的內容", En: "What you are sending"},
}

// fileTexts are about pictures and PDF files.
var fileTexts = map[string]say.Texts{
	"wap.files":         {Hans: "图片或 PDF（可以不加）", Hant: "圖片或 PDF（可以不加）", En: "Pictures or PDF (if you like)"},
	"wap.files_hint":    {Hans: "合同、工资条、聊天截图等，一次最多 10 个，每个最大 20 MB。照片里可能带有拍摄地点，会一起保存，律师能看到。", Hant: "合同、糧單、對話截圖等，一次最多 10 個，每個最大 20 MB。照片可能帶有拍攝地點，會一併保存，律師可以看到。", En: "A contract, a payslip, screenshots: at most 10 at once, 20 MB each. A photo may hold the place where it was taken; that is kept with it, and the lawyer can see it."},
	"wap.files_kept":    {Hans: "已上传，会一起发送（不要的请取消勾选）：", Hant: "已上載，會一併傳送（不要的請取消勾選）：", En: "Uploaded, and sent with it (untick what you do not want):"},
	"wap.files_again":   {Hans: "还没有上传的文件请重新选择。", Hant: "尚未上載的檔案請重新選擇。", En: "Please choose the files again that are not listed as uploaded."},
	"wap.files_later":   {Hans: "填了验证码以后可以加图片或 PDF。", Hant: "填寫驗證碼後可以加入圖片或 PDF。", En: "You can add pictures or PDF once you have the code."},
	"wap.evidence_hint": {Hans: "提交后马上保存，不能撤回。每个最大 20 MB，一次最多 10 个，一件投诉最多 20 个。照片里可能带有拍摄地点，会一起保存。", Hant: "提交後即時保存，不能撤回。每個最大 20 MB，一次最多 10 個，一宗投訴最多 20 個。照片可能帶有拍攝地點，會一併保存。", En: "Kept at once and cannot be taken back. 20 MB each, at most 10 at once and 20 with one complaint. A photo may hold the place where it was taken; that is kept with it."},
	"wap.files_add":     {Hans: "添加图片或 PDF", Hant: "加入圖片或 PDF", En: "Add pictures or PDF"},
	"wap.files_added":   {Hans: "已添加。", Hant: "已加入。", En: "Added."},
	"wap.files_needed":  {Hans: "请先选择文件。", Hant: "請先選擇檔案。", En: "Please choose a file first."},
	"wap.attachments":   {Hans: "附件", Hant: "附件", En: "Files"},
}

// orderTexts show a question, its answer and what is said after it.
var orderTexts = map[string]say.Texts{
	"wap.sent":          {Hans: "已经收到您的问题。", Hant: "已收到您的問題。", En: "We have your question."},
	"wap.what_next":     {Hans: "接下来", Hant: "接下來", En: "What happens next"},
	"wap.by":            {Hans: "最晚 {when} 前", Hant: "最遲 {when} 前", En: "By {when} at the latest"},
	"wap.left_days":     {Hans: "还有 {d} 天 {h} 小时", Hant: "尚餘 {d} 日 {h} 小時", En: "{d} d {h} h left"},
	"wap.left_hours":    {Hans: "还有 {h} 小时 {m} 分", Hant: "尚餘 {h} 小時 {m} 分", En: "{h} h {m} min left"},
	"wap.left_minutes":  {Hans: "还有 {m} 分钟", Hant: "尚餘 {m} 分鐘", En: "{m} min left"},
	"wap.reload":        {Hans: "刷新", Hant: "重新整理", En: "Refresh"},
	"wap.your_question": {Hans: "您的问题", Hant: "您的問題", En: "Your question"},
	"wap.the_answer":    {Hans: "律师的回复", Hant: "律師的回覆", En: "The lawyer’s reply"},
	"wap.no_answer":     {Hans: "还没有回复。", Hant: "尚未有回覆。", En: "No reply yet."},
	"wap.judgement":     {Hans: "律师的判断", Hant: "律師的判斷", En: "The lawyer’s view"},
	"wap.explanation":   {Hans: "详细说明", Hant: "詳細說明", En: "Explanation"},
	"wap.basis":         {Hans: "法律依据", Hant: "法律依據", En: "Legal basis"},
	"wap.checked":       {Hans: "条文已核对", Hant: "條文已核對", En: "checked against the law"},
	"wap.no_basis":      {Hans: "没有具体条文，理由：", Hant: "沒有具體條文，理由：", En: "No specific article, because:"},
	"wap.advice":        {Hans: "建议您这样做", Hant: "建議您這樣做", En: "What you can do"},
	"wap.disclaimer":    {Hans: "说明", Hant: "說明", En: "Please note"},
	"wap.read_at":       {Hans: "您在 {when} 看过回复", Hant: "您於 {when} 看過回覆", En: "You read the reply {when}"},
	"wap.talk":          {Hans: "追问和答复", Hant: "追問和答覆", En: "Follow-up"},
	"wap.role_citizen":  {Hans: "您", Hant: "您", En: "You"},
	"wap.role_lawyer":   {Hans: "律师", Hant: "律師", En: "Lawyer"},
	"wap.role_system":   {Hans: "系统", Hant: "系統", En: "System"},
	"wap.erased":        {Hans: "这段内容已按要求删除。", Hant: "此內容已按要求刪除。", En: "This text was erased on request."},
	"wap.ask_back":      {Hans: "还有不明白的？接着问", Hant: "還有不明白？繼續問", En: "Something unclear? Ask back"},
	"wap.ask_back_send": {Hans: "发送追问", Hant: "傳送追問", En: "Send"},
	"wap.callback_done": {Hans: "电话回访已完成", Hant: "電話回訪已完成", En: "We have called you back"},
	"wap.excluded":      {Hans: "这次咨询已撤下。如果您认为不对，请再问一次或拨打热线。", Hant: "這次諮詢已撤下。如您認為有誤，請再問一次或致電熱線。", En: "This question was withdrawn. If that is wrong, please ask again or call the hotline."},
	"wap.history":       {Hans: "这件事的经过", Hant: "此事的經過", En: "What has happened so far"},
	"wap.callback_by":   {Hans: "我们会在 {when} 前打电话给您。", Hant: "我們會在 {when} 前致電給您。", En: "We will call you by {when}."},
}

// ratingTexts ask how it was.
var ratingTexts = map[string]say.Texts{
	"wap.rate":                    {Hans: "您对这次服务满意吗？", Hant: "您對這次服務滿意嗎？", En: "Are you satisfied with this service?"},
	"wap.rate_comment":            {Hans: "想说点什么（可以不写）", Hant: "想說點甚麼（可以不寫）", En: "Anything to add (you may leave this empty)"},
	"wap.rate_send":               {Hans: "提交评价", Hant: "提交評分", En: "Send my rating"},
	"wap.rate_thanks":             {Hans: "谢谢您的评价。", Hant: "多謝您的評分。", En: "Thank you for rating."},
	"wap.rate_needed":             {Hans: "请先选一项。", Hant: "請先選一項。", En: "Please choose one first."},
	"wap.rated":                   {Hans: "您的评价：{level}", Hant: "您的評分：{level}", En: "Your rating: {level}"},
	"wap.level_very_satisfied":    {Hans: "非常满意", Hant: "非常滿意", En: "Very satisfied"},
	"wap.level_satisfied":         {Hans: "满意", Hant: "滿意", En: "Satisfied"},
	"wap.level_general":           {Hans: "一般", Hant: "一般", En: "So-so"},
	"wap.level_dissatisfied":      {Hans: "不满意", Hant: "不滿意", En: "Dissatisfied"},
	"wap.level_very_dissatisfied": {Hans: "非常不满意", Hant: "非常不滿意", En: "Very dissatisfied"},
}

// complaintTexts are for complaints and suggestions.
var complaintTexts = map[string]say.Texts{
	"wap.complain":         {Hans: "投诉或建议", Hant: "投訴或建議", En: "Complain or suggest"},
	"wap.complain_about":   {Hans: "对这次服务投诉或提建议", Hant: "對這次服務投訴或提出建議", En: "Complain or suggest something about this service"},
	"wap.complain_lead":    {Hans: "我们会在一个工作日内打电话给您，并告诉您处理结果。律师看不到是谁投诉的。", Hant: "我們會在一個工作天內致電給您，並告知處理結果。律師看不到是誰投訴。", En: "We call you within one working day and tell you the result. The lawyer does not see who complained."},
	"wap.complain_hotline": {Hans: "也可以拨打投诉热线 {n}", Hant: "亦可致電投訴熱線 {n}", En: "You can also call the complaint hotline {n}"},
	"wap.complain_order":   {Hans: "这次投诉建议会附上您的这件咨询。", Hant: "這次投訴或建議會附上您的這宗諮詢。", En: "Your question goes with it."},
	"wap.complain_kind":    {Hans: "您想", Hant: "您想", En: "You would like to"},
	"wap.kind_complaint":   {Hans: "投诉", Hant: "投訴", En: "Complain"},
	"wap.kind_suggestion":  {Hans: "提建议", Hant: "提出建議", En: "Suggest something"},
	"wap.complain_text":    {Hans: "请写下来", Hant: "請寫下來", En: "Write it down"},
	"wap.complain_hint":    {Hans: "发生了什么，您希望怎样。最多 2000 字。", Hant: "發生了甚麼，您希望怎樣。最多 2000 字。", En: "What happened and what you wish. At most 2000 characters."},
	"wap.complain_needed":  {Hans: "请先写下您想说的。", Hant: "請先寫下您想說的。", En: "Please write it first."},
	"wap.complain_send":    {Hans: "提交", Hant: "提交", En: "Send"},
	"wap.complain_done":    {Hans: "已经收到。编号和接下来的安排在下面。", Hant: "已收到。編號和接下來的安排在下面。", En: "We have received it. Its number and what happens next are below."},
	"wap.complain_result":  {Hans: "处理结果", Hant: "處理結果", En: "The result"},
	"wap.complain_yours":   {Hans: "您写的内容", Hant: "您寫的內容", En: "What you wrote"},
	"wap.complain_one":     {Hans: "投诉和建议", Hant: "投訴和建議", En: "Complaint or suggestion"},
	"wap.complaints":       {Hans: "我的投诉和建议", Hant: "我的投訴和建議", En: "My complaints and suggestions"},
	"wap.complaints_empty": {Hans: "您还没有投诉或建议。", Hant: "您還沒有投訴或建議。", En: "You have not complained or suggested anything."},
}

// listTexts are the records and the messages.
var listTexts = map[string]say.Texts{
	"wap.records_empty":  {Hans: "您还没有问过问题。", Hant: "您還未問過問題。", En: "You have not asked anything yet."},
	"wap.inbox_empty":    {Hans: "还没有通知。", Hant: "尚未有通知。", En: "No messages yet."},
	"wap.more":           {Hans: "更多", Hant: "更多", En: "More"},
	"wap.open":           {Hans: "查看", Hant: "檢視", En: "Open"},
	"wap.number":         {Hans: "编号 {n}", Hant: "編號 {n}", En: "Number {n}"},
	"wap.asked":          {Hans: "{when} 提问", Hant: "{when} 提問", En: "Asked {when}"},
	"wap.reply_by":       {Hans: "最晚 {when} 前回复", Hant: "最遲 {when} 前回覆", En: "Reply due by {when}"},
	"wap.answered_at":    {Hans: "{when} 已回复", Hant: "{when} 已回覆", En: "Answered {when}"},
	"wap.state_waiting":  {Hans: "正在找律师", Hant: "正在安排律師", En: "Finding a lawyer"},
	"wap.state_assigned": {Hans: "律师正在写回复", Hant: "律師正在撰寫回覆", En: "A lawyer is writing"},
	"wap.state_answered": {Hans: "律师已回复", Hant: "律師已回覆", En: "Answered"},
	"wap.state_closed":   {Hans: "已结束", Hant: "已完結", En: "Closed"},
	"wap.state_excluded": {Hans: "已撤下", Hant: "已撤下", En: "Withdrawn"},
}

// meTexts are for what a person tells of himself.
var meTexts = map[string]say.Texts{
	"wap.me":           {Hans: "我的资料", Hant: "我的資料", En: "My details"},
	"wap.me_lead":      {Hans: "这些内容由您决定填不填，不填也可以咨询。加密保存，您可以随时修改或清空。", Hant: "以下內容由您決定是否填寫，不填亦可諮詢。內容加密保存，您可隨時修改或清空。", En: "It is up to you what you tell; you can ask without any of it. It is kept encrypted, and you can change it or take it away at any time."},
	"wap.me_name":      {Hans: "姓名", Hant: "姓名", En: "Name"},
	"wap.me_optional":  {Hans: "可不填", Hant: "可不填", En: "Optional"},
	"wap.me_user_name": {Hans: "不填时由系统生成", Hant: "不填時由系統產生", En: "Made for you if you choose none"},
	"wap.me_province":  {Hans: "省、自治区、直辖市", Hant: "省、自治區、直轄市", En: "Province"},
	"wap.me_city":      {Hans: "市、州", Hant: "市、州", En: "City"},
	"wap.me_region":    {Hans: "可不填。选好省份并保存后，可以再选市、州。", Hant: "可不填。選好省份並儲存後，可再選市、州。", En: "Optional. Choose the province and save; then you can choose the city."},
	"wap.me_none":      {Hans: "不填", Hant: "不填", En: "None"},
	"wap.me_save":      {Hans: "保存", Hant: "儲存", En: "Save"},
	"wap.me_saved":     {Hans: "已保存。", Hant: "已儲存。", En: "Saved."},
}
