package recount

import (
	"sort"
	"strings"
	"time"
)

// The words of the ledgers, by code (T7; the forms of B7.1.3.2a and B7.1.2.3).
var (
	levelWords = map[string]string{"very_satisfied": "非常满意", "satisfied": "满意", "general": "一般", "dissatisfied": "不满意", "very_dissatisfied": "非常不满意"}
	whyWords   = map[string]string{"": "", "content": "解答内容", "unclear": "没有看懂", "attitude": "服务态度", "slow": "回复太慢", "process": "平台使用",
		"outside": "法律或其他部门的原因", "mistaken": "误评", "other": "其他", "not_reached": "未能联系上"}
	flagWords = map[string]string{"": "", "suicide": "自杀、自伤", "public_security": "公共安全", "sit_in": "静坐、聚集", "petition": "上访", "public_opinion": "可能引发舆情"}
	kindWords = map[string]string{"complaint": "投诉", "suggestion": "建议"}
	wayWords  = map[string]string{"": "网站", "web": "网站", "hotline": "投诉热线"}
)

// stateWords are where a call-back stands, and a complaint.
var stateWords = map[string]string{"open": "待回访", "called": "待记录", "recorded": "待办结", "closed": "已办结",
	"collected": "待回访", "phoned": "待登记", "registered": "待办结"}

// state is where a call-back stands.
func (c *callback) state() string {
	switch {
	case !c.closed.IsZero():
		return "closed"
	case !c.recorded.IsZero():
		return "recorded"
	case !c.called.IsZero():
		return "called"
	}
	return "open"
}

// state is where a complaint stands.
func (c *complaint) state() string {
	switch {
	case !c.closed.IsZero():
		return "closed"
	case !c.recorded.IsZero():
		return "registered"
	case !c.called.IsZero():
		return "phoned"
	}
	return "collected"
}

func yesNo(known, yes bool) string {
	switch {
	case !known:
		return ""
	case yes:
		return "是"
	}
	return "否"
}

// moment is an instant in the form in which cells are compared; clock is how the
// register writes it.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(china).Format("2006-01-02 15:04:05.000")
}

func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(china).Format(time.DateTime)
}

// masked is a telephone number for who must not call.
func masked(phone string) string {
	if len(phone) < 8 {
		return strings.Repeat("*", len(phone))
	}
	return phone[:len(phone)-8] + "****" + phone[len(phone)-4:]
}

func calls(list []call) string {
	var lines []string
	for _, c := range list {
		lines = append(lines, strings.TrimSpace(clock(c.at)+" "+map[bool]string{true: "已接通", false: "未接通"}[c.reached]+" "+c.note))
	}
	return strings.Join(lines, "\n")
}

func (v view) nameOf(who string) string {
	if p := v.people[who]; p != nil {
		return p.name
	}
	return ""
}

func (v view) phoneOf(who string, whole bool) string {
	p := v.people[who]
	switch {
	case p == nil:
		return ""
	case whole:
		return p.phone
	}
	return masked(p.phone)
}

// callColumns are the columns of the ledger of call-backs behind the number.
var callColumns = []string{"评价", "评价时间", "回访时限", "状态", "联系人", "联系电话", "回访时间", "按时回访", "是否接通", "通话记录", "原因类别", "不满意原因",
	"详细情况", "投诉与建议", "仍有法律问题", "服务违规", "记录时间", "记录人", "律师回电时限", "律师回电时间", "回电律师", "回电摘要", "办结时间", "办结人"}

// callMoments are those of them that are instants.
var callMoments = map[string]bool{"评价时间": true, "回访时限": true, "回访时间": true, "记录时间": true, "律师回电时限": true, "律师回电时间": true, "办结时间": true}

// callbacks is the ledger of call-backs; whole says that the reader may call. The
// keys are the numbers in the order of the ledger.
func (v view) callbacks(whole bool) (d doc, keys []string) {
	d = doc{}
	var list []*order
	for _, o := range v.visible(time.Time{}, time.Time{}) {
		if o.call != nil {
			list = append(list, o)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].call.opened.Before(list[j].call.opened) })
	for _, o := range list {
		c := o.call
		called, recorded := !c.called.IsZero(), !c.recorded.IsZero()
		for i, s := range []string{levelWords[o.level], moment(c.opened), moment(c.due), stateWords[c.state()], o.sent.Contact.Name, v.phoneOf(o.citizen, whole), moment(c.called),
			yesNo(called, !c.called.After(c.due)), yesNo(called, !c.reached.IsZero()), calls(c.calls), whyWords[c.result.Category], c.result.Reason,
			c.result.Details, c.result.Feedback, yesNo(recorded, c.legal), yesNo(recorded, c.result.Broken), moment(c.recorded), v.nameOf(c.recordedBy),
			moment(c.lawyerDue), moment(c.lawyerAt), v.nameOf(c.lawyer), c.summary, moment(c.closed), v.nameOf(c.closedBy)} {
			d.text(o.number+"."+callColumns[i], s)
		}
		keys = append(keys, o.number)
	}
	return d, keys
}

// calledHimself is the name of his account, or else that of the order that he complained
// about, or of the last one before that.
func (v view) calledHimself(c *complaint) string {
	if name := v.nameOf(c.citizen); name != "" {
		return name
	}
	if o := v.orders[c.order]; o != nil {
		return o.sent.Contact.Name
	}
	var last *order
	for _, o := range v.orders {
		if o.citizen == c.citizen && o.asked.Before(c.made) && (last == nil || o.asked.After(last.asked)) {
			last = o
		}
	}
	if last == nil {
		return ""
	}
	return last.sent.Contact.Name
}

// complaintColumns are the columns of the register behind the number.
var complaintColumns = []string{"类别", "状态", "渠道", "受理时间", "姓名", "电话", "关联工单", "内容", "回访时限", "回访时间", "按时回访", "是否接通", "通话记录",
	"原因类别", "原因", "处理措施", "处理结果", "登记时间", "登记人", "敏感事项", "报告时间", "签收时间", "报备文号", "报备日期", "报备机关", "办结时间", "办结人"}

// register is the register of complaints, the newest first.
func (v view) register(whole bool) (d doc, keys []string) {
	d = doc{}
	list := v.complained()
	sort.Slice(list, func(i, j int) bool { return list[i].received.After(list[j].received) })
	for _, c := range list {
		called := !c.called.IsZero()
		kind, name, phone := c.sent.Kind, c.sent.Name, c.sent.Phone
		if !c.recorded.IsZero() {
			kind = c.entry.Kind
		}
		if !c.hotline { // what he told of himself
			name, phone = v.calledHimself(c), v.phoneOf(c.citizen, true)
		}
		if !whole && c.flag == "" {
			phone = masked(phone)
		}
		for i, s := range []string{kindWords[kind], stateWords[c.state()], wayWords[c.sent.Channel], clock(c.received), name, phone, v.orders[c.order].number, c.sent.Text,
			clock(c.due), clock(c.called), yesNo(called, !c.called.After(c.due)), yesNo(called, !c.reached.IsZero()), calls(c.calls),
			whyWords[c.entry.Category], c.entry.Reason, c.entry.Measure, c.entry.Result, clock(c.recorded), v.nameOf(c.recordedBy), flagWords[c.flag],
			clock(c.flagged), clock(c.acked), c.filing.Number, c.filing.Date, c.filing.Office, clock(c.closed), v.nameOf(c.closedBy)} {
			d.text(c.number+"."+complaintColumns[i], s)
		}
		keys = append(keys, c.number)
	}
	return d, keys
}
