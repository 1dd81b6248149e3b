import type { Triple } from '../../../shared/lang'
import { words } from '../app'

export const rows = {
  orders: ['手上工单', '手上工單', 'Orders in hand'],
  mean: ['每位在线律师平均', '每位在線律師平均', 'For each lawyer online'],
} satisfies Record<string, Triple>

export const useWords = words(rows)
