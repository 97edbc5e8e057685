// A file with three mistakes: what is wrong, the records held, and each mended.
import { Buffer } from 'node:buffer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const file = (message, records) => `<submission xmlns="urn:answerable:submission:1"><header><messageId>${message}</messageId>
<sender scheme="ods" code="R9Z">Demonstration Partnership NHS Trust</sender><authority scheme="cassr" code="999">Demonstration Council</authority>
<agreement>S75-DPT</agreement><createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>walk</sourceSystem></header><records>${records}</records></submission>`
const review = (id, completed, type = 'plan', state = 'not-supplied') => `<review xmlns="urn:answerable:review:1" id="${id}"><person scheme="nhs-number">9991000003</person>
<type>${type}</type><completed>${completed}</completed><outcome>No change.</outcome><evidence><item>review-record</item><state>${state}</state></evidence></review>`

/** Three mistakes, and what mends each. */
const mistakes = {
  'WALK-R2': [review('WALK-R2', '3.6.2025'), { 'completed-day': '3', 'completed-month': '6', 'completed-year': '2025' }],
  'WALK-R4': [review('WALK-R4', '2025-06-05', 'annual'), { type: 'plan' }],
  'WALK-R5': [review('WALK-R5', '2025-06-06', 'plan', 'lost'), { 'evidence.1/state': 'not-supplied' }],
}

// Larger than what the intake reads while the sender waits (32 MiB).
const large = file('WALK-LARGE', `${' '.repeat(33 << 20)}${review('WALK-R3', '2025-06-04')}`)

export async function walk({ as, look, expect, wanted }) {
  if (!wanted('provider-submitter')) return
  const provider = await as('provider-submitter')
  await provider.visit('/send')
  await provider.send({}, 'Send')
  await look(provider, 'nothing chosen to send')
  await provider.visit('/send')
  await provider.page.locator('input[type=file]').setInputFiles({ name: 'reviews.xml', mimeType: 'application/xml',
    buffer: Buffer.from(file('WALK-1', review('WALK-R1', '2025-06-03') + Object.values(mistakes).map(([record]) => record).join(''))) })
  await provider.send({}, 'Send')
  await look(provider, 'sent with records held')
  await provider.visit('/held')
  await look(provider, 'held')
  const waiting = () => provider.page.locator('main a[href^="/held/"]')
  expect(await waiting().count() === 3, `of three records with a mistake ${await waiting().count()} are listed as held`)
  for (const [id, [, fields]] of Object.entries(mistakes)) {
    await provider.visit('/held')
    await provider.page.locator('main tbody tr', { hasText: id }).locator('a[href^="/held/"]').click()
    await look(provider, `held record ${id}`)
    await provider.send(fields, 'Check and send')
    expect(await provider.page.locator('.govuk-notification-banner--success').count() === 1, `${id} is mended and is not taken in`)
  }
  await look(provider, 'record mended')
  await provider.visit('/held')
  expect(await waiting().count() === 0, 'a mended record is still held')
  await provider.visit('/send')
  const folder = mkdtempSync(join(tmpdir(), 'answerable-large-'))
  writeFileSync(join(folder, 'large.xml'), large)
  await provider.page.locator('input[type=file]').setInputFiles(join(folder, 'large.xml'))
  await provider.send({}, 'Send')
  rmSync(folder, { recursive: true })
  await look(provider, 'a large file is being read')
}
