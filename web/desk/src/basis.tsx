// Legal basis: law and article, looked up in the loaded statutes, or the reason
// why there is none. (B6.2.1.2d)

import { useState } from 'react'
import * as api from '../../shared/api'
import { useLoad, useSay } from './app'
import type { AnswerDraft } from './answerdraft'
import { Field, Wait } from './parts'

interface Props {
  d: AnswerDraft
  put: (c: Partial<AnswerDraft>) => void
  error: string | undefined
}

export function BasisFields({ d, put, error }: Props) {
  const t = useSay()
  const change = (i: number, c: Partial<{ law: string; article: string }>) => put({ basis: d.basis.map((x, j) => (j === i ? { ...x, ...c } : x)) })
  const cite = (law: string, article: string) => put({ noBasis: false, basis: [...d.basis.filter((x) => x.law.trim() || x.article.trim()), { law, article }] })
  return (
    <fieldset className={error ? 'wrong' : ''} aria-describedby={error ? 'basis-error' : undefined}>
      <legend>{t('basis')}</legend>
      {!d.noBasis && (
        <>
          {d.basis.map((x, i) => (
            <div className="pair" key={i}>
              <input id={i === 0 ? 'basis' : undefined} aria-label={t('law')} placeholder={t('law')} value={x.law} onChange={(e) => change(i, { law: e.target.value })} />
              <input className="article" aria-label={t('article')} placeholder={t('article')} value={x.article} onChange={(e) => change(i, { article: e.target.value })} />
              {d.basis.length > 1 && (
                <button type="button" className="link" aria-label={t('remove_n', { n: i + 1 })} onClick={() => put({ basis: d.basis.filter((_, j) => j !== i) })}>
                  {t('remove')}
                </button>
              )}
            </div>
          ))}
          <button type="button" onClick={() => put({ basis: [...d.basis, { law: '', article: '' }] })}>
            {t('add_basis')}
          </button>
          <LookUp cite={cite} />
        </>
      )}
      <label className="check">
        <input type="checkbox" checked={d.noBasis} onChange={(e) => put({ noBasis: e.target.checked })} /> {t('no_basis')}
      </label>
      {d.noBasis && (
        <Field id="reason" label={t('no_basis_reason')}>
          {(aria) => <textarea {...aria} rows={2} value={d.reason} onChange={(e) => put({ reason: e.target.value })} />}
        </Field>
      )}
      {error && (
        <p className="error" id="basis-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}

function LookUp({ cite }: { cite: (law: string, article: string) => void }) {
  const t = useSay()
  const [words, setWords] = useState('')
  const [asked, setAsked] = useState('')
  const found = useLoad(['statutes', asked], () => api.statutes({ q: asked, limit: 10 }), 0, asked !== '')
  const ask = () => setAsked(words.trim())
  return (
    <details className="lookup">
      <summary>{t('look_up')}</summary>
      <div className="pair">
        <input
          aria-label={t('look_up_hint')}
          placeholder={t('look_up_hint')}
          value={words}
          onChange={(e) => setWords(e.target.value)}
          onKeyDown={(e) => {
            if (e.key !== 'Enter') return
            e.preventDefault() // looks up, doesn't send the answer
            ask()
          }}
        />
        <button type="button" onClick={ask}>
          {t('search')}
        </button>
      </div>
      {asked && (
        <Wait of={found}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="hint">{t('search_none')}</p>
            ) : (
              <ul className="statutes">
                {items.map((s) => (
                  <li key={s.law + s.article}>
                    <b>
                      {s.law} {s.article}
                    </b>{' '}
                    <button type="button" onClick={() => cite(s.law, s.article)}>
                      {t('take')}
                    </button>
                    <p className="hint">{s.text}</p>
                  </li>
                ))}
              </ul>
            )
          }
        </Wait>
      )}
    </details>
  )
}
