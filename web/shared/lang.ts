// Three languages. A catalogue row is a triple; a row with a missing language
// fails the typecheck, and a use of an unknown key too.

export const langs = ['zh-Hans', 'zh-Hant-HK', 'en'] as const
export type Lang = (typeof langs)[number]
export type Triple = readonly [hans: string, hant: string, en: string]
export type Args = Record<string, string | number>

export const langNames: Record<Lang, string> = { 'zh-Hans': '简体', 'zh-Hant-HK': '繁體', en: 'English' }

/** For Intl. */
export const locales: Record<Lang, string> = { 'zh-Hans': 'zh-CN', 'zh-Hant-HK': 'zh-HK', en: 'en-GB' }

/** Reads catalogues: t('key', {n: 3}) puts 3 in place of {n}. */
export function reader<K extends string>(rows: Record<K, Triple>) {
  return (lang: Lang) =>
    (key: K, args?: Args): string => {
      const text = rows[key][langs.indexOf(lang)]!
      return args ? text.replace(/\{(\w+)\}/g, (all, name: string) => String(args[name] ?? all)) : text
    }
}

/** The best of ours for what a browser prefers. */
export function best(preferred: readonly string[]): Lang {
  for (const p of preferred) {
    const tag = p.toLowerCase()
    if (/^(zh-hant|zh-hk|zh-mo|zh-tw|yue)/.test(tag)) return 'zh-Hant-HK'
    if (tag.startsWith('zh')) return 'zh-Hans'
    if (tag.startsWith('en')) return 'en'
  }
  return 'zh-Hans'
}

const key = 'mingfa.lang'

export function chosen(): Lang {
  try {
    const kept = localStorage.getItem(key)
    if ((langs as readonly (string | null)[]).includes(kept)) return kept as Lang
  } catch {
    // no storage: the browser's preference
  }
  return best(navigator.languages)
}

export function choose(lang: Lang): void {
  try {
    localStorage.setItem(key, lang)
  } catch {
    // kept for this page only
  }
}
