// A file with a mistake: what is wrong, the record held, and mended.
import { Buffer } from 'node:buffer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const file = (message, records) => `<submission xmlns="urn:answerable:submission:1"><header><messageId>${message}</messageId>
<sender scheme="ods" code="R9Z">Demonstration Partnership NHS Trust</sender><authority scheme="cassr" code="999">Demonstration Council</authority>
<agreement>S75-DPT</agreement><createdAt>2026-01-05T09:00:00Z</createdAt><sourceSystem>walk</sourceSystem></header><records>${records}</records></submission>`
const review = (id, completed) => `<review xmlns="urn:answerable:review:1" id="${id}"><person scheme="nhs-number">9991000003</person><type>plan</type>
<completed>${completed}</completed><outcome>No change.</outcome><evidence><item>review-record</item><state>not-supplied</state></evidence></review>`

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
    buffer: Buffer.from(file('WALK-1', review('WALK-R1', '2025-06-03') + review('WALK-R2', '3.6.2025'))) })
  await provider.send({}, 'Send')
  await look(provider, 'sent with a record held')
  await provider.visit('/held')
  await look(provider, 'held')
  const held = provider.page.locator('main a[href^="/held/"]').first()
  expect(await held.count() === 1, 'a held record is not listed')
  await held.click()
  await look(provider, 'held record')
  for (const [part, value] of [['day', '3'], ['month', '6'], ['year', '2025']]) await provider.page.fill(`[name$="completed-${part}"]`, value)
  await provider.page.locator('main').getByRole('button', { name: 'Check and send' }).click()
  await look(provider, 'record mended')
  await provider.visit('/held')
  expect(await provider.page.locator('main a[href^="/held/"]').count() === 0, 'a mended record is still held')
  await provider.visit('/send')
  const folder = mkdtempSync(join(tmpdir(), 'answerable-large-'))
  writeFileSync(join(folder, 'large.xml'), large)
  await provider.page.locator('input[type=file]').setInputFiles(join(folder, 'large.xml'))
  await provider.send({}, 'Send')
  rmSync(folder, { recursive: true })
  await look(provider, 'a large file is being read')
}
