// A complaint arrives, is worked on and put on record, a part of it asked of the trust, the ombudsman answered, and its bundle leaves
// and is verified; a reader of another case asks for evidence.
import { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bin } from '../lib/service.mjs'

const today = new Date()
const day = (id, date) => ({ [`${id}-day`]: String(date.getDate()), [`${id}-month`]: String(date.getMonth() + 1), [`${id}-year`]: String(date.getFullYear()) })
const complaint = 'C-00001'

/** The NHS number of somebody whom the trust has sent records about. */
async function sentAbout(provider) {
  await provider.visit('/visits')
  return (await provider.page.locator('select[name^="known:"] option[value^="nhs-number "]').first().getAttribute('value')).slice('nhs-number '.length)
}

/** Somebody else approves the bundle; it leaves, and is judged by who has nothing but the file. */
async function bundle(officer, guardian) {
  await guardian.visit('/approvals')
  await guardian.page.getByRole('button', { name: /^Approve/ }).first().click()
  await officer.visit('/complaints/WALK-1/bundle')
  const [file] = await Promise.all([officer.page.waitForEvent('download', { timeout: 60_000 }), officer.page.getByRole('button', { name: /^Make bundle/ }).click()])
  const path = join(tmpdir(), `answerable-${process.pid}.zip`)
  await file.saveAs(path)
  const judged = execFileSync(join(bin, 'answerable'), ['verify', path], { encoding: 'utf8' })
  rmSync(path)
  return judged
}

/** The ombudsman writes, is answered, decides and recommends; something is offered; each becomes a record. */
async function ombudsman(officer, look, expect) {
  const path = '/complaints/WALK-1', on = (field, text) => Object.fromEntries(['day', 'month', 'year'].map((part, i) => [`${field}-${part}`, text.split('.')[i]]))
  await officer.visit(`${path}/ombudsman`)
  await officer.page.getByRole('button', { name: 'Put on record that the ombudsman has it' }).click()
  await officer.send({ ...on('enquiry.1/on', '2.11.2026'), 'enquiry.1/question.1/number': '1', 'enquiry.1/question.1/asks': 'Why did nobody come?' }, 'Put on record')
  expect(await officer.page.locator('.govuk-error-summary').count() === 1, 'a letter of no ombudsman is not refused')
  await look(officer, 'ombudsman form refused')
  await officer.send({ body: 'lgsco', theirReference: '26 001 234' }, 'Put on record')
  await look(officer, 'ombudsman with a question')
  await officer.send({ words: 'The worker had left.' }, 'Keep draft answer 1')
  await officer.page.getByRole('button', { name: /^Put answers to the letter/ }).click()
  await look(officer, 'letter form with a draft answer')
  await officer.send(on('enquiry.1/answered', '20.11.2026'), 'Put on record')
  expect(await officer.page.locator('main').getByText('The worker had left.').count() === 1, 'the answer is not on record')
  await officer.page.getByRole('button', { name: 'Add the decision' }).click()
  await officer.send({ ...on('decision/on', '21.11.2026'), 'decision/outcome': 'upheld' }, 'Put on record')
  await officer.page.getByRole('button', { name: 'Add a recommendation' }).click()
  await officer.send({ ...on('recommendation.1/on', '21.11.2026'), ...on('recommendation.1/due', '21.12.2026'), 'recommendation.1/action': 'Pay 150 pounds.',
    'recommendation.1/amount': '150.00' }, 'Put on record')
  await look(officer, 'ombudsman decided and recommends')
  await officer.page.getByRole('link', { name: 'Send the proof' }).first().click()
  await officer.send({ is: 'bank-statement' }, 'Put on record')
  expect(await officer.page.locator('.govuk-error-summary').count() === 1, 'a proof without a file is not refused')
  await look(officer, 'proof refused')
  await officer.page.locator('input[type=file]').setInputFiles({ name: 'payment.txt', mimeType: 'text/plain', buffer: Buffer.from('150.00 paid') })
  await officer.send({}, 'Put on record')
  await look(officer, 'recommendation with its proof chosen')
  await officer.send({ ...on('recommendation.1/done', '21.11.2026'), ...on('recommendation.1/proofSent', '22.11.2026') }, 'Put on record')
  expect(await officer.page.locator('main').getByText('sent 22 November 2026').count() === 1, 'the proof of a recommendation is not on record')
  await look(officer, 'recommendation carried out and proved')
  await officer.visit(`${path}/form/remedy`)
  await officer.send({ kind: 'payment', to: 'adult', for: 'distress', amount: '150.00', ...on('offered', '21.11.2026') }, 'Put on record')
  await look(officer, 'complaint with a remedy')
}

