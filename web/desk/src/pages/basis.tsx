// Legal basis: law and article, looked up in the loaded statutes, or the reason
// why there is none. (B6.2.1.2d)

import { useSay } from '../app'
import { Button, Checkbox, Input } from '../controls'
import type { AnswerDraft } from './answerdraft'
import { LookUp } from './lookup'
import { Field } from '../parts'

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
              <Input id={i === 0 ? 'basis' : undefined} aria-label={t('law')} placeholder={t('law')} value={x.law} onChange={(e) => change(i, { law: e.target.value })} />
              <Input className="article" aria-label={t('article')} placeholder={t('article')} value={x.article} onChange={(e) => change(i, { article: e.target.value })} />
              {d.basis.length > 1 && (
                <Button type="text" aria-label={t('remove_n', { n: i + 1 })} onClick={() => put({ basis: d.basis.filter((_, j) => j !== i) })}>
                  {t('remove')}
                </Button>
              )}
            </div>
          ))}
          <Button onClick={() => put({ basis: [...d.basis, { law: '', article: '' }] })}>
            {t('add_basis')}
          </Button>
          <LookUp cite={cite} />
        </>
      )}
      <Checkbox className="check" checked={d.noBasis} onChange={(e) => put({ noBasis: e.target.checked })}>
        {t('no_basis')}
      </Checkbox>
      {d.noBasis && (
        <Field id="reason" label={t('no_basis_reason')}>
          {(aria) => <Input.TextArea {...aria} rows={2} value={d.reason} onChange={(e) => put({ reason: e.target.value })} />}
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
