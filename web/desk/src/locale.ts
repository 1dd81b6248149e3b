// antd's own words in our three languages; each is fetched when it is first needed.

import type { ConfigProviderProps } from 'antd'
import english from 'antd/locale/en_US'
import { useEffect, useState } from 'react'
import type { Lang } from '../../shared/lang'

type Locale = NonNullable<ConfigProviderProps['locale']>

const files: Record<Lang, () => Promise<{ default: Locale }>> = {
  'zh-Hans': () => import('antd/locale/zh_CN'),
  'zh-Hant-HK': () => import('antd/locale/zh_HK'),
  en: () => import('antd/locale/en_GB'),
}

/** English until they are there: with no locale at all antd builds another tree, and
 * when one came it would build all anew and take the focus from who writes. */
export function useLocale(lang: Lang): Locale {
  const [locale, setLocale] = useState<Locale>(english)
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