export async function walk({ as, look, expect, wanted }) {
  if (!wanted('complaints-officer')) return
  const officer = await as('complaints-officer')
  await officer.visit('/complaints-register')
  await officer.send({}, 'Put on the register')
  expect(await officer.page.locator('.govuk-error-summary').count() === 1, 'an empty complaint is not refused')
  await look(officer, 'register refused')
  const person = wanted('provider-manager') ? await sentAbout(await as('provider-manager')) : '999 000 0018'
  await officer.send({ reference: 'WALK-1', person, from: 'carer', concerns: 'council-function', head: 'Nobody came.', ...day('on', today) },
    'Put on the register')
  await look(officer, 'registered')
  const open = async (reference) => {
    await officer.visit(`/complaints/${reference}`)
    const opening = officer.page.getByRole('button', { name: /^Open the record/ })
    if (await opening.count() === 0) return
    await look(officer, `complaint ${reference} not open`)
    await opening.click()
  }
  await open(complaint)
  await officer.send({ words: 'The help stopped and nobody said why.' }, 'Add head')
  await officer.page.getByText('Change head 1').click()
  await look(officer, 'complaint with a head')
  await open('WALK-1')
  if (wanted('provider-manager')) {
    await officer.page.getByText('Ask another body').click()
    await officer.page.locator('select[name=body]').selectOption('ods:R9Z')
    for (const [name, value] of Object.entries({ 'due-day': '31', 'due-month': '12', 'due-year': '2099' })) await officer.page.fill(`[name=${name}]`, value)
    await officer.page.fill('#part-words', 'Why did it stop?')
    await officer.page.getByRole('button', { name: 'Ask', exact: true }).click()
    await look(officer, 'complaint with a part')
    const provider = await as('provider-manager')
    await provider.visit('/parts')
    await look(provider, 'a part to answer')
    await provider.page.getByRole('button', { name: /^Send answer/ }).first().click()
    expect(await provider.page.locator('.govuk-error-summary').count() === 1, 'an empty answer is not refused')
    await look(provider, 'an empty answer to a part refused')
    await provider.send({ words: 'The worker had left, and nobody took over.' }, await provider.page.getByRole('button', { name: /^Send answer/ }).first().innerText())
    await look(provider, 'a part answered')
    await officer.visit('/complaints/WALK-1')
    expect(await officer.page.getByText('nobody took over').count() > 0, 'the trust’s answer is not on the complaint')
  }
  await ombudsman(officer, look, expect)
  await officer.visit(`/complaints/${complaint}/record?what=acknowledged`)
  await officer.send({}, 'Put on record')
  await look(officer, 'record refused')
  await officer.visit('/complaints/WALK-1/bundle')
  await officer.send({ why: 'For the ombudsman' }, 'Ask for a bundle')
  await look(officer, 'bundle asked for')
  if (wanted('guardian')) expect(/Everything holds/.test(await bundle(officer, await as('guardian'))), 'the bundle does not verify')
  await officer.visit('/search')
  await officer.send({ words: 'a' }, 'Search')
  await look(officer, 'search refused')
  await officer.send({ words: complaint }, 'Search')
  await look(officer, 'search found')
  await officer.visit('/search')
  await officer.send({}, 'Search records')
  await look(officer, 'search of records refused')
  await officer.send({ within: 'review', purpose: 'complaint', reference: complaint }, 'Search records')
  await look(officer, 'search of records found')
  if (wanted('outside-reader')) {
    const reader = await as('outside-reader')
    await reader.visit('/evidence')
    await reader.send({ words: 'The notes of the review.' }, 'Ask')
    await look(reader, 'evidence asked for')
    await officer.visit(`/complaints/${complaint}`)
    await look(officer, 'complaint with evidence asked for')
  }
  if (wanted('guardian')) {
    const guardian = await as('guardian')
    await guardian.visit('/assignments')
    await guardian.send({}, 'Assign complaint')
    expect(await guardian.page.locator('.govuk-error-summary').count() === 1, 'assigning nothing is not refused')
    await look(guardian, 'assignments refused')
  }
}
