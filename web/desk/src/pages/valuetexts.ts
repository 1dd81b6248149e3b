import type { Triple } from '../../../shared/lang'
import { words } from '../app'

export const rows = {
  add: ['添加一项', '新增一項', 'Add one'],
  remove: ['删除第 {n} 项', '刪除第 {n} 項', 'Remove number {n}'],
  item: ['第 {n} 项', '第 {n} 項', 'Number {n}'],
  none: ['（空）', '（空）', '(nothing)'],
  yes: ['是', '是', 'yes'],
  holiday: ['放假', '放假', 'Holiday'],
  workday: ['上班', '上班', 'Worked'],
  fatal: ['致命', '致命', 'Fatal'],
  minor: ['非致命', '非致命', 'Non-fatal'],
  and: ['、', '、', ', '],
  no: ['否', '否', 'no'],
} satisfies Record<string, Triple>

export const useWords = words(rows)
