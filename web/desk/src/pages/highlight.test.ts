import { describe, expect, it } from 'vitest'
import { excerpt, pieces } from './highlight'

const shown = (text: string, marks?: { from: number; to: number }[]) => pieces(text, marks).map((p) => (p.hit ? `[${p.text}]` : p.text)).join('')

// req: B6.2.1.2d
describe('pieces', () => {
  it('marks what the server found', () => {
    expect(shown('支付经济补偿。', [{ from: 2, to: 6 }])).toBe('支付[经济补偿]。')
    expect(shown('支付', [])).toBe('支付')
    expect(shown('', undefined)).toBe('')
  })
  it('counts characters, not UTF-16 units', () => {
    expect(shown('𠮷野😀工资', [{ from: 3, to: 5 }])).toBe('𠮷野😀[工资]')
  })
  it('passes over marks that do not fit', () => {
    expect(shown('工资', [{ from: 5, to: 9 }, { from: 1, to: 1 }, { from: 0, to: 1 }, { from: 0, to: 2 }])).toBe('[工]资')
  })
})

describe('excerpt', () => {
  it('keeps short texts', () => expect(excerpt('工资', [{ from: 0, to: 2 }])).toEqual({ text: '工资', marks: [{ from: 0, to: 2 }] }))
  it('begins before the first mark', () => {
    const long = '甲'.repeat(300) + '工资' + '乙'.repeat(300)
    const e = excerpt(long, [{ from: 300, to: 302 }])
    expect(shown(e.text, e.marks)).toContain('[工资]')
    expect(Array.from(e.text).length).toBe(162)
  })
})
