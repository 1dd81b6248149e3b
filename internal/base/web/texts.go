package web

import "mingfa/internal/base/say"

// The door's own texts; those that rooms use too stand in say.
func init() {
	say.Register(map[string]say.Texts{
		"web.status_400": {"无法读取", "無法讀取", "Unreadable request"},
		"web.status_401": {"需要登录", "需要登入", "Sign-in needed"},
		"web.status_403": {"已拒绝", "已拒絕", "Refused"},
		"web.status_404": {"没有找到", "找不到", "Not found"},
		"web.status_405": {"不支持的操作", "不支援的操作", "Method not allowed"},
		"web.status_406": {"不支持的格式", "不支援的格式", "Not acceptable"},
		"web.status_408": {"等待超时", "等候逾時", "Request timed out"},
		"web.status_409": {"与现状冲突", "與現狀衝突", "Conflict"},
		"web.status_413": {"内容太大", "內容太大", "Too large"},
		"web.status_415": {"不支持的内容类型", "不支援的內容類型", "Unsupported content type"},
		"web.status_422": {"需要更正", "需要更正", "Correction needed"},
		"web.status_429": {"请求过多", "請求過多", "Too many requests"},
		"web.status_500": {"系统错误", "系統錯誤", "Internal error"},
		"web.status_503": {"暂时不可用", "暫時不可用", "Temporarily unavailable"},
		"web.too_deep":   {"数据嵌套太深，请减少层次。", "資料嵌套太深，請減少層次。", "The data nests too deeply. Use fewer levels."},
		"web.repeated_field": {"同一字段出现了两次，请只保留一个。", "同一欄位出現了兩次，請只保留一個。",
			"A field comes twice in one object. Keep one of them."},
		"web.bad_query": {"地址中的参数无法读取，请检查后再试。", "網址中的參數無法讀取，請檢查後再試。",
			"The parameters in the address cannot be read. Check them and try again."},
		"web.slow":          {"提交数据超时，请检查网络后再试。", "提交資料逾時，請檢查網絡後再試。", "The data took too long to arrive. Check the connection and try again."},
		"web.cut":           {"文件没有传完，请检查网络后再传一次。", "檔案未傳送完成，請檢查網絡後再傳一次。", "The file did not arrive whole. Check the connection and send it again."},
		"web.not_ready":     {"服务正在启动或尚未配置完成，请稍后再试。", "服務正在啟動或尚未設定完成，請稍後再試。", "The service is starting or not fully configured. Please try again shortly."},
		"web.too_few_items": {"项目太少。至少 {min} 项。", "項目太少。至少 {min} 項。", "Too few entries. At least {min}."},
		"web.too_low":       {"数值太小。至少为 {min}。", "數值太小。至少為 {min}。", "This number is too low. At least {min}."},
		"web.too_high":      {"数值太大。最多为 {max}。", "數值太大。最多為 {max}。", "This number is too high. At most {max}."},
	})
}
