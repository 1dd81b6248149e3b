// Times as a person reads them, in the viewer's own zone (T1).

import { locales, type Lang, type Triple } from './lang'

const words: Record<'today' | 'tomorrow' | 'yesterday' | 'h' | 'm' | 's' | 'd', Triple> = {
  today: ['今天', '今天', 'today'],
  tomorrow: ['明天', '明天', 'tomorrow'],
  yesterday: ['昨天', '昨天', 'yesterday'],
  d: ['天', '日', 'd'],
  h: ['小时', '小時', 'h'],
  m: ['分', '分', 'min'],
  s: ['秒', '秒', 's'],
}
const word = (k: keyof typeof words, lang: Lang) => words[k][lang === 'zh-Hans' ? 0 : lang === 'en' ? 2 : 1]

const day = 86_400_000
const pad = (n: number) => String(n).padStart(2, '0')

/** "2026-03-04" of an instant in a zone (the viewer's, if none is named). */
export function dateIn(at: number, zone?: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
}

/** "今天 14:30", "3月4日 14:30", with the year if it is not this one. */
export function when(iso: string | undefined, lang: Lang, now: number, zone?: string): string {
  const at = iso ? Date.parse(iso) : NaN
  if (Number.isNaN(at)) return ''
  const locale = locales[lang]
  const time = new Intl.DateTimeFormat(locale, { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
  const date = dateIn(at, zone)
  for (const [offset, name] of [[0, 'today'], [day, 'tomorrow'], [-day, 'yesterday']] as const) {
    if (date === dateIn(now + offset, zone)) return `${word(name, lang)} ${time}`
  }
  const sameYear = date.slice(0, 4) === dateIn(now, zone).slice(0, 4)
  const shown = new Intl.DateTimeFormat(locale, { timeZone: zone, year: sameYear ? undefined : 'numeric', month: lang === 'en' ? 'short' : 'long', day: 'numeric' }).format(at)
  return `${shown} ${time}`
}

/** "2027年3月1日" of a day "2027-03-01" of the calendar, the same in every zone. */
export function onDay(date: string, lang: Lang): string {
  const at = Date.parse(date + 'T12:00:00Z')
  if (Number.isNaN(at)) return date
  return new Intl.DateTimeFormat(locales[lang], { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' }).format(at)
}

/** "1 小时 05 分 09 秒" of a span in ms; never negative. */
export function span(ms: number, lang: Lang): string {
  const s = Math.max(0, Math.ceil(ms / 1000))
  const d = Math.floor(s / 86_400)
  const h = Math.floor(s / 3600) % 24
  const m = Math.floor(s / 60) % 60
  if (d > 0) return `${d} ${word('d', lang)} ${h} ${word('h', lang)}`
  if (h > 0) return `${h} ${word('h', lang)} ${pad(m)} ${word('m', lang)} ${pad(s % 60)} ${word('s', lang)}`
  if (m > 0) return `${m} ${word('m', lang)} ${pad(s % 60)} ${word('s', lang)}`
  return `${s} ${word('s', lang)}`
}

/** "1:05:09" for tables; a minus when the time is over. */
export function digits(ms: number): string {
  const late = ms < 0
  const s = late ? Math.floor(-ms / 1000) : Math.ceil(ms / 1000)
  const text = `${Math.floor(s / 3600)}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`
  return late ? '-' + text : text
}

/** The name of the viewer's zone in his words, for "times are shown in ...": 中国标准时间. */
export const zoneName = (lang: Lang): string => new Intl.DateTimeFormat(locales[lang], { timeZoneName: 'long' }).formatToParts().find((p) => p.type === 'timeZoneName')!.value
