// A trend as a small line, with its numbers as a table beside it: nothing is told
// by the picture alone.

import type { BoardPoint } from '../../../shared/types'
import { useWords } from './sparktexts'

/** The value of a point: a count, or per cent; undefined where there is nothing to divide by. */
export const valueOf = (p: BoardPoint, rate: boolean): number | undefined => (!rate ? p.num : p.den ? (p.num / p.den) * 100 : undefined)

export const told = (v: number | undefined, rate: boolean): string => (v === undefined ? 'n/a' : rate ? v.toFixed(2) + ' %' : String(v))

const W = 120
const H = 28

/** Runs of neighbours with a value, as points of a line: a gap stays a gap. */
export function runs(values: readonly (number | undefined)[]): [number, number][][] {
  const known = values.filter((v) => v !== undefined)
  const low = Math.min(...known)
  const high = Math.max(...known)
  const span = high - low || 1
  const step = values.length > 1 ? (W - 6) / (values.length - 1) : 0
  const out: [number, number][][] = []
  let run: [number, number][] = []
  values.forEach((v, i) => {
    if (v === undefined) {
      run = []
      return
    }
    if (run.length === 0) out.push(run)
    run.push([3 + i * step, high === low ? H / 2 : 3 + ((high - v) / span) * (H - 6)])
  })
  return out
}

export function Spark({ points, rate }: { points: readonly BoardPoint[]; rate: boolean }) {
  const t = useWords()
  const values = points.map((p) => valueOf(p, rate))
  const known = values.filter((v) => v !== undefined)
  if (known.length < 2 || Math.min(...known) === Math.max(...known)) return null // nothing moves
  const say = (v: number) => told(v, rate)
  return (
    <svg className="spark" viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" role="img" aria-label={t('trend', { n: points.length, low: say(Math.min(...known)), high: say(Math.max(...known)), last: say(known.at(-1)!) })}>
      {runs(values).map((line, i) => (
        <polyline key={i} points={(line.length > 1 ? line : [line[0]!, line[0]!]).map((p) => p.join(',')).join(' ')} className={line.length > 1 ? undefined : 'dot'} />
      ))}
    </svg>
  )
}
