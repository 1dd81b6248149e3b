// antd's own words in our three languages; each is fetched when it is first needed.

import type { ConfigProviderProps } from 'antd'
import { useEffect, useState } from 'react'
import type { Lang } from '../../shared/lang'

type Locale = NonNullable<ConfigProviderProps['locale']>

const files: Record<Lang, () => Promise<{ default: Locale }>> = {
  'zh-Hans': () => import('antd/locale/zh_CN'),
  'zh-Hant-HK': () => import('antd/locale/zh_HK'),
  en: () => import('antd/locale/en_GB'),
}

export function useLocale(lang: Lang): Locale | undefined {
  const [locale, setLocale] = useState<Locale>()
  useEffect(() => {
    let dead = false
    files[lang]().then(
      (f) => !dead && setLocale(f.default),
      () => {}, // offline: English words in a date picker are no reason to stop
    )
    return () => {
      dead = true
    }
  }, [lang])
  return locale
}
