import type { Triple } from '../../../shared/lang'
import { words } from '../app'

export const counted = {
  consultations: ['计入统计的咨询', '計入統計的諮詢', 'all that count'],
  answered: ['已答复', '已答覆', 'answered'],
  answered_in_time: ['120 分钟内答复', '120 分鐘內答覆', 'answered within 120 minutes'],
  answered_late: ['超时答复', '逾時答覆', 'answered late'],
  settled: ['已答复或已超时', '已答覆或已逾時', 'answered, or past the limit'],
  open: ['时限内待答复', '時限內待答覆', 'open within the limit'],
  abandoned: ['超时未答复', '逾時未答覆', 'not answered past the limit'],
  breaches: ['超时', '逾時', 'past the limit'],
  rated: ['已评价', '已評分', 'rated'],
  satisfied: ['满意', '滿意', 'satisfied'],
  non_satisfied: ['不满意', '不滿意', 'not satisfied'],
  callbacks_done: ['已回访', '已回訪', 'called back'],
  callbacks_in_time: ['按时回访', '按時回訪', 'called back in time'],
  callbacks_late: ['回访逾期', '回訪逾期', 'called back late, or not'],
  callbacks_open: ['回访未完成', '回訪未完成', 'call-back not completed'],
  callbacks_overdue: ['逾期未回访', '逾期未回訪', 'call-back overdue'],
  excluded_test: ['剔除：测试', '剔除：測試', 'left out: test'],
  excluded_spam: ['剔除：垃圾信息', '剔除：垃圾資訊', 'left out: spam'],
  excluded_duplicate: ['剔除：重复', '剔除：重複', 'left out: duplicate'],
  waiting: ['等候律师', '等候律師', 'waiting for a lawyer'],
  in_hand: ['律师处理中', '律師處理中', "in a lawyer's hands"],
  asked_back: ['追问待回复', '追問待回覆', 'asked back'],
  clock_running: ['计时中', '計時中', 'running clock'],
  clock_0: ['计时 60 分钟以内', '計時 60 分鐘以內', 'clock under 60 minutes'],
  clock_60: ['计时 60 至 90 分钟', '計時 60 至 90 分鐘', 'clock 60 to 90 minutes'],
  clock_90: ['计时 90 至 110 分钟', '計時 90 至 110 分鐘', 'clock 90 to 110 minutes'],
  clock_110: ['计时 110 至 120 分钟', '計時 110 至 120 分鐘', 'clock 110 to 120 minutes'],
  clock_120: ['计时超过 120 分钟', '計時超過 120 分鐘', 'clock past 120 minutes'],
} satisfies Record<string, Triple>
export type Counted = keyof typeof counted

export const rows = {
  ...counted,
  figure: ['只显示看板计入的：{what}。', '只顯示看板計入的：{what}。', 'Only what the board counted: {what}.'],
  all: ['显示全部', '顯示全部', 'Show all'],
} satisfies Record<string, Triple>

export const useWords = words(rows)
