import { describe, expect, it } from 'vitest'
import { mark, sources } from './marks'
import { body, seen } from './answerdraft'

const table1 = { reply: 100, callback: 100, participation: 40, satisfaction: 95 }
const rate = (num: number, den: number) => ({ num, den, text: '' })

// req: B7.T1a B7.T1b B7.T1d B7.T1e B7.T1f T6
describe('thresholds', () => {
  it.each([
    ['satisfaction', rate(95, 100), true],
    ['satisfaction', rate(94_999, 100_000), false], // rounds to 95.00 % and is below all the same
    ['participation', rate(2, 5), true],
    ['callback_rate', rate(0, 0), undefined],
    ['reply_rate', rate(19, 20), false],
    ['fatal_error_rate', rate(1, 50), true],
    ['fatal_error_rate', rate(1, 49), false],
    ['non_fatal_error_rate', rate(1, 10), true],
    ['complaint_callback_rate', rate(9, 10), false],
  ] as const)('%s %o', (figure, value, met) => expect(mark(table1, figure, value)?.met).toBe(met))
  it('knows no threshold for a count', () => expect(mark(table1, 'answered', 3)).toBeUndefined())
  it('reads sources out of a formula', () => expect(sources('rated / completed (B7.T1b, B7.1.4.2.1b)')).toBe('B7.T1b, B7.1.4.2.1b'))
})

const draft = { judgement: 'x', text: '字'.repeat(51), basis: [{ law: ' 民法典 ', article: '第一条' }, { law: '', article: '' }], noBasis: false, reason: '', advice: ['a', ' '] }

// req: B6.2.1.2b B6.2.1.2c B6.2.1.2d B6.2.1.2e
describe('the reply while one types', () => {
  it('is complete', () => expect(seen(draft)).toEqual({ length: true, judgement: true, basis: true, advice: true }))
  it.each([
    ['length', { text: '字'.repeat(50) }],
    ['judgement', { judgement: ' \n' }],
    ['basis', { basis: [{ law: '民法典', article: '' }] }],
    ['basis', { noBasis: true, reason: '无，。' }],
    ['advice', { advice: [' '] }],
  ] as const)('lacks %s', (rule, change) => {
    const got = seen({ ...draft, ...(change as object) })
    expect(Object.entries(got).filter(([, ok]) => !ok).map(([r]) => r)).toEqual([rule])
  })
  it('accepts a reasoned "no specific basis"', () => expect(seen({ ...draft, noBasis: true, reason: '本问题不涉及具体法条' }).basis).toBe(true))
  it('sends no empty rows', () => {
    expect(body(draft)).toEqual({ judgement: 'x', text: draft.text, basis: [{ law: '民法典', article: '第一条' }], advice: ['a'] })
    expect(body({ ...draft, noBasis: true, reason: 'r' })).toMatchObject({ basis: [], no_basis_reason: 'r' })
  })
})
