import { describe, expect, it } from 'vitest'
import { runs, told, valueOf } from './spark'

describe('a trend', () => {
  it('divides rates and leaves nothing over nothing out', () => {
    expect(valueOf({ at: '', num: 3 }, false)).toBe(3)
    expect(valueOf({ at: '', num: 19, den: 20 }, true)).toBe(95)
    expect(valueOf({ at: '', num: 0 }, true)).toBeUndefined()
    expect(told(undefined, true)).toBe('n/a')
    expect(told(95, true)).toBe('95.00 %')
    expect(told(7, false)).toBe('7')
  })
  it('keeps a gap a gap', () => {
    expect(runs([1, undefined, 2, 3]).map((r) => r.length)).toEqual([1, 2])
    expect(runs([undefined, undefined])).toEqual([])
  })
  it('stays in its frame, also when nothing changes', () => {
    for (const values of [[5, 5, 5], [0, 100, 50], [1]]) {
      for (const [x, y] of runs(values).flat()) {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(x).toBeLessThanOrEqual(120)
        expect(y).toBeGreaterThanOrEqual(0)
        expect(y).toBeLessThanOrEqual(28)
      }
    }
  })
})
