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
                  <p>{linked(m.text, t('sms_link'))}</p>
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

/** The address in a message as a link with short words: on a telephone one taps it. */
const linked = (text: string, words: string) =>
  text.split(/(https?:\/\/\S+)/).map((part, i) => (i % 2 ? <a href={part}>{words}</a> : part))
