import { describe, expect, it } from 'vitest'
import { digits, onDay, span, when } from './time'

const now = Date.parse('2026-03-04T06:00:00Z') // 14:00 in Shanghai

// req: T1 shown in the viewer's zone
describe('when', () => {
  it.each([
    ['2026-03-04T08:00:00Z', 'zh-Hans', 'Asia/Shanghai', '今天 16:00'],
    ['2026-03-04T16:30:00Z', 'zh-Hant-HK', 'Asia/Hong_Kong', '明天 00:30'],
    ['2026-03-04T16:30:00Z', 'en', 'Europe/London', 'today 16:30'],
    ['2026-03-03T06:00:00Z', 'en', 'Asia/Shanghai', 'yesterday 14:00'],
    ['2026-03-09T06:05:00Z', 'zh-Hans', 'Asia/Shanghai', '3月9日 14:05'],
    ['2026-03-09T06:05:00Z', 'en', 'Asia/Shanghai', '9 Mar 14:05'],
    ['2025-12-31T06:05:00Z', 'zh-Hans', 'Asia/Shanghai', '2025年12月31日 14:05'],
    ['not a time', 'en', 'Asia/Shanghai', ''],
  ] as const)('%s %s %s', (iso, lang, zone, text) => expect(when(iso, lang, now, zone)).toBe(text))
  it('says nothing about no time', () => expect(when(undefined, 'en', now)).toBe(''))
})

describe('onDay', () => {
  it.each([
    ['2027-03-01', 'zh-Hans', '2027年3月1日'],
    ['2027-03-01', 'zh-Hant-HK', '2027年3月1日'],
    ['2027-12-31', 'en', '31 December 2027'],
    ['soon', 'en', 'soon'],
  ] as const)('%s %s', (day, lang, text) => expect(onDay(day, lang)).toBe(text))
})

describe('countdown', () => {
  it.each([
    [-5, 'zh-Hans', '0 秒'],
    [1, 'zh-Hans', '1 秒'],
    [65_000, 'zh-Hans', '1 分 05 秒'],
    [2 * 3_600_000, 'zh-Hans', '2 小时 00 分 00 秒'],
    [2 * 3_600_000 - 1000, 'zh-Hant-HK', '1 小時 59 分 59 秒'],
    [26 * 3_600_000, 'en', '1 d 2 h'],
  ] as const)('%d %s', (ms, lang, text) => expect(span(ms, lang)).toBe(text))
  it('in digits, with a minus when late', () => {
    expect(digits(7_199_001)).toBe('2:00:00')
    expect(digits(0)).toBe('0:00:00')
    expect(digits(-61_500)).toBe('-0:01:01')
  })
})
