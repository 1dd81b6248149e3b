import type { Triple } from '../../../shared/lang'
import { words } from '../app'

export const rows = {
  due: ['应于', '應於', 'Due'],
  state: ['生成', '製作', 'Made'],
  on_time: ['按时', '按時', 'In time'],
  late: ['晚于应生成时间', '晚於應製作時間', 'Late'],
  again: ['更正版', '更正版', 'Corrected'],
  mail: ['邮件', '電郵', 'Mail'],
  waiting: ['待发送', '待發送', 'Waiting'],
  sent: ['已送达邮件服务器', '已送達郵件伺服器', 'Taken by the mail server'],
  failed: ['发送失败', '發送失敗', 'Failed'],
  nobody: ['不发邮件', '不發電郵', 'Not mailed'],
  next: ['下一份：{day} 的日报，{when} 前生成。', '下一份：{day} 的日報，{when} 前製作。', 'Next: the report of {day}, by {when}.'],
} satisfies Record<string, Triple>

export const useWords = words(rows)
