package say

// The texts of the faults that any room may give. Each says what to do, none
// says what was submitted. "absent" is also what a refused reader gets, so it
// tells nothing about existence.
func init() {
	for _, texts := range []map[string]Texts{faults, requestFaults, fieldFaults} {
		Register(texts)
	}
}

// faults are the refusals of a whole request by its rooms.
var faults = map[string]Texts{
	"fault.absent": {
		"没有找到您要的内容，或您无权查看。请检查地址，或登录后再试。",
		"找不到您要的內容，或您無權查看。請檢查網址，或登入後再試。",
		"This is not here, or not for you to see. Check the address, or sign in and try again."},
	"fault.invalid": {
		"有内容需要更正。请按各项提示修改后再提交。",
		"有內容需要更正。請按各項提示修改後再提交。",
		"Something needs correcting. Follow the notes at each field and send again."},
	"fault.malformed": {
		"无法读取这次提交的数据。请检查格式后重新提交。",
		"無法讀取這次提交的資料。請檢查格式後重新提交。",
		"What was sent cannot be read. Check its format and send it again."},
	"fault.unknown": {
		"请先登录，再继续操作。",
		"請先登入，再繼續操作。",
		"Please sign in first, then go on."},
	"fault.conflict": {
		"现在不能这样做：内容已被他人更改或状态不允许。请刷新后再试。",
		"現在不能這樣做：內容已被他人更改或狀態不允許。請重新整理後再試。",
		"This cannot be done now: somebody else changed it, or its state forbids it. Reload and try again."},
	"fault.stale": {
		"您看到的内容已不是最新。请刷新后再修改。",
		"您看到的內容已不是最新。請重新整理後再修改。",
		"You were looking at an older version. Reload, then make your change again."},
	"fault.too_large": {
		"提交的内容太大。请缩短或减小后再提交。",
		"提交的內容太大。請縮短或減小後再提交。",
		"What was sent is too large. Make it smaller and send it again."},
	"fault.too_many": {
		"操作过于频繁。请稍等片刻再试。",
		"操作過於頻繁。請稍等片刻再試。",
		"Too many attempts. Please wait a little and try again."},
	"fault.unavailable": {
		"服务暂时不可用。您的内容没有保存，请稍后再试。",
		"服務暫時不可用。您的內容沒有儲存，請稍後再試。",
		"The service is not available right now. Nothing was saved; please try again shortly."},
	"fault.internal": {
		"系统出错了，我们已记录。请稍后再试，或联系客服并提供请求编号。",
		"系統出錯了，我們已記錄。請稍後再試，或聯絡客服並提供請求編號。",
		"Something went wrong on our side and was recorded. Try again later, or contact us with the request number."},
}

// requestFaults are the refusals at the door.
var requestFaults = map[string]Texts{
	"fault.method": {
		"这个地址不支持这种操作。请按接口说明更换请求方法。",
		"這個網址不支援這種操作。請按介面說明更換請求方法。",
		"This address does not take that method. Use one that the interface description names."},
	"fault.media_type": {
		"不支持这种内容类型。请以 application/json 提交。",
		"不支援這種內容類型。請以 application/json 提交。",
		"This content type is not taken. Send application/json."},
	"fault.not_acceptable": {
		"无法按要求的格式给出内容。请接受 application/json。",
		"無法按要求的格式給出內容。請接受 application/json。",
		"The content cannot be given in the wanted format. Accept application/json."},
	"fault.cross_origin": {
		"请求来自其他网站，已被拒绝。请在本站页面上操作。",
		"請求來自其他網站，已被拒絕。請在本站頁面上操作。",
		"The request came from another site and was refused. Please use the pages of this site."},
}

// fieldFaults stand at a field.
var fieldFaults = map[string]Texts{
	"fault.field_required": {
		"请填写此项。",
		"請填寫此項。",
		"Please fill this in."},
	"fault.field_unknown": {
		"没有这个字段。请删除它，或按接口说明更正名称。",
		"沒有這個欄位。請刪除它，或按介面說明更正名稱。",
		"There is no such field. Remove it, or correct its name."},
	"fault.field_type": {
		"此项的数据类型不对。请按接口说明填写。",
		"此項的資料類型不對。請按介面說明填寫。",
		"This has the wrong type. Give it as the interface description says."},
	"fault.field_format": {
		"此项的格式不对。请按示例填写。",
		"此項的格式不對。請按示例填寫。",
		"This has the wrong format. Follow the example."},
	"fault.field_choice": {
		"请从给出的选项中选择一项。",
		"請從給出的選項中選擇一項。",
		"Please choose one of the given options."},
	"fault.field_range": {
		"请填写 {min} 到 {max} 之间的数。",
		"請填寫 {min} 到 {max} 之間的數。",
		"Please give a number from {min} to {max}."},
	"fault.text_refused": {
		"文字中含有无法保存的控制字符或乱码。请删除后重新输入。",
		"文字中含有無法儲存的控制字元或亂碼。請刪除後重新輸入。",
		"The text contains control characters or broken characters that cannot be kept. Remove them and type it again."},
	"fault.too_long": {
		"太长了。最多 {max} 个字。",
		"太長了。最多 {max} 個字。",
		"This is too long. At most {max} characters."},
	"fault.too_short": {
		"太短了。至少 {min} 个字。",
		"太短了。至少 {min} 個字。",
		"This is too short. At least {min} characters."},
	"fault.too_many_items": {
		"项目太多。最多 {max} 项。",
		"項目太多。最多 {max} 項。",
		"Too many entries. At most {max}."},
	"fault.id": {
		"编号格式不对。请使用标准的 UUID（第 7 版）。",
		"編號格式不對。請使用標準的 UUID（第 7 版）。",
		"This is not a valid ID. Use a standard UUID (version 7)."},
	"fault.repeat": {
		"这个编号已用于另一次不同的操作。请换一个新编号。",
		"這個編號已用於另一次不同的操作。請換一個新編號。",
		"This ID was used for something else already. Use a fresh one."},
	"fault.cursor": {
		"翻页位置无效。请从第一页重新开始。",
		"翻頁位置無效。請從第一頁重新開始。",
		"The page position is not valid. Start again from the first page."},
}
