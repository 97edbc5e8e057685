// Checks an OpenAPI 3.1 document, then sends every example in it to a real service and checks the answers by the schemas.
// usage: node openapi.mjs DOCUMENT URL KEY
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const [, , file, url, key] = process.argv;
const document = JSON.parse(readFileSync(file, 'utf8'));
let sent = 0;
const wrong = [];

const judged = await new Validator().validate(document);
if (!judged.valid) wrong.push(`the document is not OpenAPI 3.1: ${JSON.stringify(judged.errors)}`);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'api', components: document.components });
const absolute = (schema) => JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components'));

// The response that has an example of this name, and its media type.
function expected(operation, name) {
  for (const [status, response] of Object.entries(operation.responses))
    for (const [type, media] of Object.entries(response.content ?? {}))
      if (media.examples?.[name]) return { status: Number(status), type, schema: media.schema };
  return undefined;
}

async function send(path, method, operation, name, type, body) {
  const wanted = expected(operation, name);
  if (!wanted) return void wrong.push(`${method} ${path}: no response has an example "${name}"`);
  const headers = name === 'without-key' ? {} : { Authorization: `Bearer ${key}` };
  if (type) headers['Content-Type'] = type;
  let target = path;
  for (const parameter of operation.parameters ?? []) {
    const value = parameter.examples?.[name]?.value;
    if (value === undefined) continue;
    if (parameter.in === 'path') target = target.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else headers[parameter.name] = value;
  }
  const response = await fetch(url + target, { method: method.toUpperCase(), headers, body });
  ++sent;
  const text = await response.text();
  const said = `${method} ${path}, example "${name}"`;
  if (response.status !== wanted.status) return void wrong.push(`${said}: ${response.status}, expected ${wanted.status}: ${text}`);
  if (response.headers.get('content-type') !== wanted.type)
    wrong.push(`${said}: ${response.headers.get('content-type')}, expected ${wanted.type}`);
  const valid = ajv.compile(absolute(wanted.schema));
  if (!valid(JSON.parse(text))) wrong.push(`${said}: ${ajv.errorsText(valid.errors)}: ${text}`);
}

for (const [path, methods] of Object.entries(document.paths))
  for (const [method, operation] of Object.entries(methods)) {
    const bodies = Object.entries(operation.requestBody?.content ?? {});
    for (const [type, media] of bodies)
      for (const [name, example] of Object.entries(media.examples ?? {}))
        await send(path, method, operation, name, type, example.value);
    if (bodies.length > 0) continue;
    const names = new Set(Object.values(operation.responses).flatMap((response) =>
      Object.values(response.content ?? {}).flatMap((media) => Object.keys(media.examples ?? {}))));
    for (const name of names) await send(path, method, operation, name);
  }

for (const one of wrong) console.error(one);
console.log(`${sent} examples sent, ${wrong.length} wrong`);
process.exit(wrong.length === 0 ? 0 : 1);
