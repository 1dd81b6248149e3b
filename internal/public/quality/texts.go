package quality

import "mingfa/internal/base/say"

func init() {
	say.Register(map[string]say.Texts{
		"fact.quality.drawn":      {Hans: "随机抽取 {month} 的质检工单（应检范围 {population} 件）", Hant: "隨機抽取 {month} 的質素檢查工單（應檢範圍 {population} 件）", En: "Orders of {month} were drawn for inspection (out of {population})"},
		"fact.quality.hand_drawn": {Hans: "人工抽样质检（应检范围 {population} 件，比例 {percent}%，新列入 {fresh} 件）", Hant: "人工抽樣質素檢查（應檢範圍 {population} 件，比例 {percent}%，新列入 {fresh} 件）", En: "Orders were drawn by hand ({percent} % of {population}; {fresh} new)"},
		"quality.hand_period":     {Hans: "请填写不晚于今天开始、最多 {max} 天的期间。", Hant: "請填寫不遲於今天開始、最多 {max} 天的期間。", En: "Give a period of at most {max} days that begins today or before."},
		"quality.hand_empty":      {Hans: "这段时间没有可抽取的已答复工单。", Hant: "這段時間沒有可抽取的已回覆工單。", En: "There is no answered order to draw from in this period."},
		"quality.hand_many":       {Hans: "一次最多抽取 {max} 件。请降低比例或缩短期间。", Hant: "一次最多抽取 {max} 宗。請降低比例或縮短期間。", En: "At most {max} orders are drawn at once. Lower the share or shorten the period."},
		"fact.quality.sampled":    {Hans: "工单列入质检", Hant: "工單列入質素檢查", En: "The order is to be inspected"},
		"fact.quality.checked":    {Hans: "完成第 {round} 次质检：致命性差错 {fatal} 项，非致命性差错 {minor} 项", Hant: "完成第 {round} 次質素檢查：致命性差錯 {fatal} 項，非致命性差錯 {minor} 項", En: "Check {round} was made: {fatal} fatal, {minor} non-fatal items"},
		"fact.quality.disputed":   {Hans: "律师对质检结果提出异议", Hant: "律師對質素檢查結果提出異議", En: "The lawyer disputed the result"},
		"fact.quality.settled":    {Hans: "质检结果生效", Hant: "質素檢查結果生效", En: "The result became final"},
		"fact.quality.overdue":    {Hans: "第 {round} 次质检超过时限", Hant: "第 {round} 次質素檢查超過時限", En: "Check {round} is overdue"},
		"fact.quality.dropped":    {Hans: "工单不再质检", Hant: "工單不再接受質素檢查", En: "The order is not inspected any more"},
		"fact.quality.reopened":   {Hans: "工单重新计入，恢复质检", Hant: "工單重新計入，恢復質素檢查", En: "The order counts again and is inspected again"},

		"quality.not_to_check":     {Hans: "这个工单现在不需要质检。请刷新页面。", Hant: "這個工單現在不需要質素檢查。請重新整理頁面。", En: "This order is not waiting for a check now. Please reload the page."},
		"quality.not_independent":  {Hans: "您已检查过这个工单，或由您答复，须由他人检查。", Hant: "您已檢查過這個工單，或由您回覆，須由他人檢查。", En: "You have checked this order already, or answered it. Somebody else must check it."},
		"quality.already_disputed": {Hans: "异议只能提出一次。", Hant: "異議只能提出一次。", En: "A result can be disputed once."},
		"quality.dispute_over":     {Hans: "现在不能提出异议：结果未出或期限已过。", Hant: "現在不能提出異議：結果未出或期限已過。", En: "It can't be disputed now: there is no result, or the time is over."},
		"quality.already_sampled":  {Hans: "这个工单已经列入质检。", Hant: "這個工單已列入質素檢查。", En: "This order is to be inspected already."},
		"quality.not_counted":      {Hans: "这个工单不计入统计，不能质检。", Hant: "這個工單不計入統計，不能接受質素檢查。", En: "This order is not counted and can't be inspected."},

		"quality.hint_judgement":     {Hans: "没有法律判断", Hant: "沒有法律判斷", En: "There is no legal judgement"},
		"quality.hint_basis_unknown": {Hans: "有法律依据未在法规库中找到", Hant: "有法律依據未在法規庫中找到", En: "A citation was not found in the loaded statutes"},
		"quality.hint_basis_none":    {Hans: "没有引用法律依据，只说明了理由", Hant: "沒有引用法律依據，只說明了理由", En: "No legal basis is cited, only a reason for none"},
		"quality.hint_advice":        {Hans: "没有建议", Hant: "沒有建議", En: "There is no advice"},
		"quality.hint_promise":       {Hans: "有类似承诺结果的用语", Hant: "有類似承諾結果的用語", En: "Some words may promise an outcome"},
		"quality.hint_business":      {Hans: "有类似索要私下联系或揽案的用语", Hant: "有類似索取私下聯絡或攬案的用語", En: "Some words may ask for private contact or a mandate"},
		"quality.hint_short":         {Hans: "自己的内容不超过 50 字", Hant: "自己的內容不超過 50 字", En: "Own text of not more than 50 characters"},
		"quality.hint_opening":       {Hans: "没有统一开头语", Hant: "沒有統一開頭語", En: "The opening is missing"},
		"quality.hint_disclaimer":    {Hans: "没有免责声明", Hant: "沒有免責聲明", En: "The disclaimer is missing"},
		"quality.hint_closing":       {Hans: "没有统一结束语", Hant: "沒有統一結束語", En: "The closing is missing"},
		"quality.hint_rated":         {Hans: "群众评价低于满意", Hant: "市民評分低於滿意", En: "Rated below satisfied"},
		"quality.hint_late":          {Hans: "超过 120 分钟才答复", Hant: "超過 120 分鐘才回覆", En: "Answered after more than 120 minutes"},
	})
}
