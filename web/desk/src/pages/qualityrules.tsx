// What the quality check goes by: the catalogue in force with its version, and the
// share, periods and limits. req: B7.2.4a

import { langs } from '../../../shared/lang'
import { is, useApp, useLang, useLoad, useWhen } from '../app'
import { Facts, Heading, Wait } from '../parts'
import * as api from './qualityapi'
import { useWords } from './qualitytexts'

const percents = ['sample_percent', 'fatal_percent', 'minor_percent', 'warn_percent'] as const
const counts = ['dispute_days', 'recheck_days', 'warn_days', 'warn_ratings'] as const

export default function RulesPage() {
  const t = useWords()
  const lang = useLang()
  const catalogue = useLoad(['catalogue'], api.catalogue)
  const limits = useLoad(['quality-limits'], api.limits)
  return (
    <>
      <Heading>{t('rules')}</Heading>
      <section className="card" aria-labelledby="limits">
        <h2 id="limits">{t('limits')}</h2>
        <Wait of={limits}>
          {(l) => (
            <>
              <Version v={l} setting="quality.limits" />
              <Facts rows={[...percents.map((k) => [t(k), l[k] + ' %'] as const), ...counts.map((k) => [t(k), l[k]] as const)]} />
            </>
          )}
        </Wait>
      </section>
      <Wait of={catalogue}>
        {(c) => (
          <section className="card" aria-labelledby="catalogue">
            <h2 id="catalogue">{t('card')}</h2>
            <Version v={c} setting="quality.catalogue" />
            {[true, false].map((fatal) => (
              <section key={String(fatal)}>
                <h3>{t(fatal ? 'fatal_items' : 'minor_items')}</h3>
                <ul data-fatal={String(fatal)}>
                  {c.items
                    .filter((x) => x.fatal === fatal)
                    .map((x) => (
                      <li key={x.code}>{x.text[lang] ?? x.text[langs[0]!]}</li>
                    ))}
                </ul>
              </section>
            ))}
          </section>
        )}
      </Wait>
    </>
  )
}

/** Which version holds, and where it is changed and earlier ones are kept. (Lawyers have no settings.) */
function Version({ v, setting }: { v: { version: number; from?: string }; setting: string }) {
  const t = useWords()
  const time = useWhen()
  const { me } = useApp()
  return (
    <p className="hint">
      {v.version > 0 ? [t('version', { n: v.version }), v.from && t('since', { when: time(v.from) })].filter(Boolean).join(' · ') : t('standard')}
      {is(me, 'administrator', 'operations', 'quality', 'bureau') && (
        <>
          {' · '}
          <a href={'#/settings/' + setting}>{t('versions')}</a>
        </>
      )}
    </p>
  )
}
