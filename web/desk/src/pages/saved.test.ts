import { describe, expect, it } from 'vitest'
import type { Saved } from '../../../shared/types'
import { beginning } from './answerdraft'
import { asked, filled, fitting, fold, inserted, resolve } from './saved'

const at = (s: string) => asked(s, s.length)?.words

// req: B5.3g
describe('where a "/" opens the list', () => {
  it.each([
    ['/', ''],
    ['/工', '工'],
    ['您好，/工资', '工资'],
    ['您好/工资', '工资'],
    ['line\n/wage', 'wage'],
    ['／欠薪', '欠薪'],
    ['、欠薪', '欠薪'],
    ['第一行\n、欠', '欠'],
    ['甲、乙', undefined],
    ['2026/3', undefined],
    ['and/or', undefined],
    ['https://a', undefined],
    ['/工资 已付', undefined],
    ['没有', undefined],
  ] as const)('%j', (text, words) => expect(at(text)).toBe(words))
  it('looks before the caret only', () => expect(asked('/工资的', 2)).toEqual({ from: 0, words: '工' }))
})

const one = (title: string, more: Partial<Saved> = {}): Saved => ({ id: title, rev: 1, shared: false, mine: true, at: '', title, text: '', ...more })
const all = [one('拖欠工资', { keyword: 'gz', text: '先投诉' }), one('劳动合同', { text: '没签合同的工资加倍' }), one('Divorce', { text: 'by agreement' }), one('全省口径', { shared: true })]
const titles = (words: string) => fitting(all, words).map((s) => s.title)

describe('which fit', () => {
  it('finds one character, in titles first', () => expect(titles('工')).toEqual(['拖欠工资', '劳动合同']))
  it('finds by keyword, title and text', () => {
    expect(titles('GZ')).toEqual(['拖欠工资'])
    expect(titles('agree')).toEqual(['Divorce'])
    expect(titles('没有这个')).toEqual([])
  })
  it('finds simplified by traditional and the other way round', () => {
    expect(titles('勞動')).toEqual(['劳动合同'])
    expect(fold('勞動合同 ＡＢ')).toBe('劳动合同 ab')
  })
  it('shows all of it without words, own before shared', () => expect(titles('').at(-1)).toBe('全省口径'))
})

const v = { name: '王女士', lawyer: '李明', date: '2026年3月2日', number: 'N1', problem: '劳动', region: '' }

describe('what is put in', () => {
  it('resolves what it knows', () => expect(resolve('{name}您好，{date}，{region}{unknown}', v)).toBe('王女士您好，2026年3月2日，{region}{unknown}'))
  it('fills the parts of a macro, and keeps what is there', () => {
    const s = one('m', { text: '请{name}', judgement: '违法', basis: [{ law: '劳动法', article: '第五十条' }], advice: ['投诉'] })
    expect(inserted(s, 'text', v)).toBe('请王女士')
    expect(inserted(s, 'judgement', v)).toBe('违法')
    const d = { ...beginning(), judgement: '已写', advice: ['保存证据'], noBasis: true }
    const got = { ...d, ...filled(d, s, 'text', v) }
    expect(got).toMatchObject({ judgement: '已写\n违法', basis: [{ law: '劳动法', article: '第五十条' }], noBasis: false, advice: ['保存证据', '投诉'] })
    expect({ ...got, ...filled(got, s, 'text', v) }).toEqual(got)
  })
  it('fills nothing else from plain text', () => expect(filled(beginning(), one('t', { text: 'x' }), 'text', v)).toEqual({ judgement: '' }))
})
