import type { Triple } from '../../../shared/lang'
import { words } from '../app'

export const rows = {
  title: ['预警', '預警', 'Warnings'],
  show: ['显示', '顯示', 'Show'],
  running: ['未解除', '未解除', 'Not resolved'],
  open: ['待认领', '待認領', 'Nobody owns it'],
  acknowledged: ['已认领', '已認領', 'Owned'],
  resolved: ['已解除', '已解除', 'Resolved'],
  all: ['全部', '全部', 'All'],
  mine: ['我认领的', '我認領的', 'Mine'],
  empty: ['没有符合条件的预警。一切正常时这里是空的。', '沒有符合條件的預警。一切正常時這裏是空的。', 'No warnings match. When all is well, nothing stands here.'],
  what: ['预警内容', '預警內容', 'What is wrong'],
  where: ['机构', '機構', 'Organisation'],
  since: ['发出', '發出', 'Since'],
  owner: ['负责人', '負責人', 'Owner'],
  you: ['我', '我', 'you'],
  state: ['状态', '狀態', 'State'],
  do: ['处理', '處理', 'Act'],
  severe: ['已超限', '已超限', 'Past the limit'],
  escalated: ['已上报', '已上報', 'Passed up'],
  ack: ['认领', '認領', 'Acknowledge'],
  take: ['接手', '接手', 'Take over'],
  end: ['解除', '解除', 'Resolve'],
  ack_lead: ['您将成为这条预警的负责人。请写明打算怎样处理。', '您將成為這條預警的負責人。請寫明打算怎樣處理。', 'You become the owner of this warning. Say what you are going to do.'],
  end_lead: ['起因消失时预警会自动解除。若由您解除，请写明处理结果；起因再现会发出新的预警。', '起因消失時預警會自動解除。若由您解除，請寫明處理結果；起因再現會發出新的預警。', 'It resolves by itself when its cause is gone. If you resolve it, say what was done; the cause opens a new one.'],
  words: ['说明', '說明', 'Words'],
  order: ['打开工单 {n}', '開啟工單 {n}', 'Open order {n}'],
  waiting: ['打开等候中的工单', '開啟等候中的工單', 'Open who waits'],
  auto: ['起因消失，自动解除', '起因消失，自動解除', 'Resolved by itself: the cause is gone'],
  by_hand: ['由人解除', '由人解除', 'Resolved by hand'],
  erased: ['已删除', '已刪除', 'erased'],
  history: ['经过', '經過', 'What happened'],
  back: ['← 全部预警', '← 全部預警', '← All warnings'],
} satisfies Record<string, Triple>

export const useWords = words(rows)
