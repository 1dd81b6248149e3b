import type { Triple } from '../../../shared/lang'
import { words } from '../app'

export const rows = {
  title: ['剔除的工单', '剔除的工單', 'Left out of the figures'],
  lead: ['这些工单不计入统计，但会连同理由列在每份报表里。剔除请在工单页操作。', '這些工單不計入統計，但會連同理由列於每份報表。剔除請在工單頁操作。', 'These orders are not counted, but each report shows them with the reason. To leave one out, open the order.'],
  empty: ['没有剔除的工单。', '沒有剔除的工單。', 'No order is left out.'],
  number: ['工单', '工單', 'Order'],
  reason: ['理由', '理由', 'Reason'],
  note: ['说明', '說明', 'Words'],
  by: ['经办人', '經辦人', 'By'],
  at: ['时间', '時間', 'When'],
  all: ['全部', '全部', 'All'],
  do: ['处理', '處理', 'Act'],
  back: ['重新计入', '重新計入', 'Take back'],
  lead_back: ['工单将重新计入统计；尚未答复的会立即交给律师，计时从提交时算起。', '工單將重新計入統計；尚未答覆的會立即交給律師，計時從提交時算起。', 'The order counts again. If it was not answered it goes to a lawyer at once, and its clock runs from when it was asked.'],
  erased: ['已删除', '已刪除', 'erased'],
} satisfies Record<string, Triple>

export const useWords = words(rows)
