package identity

import "mingfa/internal/base/say"

func init() {
	for _, texts := range []map[string]say.Texts{signInTexts, tokenTexts, factTexts} {
		say.Register(texts)
	}
}

// signInTexts are what a person reads who signs in or is entered.
var signInTexts = map[string]say.Texts{
	"notify.code": {Hans: "{code} 是您的验证码，{minutes} 分钟内有效。请勿告诉他人。",
		Hant: "{code} 是您的驗證碼，{minutes} 分鐘內有效。請勿告訴他人。",
		En:   "{code} is your code, good for {minutes} minutes. Do not tell it to anyone."},
	"identity.phone_invalid": {Hans: "请填写可以拨通的手机号码，例如 138 0013 8000。",
		Hant: "請填寫可以撥通的手提電話號碼，例如 9123 4567。",
		En:   "Please give a phone number that can be called, such as +86 138 0013 8000."},
	"identity.code_wrong": {Hans: "验证码不正确或已失效。请核对，或重新获取。",
		Hant: "驗證碼不正確或已失效。請核對，或重新索取。",
		En:   "The code is wrong or no longer good. Check it, or ask for a new one."},
	"identity.code_too_soon": {Hans: "验证码刚刚发送过。请在 {seconds} 秒后再试。",
		Hant: "驗證碼剛剛發送過。請在 {seconds} 秒後再試。",
		En:   "A code was sent just now. Try again in {seconds} seconds."},
	"identity.wrong_credentials": {Hans: "用户名、密码或动态口令不正确。请核对后再试；动态口令每个只能使用一次。",
		Hant: "用戶名稱、密碼或一次性密碼不正確。請核對後再試；每個一次性密碼只能使用一次。",
		En:   "User name, password or one-time password is not right. Check them and try again; each one-time password works once."},
	"identity.user_taken": {Hans: "这个用户名已被使用。请换一个。",
		Hant: "這個用戶名稱已被使用。請換一個。",
		En:   "This user name is taken. Please choose another."},
	"identity.region_unknown": {Hans: "没有这个地区。请从列表中选择。",
		Hant: "沒有這個地區。請從列表中選擇。",
		En:   "There is no such region. Please choose one from the list."},
	"identity.no_operator": {Hans: "服务尚未设置完成，请稍后再试。",
		Hant: "服務尚未設定完成，請稍後再試。",
		En:   "The service is not set up yet. Please try again later."},
}

// tokenTexts refuse a token of a machine.
var tokenTexts = map[string]say.Texts{
	"identity.scope_unknown": {Hans: "没有这个权限范围。请从列表中选择至少一个。",
		Hant: "沒有這個權限範圍。請從列表中選擇至少一個。",
		En:   "There is no such scope. Choose at least one from the list."},
	"identity.token_expiry": {Hans: "有效期须在现在之后，最长 {days} 天。",
		Hant: "有效期須在現在之後，最長 {days} 天。",
		En:   "The expiry must lie ahead, at most {days} days."},
}

// factTexts are the sentences of the facts.
var factTexts = map[string]say.Texts{
	"fact.identity.token_made": {Hans: "对接系统的访问令牌已建立",
		Hant: "對接系統的存取權杖已建立",
		En:   "A token for a machine was made"},
	"fact.identity.token_revoked": {Hans: "对接系统的访问令牌已撤销",
		Hant: "對接系統的存取權杖已撤銷",
		En:   "A token of a machine was revoked"},
	"fact.identity.org_made": {Hans: "机构已建立",
		Hant: "機構已建立",
		En:   "An organisation was set up"},
	"fact.identity.regions_loaded": {Hans: "行政区划已导入",
		Hant: "行政區劃已匯入",
		En:   "Region codes were loaded"},
	"fact.identity.code_sent": {Hans: "验证码已发送",
		Hant: "驗證碼已發送",
		En:   "A one-time code was sent"},
	"fact.identity.joined": {Hans: "群众首次登录，账户已建立",
		Hant: "市民首次登入，帳戶已建立",
		En:   "A citizen signed in for the first time; the account was made"},
	"fact.identity.staff_made": {Hans: "工作人员账户已建立",
		Hant: "職員帳戶已建立",
		En:   "An account of a member of staff was made"},
	"fact.identity.signed_in": {Hans: "已登录",
		Hant: "已登入",
		En:   "Signed in"},
	"fact.identity.signed_out": {Hans: "已退出登录",
		Hant: "已登出",
		En:   "Signed out"},
	"fact.identity.revoked": {Hans: "该用户的全部登录已被终止",
		Hant: "該用戶的全部登入已被終止",
		En:   "All sessions of the person were ended"},
	"fact.identity.sign_in_failed": {Hans: "登录失败",
		Hant: "登入失敗",
		En:   "A sign-in failed"},
	"fact.identity.changed": {Hans: "个人资料已修改",
		Hant: "個人資料已修改",
		En:   "Personal details were changed"},
	"fact.identity.erasing": {Hans: "已决定删除个人信息",
		Hant: "已決定刪除個人資料",
		En:   "The erasure of a person was decided"},
	"fact.identity.erased": {Hans: "个人信息已删除，密钥已销毁",
		Hant: "個人資料已刪除，密鑰已銷毀",
		En:   "The person was erased; the keys are destroyed"},
}
