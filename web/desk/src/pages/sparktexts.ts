import type { Triple } from '../../../shared/lang'
import { words } from '../app'

export const rows = {
  trend: ['{n} 个时段的走势：最低 {low}，最高 {high}，最新 {last}', '{n} 個時段的走勢：最低 {low}，最高 {high}，最新 {last}', 'Trend over {n} periods: lowest {low}, highest {high}, latest {last}'],
} satisfies Record<string, Triple>

export const useWords = words(rows)
