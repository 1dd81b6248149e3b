import type { Triple } from '../../../shared/lang'
import { words } from '../app'

export const rows = {
  title: ['设置', '設定', 'Settings'],
  lead: ['数值由上级继承，本机构可以另设；每次修改都有理由、生效时间和版本。', '數值由上級繼承，本機構可以另設；每次修改都有理由、生效時間和版本。', 'Values are inherited from above, or set here. Each change has a reason, a time from which it holds, and a version.'],
  name: ['设置', '設定', 'Setting'],
  origin: ['来源', '來源', 'Set by'],
  own: ['本机构', '本機構', 'this organisation'],
  fallback: ['系统默认', '系統預設', 'the program'],
  since: ['生效', '生效', 'Since'],
  planned: ['{n} 项待生效', '{n} 項待生效', '{n} planned'],
  back: ['全部设置', '全部設定', 'All settings'],
  now: ['现行值', '現行值', 'In force'],
  change: ['修改', '修改', 'Change'],
  reason: ['理由', '理由', 'Reason'],
  from: ['何时生效', '何時生效', 'From when'],
  from_hint: ['留空为立即生效。', '留空為即時生效。', 'Empty: now.'],
  save: ['保存为新版本', '儲存為新版本', 'Save as a new version'],
  cancel: ['取消', '取消', 'Cancel'],
  history: ['本机构的修改记录', '本機構的修改紀錄', 'Changes by this organisation'],
  no_history: ['本机构没有改过这项设置。', '本機構未改過這項設定。', 'This organisation has not changed it.'],
  version: ['版本', '版本', 'Version'],
  holds: ['生效时间', '生效時間', 'Holds from'],
  by: ['修改人', '修改人', 'By'],
  value: ['内容', '內容', 'Value'],
  in_force: ['现行', '現行', 'in force'],
  later: ['待生效', '待生效', 'planned'],
  cleared: ['恢复继承', '恢復繼承', 'inherits again'],
  erased: ['已删除', '已刪除', 'erased'],
  revert: ['恢复此版', '恢復此版', 'Use again'],
  revert_lead: ['第 {n} 版的内容将成为新版本，立即生效。', '第 {n} 版的內容將成為新版本，即時生效。', 'The value of version {n} becomes a new version, from now on.'],
  inherit: ['恢复继承', '恢復繼承', 'Inherit again'],
  inherit_lead: ['本机构将使用上级的值，立即生效。', '本機構將使用上級的值，即時生效。', 'From now on this organisation has what those above have.'],
  below: ['另设了自己的值的下级机构', '另設了自己的值的下級機構', 'Organisations below with a value of their own'],
  show: ['查看内容', '檢視內容', 'Show the value'],
} satisfies Record<string, Triple>

export const useWords = words(rows)
