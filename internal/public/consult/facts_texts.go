package consult

import "mingfa/internal/base/say"

func init() {
	say.Register(map[string]say.Texts{
		"fact.consult.asked":             {Hans: "提交了咨询", Hant: "提交了諮詢", En: "The question arrived"},
		"fact.consult.assigned":          {Hans: "咨询已交给律师", Hant: "諮詢已交給律師", En: "A lawyer has the question in hand"},
		"fact.consult.warned":            {Hans: "已过 {minutes} 分钟，尚未答复", Hant: "已過 {minutes} 分鐘，尚未回覆", En: "{minutes} minutes have passed without an answer"},
		"fact.consult.breached":          {Hans: "超过 120 分钟未答复", Hant: "超過 120 分鐘未回覆", En: "More than 120 minutes without an answer"},
		"fact.consult.answered":          {Hans: "律师已答复", Hant: "律師已回覆", En: "The lawyer answered"},
		"fact.consult.refused":           {Hans: "一次答复因不合规则被退回", Hant: "一次回覆因不合規則被退回", En: "A reply was refused because it did not keep the rules"},
		"fact.consult.said":              {Hans: "{role}发送了消息", Hant: "{role}發送了訊息", En: "Message from the {role}"},
		"fact.consult.read":              {Hans: "群众已查看答复", Hant: "市民已查看回覆", En: "The answer was read"},
		"fact.consult.rated":             {Hans: "群众评价：{level}", Hant: "市民評分：{level}", En: "Rated: {level}"},
		"fact.consult.reminded":          {Hans: "提醒群众评价", Hant: "提醒市民評分", En: "The citizen was reminded to rate"},
		"fact.consult.closed":            {Hans: "工单已结束", Hant: "工單已結束", En: "The order was closed"},
		"fact.consult.excluded":          {Hans: "工单不计入统计", Hant: "工單不計入統計", En: "The order was taken out of the figures"},
		"fact.consult.noted":             {Hans: "添加了内部备注", Hant: "加入了內部備註", En: "Staff wrote a private note"},
		"fact.consult.saved":             {Hans: "保存了常用语", Hant: "儲存了常用語", En: "A saved reply was written"},
		"fact.consult.saved_removed":     {Hans: "删除了常用语", Hant: "刪除了常用語", En: "A saved reply was removed"},
		"fact.consult.callback_opened":   {Hans: "评价未达满意，需要回访", Hant: "評分未達滿意，需要回訪", En: "Rated below satisfied: to be called back"},
		"fact.consult.callback_tried":    {Hans: "第 {n} 次电话回访", Hant: "第 {n} 次電話回訪", En: "Call {n} to the citizen"},
		"fact.consult.callback_recorded": {Hans: "回访结果已登记", Hant: "回訪結果已登記", En: "The result of the call was recorded"},
		"fact.consult.callback_called":   {Hans: "律师已电话解答", Hant: "律師已致電解答", En: "The lawyer called"},
		"fact.consult.callback_overdue":  {Hans: "回访超过时限", Hant: "回訪超過時限", En: "The call-back is overdue"},
		"fact.consult.callback_closed":   {Hans: "回访已完成", Hant: "回訪已完成", En: "The call-back was completed"},

		"rating.very_satisfied":    {Hans: "非常满意", Hant: "非常滿意", En: "very satisfied"},
		"rating.satisfied":         {Hans: "满意", Hant: "滿意", En: "satisfied"},
		"rating.general":           {Hans: "一般", Hant: "一般", En: "neutral"},
		"rating.dissatisfied":      {Hans: "不满意", Hant: "不滿意", En: "dissatisfied"},
		"rating.very_dissatisfied": {Hans: "非常不满意", Hant: "非常不滿意", En: "very dissatisfied"},
		"role.citizen":             {Hans: "群众", Hant: "市民", En: "citizen"},
		"role.lawyer":              {Hans: "律师", Hant: "律師", En: "lawyer"},

		"consult.next_waiting":  {Hans: "正在为您安排律师，最迟在所示时间前答复。", Hant: "正在為您安排律師，最遲於所示時間前回覆。", En: "We are finding a lawyer for you. You will be answered by the time shown at the latest."},
		"consult.next_assigned": {Hans: "律师正在处理您的问题，最迟在所示时间前答复。答复后会有短信通知您。", Hant: "律師正在處理您的問題，最遲於所示時間前回覆。回覆後會以短訊通知您。", En: "A lawyer is working on your question. You will be answered by the time shown at the latest, and told by SMS."},
		"consult.next_late":     {Hans: "答复已超过时限，运营中心正在督促处理，非常抱歉。", Hant: "回覆已超過時限，營運中心正在督促處理，非常抱歉。", En: "The answer is late. The operations centre is seeing to it. We are sorry."},
		"consult.next_reply":    {Hans: "您的追问已送达律师，最迟在所示时间前答复。", Hant: "您的追問已送達律師，最遲於所示時間前回覆。", En: "Your further question has reached the lawyer. You will have a reply by the time shown at the latest."},
		"consult.next_answered": {Hans: "律师已答复，您可以继续提问。", Hant: "律師已回覆，您可以繼續提問。", En: "The lawyer has answered. You can ask further."},
		"consult.next_rate":     {Hans: "律师已答复。请查看并评价；有疑问可以继续提问。", Hant: "律師已回覆。請查看並評分；有疑問可以繼續提問。", En: "The lawyer has answered. Please read and rate it; if something is unclear, ask again."},
		"consult.next_callback": {Hans: "感谢您的评价。工作人员最迟在所示时间前给您打电话。", Hant: "感謝您的評分。職員最遲於所示時間前致電給您。", En: "Thank you for your rating. Somebody will call you by the time shown at the latest."},
		"consult.next_closed":   {Hans: "本次咨询已结束。", Hant: "本次諮詢已結束。", En: "This consultation is closed."},
		"consult.next_excluded": {Hans: "本次咨询不再处理。", Hant: "本次諮詢不再處理。", En: "This consultation is not being handled any more."},

		"consult.not_waiting":       {Hans: "这个工单现在不在等待答复。请刷新页面。", Hant: "這個工單現在不在等待回覆。請重新整理頁面。", En: "This order is not waiting for an answer now. Please reload the page."},
		"consult.already_answered":  {Hans: "这个工单已经有人答复，或不在您手上。请刷新页面。", Hant: "這個工單已有人回覆，或不在您手上。請重新整理頁面。", En: "This order was answered already, or is not in your hands. Please reload the page."},
		"consult.not_answered_yet":  {Hans: "律师还没有答复，请稍候。", Hant: "律師尚未回覆，請稍候。", En: "The lawyer has not answered yet. Please wait a little."},
		"consult.answer_first":      {Hans: "请先完成正式答复。", Hant: "請先完成正式回覆。", En: "Please give the full answer first."},
		"consult.too_many_messages": {Hans: "这个咨询的消息已经很多，不能再增加。请另提一个问题。", Hant: "這個諮詢的訊息已經很多，不能再增加。請另提一個問題。", En: "This consultation has as many messages as it can take. Please ask a new question."},
		"consult.already_rated":     {Hans: "您已经评价过了，谢谢。", Hant: "您已評分，謝謝。", En: "You have rated this already. Thank you."},
		"consult.already_excluded":  {Hans: "这个工单已经不计入统计。", Hant: "這個工單已不計入統計。", En: "This order is out of the figures already."},
		"consult.nobody_else":       {Hans: "现在没有其他合适的律师在线，工单仍在您手上。", Hant: "現在沒有其他合適的律師在線，工單仍在您手上。", En: "No other fitting lawyer is on duty now. The order stays with you."},
		"consult.too_many_notes":    {Hans: "这个工单的备注已经很多，不能再增加。", Hant: "這個工單的備註已經很多，不能再增加。", En: "This order has as many notes as it can take."},
		"consult.too_many_saved":    {Hans: "常用语已经很多，请先删除不用的。", Hant: "常用語已經很多，請先刪除不用的。", En: "There are as many saved replies as there can be. Please remove some first."},
		"consult.lawyer_unknown":    {Hans: "请从名单中选择律师。", Hant: "請從名單中選擇律師。", En: "Please choose a lawyer from the list."},
	})
}
