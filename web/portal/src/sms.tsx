// The screen that stands in for telephones in a demonstration.

import * as api from '../../shared/api'
import { when } from '../../shared/time'
import { useApp, useLoad, useSay } from './app'
import { Heading, Wait } from './parts'

export function SmsPage() {
  const t = useSay()
  const { lang } = useApp()
  const list = useLoad(() => api.sms(), [], 3000)
  return (
    <>
      <Heading>{t('sms_title')}</Heading>
      <p class="lead">{t('sms_lead')}</p>
      <Wait of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="card empty">{t('sms_empty')}</p>
          ) : (
            <ul class="rows">
              {items.map((m, i) => (
                <li key={m.at + i} class="card row">
                  <p>{m.text}</p>
                  <p class="hint">
                    {t('sms_to', { phone: m.phone })} · {when(m.at, lang, api.now())}
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Wait>
    </>
  )
}
