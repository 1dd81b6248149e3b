import { describe, expect, it } from 'vitest'
import { rows as portal } from '../portal/src/texts'
import { best, reader, type Triple } from './lang'
import { newID } from './ident'
import { parse } from './route'
import { followUp } from './talk'

// The desk's common words, and those that each of its pages brings along (texts.ts beside it).
const desks = import.meta.glob<{ rows: Record<string, Triple> }>('../desk/src/**/*texts.ts', { eager: true })
const catalogues: Record<string, Record<string, Triple>> = { portal, ...Object.fromEntries(Object.entries(desks).map(([file, m]) => [file, m.rows])) }

const marks = (s: string) => [...s.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort().join()

describe('texts', () => {
  it('finds the catalogues', () => expect(Object.keys(catalogues).length).toBeGreaterThan(1))
  for (const [name, rows] of Object.entries(catalogues)) {
    it(`${name}: every language is there with the same placeholders`, () => {
      for (const [key, row] of Object.entries(rows)) {
        expect(row, key).toHaveLength(3)
        for (const text of row) {
          expect(text.trim(), key).not.toBe('')
          expect(marks(text), key).toBe(marks(row[0]))
        }
      }
    })
    it(`${name}: the English is English, the traditional text holds no simplified forms`, () => {
      for (const [key, [, hant, en]] of Object.entries(rows)) {
        expect(en, key).not.toMatch(/\p{Script=Han}/u)
        expect(hant, key).not.toMatch(/[们这为时间问师话电务区发说请复关还给现开没东应级单队状书证规长门网络结转协]/u)
      }
    })
  }
  it('puts arguments in', () => expect(reader({ a: ['{n} 分', '{n} 分', '{n} min'] })('en')('a', { n: 3 })).toBe('3 min'))
  it.each([
    [['zh-CN'], 'zh-Hans'],
    [['zh-TW', 'en'], 'zh-Hant-HK'],
    [['zh-Hant-HK'], 'zh-Hant-HK'],
    [['fr', 'en-US'], 'en'],
    [[], 'zh-Hans'],
  ])('%s -> %s', (preferred, lang) => expect(best(preferred)).toBe(lang))
})

describe('small things', () => {
  it('makes UUIDv7 in order of time', () => {
    const a = newID(1_700_000_000_000)
    expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(newID(1_700_000_000_001) > a).toBe(true)
    expect(newID()).not.toBe(newID())
  })
  it('reads routes', () => {
    const r = parse('#/orders/a%20b?x=1')
    expect([r.path, r.parts, r.query.get('x')]).toEqual(['/orders/a b', ['orders', 'a b'], '1'])
    expect(parse('').parts).toEqual([])
    expect(parse('#/%E0%A4%A').parts).toEqual(['%E0%A4%A'])
  })
  it('shows question and first reply once', () => {
    const m = (n: number, role: 'citizen' | 'lawyer', text: string) => ({ id: String(n), n, role, text, at: '', attachments: [] })
    const answer = { opening: '', text: 'a', judgement: '', basis: [], advice: [], disclaimer: '', closing: '', at: '', attachments: [] }
    const list = followUp({ question: 'q', answer, messages: [m(3, 'citizen', 'q'), m(1, 'citizen', 'q'), m(2, 'lawyer', 'a')] })
    expect(list.map((x) => x.n)).toEqual([3])
  })
})
